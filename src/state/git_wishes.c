/*
 * git_wishes.c - puts and removes of a state in git, from many threads, become commits.
 */
#include "state/git_store.h"
#include "state/git_tries.h"

static Error *changed(const GitStore *store, const GitWish *wish)
{
    return error_new(ERROR_CONFLICT, "%s/%.*s: %s", store->store.url, STR_ARG(wish->change.key),
                     wish->change.expected.len ? "was changed since it was read"
                                               : "is there already");
}

typedef VEC(GitWish *) GitWishes;

static void settle(GitWish *wish, Error *err)
{
    wish->err = err;
    wish->done = true;
}

Error *git_check_guard(GitStore *store, Arena *a, const StateGuard *guard)
{
    BranchFile lock = {0};

    if (!guard)
        return NULL;
    Error *err = branch_read(store->branch, a, str_join(a, store->folder, guard->key), &lock);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return state_check_guard(&store->store, guard, lock.text);
}

/*
 * Whether WISH can be committed on what was seen last. If it cannot, it is settled, unless that is
 * OLD and has to be looked at again first.
 */
static bool is_possible(GitStore *store, GitWish *wish, bool old, bool *stale)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchFile now = {0};
    Error *err = git_check_guard(store, &scratch, wish->guard);
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

    if (wish->sent && (wish->change.text.len ? str_equal(now.id, wish->id) : missing)) {
        error_free(err);
        settle(wish, NULL); // its commit got through, and was published since
        return false;
    }

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
static void choose(GitStore *store, Arena *a, const GitWishes *wishes, bool old, GitWishes *chosen,
                   bool *stale)
{
    for (size_t i = 0; i < wishes->len; i++) {
        GitWish *wish = wishes->items[i];
        bool twice = false;

        for (size_t j = 0; j < chosen->len; j++)
            twice |= str_equal(chosen->items[j]->change.key, wish->change.key);
        if (!wish->done && !twice && is_possible(store, wish, old, stale))
            *vec_add(a, chosen) = wish;
    }
}

/* CHOSEN was found possible ON that. */
static Error *commit(GitStore *store, Arena *a, const GitWishes *chosen, BranchSeen on,
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
    bool lost;
    Arena memory;
    GitWishes sent;
    GitTries tries;
} Progress;

/* See what the branch is now, and whether the last commit is on it after all. */
static Error *look_again(GitStore *store, Progress *progress)
{
    TRY(branch_look(store->branch, 0));
    progress->old = false;
    for (size_t i = 0; i < progress->sent.len; i++)
        if (branch_contains(store->branch, &progress->made))
            settle(progress->sent.items[i], NULL);
        else
            progress->sent.items[i]->sent |= progress->lost;
    progress->sent.len = 0;
    return NULL;
}

/* One commit of what can be. Only what no other try can better is an error. */
static Error *try_commit(GitStore *store, const GitWishes *wishes, Progress *progress)
{
    bool stale = false;
    Error *err = NULL;

    if (!progress->old || !branch_is_known(store->branch))
        err = look_again(store, progress);
    if (err)
        return git_tries_again(&progress->tries, err) ? NULL : err;
    progress->sent = (GitWishes){0};
    BranchSeen on = branch_seen(store->branch);
    choose(store, &progress->memory, wishes, progress->old, &progress->sent, &stale);
    if (progress->sent.len)
        err = commit(store, &progress->memory, &progress->sent, on, &progress->made);
    bool done = progress->sent.len && !err;
    progress->lost = err && error_kind_of(err) == ERROR_UNAVAILABLE;
    for (size_t i = 0; done && i < progress->sent.len; i++)
        settle(progress->sent.items[i], NULL);
    if (done)
        progress->sent.len = 0;
    progress->old = done && !stale;
    return !err || git_tries_again(&progress->tries, err) ? NULL : err;
}

static bool all_done(const GitWishes *wishes)
{
    for (size_t i = 0; i < wishes->len; i++)
        if (!wishes->items[i]->done)
            return false;
    return true;
}

/* Settle all of WISHES. */
static void push_all(GitStore *store, const GitWishes *wishes)
{
    Progress progress = {.old = true, .tries = git_tries_new()};
    Error *err = NULL;

    for (int i = 0; i < GIT_MOST_TRIES && !err && !all_done(wishes); i++)
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

void git_begin_pushing(GitStore *store)
{
    pthread_mutex_lock(&store->turn);
    while (store->pushing)
        pthread_cond_wait(&store->changed, &store->turn);
    store->pushing = true;
    pthread_mutex_unlock(&store->turn);
}

void git_end_pushing(GitStore *store)
{
    pthread_mutex_lock(&store->turn);
    store->pushing = false;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->turn);
}

/* Take what waits, and push it, with the turn let go meanwhile. */
static void push_waiting(GitStore *store)
{
    DEFER(arena_free) Arena scratch = {0};
    GitWishes wishes = {0};

    for (GitWish *wish = store->wishes; wish; wish = wish->next)
        *vec_add(&scratch, &wishes) = wish;
    store->wishes = NULL;
    store->pushing = true;
    pthread_mutex_unlock(&store->turn);
    push_all(store, &wishes);
    git_end_pushing(store);
    pthread_mutex_lock(&store->turn);
}

static bool are_done(const GitWish *wishes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!wishes[i].done)
            return false;
    return true;
}

bool git_is_lock(const GitWish *wish)
{
    return str_starts(wish->change.key, STR("locks/"));
}

size_t git_find_held(const GitStore *store, Str path)
{
    size_t i = 0;

    while (i < store->held.len && !str_equal(store->held.items[i], path))
        i++;
    return i;
}

bool git_holds_lock(GitStore *store, Str without)
{
    pthread_mutex_lock(&store->turn);
    bool holds = store->held.len > (git_find_held(store, without) < store->held.len);
    pthread_mutex_unlock(&store->turn);
    return holds;
}

/* In the store's turn: remember what WISH has changed. */
static void note_change(GitStore *store, const GitWish *wish)
{
    bool removed = !wish->change.text.len;
    size_t held = git_is_lock(wish) ? git_find_held(store, wish->path) : 0;

    if (!git_is_lock(wish)) {
        if (!name_index_get(&store->mine, NULL, wish->path))
            name_index_set(&store->memory, &store->mine, NULL, str_copy(&store->memory, wish->path),
                           store);
        store->unfinished = true;
    } else if (removed && held < store->held.len) {
        store->held.items[held] = store->held.items[--store->held.len];
    } else if (!removed && held == store->held.len) {
        *vec_add(&store->memory, &store->held) = str_copy(&store->memory, wish->path);
    }
}

void git_fulfil(GitStore *store, GitWish *wishes, size_t len)
{
    GitWish **end = &store->wishes;

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
    for (size_t i = 0; i < len; i++)
        if (!wishes[i].err ||
            i + 1 < len) // what goes beside may be there by another run, and is ours, too
            note_change(store, &wishes[i]);
    pthread_mutex_unlock(&store->turn);
}
