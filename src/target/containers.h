/*
 * containers.h - the containers of a pod: why one does not run, and whether it ever will.
 *
 * STATUS is an item of the pod's status.containerStatuses or status.initContainerStatuses. What is
 * told has words of the cluster's: it is not made safe for a terminal yet.
 */
#pragma once

#include "base/value.h"

/* "ImagePullBackOff: image nginx:9 not found"; empty where there is nothing to say. */
Str container_trouble(Arena *a, const Value *pod, const Value *status);

/* How the container NAME has TERMINATED (a state.terminated); empty if it ended well. */
Str container_ending(Arena *a, const Value *pod, Str name, const Value *terminated);

typedef enum ContainerHope {
    CONTAINER_HOPEFUL,  /* it runs, or may yet */
    CONTAINER_UNCLEAR,  /* what was true a moment ago is true still: the cluster does not say */
    CONTAINER_HOPELESS, /* something is wrong with it */
    CONTAINER_LACKING,  /* it wants what is not there, and what others may be about to make */
} ContainerHope;

/* Whether it will run; *GRACE_MS is for how long what is hopeless may pass all the same. */
ContainerHope container_hope(const Value *status, int64_t *grace_ms);
