/*
 * reference.h - references in texts: where they are, and what they are made of.
 * Source: vals, pkg/expansion/expand_match.go and vals.go.
 */
#pragma once

#include "environments/lookups/lookups.h"

/* A reference in a text. */
typedef struct ReferenceSpan {
    size_t from, to; /* with its marker, and a "+" that ends it */
    Str reference;   /* "scheme://…" */
    bool secret;     /* it is written as secretref+ */
} ReferenceSpan;

/* The first reference in TEXT. */
bool reference_find(Str text, ReferenceSpan *out);

/* The innermost of references that stand inside of others. */
bool reference_find_inner(Str text, ReferenceSpan *out);

/* TEXT, "scheme://path?query#key", taken apart. */
void reference_parse(Arena *a, Str text, Reference *out);
