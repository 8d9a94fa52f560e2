/*
 * pod_status.h - what a pod's status says of its containers.
 */
#pragma once

#include "target/demo/controllers/workload.h"

/* How all containers of a pod are. */
typedef struct ContainerNote {
    Value state; /* {"running": …}, {"waiting": …}, {"terminated": …} */
    Value last;  /* the state before; missing: none */
    bool ready, started;
    int64_t restarts;
} ContainerNote;

Value waiting_state(Arena *a, const char *reason, Str message);
Value running_state(Arena *a, int64_t since_ms);
Value terminated_state(Arena *a, const char *reason, int64_t exit_code, int64_t from_ms,
                       int64_t to_ms);

/* A pod's phase, and what is in it. */
typedef struct PodNote {
    const char *phase;
    bool initialized;
    ContainerNote containers;
    Value init_state; /* of its init containers; missing: as it was */
} PodNote;

/* Write NOTE into the status of the pass's pod. */
Error *pod_tell(Pass *pass, const PodNote *note) MUST_CHECK;

/* The same of a pod that no node takes. */
Error *pod_tell_unplaced(Pass *pass, Str why_not) MUST_CHECK;

/* How often its containers were started again. */
int64_t pod_restarts(const Value *pod);
