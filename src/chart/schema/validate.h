/*
 * validate.h - a value held against a schema, all the way down; for schema.c.
 */
#pragma once

#include "chart/schema/problem.h"
#include "chart/schema/reference.h"

/* What does not fit in V, or NULL. ERROR_INPUT where the schema is none. */
Error *validate(const SchemaDocument *document, Arena *a, Value v, const Problem **out) MUST_CHECK;
