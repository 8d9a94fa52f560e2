/*
 * schema.h - values held against the values.schema.json of charts: JSON Schema, drafts 4 to
 * 2020-12.
 *
 * A schema is first held against the schema of its draft, then it is walked together with the
 * value. What is found wrong is said as helm says it. Unlike helm, a reference into the network
 * counts as a schema that everything fits, with a warning.
 * Source: helm, pkg/chart/common/util/jsonschema.go; santhosh-tekuri/jsonschema v6, validator.go.
 */
#pragma once

#include "chart/chart.h"

#include "base/error.h"
#include "base/value.h"

/*
 * V, the values, against the text of a SCHEMA. *PROBLEMS has a line for each that does not fit
 * ("- at '/replicas': got string, want integer"); it is empty where all fits. So it has where
 * SCHEMA is none of its draft. ERROR_INPUT where it is no JSON, and where it refers to what is not
 * there. FILE is for messages. MISFITS, if it is not NULL, gets where the problems are.
 */
Error *schema_check(Arena *a, const char *file, Str schema, Value v, Str *problems,
                    ChartMisfitList *misfits) MUST_CHECK;
