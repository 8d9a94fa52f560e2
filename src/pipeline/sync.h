/*
 * sync.h - what the commands that change clusters share: how it went with each release, and the
 * way there.
 */
#pragma once

#include "pipeline/run.h"

/* How it went with a release. */
typedef struct Outcome {
    const char
        *action; /* "installed", "upgraded", "unchanged", "uninstalled"; NULL: nothing done */
    Deployment done;
    int64_t started_ms; /* clock_ms; 0: it was not */
} Outcome;

/* What the steps of a command share; by number in the run's plan. */
typedef struct Sync {
    Run *run;
    Outcome *outcomes;
    Comparison *comparisons; /* of apply; NULL: there are none */
} Sync;

Sync sync_new(Run *run);

/* What sync and apply work with. */
extern const RunNeeds sync_needs;

/* ---- outcome.c */
/* What was done, in MAP, whether it failed or not; and the same as RunPass wants it. */
void outcome_add_work(Arena *a, ValueMap *map, const Outcome *o);
void outcome_add_lost(void *context, Arena *a, size_t number, ValueMap *item);

/* All of it, for JSON. */
Value outcome_value(const Step *step, const Outcome *o);

/* The last word on a release that went well. */
Error *outcome_tell(const Step *step, const Outcome *o) MUST_CHECK;

/* For the log of runs. */
void outcome_note(const Step *step, const Outcome *o, const Error *err);

/* The last word on the command; and for its exit status. */
void sync_sum_up(const Sync *s);
void sync_count_done(const Sync *s);

/* ---- sync.c */
/* Whether to go on with WANTED, by index, which will be WHAT. */
Error *sync_ask(const Run *run, const bool *wanted, const char *what, bool *go_on) MUST_CHECK;

/* Uninstall, in reverse order, then install those of WANTED, by index. */
Error *sync_change(Sync *s, const bool *wanted) MUST_CHECK;

/* ERROR_DENIED where TALLIES are more than the limits allow. */
Error *sync_check_tallies(const Run *run, const DiffTally *tallies) MUST_CHECK;
