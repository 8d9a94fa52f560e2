/*
 * pool.h - what targets of a run share: made by the first that needs it, kept for the others.
 */
#pragma once

#include "target/target.h"

/* How one thing that is shared begins and ends. */
typedef struct PoolKind {
    const char *name;
    Error *(*make)(Arena *a, const TargetOptions *options, void **out); /* in an arena of its own */
    void (*end)(void *item);
} PoolKind;

/*
 * The item of KIND for the cluster that OPTIONS name; from any thread. What could not be made is
 * not kept, and is tried again by whoever asks next.
 */
Error *pool_find(TargetPool *pool, const PoolKind *kind, const TargetOptions *options, void **out)
    MUST_CHECK;
