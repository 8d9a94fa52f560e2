/*
 * state.h - where release records are kept: a store of small texts under keys.
 *
 * A store is narrow on purpose: a few functions, and a version that makes lost updates
 * impossible. Records (record.h) and locks are made of these, once for all stores.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct StateStore StateStore;

typedef struct StateEntry {
    Str text;
    Str version; /* says nothing to anyone but the store that made it */
} StateEntry;

/*
 * A lock that a change depends on: the entry KEY must hold TOKEN when the change is made, or it is
 * not made. So a run that lost its lock without knowing (its machine was asleep) changes nothing.
 */
typedef struct StateGuard {
    Str key, token;
} StateGuard;

/* A text that goes into a store with another, which names it; where KEY is there, it stays. */
typedef struct StateBeside {
    Str key, text;
} StateBeside;

/* One put of several texts: see put_with. */
typedef struct StatePut {
    Str key, text, expected;
    const StateGuard *guard;
    const StateBeside *beside;
    size_t beside_len;
} StatePut;

/* Entries that are safe, but not where people look for them: see StateStoreType.finish. */
typedef struct StateLeft {
    size_t brought; /* there now */
    size_t waiting; /* until those who hold locks have ended */
} StateLeft;

/*
 * One kind of store. A key is a path of up to 8 names of [A-Za-z0-9._@:%-], none of which
 * begins with a dot or is longer than 240 bytes, without a leading slash: state.c sees to
 * that. No key goes on where another ends: "a/b" and "a/b/c" are never both in use. All
 * functions but open and close are called from many threads at a time.
 */
typedef struct StateStoreType {
    const char *scheme; /* what stands before "://" */
    const char *help;   /* one sentence, for `relfile help stores` */

    /*
     * Its records are helm's own, which helm reads and writes, too: they have helm's format, with
     * what relfile knows besides where helm leaves it, and are of the context of their key.
     */
    bool of_helm;

    /* LOCATION is what stands after "://". The store lives as long as A. */
    Error *(*open)(Arena *a, Str location, StateStore **out);

    /* ERROR_NOT_FOUND where there is nothing, and only then: it means "not installed". */
    Error *(*get)(StateStore *store, Arena *a, Str key, StateEntry *out);

    /*
     * Replace the text whose version is EXPECTED by TEXT, which is not empty; an empty
     * EXPECTED is for a key that is not there yet. *VERSION is the new text's. ERROR_CONFLICT:
     * somebody was faster. When it returns, the text is there whatever happens to the machine.
     * GUARD may be NULL; it is checked with state_check_guard, at the same moment as the version
     * where the store can, otherwise just before.
     */
    Error *(*put)(StateStore *store, Arena *a, Str key, Str text, Str expected,
                  const StateGuard *guard, Str *version);

    /*
     * put, and what goes with it, in one change. NULL: a store to which one after the other is as
     * good. One that has this answers get without asking a server.
     */
    Error *(*put_with)(StateStore *store, Arena *a, const StatePut *put, Str *version);

    /* Take KEY away. ERROR_CONFLICT: its version is not EXPECTED; ERROR_NOT_FOUND. */
    Error *(*remove)(StateStore *store, Str key, Str expected, const StateGuard *guard);

    /*
     * How the holder of the lock at KEY says that it lives, where rewriting the lock's entry each
     * time would leave too much behind: a text that is kept apart from entries. Whoever writes last
     * wins, but for who does not hold the lock any more, by GUARD: ERROR_CONFLICT. ERROR_DENIED:
     * this server keeps none. NULL: the entry is rewritten.
     */
    Error *(*put_sign)(StateStore *store, Str key, Str text, const StateGuard *guard);

    /* What was written last, and no earlier one; ERROR_NOT_FOUND. */
    Error *(*get_sign)(StateStore *store, Arena *a, Str key, StateEntry *out);

    /* The keys that begin with PREFIX, in byte order. Others may lie there, and be listed. */
    Error *(*list)(StateStore *store, Arena *a, Str prefix, StrList *out);

    /* The same without records that are marked as others' than the spec SPEC's. NULL: nothing is
     * marked. */
    Error *(*list_of_spec)(StateStore *store, Arena *a, Str prefix, Str spec, StrList *out);

    /*
     * What was changed, and is safe, comes where people look for it: a store that keeps it
     * elsewhere until a run has ended. NULL: it is there.
     */
    Error *(*finish)(StateStore *store);

    /* The same of what runs that were killed have left there, if nobody holds a lock. NULL
     * likewise. */
    Error *(*bring)(StateStore *store, StateLeft *out);

    /* Let go of connections, files and locks. Cannot fail. */
    void (*close)(StateStore *store);
} StateStoreType;

typedef struct StateGuards StateGuards;
typedef struct StateSeal StateSeal;

/* The first member of every store's own struct. */
struct StateStore {
    const StateStoreType *type;
    const char *url;     /* for people */
    StateGuards *guards; /* state.c */
    StateSeal *seal;     /* seal.h; NULL: nothing is sealed */
    bool doubts;         /* nothing is read from a cache */
};

/* What state_open does with a store that was made. A lives as long. */
void state_init(Arena *a, StateStore *store, const StateStoreType *type, const char *url);

/*
 * For stores. TEXT is what GUARD's key has, or empty for nothing: ERROR_CONFLICT where that is not
 * GUARD's.
 */
Error *state_check_guard(const StateStore *store, const StateGuard *guard, Str text) MUST_CHECK;

/* The same with what GUARD's key has now; for stores that cannot look and change in one. */
Error *state_look_at_guard(StateStore *store, const StateGuard *guard) MUST_CHECK;

/* For lock.c: changes of keys that begin with PREFIX depend on GUARD, from now on and not any more.
 */
void state_guard(StateStore *store, Str prefix, const StateGuard *guard);
void state_unguard(StateStore *store, const StateGuard *guard);

/*
 * Open the store that URL names; what has no scheme is a path: file://URL. ERROR_INPUT for a
 * scheme that no store has.
 */
Error *state_open(Arena *a, const char *url, StateStore **out) MUST_CHECK;
void state_close(StateStore **store);

/* After the last change, with no lock held: as in StateStoreType. STORE may be NULL. */
Error *state_finish(StateStore *store) MUST_CHECK;

/* What runs that were killed have left elsewhere comes where people look for it. */
Error *state_bring(StateStore *store, StateLeft *out) MUST_CHECK;

/* All kinds of stores, a line each, at the end of B. */
void state_describe(Buf *b);

/* As in StateStoreType. From any thread. */
Error *state_get(StateStore *store, Arena *a, Str key, StateEntry *out) MUST_CHECK;
Error *state_put(StateStore *store, Arena *a, Str key, Str text, Str expected, Str *version)
    MUST_CHECK;
Error *state_put_with(StateStore *store, Arena *a, StatePut put, Str *version) MUST_CHECK;
Error *state_remove(StateStore *store, Str key, Str expected) MUST_CHECK;
Error *state_list(StateStore *store, Arena *a, Str prefix, StrList *out) MUST_CHECK;
Error *state_list_of_spec(StateStore *store, Arena *a, Str prefix, Str spec, StrList *out)
    MUST_CHECK;

/* NAME as a part of a key: what keys may not have is written as %XX, nothing at all as "%". */
Str state_key_part(Arena *a, Str name);

/* The name that PART was made of. */
Str state_key_name(Arena *a, Str part);

/*
 * A lock in a store: so that two runs do not change the same releases.
 *
 * It is an entry that its holder rewrites again and again. Who finds it there takes it over only
 * after watching, by a clock of its own, that nothing was rewritten for the entry's whole
 * ttl: no clock of another machine is believed. The holder in turn gives up by its own clock
 * when it could not rewrite the entry for so long. See docs/state.md.
 */
typedef struct StateLock StateLock;

typedef struct StateLockRequest {
    Str name;           /* what is locked: "production" */
    Str holder;         /* for people: "ada@laptop, pid 4242, https://ci/jobs/7" */
    Str run;            /* which run that is: runs.h */
    Str guards;         /* keys that begin so are only changed while the lock is held; or empty */
    int64_t ttl_ms;     /* without a heartbeat for so long, others may take it */
    int64_t timeout_ms; /* how long to wait for another holder; 0: not at all */

    /* NULL, or told who holds it when waiting begins, and again when that changes. */
    void (*waiting)(void *context, Str holder, int64_t since_ms);

    /* NULL, or told of each run that had the lock and did not let go of it: the last one, and
     * others before it. */
    void (*taken_over)(void *context, Str run);
    void *context;
} StateLockRequest;

/*
 * Take the lock. A thread of its own keeps it alive until state_unlock. ERROR_CONFLICT, with
 * holder, age and how to break it, when another run has it; where that one shows no sign of
 * life, its ttl is waited for whatever TIMEOUT_MS says. ERROR_CANCELLED after a signal.
 */
Error *state_lock(StateStore *store, const StateLockRequest *request, StateLock **out) MUST_CHECK;

/* Only a lock that is still ours is taken away. */
void state_unlock(StateLock **lock);

/* Leave the lock as a run that was killed would: who takes it over then is told of this one. */
void state_lock_leave(StateLock **lock);

/* Whether the lock is still ours: another run may have taken it after we were stopped too long. */
bool state_lock_held(const StateLock *lock);

/* Who holds a lock, by what the entry says. */
typedef struct StateLockHolder {
    Str name, holder, run; /* as in StateLockRequest */
    StrList before;        /* runs that did not let go of it, and are to be closed by this one */
    int64_t since_ms, renewed_ms, ttl_ms;
    bool gone; /* its process is, or it has been silent for long if clocks can be trusted */
} StateLockHolder;

typedef VEC(StateLockHolder) StateLockHolders;

/* All locks that are held, or were by a run that is gone, by the bytes of their names. */
Error *state_lock_list(StateStore *store, Arena *a, StateLockHolders *out) MUST_CHECK;

/* Take the lock called NAME away from whoever has it. ERROR_NOT_FOUND where nobody has. */
Error *state_lock_break(StateStore *store, Str name) MUST_CHECK;
