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
    const char *stage; /* of the error: parse, exec, values, chart, manifest */
    Str text;          /* of a.yaml */
    Str manifest;      /* of all of `helm template`, where the vector asks for it */
    ValueMap *files;   /* name → text of each template */
} Outcome;

/* Run VECTOR, in memory of A. */
void vector_run(Arena *a, const json_t *vector, Verdict *out);

/* chart_input.c, spec_input.c: render what VECTOR describes. */
void vector_render_chart(Arena *a, const json_t *vector, Outcome *out);
void vector_render_spec(Arena *a, const json_t *vector, Outcome *out);

/* The bytes of a JSON string, which live as long as it. */
Str vector_string(const json_t *string);
