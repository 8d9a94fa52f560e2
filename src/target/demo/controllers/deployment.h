/*
 * deployment.h - a deployment on its way to what it should be.
 */
#pragma once

#include "target/demo/controllers/workload.h"

typedef struct ReplicaSet {
    Entry *entry;
    Value object;
} ReplicaSet;

typedef struct Rollout {
    Pass *pass;
    VEC(ReplicaSet) sets; /* oldest first */
    ReplicaSet *current;  /* the one of the deployment's template; NULL: not made yet */
    bool created;         /* just now */
    bool recreates;
    int64_t replicas, surge, most_unavailable;
    bool is_complete; /* all pods are new, and available: set by rollout_status */
} Rollout;

/* How many pods SET, or all sets together, should have. */
int64_t replicas_of(const ReplicaSet *set);
int64_t pods_in(const Rollout *rollout);

Error *rollout_create(Rollout *rollout) MUST_CHECK;
Error *rollout_scale(Rollout *rollout, ReplicaSet *set, int64_t replicas) MUST_CHECK;

/* Tell in the deployment's status how far it has come. */
Error *rollout_status(Rollout *rollout) MUST_CHECK;
