/*
 * object_path.h - where in a cluster's folder the file of an object is: "default/Pod/web-1", and
 * "_cluster/Namespace/default" for what is in no namespace. Without ".json".
 */
#pragma once

#include "base/str.h"
#include "target/demo/kinds.h"

typedef struct ObjectPath {
    const Kind *kind;
    Str namespace, name;
} ObjectPath;

/* The folder of a namespace: its name, or "_cluster". */
Str namespace_folder(Str namespace);

/* The folder of the objects of KIND in NAMESPACE: "default/Pod". */
Str kind_folder(Arena *a, const Kind *kind, Str namespace);

Str object_path(Arena *a, const ObjectPath *parts);

/* Whether PATH is one, of a kind that KINDS knows; if so, *OUT has its parts, in A. */
bool object_path_read(Arena *a, const Kinds *kinds, Str path, ObjectPath *out);
