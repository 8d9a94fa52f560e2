/*
 * branch.c - branches over libgit2.
 *
 * A remote's copy is a bare repository in the cache folder, which several processes share: objects
 * are only ever added to it. Its own branch is only a note of what is there, so that git asks for
 * no more than what is new; what the remote's branch is, each process keeps in memory.
 */
#include "io/branch.h"

#include "base/digest.h"
#include "io/branch_wire.h"
#include "io/clock.h"
#include "io/env.h"
#include "io/file.h"
#include "io/folder.h"
#include "io/lock.h"
#include "io/log.h"
#include "io/world.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID_LENGTH = 40, SHOWN_BYTES = 500, MARK_BYTES = 20 };

struct Branch {
    Arena memory; /* the branch itself is in it */
    BranchOptions options;
    const char *name;   /* "refs/heads/main" */
    const char *folder; /* of the repository, or of the remote's copy */

    pthread_mutex_t turn; /* of who looks and commits */
    git_repository *repository;
    BranchRemote remote;

    pthread_mutex_t reading; /* for all that follows; never waits for the network */
    git_repository *reader;
    git_oid tip;
    bool has_tip;      /* otherwise the branch is not there */
    int64_t looked_ms; /* clock_ms; below 0: never */
};

LibGit libgit;

/* ---- errors */

static ErrorKind kind_of(int code, ErrorKind usual)
{
    switch (code) {
    case GIT_ENONFASTFORWARD:
    case GIT_EMODIFIED:
    case GIT_ELOCKED:
    case GIT_EEXISTS:
        return ERROR_CONFLICT;
    case GIT_EAUTH:
    case GIT_ECERTIFICATE:
    case GIT_EOWNER:
        return ERROR_DENIED;
    default:
        return usual;
    }
}

/* Why libgit2 has just given CODE; NULL where that is no failure. USUAL is the kind if none is
 * known. */
static Error *failure(const Branch *branch, int code, ErrorKind usual)
{
    DEFER(arena_free) Arena scratch = {0};

    if (code >= 0)
        return NULL;
    const git_error *why = libgit.git_error_last(); // may be NULL
    Str said = str_for_message(&scratch, str_from(why && why->message ? why->message : "fails"),
                               SHOWN_BYTES);
    return error_new(kind_of(code, usual), "git: %s: %.*s",
                     branch->remote.url ? branch->remote.url : branch->folder, STR_ARG(said));
}

/* The same after something that asks the remote, in whose turn we are. */
static Error *remote_failure(Branch *branch, int code)
{
    Error *err = branch->remote.failure;

    branch->remote.failure = NULL;
    if (code < 0 && err)
        return err;
    error_free(err);
    return failure(branch, code, ERROR_UNAVAILABLE);
}

/* ---- opening */

static Error *load(void)
{
    TRY(LIBRARY_LOAD("libgit2.so." LIBGIT2_SOVERSION, "libgit2-" LIBGIT2_SOVERSION, GIT_FUNCTIONS,
                     &libgit));
    if (libgit.git_libgit2_init() < 0)
        return error_new(ERROR_INTERNAL, "libgit2: does not start");
    return NULL;
}

static Error *need_libgit(void)
{
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static bool loaded;

    pthread_mutex_lock(&once);
    Error *err = loaded ? NULL : load();
    loaded = !err;
    pthread_mutex_unlock(&once);
    return err;
}

static Error *open_repository(const Branch *branch, git_repository **out)
{
    int code =
        libgit.git_repository_open_ext(out, branch->folder, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
    Error *err = failure(branch, code, ERROR_INPUT);

    if (code == GIT_ENOTFOUND)
        return error_hint(err, "make one: git init --bare %s", branch->folder);
    if (code == GIT_EOWNER)
        return error_hint(err, "git config --global --add safe.directory %s", branch->folder);
    return err;
}

/* A branch that is checked out is not changed under somebody's hands. */
static Error *check_not_checked_out(Branch *branch)
{
    git_reference *head = NULL;

    if (libgit.git_repository_is_bare(branch->repository) ||
        libgit.git_reference_lookup(&head, branch->repository, "HEAD") < 0)
        return NULL;
    const char *target = libgit.git_reference_symbolic_target(head);
    bool same = target && strcmp(target, branch->name) == 0;
    libgit.git_reference_free(head);
    if (!same)
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%s: branch %.*s is checked out there", branch->folder,
                                STR_ARG(branch->options.branch)),
                      "use another branch, or a bare repository: git init --bare");
}

static Error *open_folder(Branch *branch)
{
    branch->folder = str_c(&branch->memory, branch->options.url);
    libgit.git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1); // it is the only copy
    TRY(open_repository(branch, &branch->repository));
    TRY(open_repository(branch, &branch->reader));
    return check_not_checked_out(branch);
}

/* Where the copy of URL is: its name says which, without telling. */
static const char *cache_folder(Arena *a, const char *url)
{
    const char *cache = env_get("XDG_CACHE_HOME"), *home = env_get("HOME");
    Str name = digest_hex(a, DIGEST_SHA256, str_from(url));

    if (cache && *cache)
        return str_format(a, "%s/relfile/git/%.*s", cache, ID_LENGTH, name.ptr).ptr;
    return str_format(a, "%s/.cache/relfile/git/%.*s", home ? home : ".", ID_LENGTH, name.ptr).ptr;
}

static Error *make_copy(Branch *branch)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;
    DEFER(lock_release) Lock lock = {0};
    git_repository *made = NULL;

    // records are in it: for nobody else to read
    TRY(folder_open(&scratch, branch->folder, FOLDER_MAKE, &folder));
    TRY(lock_take(str_format(&scratch, "%s/.new", branch->folder).ptr, &lock));
    const char *head = str_format(&scratch, "%s/HEAD", branch->folder).ptr;
    if (file_kind(head) != FILE_MISSING)
        return NULL;
    int code = libgit.git_repository_init(&made, branch->folder, 1);
    libgit.git_repository_free(made);
    return failure(branch, code, ERROR_INTERNAL);
}

/* What stands between "://" and "@", off *URL. */
static Str take_user(Arena *a, Str *url)
{
    size_t start = str_find(*url, STR("://")) + 3;
    Str rest = str_skip(*url, start), host;

    str_cut(&(Str){rest.ptr, rest.len}, '/', &host);
    size_t at = str_find_last(host, STR("@"));
    if (at == STR_NONE)
        return (Str){"", 0};
    *url = str_join(a, str_slice(*url, 0, start), str_skip(rest, at + 1));
    return str_slice(host, 0, at);
}

static const char *given(Arena *a, Str path)
{
    return path.len ? str_c(a, path) : NULL;
}

static Error *open_remote(Branch *branch)
{
    Arena *a = &branch->memory;
    const BranchOptions *o = &branch->options;
    BranchRemote *remote = &branch->remote;
    Str url = str_copy(a, o->url), login = take_user(a, &url), user;

    while (str_ends(url, STR("/")))
        url.len--;
    bool has_password = str_cut(&login, ':', &user);
    *remote = (BranchRemote){.wire = o->wire,
                             .url = str_c(a, url),
                             .user = user,
                             .password = has_password ? login : (Str){"", 0},
                             .ssh_user = given(a, user),
                             .ssh_key = given(a, o->ssh_key),
                             .known_hosts = given(a, o->known_hosts),
                             .memory = a};
    remote->http = http_open(&(HttpOptions){.ca_file = given(a, o->ca_file)});
    branch->folder = cache_folder(a, remote->url);
    TRY(make_copy(branch));
    TRY(open_repository(branch, &branch->repository));
    return open_repository(branch, &branch->reader);
}

void branch_close(Branch **out)
{
    Branch *branch = *out;

    if (!branch)
        return;
    if (branch->repository)
        libgit.git_repository_free(branch->repository);
    if (branch->reader)
        libgit.git_repository_free(branch->reader);
    http_close(&branch->remote.http);
    error_free(branch->remote.failure);
    pthread_mutex_destroy(&branch->turn);
    pthread_mutex_destroy(&branch->reading);
    Arena memory = branch->memory;
    arena_free(&memory);
    *out = NULL;
}

static Error *check_name(const Branch *branch)
{
    int valid = 0;

    if (libgit.git_reference_name_is_valid(&valid, branch->name) == 0 && valid)
        return NULL;
    return error_new(ERROR_INPUT, "\"%.*s\" is no name of a branch",
                     STR_ARG(branch->options.branch));
}

Error *branch_open(const BranchOptions *options, Branch **out)
{
    Arena memory = {0};

    TRY(need_libgit());
    Branch *branch = arena_new(&memory, Branch);
    branch->options = *options;
    branch->options.branch = str_copy(&memory, options->branch);
    branch->name = str_format(&memory, "refs/heads/%.*s", STR_ARG(options->branch)).ptr;
    branch->looked_ms = -1;
    branch->memory = memory;
    pthread_mutex_init(&branch->turn, NULL);
    pthread_mutex_init(&branch->reading, NULL);
    Error *err = check_name(branch);
    if (!err)
        err = options->wire == BRANCH_FILE ? open_folder(branch) : open_remote(branch);
    if (err)
        branch_close(&branch);
    else
        *out = branch;
    return err;
}

/* ---- looking */

static void see(Branch *branch, const git_oid *tip)
{
    pthread_mutex_lock(&branch->reading);
    branch->has_tip = tip != NULL;
    if (tip)
        branch->tip = *tip;
    branch->looked_ms = clock_ms();
    pthread_mutex_unlock(&branch->reading);
}

static Error *look_at_folder(Branch *branch)
{
    git_oid tip;
    int code = libgit.git_reference_name_to_id(&tip, branch->repository, branch->name);

    if (code < 0 && code != GIT_ENOTFOUND)
        return failure(branch, code, ERROR_INTERNAL);
    see(branch, code < 0 ? NULL : &tip);
    return NULL;
}

/* libgit2's way to make a transport. */
static int make_transport(git_transport **out, git_remote *owner, void *context)
{
    BranchRemote *remote = context;
    git_smart_subtransport_definition definition = {
        .callback = remote->wire == BRANCH_HTTP ? branch_http_new : branch_ssh_new,
        .rpc = remote->wire == BRANCH_HTTP,
        .param = remote};

    return libgit.git_transport_smart(out, owner, &definition);
}

/* What a server says to one reference of a push. */
typedef struct Verdict {
    BranchRemote *remote;
    char text[SHOWN_BYTES]; /* empty: it was taken */
} Verdict;

static int take_verdict(const char *name, const char *status, void *context)
{
    Verdict *verdict = context;

    (void)name;
    if (status)
        memccpy(verdict->text, status, '\0', sizeof(verdict->text) - 1);
    return 0;
}

/* libgit2 has one payload for all callbacks. */
static int make_transport_of_verdict(git_transport **out, git_remote *owner, void *context)
{
    return make_transport(out, owner, ((Verdict *)context)->remote);
}

static void free_remote(git_remote **remote)
{
    libgit.git_remote_free(*remote);
}

static Error *connect_remote(Branch *branch, git_direction direction, Verdict *verdict,
                             git_remote_callbacks *callbacks, git_remote **out)
{
    git_remote_create_options options;

    *verdict = (Verdict){.remote = &branch->remote};
    libgit.git_remote_init_callbacks(callbacks, GIT_REMOTE_CALLBACKS_VERSION);
    callbacks->transport = make_transport_of_verdict;
    callbacks->push_update_reference = take_verdict;
    callbacks->payload = verdict;
    libgit.git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    options.repository = branch->repository;
    // libgit2 1.5 loses memory when it looks for "insteadOf" in its configuration
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF;
    TRY(failure(branch, libgit.git_remote_create_with_opts(out, branch->remote.url, &options),
                ERROR_INPUT));
    return remote_failure(branch,
                          libgit.git_remote_connect(*out, direction, callbacks, NULL, NULL));
}

/* What REMOTE, connected, says that the branch is; *FOUND is false where there is none. */
static Error *find_tip(Branch *branch, git_remote *remote, bool *found, git_oid *tip)
{
    const git_remote_head **heads = NULL;
    size_t len = 0;

    *found = false;
    TRY(remote_failure(branch, libgit.git_remote_ls(&heads, &len, remote)));
    for (size_t i = 0; i < len && !*found; i++) {
        *found = strcmp(heads[i]->name, branch->name) == 0;
        if (*found)
            *tip = heads[i]->oid;
    }
    return NULL;
}

static bool has_object(Branch *branch, const git_oid *id)
{
    git_odb *objects = NULL;

    if (libgit.git_repository_odb(&objects, branch->repository) < 0)
        return false;
    bool has = libgit.git_odb_exists(objects, id);
    libgit.git_odb_free(objects);
    return has;
}

/*
 * Remember in the copy what it has, for the next fetch; it is no matter if another is faster. Say
 * so if what the branch was when it was seen last is not in its history any more.
 */
static void note_tip(Branch *branch, const git_oid *tip)
{
    git_reference *note = NULL;
    git_oid before;
    bool noted = libgit.git_reference_name_to_id(&before, branch->repository, branch->name) == 0;

    if (noted && libgit.git_oid_cmp(&before, tip) == 0)
        return;
    if (noted && libgit.git_graph_descendant_of(branch->repository, tip, &before) == 0 &&
        libgit.git_graph_descendant_of(branch->repository, &before, tip) == 0)
        log_warn("%s: branch %.*s was rewritten: what was committed before may be missing",
                 branch->remote.url, STR_ARG(branch->options.branch));
    if (libgit.git_reference_create(&note, branch->repository, branch->name, tip, 1, NULL) == 0)
        libgit.git_reference_free(note);
}

static Error *download(Branch *branch, git_remote *remote, const git_remote_callbacks *callbacks,
                       const git_oid *tip)
{
    DEFER(arena_free) Arena scratch = {0};
    git_fetch_options options;
    char *spec = (char *)(uintptr_t)str_format(&scratch, "+%s:%s", branch->name, branch->name).ptr;

    if (has_object(branch, tip))
        return NULL;
    libgit.git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = *callbacks;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    TRY(remote_failure(branch,
                       libgit.git_remote_download(remote, &(git_strarray){&spec, 1}, &options)));
    return NULL;
}

static Error *look_at_remote(Branch *branch)
{
    DEFER(free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    Verdict verdict;
    git_oid tip;
    bool found;

    TRY(connect_remote(branch, GIT_DIRECTION_FETCH, &verdict, &callbacks, &remote));
    TRY(find_tip(branch, remote, &found, &tip));
    if (found) {
        TRY(download(branch, remote, &callbacks, &tip));
        note_tip(branch, &tip);
    }
    see(branch, found ? &tip : NULL);
    return NULL;
}

/* Milliseconds since the branch was looked at, or a commit of ours. */
static int64_t age(Branch *branch)
{
    pthread_mutex_lock(&branch->reading);
    int64_t age_ms = branch->looked_ms < 0 ? INT64_MAX : clock_ms() - branch->looked_ms;
    pthread_mutex_unlock(&branch->reading);
    return age_ms;
}

bool branch_is_known(Branch *branch)
{
    return age(branch) != INT64_MAX;
}

Error *branch_look(Branch *branch, int64_t most_ms)
{
    Error *err = NULL;

    if (age(branch) < most_ms)
        return NULL;
    pthread_mutex_lock(&branch->turn);
    if (age(branch) >= most_ms) // of many who wait here, the first looks for all
        err = branch->options.wire == BRANCH_FILE ? look_at_folder(branch) : look_at_remote(branch);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

/* ---- reading */

static void free_tree(git_tree **tree)
{
    libgit.git_tree_free(*tree);
}

static void free_entry(git_tree_entry **entry)
{
    if (*entry)
        libgit.git_tree_entry_free(*entry);
}

static Error *tree_of(Branch *branch, git_repository *repository, const git_oid *tip,
                      git_tree **out)
{
    git_commit *commit = NULL;
    int code = libgit.git_commit_lookup(&commit, repository, tip);

    if (code == 0)
        code = libgit.git_commit_tree(out, commit);
    libgit.git_commit_free(commit);
    return error_hint(failure(branch, code, ERROR_INTERNAL), "if it is damaged, take it away: %s",
                      branch->folder);
}

static Error *missing(const Branch *branch, Str path)
{
    return error_new(ERROR_NOT_FOUND, "%s: there is no %.*s on branch %.*s",
                     branch->remote.url ? branch->remote.url : branch->folder, STR_ARG(path),
                     STR_ARG(branch->options.branch));
}

static Str id_text(Arena *a, const git_oid *id)
{
    char text[ID_LENGTH + 1];

    libgit.git_oid_tostr(text, sizeof(text), id);
    return str_copy(a, str_from(text));
}

static Error *read_blob(Branch *branch, Arena *a, Str path, const git_oid *id, BranchFile *out)
{
    git_blob *blob = NULL;

    TRY(failure(branch, libgit.git_blob_lookup(&blob, branch->reader, id), ERROR_INTERNAL));
    uint64_t size = (uint64_t)libgit.git_blob_rawsize(blob);
    bool fits = size <= FILE_MOST_BYTES;
    if (fits)
        out->text = str_copy(a, (Str){libgit.git_blob_rawcontent(blob), size});
    libgit.git_blob_free(blob);
    out->id = id_text(a, id);
    return fits ? NULL : error_new(ERROR_INPUT, "%.*s: is too large", STR_ARG(path));
}

/* The entry at PATH of what was seen last. */
static Error *find_entry(Branch *branch, Str path, git_tree_entry **out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(free_tree) git_tree *tree = NULL;

    if (!branch->has_tip)
        return missing(branch, path);
    TRY(tree_of(branch, branch->reader, &branch->tip, &tree));
    int code = libgit.git_tree_entry_bypath(out, tree, str_c(&scratch, path));
    return code == GIT_ENOTFOUND ? missing(branch, path) : failure(branch, code, ERROR_INTERNAL);
}

static Error *read_file(Branch *branch, Arena *a, Str path, BranchFile *out)
{
    DEFER(free_entry) git_tree_entry *entry = NULL;

    TRY(find_entry(branch, path, &entry));
    if (libgit.git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
        return error_new(ERROR_INPUT, "%.*s: is no file", STR_ARG(path));
    return read_blob(branch, a, path, libgit.git_tree_entry_id(entry), out);
}

Error *branch_read(Branch *branch, Arena *a, Str path, BranchFile *out)
{
    pthread_mutex_lock(&branch->reading);
    Error *err = read_file(branch, a, path, out);
    pthread_mutex_unlock(&branch->reading);
    return err;
}

typedef struct Walk {
    Arena *arena;
    Str folder; /* empty, or with a slash at the end */
    StrList *paths;
} Walk;

static int add_path(const char *folder, const git_tree_entry *entry, void *context)
{
    Walk *walk = context;

    if (libgit.git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        *vec_add(walk->arena, walk->paths) =
            str_format(walk->arena, "%.*s%s%s", STR_ARG(walk->folder), folder,
                       libgit.git_tree_entry_name(entry));
    return 0;
}

static int compare_paths(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static Error *list_files(Branch *branch, Arena *a, Str folder, StrList *out)
{
    DEFER(free_entry) git_tree_entry *entry = NULL;
    DEFER(free_tree) git_tree *tree = NULL;
    Walk walk = {a, folder.len ? str_join(a, folder, STR("/")) : (Str){"", 0}, out};

    if (!branch->has_tip)
        return NULL;
    if (folder.len) {
        Error *err = find_entry(branch, folder, &entry);

        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            return NULL;
        }
        TRY(err);
        if (libgit.git_tree_entry_type(entry) != GIT_OBJECT_TREE)
            return NULL;
        TRY(failure(branch,
                    libgit.git_tree_lookup(&tree, branch->reader, libgit.git_tree_entry_id(entry)),
                    ERROR_INTERNAL));
    } else {
        TRY(tree_of(branch, branch->reader, &branch->tip, &tree));
    }
    return failure(branch, libgit.git_tree_walk(tree, GIT_TREEWALK_PRE, add_path, &walk),
                   ERROR_INTERNAL);
}

Error *branch_list(Branch *branch, Arena *a, Str folder, StrList *out)
{
    StrList paths = {0};

    pthread_mutex_lock(&branch->reading);
    Error *err = list_files(branch, a, folder, &paths);
    pthread_mutex_unlock(&branch->reading);
    if (paths.len)
        qsort(paths.items, paths.len, sizeof(*paths.items), compare_paths);
    *out = paths;
    return err;
}

Error *branch_id(Branch *branch, Arena *a, Str text, Str *out)
{
    git_oid id;

    TRY(failure(branch, libgit.git_odb_hash(&id, text.ptr, text.len, GIT_OBJECT_BLOB),
                ERROR_INTERNAL));
    *out = id_text(a, &id);
    return NULL;
}

/* ---- committing */

static void free_signature(git_signature **signature)
{
    libgit.git_signature_free(*signature);
}

static Error *new_signature(Branch *branch, const char *name, const char *email,
                            git_signature **out)
{
    return failure(branch, libgit.git_signature_now(out, name, email), ERROR_INPUT);
}

/* ROLE is "AUTHOR" or "COMMITTER". Source: git, Documentation/git-commit.txt, "COMMIT INFORMATION".
 */
static Error *sign(Branch *branch, const char *role, git_signature **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *name = env_get(str_format(&scratch, "GIT_%s_NAME", role).ptr);
    const char *email = env_get(str_format(&scratch, "GIT_%s_EMAIL", role).ptr);
    const char *user = env_get("USER");
    char host[256] = "";

    if (name && *name && email && *email)
        return new_signature(branch, name, email, out);
    if (libgit.git_signature_default(out, branch->repository) == 0)
        return NULL;
    gethostname(host, sizeof(host) - 1);
    return new_signature(
        branch, branch->options.tool,
        str_format(&scratch, "%s@%s", user && *user ? user : "relfile", *host ? host : "localhost")
            .ptr,
        out);
}

/* The tree that BASE (NULL: an empty one) becomes. */
static Error *change_tree(Branch *branch, git_tree *base, const BranchCommit *commit, git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    git_tree_update *updates = arena_array(&scratch, git_tree_update, commit->len);

    for (size_t i = 0; i < commit->len; i++) {
        const BranchChange *change = &commit->changes[i];

        updates[i].path = str_c(&scratch, change->path);
        updates[i].filemode = GIT_FILEMODE_BLOB;
        updates[i].action = change->removes ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT;
        if (!change->removes)
            TRY(failure(branch,
                        libgit.git_blob_create_from_buffer(&updates[i].id, branch->repository,
                                                           change->text.ptr, change->text.len),
                        ERROR_INTERNAL));
    }
    return failure(
        branch, libgit.git_tree_create_updated(out, branch->repository, base, commit->len, updates),
        ERROR_INTERNAL);
}

/* MESSAGE with what no other commit has: two of the same second and content would be one. */
static const char *marked(Arena *a, Str message)
{
    char bytes[MARK_BYTES];

    world_real.random(bytes, sizeof(bytes));
    Str mark = digest_shown(a, (Str){bytes, sizeof(bytes)});
    return str_format(a, "%.*s\nChange-Id: I%.*s\n", STR_ARG(message), STR_ARG(mark)).ptr;
}

/* COMMIT on top of TIP (NULL: as the first one) as an object that nothing refers to yet. */
static Error *make_commit(Branch *branch, const git_oid *tip, const BranchCommit *commit,
                          git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(free_tree) git_tree *base = NULL;
    DEFER(free_tree) git_tree *tree = NULL;
    DEFER(free_signature) git_signature *author = NULL;
    DEFER(free_signature) git_signature *committer = NULL;
    git_commit *parent = NULL;
    git_oid id;

    if (tip)
        TRY(tree_of(branch, branch->repository, tip, &base));
    TRY(change_tree(branch, base, commit, &id));
    TRY(sign(branch, "AUTHOR", &author));
    TRY(sign(branch, "COMMITTER", &committer));
    TRY(failure(branch, libgit.git_tree_lookup(&tree, branch->repository, &id), ERROR_INTERNAL));
    if (tip)
        TRY(failure(branch, libgit.git_commit_lookup(&parent, branch->repository, tip),
                    ERROR_INTERNAL));
    const git_commit *parents[] = {parent};
    int code =
        libgit.git_commit_create(out, branch->repository, NULL, author, committer, NULL,
                                 marked(&scratch, commit->message), tree, tip != NULL, parents);
    libgit.git_commit_free(parent);
    return failure(branch, code, ERROR_INTERNAL);
}

/* In the folder itself: the branch is changed only if it is still what it was. */
static Error *move_branch(Branch *branch, const git_oid *tip, const git_oid *made)
{
    git_reference *moved = NULL;
    int code = tip ? libgit.git_reference_create_matching(&moved, branch->repository, branch->name,
                                                          made, 1, tip, "relfile")
                   : libgit.git_reference_create(&moved, branch->repository, branch->name, made, 0,
                                                 "relfile");

    libgit.git_reference_free(moved);
    return failure(branch, code, ERROR_INTERNAL);
}

static Error *moved_error(const Branch *branch)
{
    return error_new(ERROR_CONFLICT, "%s: branch %.*s was changed meanwhile", branch->remote.url,
                     STR_ARG(branch->options.branch));
}

/*
 * A commit on TIP was refused, for the reason in TEXT. If the branch is still where it was, nobody
 * was faster: it is protected, or a hook has refused.
 */
static Error *judge(Branch *branch, const git_oid *tip, const char *text)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    Verdict ignored;
    bool found = false;
    git_oid now;

    TRY(connect_remote(branch, GIT_DIRECTION_FETCH, &ignored, &callbacks, &remote));
    TRY(find_tip(branch, remote, &found, &now));
    if (found != (tip != NULL) || (tip && libgit.git_oid_cmp(tip, &now) != 0) ||
        strstr(text, "lock")) // another push was under way, and failed
        return moved_error(branch);
    Str said = str_for_message(&scratch, str_from(text), SHOWN_BYTES);
    return error_hint(error_new(ERROR_DENIED, "%s: refuses a change of branch %.*s: %.*s",
                                branch->remote.url, STR_ARG(branch->options.branch), STR_ARG(said)),
                      "if it is protected: let this user push, or use another ?branch=");
}

/* Send MADE, to which REFERENCE refers, as the branch. */
static Error *upload(Branch *branch, git_remote *remote, const char *reference,
                     git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    char *spec = (char *)(uintptr_t)str_format(&scratch, "%s:%s", reference, branch->name).ptr;

    options->pb_parallelism = 1;
    return remote_failure(branch,
                          libgit.git_remote_upload(remote, &(git_strarray){&spec, 1}, options));
}

/* The same for MADE, which for libgit2 needs a name: one that no other process has. */
static Error *upload_named(Branch *branch, git_remote *remote, const git_oid *made,
                           git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    Str id = id_text(&scratch, made);
    const char *name = str_format(&scratch, "refs/relfile/%.*s", STR_ARG(id)).ptr;
    git_reference *reference = NULL;

    TRY(failure(branch,
                libgit.git_reference_create(&reference, branch->repository, name, made, 1, NULL),
                ERROR_INTERNAL));
    Error *err = upload(branch, remote, name, options);
    libgit.git_reference_delete(reference);
    libgit.git_reference_free(reference);
    return err;
}

static Error *push(Branch *branch, const git_oid *tip, const git_oid *made)
{
    DEFER(free_remote) git_remote *remote = NULL;
    git_push_options options;
    Verdict verdict;
    bool found;
    git_oid now;

    libgit.git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    TRY(connect_remote(branch, GIT_DIRECTION_PUSH, &verdict, &options.callbacks, &remote));
    TRY(find_tip(branch, remote, &found, &now));
    if (found != (tip != NULL) || (tip && libgit.git_oid_cmp(tip, &now) != 0))
        return moved_error(branch);
    TRY(upload_named(branch, remote, made, &options));
    if (verdict.text[0])
        TRY(judge(branch, tip, verdict.text));
    note_tip(branch, made);
    return NULL;
}

static Error *commit_in_turn(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    pthread_mutex_lock(&branch->reading);
    bool has_tip = branch->has_tip;
    git_oid before = branch->tip, made;
    pthread_mutex_unlock(&branch->reading);
    const git_oid *tip = has_tip ? &before : NULL;

    TRY(make_commit(branch, tip, commit, &made));
    memcpy(mark->id, made.id, sizeof(mark->id));
    mark->made = true;
    TRY(branch->options.wire == BRANCH_FILE ? move_branch(branch, tip, &made)
                                            : push(branch, tip, &made));
    see(branch, &made);
    return NULL;
}

Error *branch_commit(Branch *branch, const BranchCommit *commit, BranchMark *made)
{
    *made = (BranchMark){.made = false};
    pthread_mutex_lock(&branch->turn);
    Error *err = commit_in_turn(branch, commit, made);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

bool branch_contains(Branch *branch, const BranchMark *made)
{
    git_oid id;

    memcpy(id.id, made->id, sizeof(id.id));
    pthread_mutex_lock(&branch->reading);
    bool contains = made->made && branch->has_tip &&
                    (libgit.git_oid_cmp(&branch->tip, &id) == 0 ||
                     libgit.git_graph_descendant_of(branch->reader, &branch->tip, &id) == 1);
    pthread_mutex_unlock(&branch->reading);
    return contains;
}
