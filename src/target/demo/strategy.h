/*
 * strategy.h - what the server does with objects of single kinds: fills in what only it knows,
 * keeps what may not be taken away, and lets in only what fits with the rest of the cluster.
 * Source: Kubernetes, pkg/registry/.../strategy.go and plugin/pkg/admission.
 */
#pragma once

#include "base/error.h"
#include "target/demo/cluster.h"

/*
 * OBJECT, encoded and with its defaults, is about to be made: it gets uid, creation time,
 * generation and what its kind needs besides. ERROR_NOT_FOUND for a namespace that is not there,
 * ERROR_DENIED for one that is being deleted and for what the cluster does not let in.
 */
Error *strategy_create(Cluster *cluster, Arena *a, const Kind *kind, Value *object) MUST_CHECK;

/* OLD is about to become OBJECT, which keeps what only the server changes. */
Error *strategy_update(Cluster *cluster, Arena *a, const Kind *kind, const Value *old,
                       Value *object) MUST_CHECK;

/* For single kinds. */
void service_prepare(Cluster *cluster, Arena *a, Value *service);
Error *pod_admit(Cluster *cluster, Arena *a, Value *pod) MUST_CHECK;

/* Whether quotas let OBJECT, which is new, in: ERROR_DENIED. */
Error *quota_admit(Cluster *cluster, Arena *a, const Kind *kind, const Value *object) MUST_CHECK;
