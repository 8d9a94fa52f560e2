/*
 * schema.h - values held against the values.schema.json of charts: JSON Schema, drafts 4 to
 * 2020-12.
 *
 * The schema is not compiled: it is walked together with the value. What is found wrong is said
 * as helm says it. Unlike helm, a part of a schema that no value reaches is not looked at, and a
 * reference into the network counts as a schema that everything fits, with a warning.
 * Source: helm, pkg/chart/common/util/jsonschema.go; santhosh-tekuri/jsonschema v6, validator.go.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/*
 * VALUES against the text of a SCHEMA. *PROBLEMS has a line for each thing that does not fit
 * ("- at '/replicas': got string, want integer"); it is empty where all fits. ERROR_INPUT where
 * SCHEMA is no schema. FILE is for messages.
 */
Error *schema_check(Arena *a, const char *file, Str schema, const ValueMap *values, Str *problems)
    MUST_CHECK;
