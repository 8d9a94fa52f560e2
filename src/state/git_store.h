/*
 * git_store.h - what the parts of the store git.c share.
 */
#pragma once

#include "base/name_index.h"
#include "io/branch.h"
#include "state/git_beats.h"
#include "state/git_message.h"
#include "state/state.h"

#include <pthread.h>

enum { GIT_FRESH_MS = 500 }; /* a look at the branch is good for so long */

/* One put or remove that a thread waits for. */
typedef struct GitWish {
    GitChange change;
    const StateGuard *guard;
    Str path;
    Str id;    /* of TEXT */
    bool sent; /* in a commit of which it is not known whether it got through */
    Error *err;
    _Atomic bool done; /* from then on ERR is what became of it */
    struct GitWish *next;
} GitWish;

typedef struct GitStore {
    StateStore store;
    Branch *branch;
    Str folder; /* of the keys: empty, or with a slash at the end */
    GitBeats beats;

    pthread_mutex_t turn; /* for what follows */
    pthread_cond_t changed;
    GitWish *wishes; /* oldest first */
    bool pushing;
    Arena memory;    /* of what follows */
    NameIndex mine;  /* paths that were changed, and may not be on the branch yet */
    bool unfinished; /* there are such, without a lock */
    StrList held;    /* paths of locks */
    Error *unwanted; /* why the branch did not take a commit */
} GitStore;

/* ---- git_wishes.c */

/* WISHES, LEN of them, are done when this returns, by this thread or another. */
void git_fulfil(GitStore *store, GitWish *wishes, size_t len);

/* NULL: the lock of GUARD (or NULL) is held, as the branch was seen last. */
Error *git_check_guard(GitStore *store, Arena *a, const StateGuard *guard) MUST_CHECK;

/* Nobody else commits, from now on. */
void git_begin_pushing(GitStore *store);
void git_end_pushing(GitStore *store);

bool git_is_lock(const GitWish *wish);

/* In the store's turn: where the lock at PATH is among those that are held; their number if it is
 * not. */
size_t git_find_held(const GitStore *store, Str path);

/* Whether this process holds a lock, but for that at WITHOUT. */
bool git_holds_lock(GitStore *store, Str without);

/* ---- git_publish.c */

/* LOCK takes away the last of our locks: what was done under it comes on the branch. */
Error *git_remove_last_lock(GitStore *store, GitWish *lock) MUST_CHECK;

/* What a run that was killed, or could not publish, has left comes on the branch. */
Error *git_publish_left(GitStore *store) MUST_CHECK;

/* As in StateStoreType. */
Error *git_finish(StateStore *store) MUST_CHECK;
Error *git_bring(StateStore *store, StateLeft *out) MUST_CHECK;
