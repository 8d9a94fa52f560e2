/*
 * maintain.h - a store as a whole: what is wrong in it, and all of it from one place to another.
 */
#pragma once

#include "state/record.h"

/* One thing that is wrong. */
typedef struct StateFault {
    Str key;
    Str what;
    bool changed; /* a record that is whole, but not as relfile wrote it */
} StateFault;

typedef struct StateFindings {
    size_t records, runs, locks; /* that were looked at */
    VEC(StateFault) faults;
} StateFindings;

/*
 * Look at every entry: whether it is what its key says, as relfile wrote it, and whether those of a
 * release fit together. Fails only where the store cannot be read.
 */
Error *state_check(StateStore *store, Arena *a, StateFindings *out) MUST_CHECK;

typedef struct StateCopy {
    size_t copied, same; /* entries */
} StateCopy;

/* Put TEXT at KEY: where another text is, ERROR_CONFLICT, or, if FORCED, replace it. */
Error *state_restore(StateStore *store, Str key, Str text, bool forced, StateCopy *count)
    MUST_CHECK;

/*
 * Put all records and runs of FROM into TO. ERROR_CONFLICT where TO has another text under a key,
 * and where somebody holds a lock in FROM. What has been copied stays; it can be done again.
 */
Error *state_copy(StateStore *from, StateStore *to, StateCopy *count) MUST_CHECK;

/* The keys of records and runs, in byte order: what a backup has. */
Error *state_keys(StateStore *store, Arena *a, StrList *out) MUST_CHECK;
