/*
 * path_set.h - sets of fields: who owns which, and which have changed.
 *
 * A set is a tree. Its elements are written as in managedFields: "f:NAME" a field or key,
 * `k:{"name":"web"}` the list item that has these keys, `v:"x"` the item x of a set. A node can be
 * in the set itself (a member), have some below it that are, or both.
 *
 * Sets share what they have in common; none is changed once it is made.
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath/set.go and serialize.go.
 */
#pragma once

#include "base/value.h"
#include "base/vec.h"
#include "target/demo/schema.h"

typedef struct PathSet PathSet;

typedef struct PathNode {
    Str element;
    bool member;
    const PathSet *below; /* NULL: nothing */
} PathNode;

/* Sorted by element. NULL is an empty set, too. */
struct PathSet {
    PathNode *items;
    size_t len, cap;
};

/*
 * To make a set: add nodes in any order, then sort it, once. Nodes without a member are left out;
 * of one element there may be several nodes, which become one.
 */
void path_set_add(Arena *a, PathSet *set, PathNode node);
void path_set_sort(Arena *a, PathSet *set);

bool path_set_is_empty(const PathSet *set);
bool path_set_equal(const PathSet *left, const PathSet *right);

/* The node of ELEMENT, or NULL. */
const PathNode *path_set_find(const PathSet *set, Str element);

/* What is in either, in both, or in LEFT only. */
const PathSet *path_set_union(Arena *a, const PathSet *left, const PathSet *right);
const PathSet *path_set_both(Arena *a, const PathSet *left, const PathSet *right);
const PathSet *path_set_without(Arena *a, const PathSet *left, const PathSet *right);

/* LEFT without the members of RIGHT and all that is below them. */
const PathSet *path_set_without_trees(Arena *a, const PathSet *left, const PathSet *right);

/* SET, and each named field of a struct on the way to one of its members. */
const PathSet *path_set_with_fields(Arena *a, const PathSet *set, Shape *shape);

/* As fieldsV1, and back. What is no set of fields reads as an empty one. */
Value path_set_value(Arena *a, const PathSet *set);
const PathSet *path_set_read(Arena *a, Value fields);

/* All members as people read them: `.spec.containers[name="web"].image`. */
void path_set_list(Arena *a, const PathSet *set, StrList *out);

/* ELEMENT as people read it: `.image`, `[name="web"]`. */
Str path_element_text(Arena *a, Str element);
