/*
 * managers.h - who owns which fields of an object: its metadata.managedFields.
 * Source: k8s.io/apimachinery, pkg/util/managedfields, and sigs.k8s.io/structured-merge-diff,
 * merge/update.go.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"
#include "target/conflicts.h"
#include "target/demo/typed.h"

typedef struct Manager {
    Str name;
    bool applies; /* by server-side apply; otherwise by changing fields */
    Str api_version;
    Str subresource; /* "status", or empty */
    Str time;        /* empty: not known */
    const PathSet *fields;
} Manager;

typedef VEC(Manager) ManagerList;

/* Those of OBJECT; its metadata.managedFields is taken away. */
ManagerList managers_take(Arena *a, Value *object);

/* The same the other way. */
void managers_put(Arena *a, const ManagerList *managers, Value *object);

/* An object in the hands of managers. */
typedef struct Managed {
    Shape *shape;
    Value object; /* without managedFields; missing: none */
    ManagerList managers;
    const PathSet *ignored;      /* with all below it nobody's: status, where it is the server's */
    Str now;                     /* for what changes */
    FieldConflictList conflicts; /* after ERROR_CONFLICT */
} Managed;

/*
 * NAME, who applies, applied CONFIG to M, whose object is there: M becomes what comes of it.
 * ERROR_CONFLICT, and M as it was, where others own a field with another value, unless FORCE.
 */
Error *managers_apply(Arena *a, Managed *m, Value config, Str name, Str api_version, bool force)
    MUST_CHECK;

/* MANAGER, who does not apply, changed M's object to NEW, whatever others say. */
void managers_update(Arena *a, Managed *m, Value new, const Manager *manager);

/* What is ignored of objects whose status only controllers write. */
const PathSet *managers_status(Arena *a);
