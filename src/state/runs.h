/*
 * runs.h - what runs did: who changed which releases, when, from where, and how it ended.
 *
 * Each run that changes something is an entry of its own,
 *
 *     runs/20261121T140305.123Z-9f31ac.json
 *
 * written before anything is changed and again at the end: one that still says "running" when its
 * locks are gone was interrupted. docs/state.md has the format. A store of helm's records has no
 * place for them.
 */
#pragma once

#include "state/state.h"

enum { RUN_FORMAT = 1 }; /* of an entry */

typedef enum RunStatus {
    RUN_RUNNING,
    RUN_SUCCEEDED,
    RUN_FAILED,      /* some releases, or the run as a whole */
    RUN_CANCELLED,   /* by a signal; what was under way was brought to an end */
    RUN_INTERRUPTED, /* it was killed, or its machine died */
    RUN_ABORTED,     /* the same, and somebody has decided that nobody goes on with it */
} RunStatus;

/* What became of one release. */
typedef struct RunRelease {
    Str context, namespace, name;
    Str action; /* "installed", "upgraded", "uninstalled", …; "planned" until it is known */
    Str error;
    int revision;
    int64_t took_ms;
} RunRelease;

typedef struct RunEntry {
    Str id; /* in the order of time */
    RunStatus status;
    Str command, environment;
    Str user;                     /* "ada@laptop" */
    Str job;                      /* of CI: a URL, or its number */
    Str commit;                   /* of the spec */
    Str tool;                     /* "relfile 0.1.0" */
    int64_t started_ms, ended_ms; /* since 1970; 0: not yet */
    VEC(RunRelease) releases;     /* in the plan's order */
    StrList inputs;               /* what templates have read of other releases */
    Str version;                  /* of the entry; empty: it is new */
} RunEntry;

typedef VEC(RunEntry) RunEntryList;

/* "succeeded" */
const char *run_status_name(RunStatus status);

/* An id for a run that begins now. */
Str run_entry_id(Arena *a, int64_t now_ms);

/* Write ENTRY, whose version becomes that of the store. ERROR_CONFLICT: somebody else did. */
Error *run_entry_write(StateStore *store, Arena *a, RunEntry *entry) MUST_CHECK;

/* What TEXT, of an entry, says of a run. FILE is for messages. */
Error *run_entry_parse(Arena *a, const char *file, Str text, RunEntry *out) MUST_CHECK;

/* The run called ID. ERROR_NOT_FOUND. ERROR_INPUT where the entry is none of a run. */
Error *run_entry_read(StateStore *store, Arena *a, Str id, RunEntry *out) MUST_CHECK;

/* The newest MOST runs of ENVIRONMENT, or of all if that is empty; the oldest first. */
Error *run_entry_list(StateStore *store, Arena *a, Str environment, size_t most, RunEntryList *out)
    MUST_CHECK;

/* Forget all but the newest KEEP runs; those that are under way stay. *GONE: how many. */
Error *run_entry_prune(StateStore *store, size_t keep, size_t *gone) MUST_CHECK;
