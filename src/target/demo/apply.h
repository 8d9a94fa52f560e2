/*
 * apply.h - server-side apply: what becomes of an object when someone applies another one to it.
 */
#pragma once

#include "target/demo/cluster.h"
#include "target/target.h"

/*
 * As TargetType's apply. Source: Kubernetes, the apply patch of k8s.io/apiserver,
 * pkg/endpoints/handlers/patch.go.
 */
Error *object_apply(Cluster *cluster, Arena *a, Value object, const TargetApply *how, Value *out)
    MUST_CHECK;

/*
 * Make OBJECT, which a controller thought of, in A: complete, let in, and stored. ERROR_DENIED
 * where a quota or the like does not let it in.
 */
Error *object_create(Cluster *cluster, Arena *a, const Kind *kind, Value *object) MUST_CHECK;

/*
 * OLD becomes NEW: a change by a controller, which MANAGER is told to have made, of fields of
 * SUBRESOURCE (or of all, where that is empty). OLD is the object as it is stored.
 */
Error *object_change(Cluster *cluster, Arena *a, const Kind *kind, Value old, Value new,
                     const char *manager, const char *subresource) MUST_CHECK;
