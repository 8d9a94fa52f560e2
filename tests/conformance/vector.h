/*
 * vector.h - one template vector: its inputs, and whether what it made is what it should be.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

#include <jansson.h>

typedef struct Verdict {
    const char *why;   /* it failed; NULL: it passed */
    bool other_column; /* it passed, but the error is at another column */
    bool other_kind;   /* or was found at another stage */
} Verdict;

/* What a vector made: a text, or an error. */
typedef struct Outcome {
    Error *error;
    const char *stage;     /* of the error: parse, exec, values, chart, manifest */
    Str text;              /* of a.yaml */
    Str manifest;          /* of all of `helm template`, where the vector asks for it */
    const ValueMap *files; /* name → text of each template */
} Outcome;

/* Run VECTOR, in memory of A. */
void vector_run(Arena *a, const json_t *vector, Verdict *out);

/* vector_input.c: render what VECTOR describes. */
void vector_render(Arena *a, const json_t *vector, Outcome *out);

/* Base64 TEXT as bytes. */
Str vector_base64(Arena *a, const char *text);

void run_on_large_stack(void *(*run)(void *), void *argument);
