/*
 * git.c - state on a branch of a git repository: git+https://, git+ssh://, git+file://.
 *
 * A key is a file, its version git's name of its content. A put is a commit on top of what the
 * branch was when we looked last; if it is not that any more, we look again, and if the key still
 * has the version expected, commit on top of that. So versions are compared on what the commit
 * stands on, and the branch only ever goes forward.
 *
 * Commits go to the branch's journal (io/branch.h): records are there, and seen by all, as soon as
 * they are acknowledged. When a process lets go of the last lock that it holds, or has changed
 * something without one and ends, what it did becomes one commit of the branch (git_publish.h).
 *
 * Puts of several threads that come while one of them is being pushed go out together, as one
 * commit: whoever finds nobody pushing pushes for all (push_all). Reading looks at the branch anew
 * only when the last look was some time ago (GIT_FRESH_MS): a run reads hundreds of records in a
 * burst, and what it changes is held against the real branch anyway.
 */
#include "io/log.h"
#include "state/git_store.h"
#include "state/location.h"
#include "state/stores.h"

/* ---- opening */

static Error *check_folder(Str folder)
{
    Str rest = folder, name;

    for (bool more = folder.len > 0; more;) {
        more = str_cut(&rest, '/', &name);
        if (!name.len || name.ptr[0] == '.')
            return error_new(ERROR_INPUT, "option path is \"%.*s\", not a path in a repository",
                             STR_ARG(folder));
    }
    return NULL;
}

static void add_escaped(Buf *b, Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '_' || c == '-')
            buf_add_char(b, c);
        else
            buf_format(b, "%%%02X", (unsigned char)c);
    }
}

/*
 * "refs/relfile/journal/main.shop%2Fstate": one name, or the journal of "a" would be in the way of
 * that of "a/b". Git refuses names that end with ".lock".
 */
static Str journal_name(Arena *a, Str branch, Str folder)
{
    Buf b = {.arena = a};

    buf_add(&b, STR("refs/relfile/journal/"));
    add_escaped(&b, branch);
    if (folder.len)
        buf_add_char(&b, '.');
    if (str_is(folder, "lock"))
        buf_add(&b, STR("%6Cock"));
    else
        add_escaped(&b, folder);
    return buf_str(&b);
}

static Error *open_branch(Arena *a, BranchWire wire, const char *scheme, Str location,
                          GitStore *store)
{
    BranchOptions o = {.wire = wire, .branch = STR("main"), .tool = "relfile"};
    Str place, folder = {"", 0};
    const LocationOption options[] = {{"branch", &o.branch},  {"path", &folder},
                                      {"caFile", &o.ca_file}, {"sign", &o.sign},
                                      {"sshKey", &o.ssh_key}, {"knownHosts", &o.known_hosts}};

    TRY(location_split(a, location, options, COUNT(options), &place));
    if (o.sign.len && !str_is(o.sign, "true") && !str_is(o.sign, "false"))
        return error_new(ERROR_INPUT, "option sign is \"%.*s\", not true or false",
                         STR_ARG(o.sign));
    if (!place.len)
        return error_new(ERROR_INPUT, "the place of a repository is missing");
    while (str_ends(folder, STR("/")))
        folder.len--;
    TRY(check_folder(folder));
    store->folder = folder.len ? str_join(a, folder, STR("/")) : folder;
    o.url = str_join(a, str_from(scheme), place);
    git_beats_init(a, &store->beats, &o, store->folder);
    o.journal = journal_name(a, o.branch, folder);
    return branch_open(&o, &store->branch);
}

static Error *open_store(Arena *a, BranchWire wire, const char *scheme, Str location,
                         StateStore **out)
{
    GitStore *store = arena_new(a, GitStore);

    TRY(open_branch(a, wire, scheme, location, store));
    pthread_mutex_init(&store->turn, NULL);
    pthread_cond_init(&store->changed, NULL);
    *out = &store->store;
    return NULL;
}

static Error *file_open(Arena *a, Str location, StateStore **out)
{
    return open_store(a, BRANCH_FILE, "", location, out);
}

static Error *https_open(Arena *a, Str location, StateStore **out)
{
    return open_store(a, BRANCH_HTTP, "https://", location, out);
}

static Error *http_open_store(Arena *a, Str location, StateStore **out)
{
    return open_store(a, BRANCH_HTTP, "http://", location, out);
}

static Error *ssh_open(Arena *a, Str location, StateStore **out)
{
    return open_store(a, BRANCH_SSH, "ssh://", location, out);
}

/* ---- reading */

static Error *git_get(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    BranchFile file = {0};

    TRY(branch_look(store->branch, GIT_FRESH_MS));
    TRY(branch_read(store->branch, a, str_join(&scratch, store->folder, key), &file));
    if (!file.text.len)
        return error_new(ERROR_INPUT, "%s/%.*s: is an empty file", base->url, STR_ARG(key));
    *out = (StateEntry){file.text, file.id};
    return NULL;
}

static Error *git_list(StateStore *base, Arena *a, Str prefix, StrList *out)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    Str whole = str_join(&scratch, store->folder, prefix);
    size_t slash = str_find_last(whole, STR("/"));
    StrList paths;
    StrList keys = {0};

    TRY(branch_look(store->branch, GIT_FRESH_MS));
    TRY(branch_list(store->branch, a, str_slice(whole, 0, slash == STR_NONE ? 0 : slash), &paths));
    for (size_t i = 0; i < paths.len; i++)
        if (str_starts(paths.items[i], whole))
            *vec_add(a, &keys) = str_skip(paths.items[i], store->folder.len);
    *out = keys;
    return NULL;
}

static Error *git_get_sign(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    GitStore *store = (GitStore *)base;

    return git_beats_read(&store->beats, a, key, out);
}

/* ---- changes */

static Error *make_wish(GitStore *store, Arena *a, const StatePut *put, GitWish *out)
{
    *out = (GitWish){.change = {put->key, put->text, put->expected},
                     .guard = put->guard,
                     .path = str_join(a, store->folder, put->key)};
    return branch_id(store->branch, a, put->text, &out->id);
}

/* What goes beside may be there already. */
static Error *result_of(GitWish *wishes, size_t len)
{
    Error *err = wishes[len - 1].err;

    for (size_t i = 0; i + 1 < len; i++) {
        Error *other = wishes[i].err;

        if (other && !err && error_kind_of(other) != ERROR_CONFLICT)
            err = other;
        else
            error_free(other);
    }
    return err;
}

static void git_close(StateStore *base)
{
    GitStore *store = (GitStore *)base;
    Error *err = git_finish(base);

    if (err)
        log_warn("%s", error_message(err));
    error_free(err);
    error_free(store->unwanted);
    git_beats_close(&store->beats);
    branch_close(&store->branch);
    pthread_cond_destroy(&store->changed);
    pthread_mutex_destroy(&store->turn);
    arena_free(&store->memory);
}

static Error *git_put_with(StateStore *base, Arena *a, const StatePut *put, Str *version)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    size_t len = put->beside_len + 1;
    GitWish *wishes = arena_array(&scratch, GitWish, len);

    for (size_t i = 0; i + 1 < len; i++)
        TRY(make_wish(store, &scratch,
                      &(StatePut){.key = put->beside[i].key, .text = put->beside[i].text},
                      &wishes[i]));
    TRY(make_wish(store, &scratch, put, &wishes[len - 1]));
    if (git_is_lock(&wishes[len - 1]) && !git_holds_lock(store, (Str){"", 0}))
        TRY(git_publish_left(store));
    git_fulfil(store, wishes, len);
    TRY(result_of(wishes, len));
    *version = str_copy(a, wishes[len - 1].id);
    return NULL;
}

static Error *git_put(StateStore *base, Arena *a, Str key, Str text, Str expected,
                      const StateGuard *guard, Str *version)
{
    return git_put_with(base, a,
                        &(StatePut){.key = key, .text = text, .expected = expected, .guard = guard},
                        version);
}

static Error *git_remove(StateStore *base, Str key, Str expected, const StateGuard *guard)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    GitWish wish = {.change = {.key = key, .expected = expected},
                    .guard = guard,
                    .path = str_join(&scratch, store->folder, key)};

    if (git_is_lock(&wish) && !git_holds_lock(store, wish.path))
        return git_remove_last_lock(store, &wish);
    git_fulfil(store, &wish, 1);
    return wish.err;
}

static Error *git_put_sign(StateStore *base, Str key, Str text, const StateGuard *guard)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    TRY(branch_look(store->branch, 0));
    TRY(git_check_guard(store, &scratch, guard));
    return git_beats_write(&store->beats, key, text);
}

#define GIT_STORE(name, of_scheme, opened_by, of_help)                                             \
    const StateStoreType state_store_##name = {                                                    \
        .scheme = of_scheme,                                                                       \
        .help = of_help,                                                                           \
        .open = opened_by,                                                                         \
        .get = git_get,                                                                            \
        .put = git_put,                                                                            \
        .put_with = git_put_with,                                                                  \
        .remove = git_remove,                                                                      \
        .put_sign = git_put_sign,                                                                  \
        .get_sign = git_get_sign,                                                                  \
        .list = git_list,                                                                          \
        .finish = git_finish,                                                                      \
        .bring = git_bring,                                                                        \
        .close = git_close,                                                                        \
    }

GIT_STORE(git_https, "git+https", https_open,
          "A branch of a git repository: git+https://HOST/PATH?branch=main&path=FOLDER.");
GIT_STORE(git_http, "git+http", http_open_store, "The same without encryption, for tests.");
GIT_STORE(git_ssh, "git+ssh", ssh_open, "The same over ssh: git+ssh://USER@HOST/PATH.");
GIT_STORE(git_file, "git+file", file_open,
          "A branch of a repository on this machine: git+file:///srv/git/state.git.");
