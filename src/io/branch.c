/*
 * branch.c - branches over libgit2: opened, and looked at.
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

#include <string.h>

enum { LARGEST_TREE = 16 << 20 }; /* that is kept parsed */

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

Error *branch_failure_at(const char *where, int code, ErrorKind usual)
{
    DEFER(arena_free) Arena scratch = {0};

    if (code >= 0)
        return NULL;
    const git_error *why = libgit.git_error_last(); // may be NULL
    Str said = str_for_message(&scratch, str_from(why && why->message ? why->message : "fails"),
                               BRANCH_SHOWN_BYTES);
    return error_new(kind_of(code, usual), "git: %s: %.*s", where, STR_ARG(said));
}

Error *branch_failure(const Branch *branch, int code, ErrorKind usual)
{
    return branch_failure_at(branch->remote.url ? branch->remote.url : branch->folder, code, usual);
}

Error *branch_remote_failure(Branch *branch, int code)
{
    Error *err = branch->remote.failure;

    branch->remote.failure = NULL;
    if (code < 0 && err)
        return err;
    error_free(err);
    return branch_failure(branch, code, ERROR_UNAVAILABLE);
}

/* ---- opening */

static Error *load(void)
{
    TRY(LIBRARY_LOAD("libgit2.so." LIBGIT2_SOVERSION, "libgit2-" LIBGIT2_SOVERSION, GIT_FUNCTIONS,
                     &libgit));
    if (libgit.git_libgit2_init() < 0)
        return error_new(ERROR_INTERNAL, "libgit2: does not start");
    // otherwise a folder of many files is parsed anew for each of them
    libgit.git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, LARGEST_TREE);
    return NULL;
}

Error *branch_need_libgit(void)
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
    Error *err = branch_failure(branch, code, ERROR_INPUT);

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
        return str_format(a, "%s/relfile/git/%.*s", cache, BRANCH_ID_LENGTH, name.ptr).ptr;
    return str_format(a, "%s/.cache/relfile/git/%.*s", home ? home : ".", BRANCH_ID_LENGTH,
                      name.ptr)
        .ptr;
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
    return branch_failure(branch, code, ERROR_INTERNAL);
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

BranchRemote branch_remote(Arena *a, const BranchOptions *o)
{
    Str url = str_copy(a, o->url), login = take_user(a, &url), user;

    while (str_ends(url, STR("/")))
        url.len--;
    bool has_password = str_cut(&login, ':', &user);
    return (BranchRemote){
        .wire = o->wire,
        .url = str_c(a, url),
        .user = user,
        .password = has_password ? login : (Str){"", 0},
        .ssh_user = given(a, user),
        .ssh_key = given(a, o->ssh_key),
        .known_hosts = given(a, o->known_hosts),
        .memory = a,
        .http = http_open(&(HttpOptions){.ca_file = given(a, o->ca_file), .insecure = o->insecure}),
    };
}

static Error *open_remote(Branch *branch)
{
    branch->remote = branch_remote(&branch->memory, &branch->options);
    branch->folder = cache_folder(&branch->memory, branch->remote.url);
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
    int valid = 0, valid_journal = 1;

    if (libgit.git_reference_name_is_valid(&valid, branch->name) == 0 && valid &&
        (!branch->journal ||
         libgit.git_reference_name_is_valid(&valid_journal, branch->journal) == 0) &&
        valid_journal)
        return NULL;
    return error_new(ERROR_INPUT, "\"%.*s\" is no name of a branch",
                     STR_ARG(branch->options.branch));
}

Error *branch_open(const BranchOptions *options, Branch **out)
{
    Arena memory = {0};

    TRY(branch_need_libgit());
    Branch *branch = arena_new(&memory, Branch);
    branch->options = *options;
    branch->options.branch = str_copy(&memory, options->branch);
    branch->name = options->reference.len
                       ? str_c(&memory, options->reference)
                       : str_format(&memory, "refs/heads/%.*s", STR_ARG(options->branch)).ptr;
    branch->journal = given(&memory, options->journal);
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

bool branch_tips_equal(const BranchTip *left, const BranchTip *right)
{
    return left->there == right->there &&
           (!left->there || libgit.git_oid_cmp(&left->id, &right->id) == 0);
}

bool branch_follows(git_repository *repository, const BranchTip *tip, const BranchTip *before)
{
    return tip->there && before->there &&
           (libgit.git_oid_cmp(&tip->id, &before->id) == 0 ||
            libgit.git_graph_descendant_of(repository, &tip->id, &before->id) == 1);
}

const BranchTip *branch_top(const BranchView *view)
{
    return view->open ? &view->journal : &view->own;
}

/* What stands behind LABEL at the beginning of a line of MESSAGE. */
static bool find_trailer(Str message, const char *label, Str *out)
{
    Str rest = message, line;

    for (bool more = true; more;) {
        more = str_cut(&rest, '\n', &line);
        if (str_starts(line, str_from(label))) {
            *out = str_skip(line, strlen(label));
            return true;
        }
    }
    return false;
}

/* What the journal's last commit says of the branch: branch_journal.c writes it. */
static Error *read_journal(Branch *branch, BranchView *view)
{
    git_commit *commit = NULL;
    Str id = {0};

    TRY(branch_failure(branch,
                       libgit.git_commit_lookup(&commit, branch->repository, &view->journal.id),
                       ERROR_INTERNAL));
    Str message = str_from(libgit.git_commit_message(commit));
    view->open = find_trailer(message, BRANCH_JOURNAL_OPEN, &id);
    bool ended = !view->open && find_trailer(message, BRANCH_JOURNAL_ENDED, &id);
    view->on = (BranchTip){.there = id.len == BRANCH_ID_LENGTH};
    bool valid = !view->on.there || libgit.git_oid_fromstrn(&view->on.id, id.ptr, id.len) == 0;
    libgit.git_commit_free(commit);
    if (!view->open && !ended)
        view->on = view->journal;
    return valid ? NULL
                 : error_new(ERROR_INPUT, "git: %s: is no journal of relfile", branch->journal);
}

Error *branch_see(Branch *branch, const BranchTip *own, const BranchTip *journal)
{
    BranchView view = {.own = *own, .journal = *journal};

    if (view.journal.there && branch_tips_equal(&view.journal, &branch->view.journal)) {
        view.open = branch->view.open;
        view.on = branch->view.on;
    } else if (view.journal.there) {
        TRY(read_journal(branch, &view));
    }
    pthread_mutex_lock(&branch->reading);
    branch->view = view;
    branch->looked_ms = clock_ms();
    pthread_mutex_unlock(&branch->reading);
    return NULL;
}

Error *branch_find_in_folder(Branch *branch, const char *name, BranchTip *out)
{
    *out = (BranchTip){.there = false};
    if (!name)
        return NULL;
    int code = libgit.git_reference_name_to_id(&out->id, branch->repository, name);
    if (code < 0 && code != GIT_ENOTFOUND)
        return branch_failure(branch, code, ERROR_INTERNAL);
    out->there = code == 0;
    return NULL;
}

/* The journal first: when it is seen ended, what it had is on the branch that is seen after. */
static Error *look_at_folder(Branch *branch)
{
    BranchTip own, journal;

    TRY(branch_find_in_folder(branch, branch->journal, &journal));
    TRY(branch_find_in_folder(branch, branch->name, &own));
    return branch_see(branch, &own, &journal);
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

void branch_free_remote(git_remote **remote)
{
    libgit.git_remote_free(*remote);
}

Error *branch_connect(Branch *branch, git_direction direction, Verdict *verdict,
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
    TRY(branch_failure(branch,
                       libgit.git_remote_create_with_opts(out, branch->remote.url, &options),
                       ERROR_INPUT));
    return branch_remote_failure(branch,
                                 libgit.git_remote_connect(*out, direction, callbacks, NULL, NULL));
}

Error *branch_find_tips(Branch *branch, git_remote *remote, BranchTip *own, BranchTip *journal)
{
    const git_remote_head **heads = NULL;
    size_t len = 0;

    *own = *journal = (BranchTip){.there = false};
    TRY(branch_remote_failure(branch, libgit.git_remote_ls(&heads, &len, remote)));
    for (size_t i = 0; i < len; i++)
        if (strcmp(heads[i]->name, branch->name) == 0)
            *own = (BranchTip){heads[i]->oid, true};
        else if (branch->journal && strcmp(heads[i]->name, branch->journal) == 0)
            *journal = (BranchTip){heads[i]->oid, true};
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

void branch_note_tip(Branch *branch, const char *name, const git_oid *tip)
{
    git_reference *note = NULL;
    git_oid before;
    bool noted = libgit.git_reference_name_to_id(&before, branch->repository, name) == 0;

    if (noted && libgit.git_oid_cmp(&before, tip) == 0)
        return;
    if (noted && name == branch->name && !branch->options.reference.len &&
        libgit.git_graph_descendant_of(branch->repository, tip, &before) == 0 &&
        libgit.git_graph_descendant_of(branch->repository, &before, tip) == 0)
        log_warn("%s: branch %.*s was rewritten: what was committed before may be missing",
                 branch->remote.url, STR_ARG(branch->options.branch));
    if (libgit.git_reference_create(&note, branch->repository, name, tip, 1, NULL) == 0)
        libgit.git_reference_free(note);
}

/* What is missing here of what REMOTE has. */
static Error *download(Branch *branch, git_remote *remote, const git_remote_callbacks *callbacks,
                       const BranchTip *own, const BranchTip *journal)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *names[] = {branch->name, branch->journal};
    const BranchTip *tips[] = {own, journal};
    git_fetch_options options;
    char *specs[COUNT(names)];
    size_t len = 0;

    for (size_t i = 0; i < COUNT(names); i++)
        if (tips[i]->there && !has_object(branch, &tips[i]->id))
            specs[len++] =
                (char *)(uintptr_t)str_format(&scratch, "+%s:%s", names[i], names[i]).ptr;
    if (!len)
        return NULL;
    libgit.git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = *callbacks;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    return branch_remote_failure(
        branch, libgit.git_remote_download(remote, &(git_strarray){specs, len}, &options));
}

static Error *look_once(Branch *branch)
{
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    BranchTip own, journal;
    Verdict verdict;

    TRY(branch_connect(branch, GIT_DIRECTION_FETCH, &verdict, &callbacks, &remote));
    TRY(branch_find_tips(branch, remote, &own, &journal));
    TRY(download(branch, remote, &callbacks, &own, &journal));
    if (own.there)
        branch_note_tip(branch, branch->name, &own.id);
    if (journal.there)
        branch_note_tip(branch, branch->journal, &journal.id);
    return branch_see(branch, &own, &journal);
}

/*
 * Servers read one reference after the other. A branch without what an ended journal had put on it
 * was read before that: otherwise it was rewritten, and is the same when it is looked at again.
 */
static Error *look_at_remote(Branch *branch)
{
    BranchView before;

    do {
        before = branch->view;
        TRY(look_once(branch));
    } while (branch->view.journal.there && !branch->view.open &&
             !(branch_tips_equal(&before.own, &branch->view.own) &&
               branch_tips_equal(&before.journal, &branch->view.journal)) &&
             !branch_follows(branch->repository, &branch->view.own, &branch->view.on));
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
