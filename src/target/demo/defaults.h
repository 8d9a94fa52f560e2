/*
 * defaults.h - what an object gets where it says nothing.
 * Source: Kubernetes, pkg/apis/.../v1/defaults.go.
 */
#pragma once

#include "target/demo/schema.h"

/* Fill in OBJECT, of SHAPE: a map that was encoded (encode.h) and may be changed. */
void object_default(Arena *a, Shape *shape, Value *object);

/* One type's defaults: MAP is a value of it. */
typedef struct DefaultRow {
    const char *type, *field;
    enum { DEFAULT_TEXT, DEFAULT_NUMBER, DEFAULT_FLAG, DEFAULT_EMPTY } kind;
    const char *text; /* DEFAULT_EMPTY is an empty map */
    int64_t number;
} DefaultRow;

/* Sorted by type. */
extern const DefaultRow default_rows[];
extern const size_t default_row_count;

/* For what depends on other fields. */
typedef struct DefaultHook {
    const char *type;
    void (*fill)(Arena *a, Value *map);
} DefaultHook;

extern const DefaultHook default_hooks[];
extern const size_t default_hook_count;
