/*
 * branch.c - branches over libgit2: opened.
 *
 * A remote's copy is a bare repository in the cache folder, which several processes share: objects
 * are only ever added to it. Its own branch is only a note of what is there, so that git asks for
 * no more than what is new; what the remote's branch is, each process keeps in memory.
 */
#include "io/branch.h"

#include "base/digest.h"
#include "io/branch_wire.h"
#include "io/env.h"
#include "io/file.h"
#include "io/folder.h"
#include "io/lock.h"

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
    branch->remote.tried_again = err && branch->remote.wire == BRANCH_HTTP;
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
