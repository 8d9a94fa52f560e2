/*
 * git_publish.c - what runs have written to the journal of a state in git becomes a commit of the
 * branch, and the journal ends.
 */
#include "state/blob.h"
#include "state/git_store.h"
#include "state/git_tries.h"

/* Who is done. */
typedef struct GitEnd {
    GitStore *store;
    Str lock, version; /* the path of a lock that is let go of, and what it is; or empty */
    bool is_plain;     /* set where the lock is not the journal's alone: nothing was done */
    Error *unwanted;   /* set where the branch takes no commit, and why: the journal keeps it all */
} GitEnd;

static const Str locks = STR_INIT("locks/");

/* Whether somebody holds a lock other than END's. */
static Error *find_others(const GitEnd *end, Arena *a, bool *out)
{
    StrList paths;

    *out = false;
    TRY(branch_list(end->store->branch, a, str_join(a, end->store->folder, STR("locks")), &paths));
    for (size_t i = 0; i < paths.len; i++)
        *out |= !str_equal(paths.items[i], end->lock);
    return NULL;
}

/*
 * Whether ITEM is to be on the branch. Locks are never put there; but one that is there, of a
 * relfile that had no journal, is taken away.
 */
static bool is_wanted(const GitEnd *end, const BranchPending *item, bool others)
{
    if (!str_starts(item->path, end->store->folder))
        return false;
    if (str_starts(str_skip(item->path, end->store->folder.len), locks))
        return !item->id.len;
    return !others || name_index_get(&end->store->mine, NULL, item->path);
}

/* For the message: texts, of which it says nothing, are not read. */
static Error *tell(const GitEnd *end, Arena *a, const BranchPending *item, GitChange *out)
{
    *out = (GitChange){.key = str_skip(item->path, end->store->folder.len), .text = item->id};
    if (!item->id.len || str_starts(out->key, blob_folder))
        return NULL;
    return branch_text(end->store->branch, a, item->id, &out->text);
}

static Error *publish(const GitEnd *end, Arena *a, const BranchPendings *pending,
                      const BranchSeen *on)
{
    BranchChange *changes = arena_array(a, BranchChange, pending->len);
    GitChange *told = arena_array(a, GitChange, pending->len);
    BranchCommit commit = {.changes = changes, .on = *on};
    BranchMark made;
    bool others;

    TRY(find_others(end, a, &others));
    for (size_t i = 0; i < pending->len; i++) {
        const BranchPending *item = &pending->items[i];

        if (!is_wanted(end, item, others))
            continue;
        TRY(tell(end, a, item, &told[commit.len]));
        changes[commit.len++] =
            (BranchChange){.path = item->path, .id = item->id, .removes = !item->id.len};
    }
    if (!commit.len)
        return NULL;
    commit.message = git_publish_message(a, &end->store->store, told, commit.len, &commit.trailers);
    return branch_publish(end->store->branch, &commit, &made);
}

/* The lock is there, as it is expected, and only in the journal. */
static Error *check_lock(GitEnd *end, Arena *a, const BranchPendings *pending)
{
    BranchFile file = {0};

    if (!end->lock.len)
        return NULL;
    TRY(branch_read(end->store->branch, a, end->lock, &file));
    if (!str_equal(file.id, end->version))
        return error_new(ERROR_CONFLICT, "%s/%.*s: was changed since it was read",
                         end->store->store.url, STR_ARG(end->lock));
    end->is_plain = true;
    for (size_t i = 0; i < pending->len; i++)
        if (str_equal(pending->items[i].path, end->lock))
            end->is_plain = pending->items[i].is_on_branch;
    return NULL;
}

/* What has become of the end so far. */
typedef struct Progress {
    bool fresh;    /* what is seen is what is there, but for who was faster just now */
    bool settling; /* the lock may be gone by our doing */
    bool lost;     /* it is, or another's: no other try can better that */
} Progress;

static bool is_refusal(const Error *err)
{
    return err && error_kind_of(err) != ERROR_CONFLICT && error_kind_of(err) != ERROR_UNAVAILABLE;
}

static Error *try_end(GitEnd *end, Progress *progress)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchSeen on = branch_seen(end->store->branch);
    BranchPendings pending;

    TRY(branch_pending(end->store->branch, &scratch, &pending));
    Error *err = check_lock(end, &scratch, &pending);
    if (err && progress->settling && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    progress->lost = err && progress->fresh;
    if (err && !progress->fresh)
        return error_as(err, ERROR_CONFLICT);
    if (err || end->is_plain)
        return err;
    if (!end->unwanted)
        err = publish(end, &scratch, &pending, &on);
    if (!is_refusal(err))
        TRY(err);
    else
        end->unwanted = err;
    if (end->unwanted && !end->lock.len)
        return NULL;
    on = branch_seen(end->store->branch);
    progress->settling = true;
    return branch_settle(end->store->branch, end->lock, &on);
}

/*
 * Publish what END's process has written, or everything where nobody else holds a lock, and let go
 * of the lock. ERROR_CONFLICT, ERROR_NOT_FOUND: of the lock, as of a remove.
 */
static Error *end_all(GitEnd *end)
{
    GitTries tries = git_tries_new();
    Progress progress = {.fresh = false};
    Error *err = NULL;

    for (int i = 0; i < GIT_MOST_TRIES; i++) {
        err = i ? branch_look(end->store->branch, 0) : NULL;
        progress.fresh = i > 0;
        if (!err)
            err = try_end(end, &progress);
        if (!err || progress.lost || !git_tries_again(&tries, err))
            return err;
    }
    return error_new(ERROR_UNAVAILABLE, "%s: others change the branch all the time",
                     end->store->store.url);
}

static void note_end(GitStore *store, const GitEnd *end)
{
    pthread_mutex_lock(&store->turn);
    error_free(store->unwanted);
    store->unwanted = end->unwanted;
    store->unfinished = false;
    size_t held = git_find_held(store, end->lock);
    if (held < store->held.len)
        store->held.items[held] = store->held.items[--store->held.len];
    if (!end->unwanted)
        store->mine = (NameIndex){0};
    pthread_mutex_unlock(&store->turn);
}

/* Publish, and let go of the lock that LOCK (NULL: none) takes away, if that is the journal's. */
static Error *end_journal(GitStore *store, const GitWish *lock, bool *is_plain)
{
    GitEnd end = {.store = store,
                  .lock = lock ? lock->path : (Str){"", 0},
                  .version = lock ? lock->change.expected : (Str){"", 0}};

    TRY(branch_look(store->branch, GIT_FRESH_MS));
    *is_plain = !branch_has_journal(store->branch);
    if (*is_plain)
        return NULL;
    git_begin_pushing(store);
    Error *err = end_all(&end);
    git_end_pushing(store);
    *is_plain = end.is_plain;
    if (err)
        error_free(end.unwanted);
    else if (!end.is_plain)
        note_end(store, &end);
    return err;
}

Error *git_remove_last_lock(GitStore *store, GitWish *wish)
{
    bool is_plain;

    TRY(end_journal(store, wish, &is_plain));
    if (!is_plain)
        return NULL;
    git_fulfil(store, wish, 1);
    TRY(wish->err);
    return end_journal(store, NULL, &is_plain);
}

Error *git_publish_left(GitStore *store)
{
    DEFER(arena_free) Arena scratch = {0};
    bool is_plain;
    StrList held;

    TRY(branch_look(store->branch, GIT_FRESH_MS));
    if (!branch_has_journal(store->branch))
        return NULL;
    TRY(branch_list(store->branch, &scratch, str_join(&scratch, store->folder, STR("locks")),
                    &held));
    if (held.len)
        return NULL;
    TRY(end_journal(store, NULL, &is_plain));
    pthread_mutex_lock(&store->turn);
    Error *err = store->unwanted;
    store->unwanted = NULL;
    pthread_mutex_unlock(&store->turn);
    return err;
}

/* Entries, but for locks, that the journal has otherwise than the branch, as they were seen last.
 */
static Error *count_pending(GitStore *store, size_t *out)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchPendings pending;

    *out = 0;
    TRY(branch_pending(store->branch, &scratch, &pending));
    for (size_t i = 0; i < pending.len; i++)
        *out += str_starts(pending.items[i].path, store->folder) &&
                !str_starts(str_skip(pending.items[i].path, store->folder.len), locks);
    return NULL;
}

Error *git_bring(StateStore *base, StateLeft *out)
{
    GitStore *store = (GitStore *)base;
    size_t before;

    TRY(branch_look(store->branch, 0));
    TRY(count_pending(store, &before));
    TRY(git_publish_left(store));
    TRY(count_pending(store, &out->waiting));
    out->brought = before > out->waiting ? before - out->waiting : 0;
    return NULL;
}

Error *git_finish(StateStore *base)
{
    GitStore *store = (GitStore *)base;
    Str none = {"", 0};
    bool is_plain;

    if (store->unfinished && !git_holds_lock(store, none))
        TRY(end_journal(store, NULL, &is_plain));
    pthread_mutex_lock(&store->turn);
    Error *err = store->unwanted;
    store->unwanted = NULL;
    pthread_mutex_unlock(&store->turn);
    return err;
}
