/*
 * objects.h - the objects that are patched, for the files of this folder.
 */
#pragma once

#include "patch/patch.h"

/* What an object is known by. NAMESPACE is as kustomize takes it: see patch_id. */
typedef struct PatchId {
    Str group, version, kind, name, namespace;
} PatchId;

typedef VEC(PatchId) PatchIdList;

typedef struct PatchObject {
    Value value;                /* its own, and may be changed; null: it is deleted */
    PatchIdList earlier;        /* what it was known by before transformers changed that */
    StrList prefixes, suffixes; /* that transformers gave its name */
} PatchObject;

typedef VEC(PatchObject *) PatchObjectList;

struct PatchObjects {
    Arena *arena;
    PatchObjectList list;
};

/* An object's text at "metadata.KEY"; empty without one. */
Str patch_metadata(Value object, const char *key);

/* What OBJECT is known by now. */
PatchId patch_id(Value object);

/* What it was known by at first. */
PatchId patch_first_id(const PatchObject *object);

/* Remember what OBJECT is known by: it is about to change. */
void patch_remember(Arena *a, PatchObject *object);

/* Its namespace for comparing: "_" where it has none by its kind, "default" where it says none. */
Str patch_effective_namespace(const PatchId *id);

bool patch_id_equal(const PatchId *a, const PatchId *b);

/* A scalar as YAML would write it without quotes; empty for anything else. */
Str patch_scalar_text(Arena *a, Value v);

/* Whether kustomize knows that objects like this are in no namespace. */
bool patch_is_cluster_scoped(const PatchId *id);

/* The one object that is known by ID, now or before. */
Error *patch_find(const PatchObjects *objects, const PatchId *id, PatchObject **out) MUST_CHECK;

/* ---- select.c: those that a target selects */
Error *patch_select(const PatchObjects *objects, Value target, PatchObjectList *out) MUST_CHECK;

/* ---- operations.c: OPERATIONS done to *OBJECT */
Error *patch_operations(Arena *a, Value operations, Value *object) MUST_CHECK;

/* ---- strategic.c: PATCH laid on *OBJECT, which becomes null where that deletes it */
Error *patch_merge(Arena *a, Value patch, Value *object) MUST_CHECK;

/* ---- merge_keys.c: which lists are merged, and by what */
typedef struct MergeType MergeType;

typedef struct MergeField {
    const char *name;
    const MergeType *type; /* of the field, or of what is in its list; NULL: nothing to merge */
    const char *keys[2];   /* of a list's items; none: the items are scalars */
    bool merges;           /* a list that is merged; otherwise it is replaced */
} MergeField;

struct MergeType {
    const MergeField *fields; /* up to one without a name */
};

/* The type of an object; NULL: nothing is known of it. */
const MergeType *merge_type_of(Str api_version, Str kind);

/* NULL where TYPE is, or has no such field. */
const MergeField *merge_field(const MergeType *type, Str name);

/* ---- references.c */
Error *patch_fix_references(PatchObjects *objects) MUST_CHECK;

/* ---- field_path.c: the places in an object that a path means, lists being gone through */
typedef struct FieldPath {
    Str group, version, kind, path;
    bool creates; /* what is not there on the way */
} FieldPath;

/* Changes *V, which may be a null that was made on the way. */
typedef Error *FieldChange(void *context, Arena *a, Value *v);

/* MADE is what is put where CREATES finds nothing. Objects of another kind are left alone. */
Error *field_path_change(Arena *a, const FieldPath *path, Value *object, Value made,
                         FieldChange *change, void *context) MUST_CHECK;
