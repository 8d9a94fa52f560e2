/*
 * validate.h - a value held against a schema, all the way down; for schema.c.
 */
#pragma once

#include "chart/schema/problem.h"
#include "chart/schema/reference.h"

/* How to hold a value against a schema. */
typedef struct SchemaUse {
    const SchemaDocument *document;
    SchemaNode schema;  /* of the document */
    bool holds_formats; /* in drafts, too, in which they are only notes */
} SchemaUse;

/* What does not fit in V, or NULL. ERROR_INPUT where the schema is none. */
Error *validate(Arena *a, const SchemaUse *use, Value v, const Problem **out) MUST_CHECK;
