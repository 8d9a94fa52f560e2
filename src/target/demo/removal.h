/*
 * removal.h - how objects go: at once, when their finalizers let them, or after what they own.
 */
#pragma once

#include "target/demo/cluster.h"
#include "target/target.h"

/*
 * Delete the object of ENTRY. Pods and namespaces take time, and so does what has finalizers: such
 * an object is only marked.
 */
Error *object_delete(Cluster *cluster, Arena *a, Entry *entry, const TargetDelete *how) MUST_CHECK;

/* What keeps a definition until all objects of its kind are gone. */
#define DEFINITION_FINALIZER "customresourcecleanup.apiextensions.k8s.io"

/* ENTRY's OBJECT is marked: have what it owns deleted before it, if that is how it was deleted. */
Error *removal_reconcile(Cluster *cluster, Arena *a, Entry *entry, Value *object) MUST_CHECK;

/* OBJECT, which is marked, is not held by FINALIZER any more; without any it goes. */
Error *removal_release(Cluster *cluster, Arena *a, Entry *entry, Value *object,
                       const char *finalizer) MUST_CHECK;

/* Whether all owners of ENTRY's OBJECT are gone. */
Error *removal_is_orphaned(Cluster *cluster, const Value *object, bool *out) MUST_CHECK;

/* The objects that have UID, of an object of KIND in NAMESPACE, among their owners. */
Error *removal_dependents(Cluster *cluster, Arena *a, const Kind *kind, Str namespace, Str uid,
                          EntryList *out) MUST_CHECK;
