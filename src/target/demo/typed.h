/*
 * typed.h - values that have a shape: compared, merged, and reduced field by field.
 *
 * Values are those of JSON, numbers are float64. A value pointer that is NULL stands for a field
 * that is not there, which is not the same as a null.
 * Source: sigs.k8s.io/structured-merge-diff v6.3.2, typed/.
 */
#pragma once

#include "base/error.h"
#include "target/demo/path_set.h"
#include "target/demo/schema.h"

/*
 * Whether V is of SHAPE: ERROR_INPUT with all that is wrong behind INTRO, such as "INTRO:
 * .spec.replicas: expected numeric (int or float), got string". A list's items must differ in
 * their keys unless REPEATS are allowed, as they are in live objects.
 */
Error *typed_check(Arena *a, Shape *shape, Value v, bool repeats, const char *intro) MUST_CHECK;

/* The fields that V has: what someone who applies V owns. */
const PathSet *typed_paths(Arena *a, Shape *shape, Value v);

typedef struct Comparison {
    const PathSet *added, *modified, *removed;
} Comparison;

/* How TO differs from FROM. Not both may be NULL. */
Comparison typed_compare(Arena *a, Shape *shape, const Value *from, const Value *to);

/* OVER laid on BASE; missing where nothing is left. Not both may be NULL. */
Value typed_merge(Arena *a, Shape *shape, const Value *base, const Value *over);

/* V without the members of SET; missing where nothing is left. */
Value typed_without(Arena *a, Shape *shape, Value v, const PathSet *set);

/*
 * What ITEM of a LIST that is not atomic is known by: `k:{"name":"web"}`. An error tells why
 * there is nothing.
 */
Error *typed_element(Arena *a, const Shape *list, Value item, Str *out) MUST_CHECK;
