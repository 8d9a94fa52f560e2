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
    size_t records, runs, locks, texts, overrides; /* that were looked at */
    size_t orphans;                                /* of the texts: no record names them */
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

/* The text of the record, run or override at KEY, whole: what a backup has of it. */
Error *state_export(StateStore *store, Arena *a, Str key, Str *out) MUST_CHECK;

/*
 * Put TEXT, which state_export has made, of the record, run or override at KEY: where another is,
 * ERROR_CONFLICT, or, if FORCED, replace it.
 */
Error *state_restore(StateStore *store, Str key, Str text, bool forced, StateCopy *count)
    MUST_CHECK;

/*
 * Put all records, runs and overrides of FROM into TO. ERROR_CONFLICT where TO has another text
 * under a key, and where somebody holds a lock in FROM. What has been copied stays; it can be done
 * again.
 */
Error *state_copy(StateStore *from, StateStore *to, StateCopy *count) MUST_CHECK;

/*
 * Write each record as this relfile does, if it is not: at its key, in its format. Others may be at
 * work, as long as they are not older.
 */
Error *state_renew(StateStore *store, StateCopy *count) MUST_CHECK;

/* ERROR_CONFLICT where somebody holds a lock. */
Error *state_check_idle(StateStore *store) MUST_CHECK;

/* The keys of overrides, records and runs, in byte order: what a backup has. */
Error *state_keys(StateStore *store, Arena *a, StrList *out) MUST_CHECK;
