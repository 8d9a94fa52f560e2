/*
 * patch.h - rendered objects, changed as kustomize changes them.
 *
 *     PatchObjects *objects = patch_objects_new(a);
 *     TRY(patch_add(objects, "web/templates/a.yaml", text));
 *     TRY(patch_strategic(objects, "patch", "kind: Deployment ..."));
 *     TRY(patch_finish(objects, &out));
 *
 * What comes out is what `kustomize build` prints: each object with its keys sorted, in
 * kustomize's order. No file is read, and no program run, here.
 * Source: kustomize 5.8, api/krusty, api/internal/builtins and kyaml.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef struct PatchObjects PatchObjects;

PatchObjects *patch_objects_new(Arena *a);

/*
 * Add the objects of TEXT, whose documents may be lists of objects. SOURCE is for messages.
 * ERROR_INPUT for what is no object, or is there already.
 */
Error *patch_add(PatchObjects *objects, const char *source, Str text) MUST_CHECK;

/* How many there are. */
size_t patch_count(const PatchObjects *objects);

/*
 * Do OPERATIONS (RFC 6902, a list) to the objects that TARGET selects: group, version, kind, name
 * and namespace, each a regular expression, labelSelector and annotationSelector.
 */
Error *patch_json(PatchObjects *objects, Value target, Value operations) MUST_CHECK;

/*
 * Lay each document of TEXT on the object that it names. ERROR_INPUT where there is none, or more
 * than one.
 */
Error *patch_strategic(PatchObjects *objects, const char *source, Str text) MUST_CHECK;

/* The text of the file PATH that a transformer names. */
typedef Error *PatchRead(void *context, Arena *a, Str path, Str *out);

/*
 * Do what CONFIG, a kustomize transformer that is built in, says. ERROR_NOT_FOUND for one that is
 * not known here.
 */
Error *patch_transform(PatchObjects *objects, Value config, PatchRead *read, void *context)
    MUST_CHECK;

typedef struct PatchOutput {
    Str crds;    /* the CustomResourceDefinitions, each with "---" behind it */
    Str objects; /* all others, likewise */
} PatchOutput;

/* Put references to objects that have other names now right, and print them all. */
Error *patch_finish(PatchObjects *objects, PatchOutput *out) MUST_CHECK;

/* All objects as `kustomize build` would print them. */
Error *patch_print(PatchObjects *objects, Str *out) MUST_CHECK;

/*
 * TEXT, one document, with NAMESPACE where its metadata names none. What has no metadata stays as
 * it is. SOURCE is for messages.
 */
Error *patch_namespace(Arena *a, const char *source, Str text, Str namespace, Str *out) MUST_CHECK;

/*
 * TEXT, one document, with the annotation KEY; the same without it, and what it was, or empty. What
 * has no metadata stays as it is.
 */
Error *patch_annotate(Arena *a, const char *source, Str text, const char *key, Str value, Str *out)
    MUST_CHECK;
Error *patch_take_annotation(Arena *a, const char *source, Str text, const char *key, Str *value,
                             Str *out) MUST_CHECK;

/* An object, as it was applied last (or a null), as it is wanted, and as it is. */
typedef struct PatchSides {
    Value applied, wanted, live;
} PatchSides;

/*
 * The patch that makes LIVE what is wanted, without what was applied and is not wanted any more;
 * an empty map where nothing is to be done. *STRATEGIC: it is a strategic merge patch, as
 * Kubernetes' own kinds take it; otherwise a JSON merge patch (RFC 7386).
 */
Value patch_three_way(Arena *a, const PatchSides *sides, bool *strategic);
