/*
 * git.c - state on a branch of a git repository: git+https://, git+ssh://, git+file://.
 *
 * A key is a file, its version git's name of its content. A put is a commit on top of what the
 * branch was when we looked last; if it is not that any more, we look again, and if the key still
 * has the version expected, commit on top of that. So versions are compared on what the commit
 * stands on, and the branch only ever goes forward.
 *
 * Puts of several threads that come while one of them is being pushed go out together, as one
 * commit: whoever finds nobody pushing pushes for all (push_all). Reading looks at the branch anew
 * only when the last look was some time ago (FRESH_MS): a run reads hundreds of records in a burst,
 * and what it changes is held against the real branch anyway.
 */
#include "io/branch.h"
#include "io/clock.h"
#include "state/git_beats.h"
#include "state/git_message.h"
#include "state/location.h"
#include "state/stores.h"

#include <pthread.h>
#include <string.h>

enum {
    FRESH_MS = 500,
    MOST_TRIES = 60, /* of a commit, while others are faster */
    MOST_LOST = 4,   /* of those, as the connection broke */
    FIRST_PAUSE_MS = 10,
    LONGEST_PAUSE_MS = 1000,
};

/* One put or remove that a thread waits for. */
typedef struct Wish {
    GitChange change;
    const StateGuard *guard;
    Str path;
    Str id; /* of TEXT */
    bool done;
    Error *err;
    struct Wish *next;
} Wish;

typedef struct GitStore {
    StateStore store;
    Branch *branch;
    Str folder; /* of the keys: empty, or with a slash at the end */
    GitBeats beats;

    pthread_mutex_t turn; /* for what follows */
    pthread_cond_t changed;
    Wish *wishes; /* oldest first */
    bool pushing;
} GitStore;

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

static void git_close(StateStore *base)
{
    GitStore *store = (GitStore *)base;

    git_beats_close(&store->beats);
    branch_close(&store->branch);
    pthread_cond_destroy(&store->changed);
    pthread_mutex_destroy(&store->turn);
}

/* ---- reading */

static Error *git_get(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    BranchFile file = {0};

    TRY(branch_look(store->branch, FRESH_MS));
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

    TRY(branch_look(store->branch, FRESH_MS));
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

/* ---- writing */

static Error *changed(const GitStore *store, const Wish *wish)
{
    return error_new(ERROR_CONFLICT, "%s/%.*s: %s", store->store.url, STR_ARG(wish->change.key),
                     wish->change.expected.len ? "was changed since it was read"
                                               : "is there already");
}

typedef VEC(Wish *) Wishes;

static void settle(Wish *wish, Error *err)
{
    wish->done = true;
    wish->err = err;
}

/* NULL: the branch, as it was seen last, has the lock that WISH depends on. */
static Error *check_guard(GitStore *store, Arena *a, const Wish *wish)
{
    BranchFile lock = {0};

    if (!wish->guard)
        return NULL;
    Error *err = branch_read(store->branch, a, str_join(a, store->folder, wish->guard->key), &lock);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return state_check_guard(&store->store, wish->guard, lock.text);
}

/*
 * Whether WISH can be committed on what was seen last. If it cannot, it is settled, unless that is
 * OLD and has to be looked at again first.
 */
static bool is_possible(GitStore *store, Wish *wish, bool old, bool *stale)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchFile now = {0};
    Error *err = check_guard(store, &scratch, wish);
    if (err && old) {
        error_free(err);
        *stale = true;
        return false;
    }
    if (err) {
        settle(wish, err);
        return false;
    }
    err = branch_read(store->branch, &scratch, wish->path, &now);
    bool missing = err && error_kind_of(err) == ERROR_NOT_FOUND;

    if (err && !missing) {
        settle(wish, err);
        return false;
    }
    if (str_equal(now.id, wish->change.expected) && !(missing && !wish->change.text.len)) {
        error_free(err);
        return true;
    }
    *stale |= old;
    if (old) {
        error_free(err);
        return false;
    }
    if (missing && !wish->change.text.len) {
        settle(wish, err);
    } else {
        error_free(err);
        settle(wish, changed(store, wish));
    }
    return false;
}

/* Of WISHES, what can be committed now; each key once, so that the rest has to wait. */
static void choose(GitStore *store, Arena *a, const Wishes *wishes, bool old, Wishes *chosen,
                   bool *stale)
{
    for (size_t i = 0; i < wishes->len; i++) {
        Wish *wish = wishes->items[i];
        bool twice = false;

        for (size_t j = 0; j < chosen->len; j++)
            twice |= str_equal(chosen->items[j]->change.key, wish->change.key);
        if (!wish->done && !twice && is_possible(store, wish, old, stale))
            *vec_add(a, chosen) = wish;
    }
}

/* CHOSEN was found possible ON that. */
static Error *commit(GitStore *store, Arena *a, const Wishes *chosen, BranchMark on,
                     BranchMark *made)
{
    BranchChange *changes = arena_array(a, BranchChange, chosen->len);
    GitChange *told = arena_array(a, GitChange, chosen->len);

    for (size_t i = 0; i < chosen->len; i++) {
        told[i] = chosen->items[i]->change;
        changes[i] = (BranchChange){.path = chosen->items[i]->path,
                                    .text = chosen->items[i]->change.text,
                                    .removes = !chosen->items[i]->change.text.len};
    }
    Str message = git_message(a, &store->store, told, chosen->len);
    return branch_commit(
        store->branch,
        &(BranchCommit){.changes = changes, .len = chosen->len, .message = message, .on = on},
        made);
}

/* What has become of the wishes so far. */
typedef struct Progress {
    bool old;        /* what was seen last may not be what the branch is */
    BranchMark made; /* the last commit, which was refused or lost, and what was in it */
    Arena memory;
    Wishes sent;
    int losses;
    int64_t pause_ms;
} Progress;

/* See what the branch is now, and whether the last commit is on it after all. */
static Error *look_again(GitStore *store, Progress *progress)
{
    TRY(branch_look(store->branch, 0));
    progress->old = false;
    for (size_t i = 0; i < progress->sent.len; i++)
        if (branch_contains(store->branch, &progress->made))
            settle(progress->sent.items[i], NULL);
    progress->sent.len = 0;
    return NULL;
}

/* Whether ERR is of a kind that another try may better; then it is freed, after a pause. */
static bool is_passing(Error *err, Progress *progress)
{
    bool lost = error_kind_of(err) == ERROR_UNAVAILABLE && progress->losses++ < MOST_LOST;

    if (!lost && error_kind_of(err) != ERROR_CONFLICT)
        return false;
    error_free(err);
    clock_sleep(progress->pause_ms);
    progress->pause_ms =
        progress->pause_ms * 2 < LONGEST_PAUSE_MS ? progress->pause_ms * 2 : LONGEST_PAUSE_MS;
    return true;
}

/* One commit of what can be. Only what no other try can better is an error. */
static Error *try_commit(GitStore *store, const Wishes *wishes, Progress *progress)
{
    bool stale = false;
    Error *err = NULL;

    if (!progress->old || !branch_is_known(store->branch))
        err = look_again(store, progress);
    if (err)
        return is_passing(err, progress) ? NULL : err;
    progress->sent = (Wishes){0};
    BranchMark on = branch_seen(store->branch);
    choose(store, &progress->memory, wishes, progress->old, &progress->sent, &stale);
    if (progress->sent.len)
        err = commit(store, &progress->memory, &progress->sent, on, &progress->made);
    bool done = progress->sent.len && !err;
    for (size_t i = 0; done && i < progress->sent.len; i++)
        settle(progress->sent.items[i], NULL);
    if (done)
        progress->sent.len = 0;
    progress->old = done && !stale;
    return !err || is_passing(err, progress) ? NULL : err;
}

static bool all_done(const Wishes *wishes)
{
    for (size_t i = 0; i < wishes->len; i++)
        if (!wishes->items[i]->done)
            return false;
    return true;
}

/* Settle all of WISHES. */
static void push_all(GitStore *store, const Wishes *wishes)
{
    // those who were refused together do not come again together
    Progress progress = {.old = true, .pause_ms = FIRST_PAUSE_MS + clock_ms() % FIRST_PAUSE_MS};
    Error *err = NULL;

    for (int i = 0; i < MOST_TRIES && !err && !all_done(wishes); i++)
        err = try_commit(store, wishes, &progress);
    if (!err && !all_done(wishes))
        err = error_new(ERROR_UNAVAILABLE, "%s: others change the branch all the time",
                        store->store.url);
    for (size_t i = 0; i < wishes->len; i++)
        if (!wishes->items[i]->done)
            settle(wishes->items[i], err ? error_copy(err) : NULL);
    error_free(err);
    arena_free(&progress.memory);
}

/* Take what waits, and push it, with the turn let go meanwhile. */
static void push_waiting(GitStore *store)
{
    DEFER(arena_free) Arena scratch = {0};
    Wishes wishes = {0};

    for (Wish *wish = store->wishes; wish; wish = wish->next)
        *vec_add(&scratch, &wishes) = wish;
    store->wishes = NULL;
    store->pushing = true;
    pthread_mutex_unlock(&store->turn);
    push_all(store, &wishes);
    pthread_mutex_lock(&store->turn);
    store->pushing = false;
    pthread_cond_broadcast(&store->changed);
}

static bool are_done(const Wish *wishes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!wishes[i].done)
            return false;
    return true;
}

/* WISHES, LEN of them, are done when this returns, by this thread or another. */
static void fulfil(GitStore *store, Wish *wishes, size_t len)
{
    Wish **end = &store->wishes;

    pthread_mutex_lock(&store->turn);
    while (*end)
        end = &(*end)->next;
    for (size_t i = 0; i < len; i++) {
        *end = &wishes[i];
        end = &wishes[i].next;
    }
    while (!are_done(wishes, len))
        if (store->pushing)
            pthread_cond_wait(&store->changed, &store->turn);
        else
            push_waiting(store);
    pthread_mutex_unlock(&store->turn);
}

static Error *make_wish(GitStore *store, Arena *a, const StatePut *put, Wish *out)
{
    *out = (Wish){.change = {put->key, put->text, put->expected},
                  .guard = put->guard,
                  .path = str_join(a, store->folder, put->key)};
    return branch_id(store->branch, a, put->text, &out->id);
}

/* What goes beside may be there already. */
static Error *result_of(Wish *wishes, size_t len)
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

static Error *git_put_with(StateStore *base, Arena *a, const StatePut *put, Str *version)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    size_t len = put->beside_len + 1;
    Wish *wishes = arena_array(&scratch, Wish, len);

    for (size_t i = 0; i + 1 < len; i++)
        TRY(make_wish(store, &scratch,
                      &(StatePut){.key = put->beside[i].key, .text = put->beside[i].text},
                      &wishes[i]));
    TRY(make_wish(store, &scratch, put, &wishes[len - 1]));
    fulfil(store, wishes, len);
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
    Wish wish = {.change = {.key = key, .expected = expected},
                 .guard = guard,
                 .path = str_join(&scratch, store->folder, key)};

    fulfil(store, &wish, 1);
    return wish.err;
}

static Error *git_put_sign(StateStore *base, Str key, Str text, const StateGuard *guard)
{
    GitStore *store = (GitStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    Wish wish = {.guard = guard};

    TRY(branch_look(store->branch, 0));
    TRY(check_guard(store, &scratch, &wish));
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
        .close = git_close,                                                                        \
    }

GIT_STORE(git_https, "git+https", https_open,
          "A branch of a git repository: git+https://HOST/PATH?branch=main&path=FOLDER.");
GIT_STORE(git_http, "git+http", http_open_store, "The same without encryption, for tests.");
GIT_STORE(git_ssh, "git+ssh", ssh_open, "The same over ssh: git+ssh://USER@HOST/PATH.");
GIT_STORE(git_file, "git+file", file_open,
          "A branch of a repository on this machine: git+file:///srv/git/state.git.");
