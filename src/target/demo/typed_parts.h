/*
 * typed_parts.h - what all walks over values with a shape need: private to typed*.c.
 */
#pragma once

#include "target/demo/typed.h"

typedef VEC(Value) ValueVec;

/* What a list's items are known by, in their order, and the same sorted, to look them up. */
typedef struct Elements {
    Str *items;
    size_t *order; /* indexes, by element and then by index */
    size_t len;
} Elements;

/* Of all items of LIST. */
Elements typed_elements(Arena *a, const Shape *shape, ValueList list);

/* The index of the first item that is ELEMENT; SIZE_MAX where none is. */
size_t typed_element_index(const Elements *elements, Str element);

/* The first item of LIST that is ELEMENT, or NULL. */
const Value *typed_item(ValueList list, const Elements *elements, Str element);

/* Whether ELEMENT is there more than once. */
bool typed_is_repeated(const Elements *elements, Str element);

/* As typed_element, for objects that were checked: what cannot be told apart is one item. */
Str typed_element_of(Arena *a, const Shape *list, Value item);

/* "f:NAME" */
Str typed_field_element(Arena *a, Shape *shape, Str name);

/* Whether V is there, and of KIND. */
bool typed_is(const Value *v, ValueKind kind);

/* A null, or an empty list or map: what is replaced whole, so that the difference is kept. */
bool typed_is_bare(const Value *v);

/* Whether a value of SHAPE, which is LEFT here and RIGHT there, is taken as a whole. */
bool typed_is_leaf(Shape *shape, const Value *left, const Value *right);

/* The items or entries in V; none if it is something else. */
ValueList typed_list(const Value *v);
const ValueMap *typed_map(const Value *v);

/* As shape_at; anything, for what a schema no longer has. */
Shape *typed_shape_at(Shape *shape, Str key);
