/*
 * controllers.h - those who make a cluster's objects come true: deployments have replica sets,
 * those have pods, pods run.
 *
 * A controller looks at one object as it is, does what is to be done about it now, and says when
 * it wants to look again. It is called whenever the object, or one that it depends on, may have
 * changed; it relies on nothing but the objects, so that it can go on after a crash at any point.
 */
#pragma once

#include "base/error.h"
#include "target/demo/cluster.h"

/* One look at an object. */
typedef struct Pass {
    Cluster *cluster;
    Arena *arena; /* for this look only */
    Entry *entry;
    Value object;     /* as it is, free to be changed */
    int64_t again_ms; /* when to look again at the latest; INT64_MAX at first: not by itself */
} Pass;

typedef Error *Controller(Pass *pass);

/* Look at ENTRY's object: which may be gone. */
Error *controllers_reconcile(Cluster *cluster, Arena *a, Entry *entry) MUST_CHECK;

/* ENTRY's OBJECT was made or changed; or is gone, and this is what it was. */
Error *controllers_changed(Cluster *cluster, Entry *entry, const Value *object) MUST_CHECK;
Error *controllers_gone(Cluster *cluster, Entry *entry, const Value *object) MUST_CHECK;

Controller deployment_reconcile, replica_set_reconcile, stateful_set_reconcile,
    daemon_set_reconcile, job_reconcile, pod_reconcile, service_reconcile, claim_reconcile,
    namespace_reconcile, definition_reconcile, autoscaler_reconcile, budget_reconcile,
    quota_reconcile, volume_reconcile;

/* The pass's claim is to go: it does when no pod uses it any more. */
Controller claim_release;
