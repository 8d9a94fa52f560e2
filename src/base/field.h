/*
 * field.h - the fields of Kubernetes objects: by path, and of the type that they should have.
 *
 * Objects come from charts and from clusters, so nothing about their shape is certain: what is
 * missing, and what is of another type, reads as the fallback.
 */
#pragma once

#include "base/value.h"

/*
 * What is at "spec.template.spec" in OBJECT, or NULL. Steps are keys of maps; a key that has dots
 * in it (an annotation's) is for value_map_get.
 */
const Value *field_at(const Value *object, const char *path);

Str field_string(const Value *object, const char *path); /* empty where there is none */
int64_t field_int(const Value *object, const char *path, int64_t fallback);
bool field_bool(const Value *object, const char *path, bool fallback);
ValueList field_list(const Value *object, const char *path);      /* empty where there is none */
const ValueMap *field_map(const Value *object, const char *path); /* NULL where there is none */

/* Whether V is a whole number that an int64 holds; if so, *OUT is it. */
bool value_whole(Value v, int64_t *out);

/* The annotation KEY of OBJECT; empty without one. */
Str object_annotation(const Value *object, const char *key);

/* Whether one of OBJECT's owners is the object with that UID. */
bool object_is_owned(const Value *object, Str uid);

/* The item of LIST whose field KEY is the string NAME: a condition, a container. NULL: none. */
const Value *list_find(ValueList list, const char *key, const char *name);

/* Whether OBJECT's condition TYPE (in status.conditions) has STATUS. */
bool condition_is(const Value *object, const char *type, const char *status);

/* Set what is at PATH; maps on the way are made. OBJECT is a map that is not frozen. */
void field_set(Arena *a, Value *object, const char *path, Value v);
void field_set_c(Arena *a, Value *object, const char *path, const char *text);
void field_set_int(Arena *a, Value *object, const char *path, int64_t n);

/* Take what is at PATH away. */
void field_remove(Value *object, const char *path);

/* A number as objects have them: float64, as JSON's are. */
Value value_number(int64_t n);

/* A new map of the PAIRS; those whose value is missing (value_missing) are left out. */
typedef struct MapPair {
    const char *key;
    Value value;
} MapPair;

#define map_of(a, ...)                                                                             \
    map_of_pairs((a), (const MapPair[]){__VA_ARGS__}, COUNT(((const MapPair[]){__VA_ARGS__})))

Value map_of_pairs(Arena *a, const MapPair *pairs, size_t len);

/* A new list of the values. */
#define list_of(a, ...)                                                                            \
    list_of_items((a), (const Value[]){__VA_ARGS__}, COUNT(((const Value[]){__VA_ARGS__})))

Value list_of_items(Arena *a, const Value *items, size_t len);

/* LIST with V at its end: a new list. */
Value list_with(Arena *a, ValueList list, Value v);
