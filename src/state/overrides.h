/*
 * overrides.h - what people have set aside of a release: overrides/CONTEXT/NAMESPACE/NAME.json.
 *
 * `relfile stop` writes one before it changes anything, `start` and uninstalling take it away. The
 * objects themselves carry the mark that counts when they are compared; the entry says who did it,
 * when, and to what, also for whoever cannot ask the cluster.
 */
#pragma once

#include "state/state.h"

enum { OVERRIDE_FORMAT = 1 };

typedef struct Override {
    Str context, namespace, name; /* which release */
    StrList objects;              /* "Deployment/web": their replicas are 0 */
    Str user;                     /* as in a record */
    int64_t since_ms;
} Override;

/* Write it, whatever was there. */
Error *override_write(StateStore *store, const Override *override) MUST_CHECK;

/* Take away that of a release, if there is one. */
Error *override_remove(StateStore *store, Str context, Str namespace, Str name) MUST_CHECK;

/* What is at KEY, below OVERRIDES. ERROR_INPUT where it is none, or of another release. */
extern const Str override_folder;
Error *override_read(StateStore *store, Arena *a, Str key, Override *out) MUST_CHECK;
