/*
 * snapshot.h - what assertions of a suite have seen before: __snapshot__/NAME_test.yaml.snap.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

typedef struct Snapshots {
    Arena *arena;
    const char *path;
    ValueMap *known, *now; /* by job: by number, the texts */
    size_t count, added, changed;
    bool updates;
} Snapshots;

/* Those of the suite in FILE, with ID behind the name if it has one. */
Error *snapshots_open(Arena *a, const char *file, Str id, bool updates, Snapshots *out) MUST_CHECK;

/*
 * Hold V, the assertion NUMBER of JOB, against what it was; *WAS is that, with an empty .ptr where
 * it is new. Whether they are the same; what is new, or updated, always is.
 */
Error *snapshots_compare(Snapshots *s, Str job, size_t number, Value v, Str *is, Str *was,
                         bool *same) MUST_CHECK;

/* Write them if any is new, has gone, or is updated; *WRITTEN says so. */
Error *snapshots_close(Snapshots *s, bool *written) MUST_CHECK;
