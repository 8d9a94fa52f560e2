/*
 * lookups.h - ref+SCHEME://… : values that are kept elsewhere.
 *
 * To add one: write lookups/NAME.c, which defines lookup_NAME, and add NAME here.
 * Source: github.com/helmfile/vals.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

#include <stdbool.h>

/* "ref+file://path/to/a.yaml?x=y#/key/inner": its parts. */
typedef struct Reference {
    Str scheme;
    Str path;  /* "path/to/a.yaml" */
    Str query; /* "x=y" */
    Str key;   /* "/key/inner" */
} Reference;

typedef struct Lookup {
    const char *scheme;
    const char *help; /* one sentence */

    /* The value that REF names; relative paths are seen from DIRECTORY. */
    Error *(*read)(Arena *a, const Reference *ref, Str directory, Value *out);
} Lookup;

#define LOOKUPS(LOOKUP)                                                                            \
    LOOKUP(echo)                                                                                   \
    LOOKUP(envsubst)                                                                               \
    LOOKUP(file)

#define DECLARE_LOOKUP(name) extern const Lookup lookup_##name;
LOOKUPS(DECLARE_LOOKUP)
#undef DECLARE_LOOKUP

/* Whether TEXT has a reference in it. */
bool lookup_has_reference(Str text);

/* TEXT with its references replaced; a text that is nothing but one becomes its value, of any kind.
 */
Error *lookup_text(Arena *a, Str text, Str directory, Value *out) MUST_CHECK;

/* V with the references in all its texts replaced: a copy, where there are any. */
Error *lookup_values(Arena *a, Value v, Str directory, Value *out) MUST_CHECK;

/* The value at KEY ("/a/b") below V; V itself for an empty one. */
Error *lookup_key(Value v, Str key, Value *out) MUST_CHECK;
