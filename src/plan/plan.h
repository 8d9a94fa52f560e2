/*
 * plan.h - which release waits for which, and their processing, many at a time.
 *
 * A release waits for what it needs, also through needs that are not selected; and the
 * releases of a file for those of the files that it includes, and that are included before it.
 * One that names a release of another file as a need says itself what it waits for: for that
 * alone. Otherwise they are independent: there are no levels that all have to reach before the
 * next may begin.
 */
#pragma once

#include "base/error.h"
#include "release/release.h"

typedef struct PlanItem {
    Release *release;
    size_t level;  /* the longest way to a release that needs nothing: for listings */
    size_t *waits; /* for these items */
    size_t wait_count;
    size_t stage; /* of its group: all items of earlier stages come before */
    size_t group; /* stages of different groups have nothing to do with each other */
    bool free;    /* earlier stages are nothing to it: it waits for its needs alone */
} PlanItem;

typedef VEC(PlanItem) Plan;

/*
 * The selected ones of RELEASES, in the order in which their output is shown: by file, level, and
 * place in the file; REVERSE turns all of it round, for uninstalling.
 */
Error *plan_make(Arena *a, const ReleaseList *releases, bool reverse, Plan *out) MUST_CHECK;

typedef enum PlanState {
    PLAN_WAITING,
    PLAN_RUNNING,
    PLAN_DONE,
    PLAN_FAILED,
    PLAN_SKIPPED
} PlanState;

/* How it went with an item. */
typedef struct PlanResult {
    PlanState state;
    Error *error; /* of PLAN_FAILED; the caller's */
    const Release
        *because; /* of PLAN_SKIPPED: the release it waits for, and that failed; or NULL */
} PlanResult;

typedef struct PlanRun {
    size_t jobs;  /* at a time; 0: as many as there are cores */
    bool goes_on; /* after a failure, with all that does not wait for what failed */

    /* Process a release: in a thread of its own. NUMBER is its item's in the plan. */
    Error *(*step)(void *context, const Release *release, size_t number);

    /* Told of each item once it is done, failed or skipped, one at a time; may be NULL. */
    void (*finished)(void *context, size_t number, const PlanResult *result);
    void *context;
} PlanRun;

/*
 * Process all items of PLAN; *OUT has a result for each. After a failure (or SIGINT, SIGTERM)
 * what has begun is finished, and what waits is skipped. Whether all is done.
 */
bool plan_execute(Arena *a, const Plan *plan, const PlanRun *run, PlanResult **out);
