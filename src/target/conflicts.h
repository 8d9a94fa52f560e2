/*
 * conflicts.h - fields that others own, left out of an object that is to be applied.
 */
#pragma once

#include "target/target.h"

/* What a server refuses to take from somebody: ".spec.replicas" of "kube-controller-manager". */
typedef struct FieldConflict {
    Str field, manager;
} FieldConflict;

typedef VEC(FieldConflict) FieldConflictList;

/*
 * After CONFLICTS: OBJECT without the fields that HOW leaves as they are, where that is what is to
 * be applied instead. False: it leaves none. FIELDS names them and their managers. Left are all, or
 * only the replicas that an autoscaler has set, which it is there for.
 * Source: structured-merge-diff, fieldpath/path.go: how fields are written.
 */
bool conflicts_leave_out(Arena *a, const FieldConflictList *conflicts, const TargetApply *how,
                         Value *object, Str *fields);

/* OBJECT with the replicas that an autoscaler has given LIVE, if one has. */
Value autoscaled(Arena *a, Value object, const Value *live);
