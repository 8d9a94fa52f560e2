/*
 * fault.h - how a pod behaves: usually well, otherwise as its annotations ask for.
 *
 *     relfile.test/behaviour: never-ready | pull-fail | crash | oom | job-fail | job-hang |
 *                             unschedulable
 *     relfile.test/ready-after: 2s
 *     relfile.test/done-after: 1m30s
 */
#pragma once

#include "base/value.h"

typedef enum Behaviour {
    BEHAVES,
    NEVER_READY,
    PULL_FAILS,
    CRASHES,
    RUNS_OUT_OF_MEMORY,
    JOB_FAILS,
    JOB_HANGS,
    UNSCHEDULABLE,
} Behaviour;

/* What POD's annotations ask for. */
Behaviour pod_behaviour(const Value *pod);

/* Whether IMAGE is one that no registry has: its name or tag says so. */
bool image_is_missing(Str image);

/* How long, in simulated milliseconds: */
typedef struct PodTimes {
    int64_t start_ms; /* from its place on a node until its containers run */
    int64_t ready_ms; /* from there until it is ready; start_ms at the least */
    int64_t done_ms;  /* from its containers' start until they are done, if they ever are */
    int64_t end_ms;   /* from its deletion until it is gone */
} PodTimes;

/* Always the same for a pod of the same name: from one to four seconds, unless told otherwise. */
PodTimes pod_times(const Value *pod);
