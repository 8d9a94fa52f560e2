/*
 * merge.h - maps laid into maps, as sprig's merge functions do it.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

typedef enum MergeRule {
    MERGE_FILL,     /* only where the target has no value, or an empty one */
    MERGE_OVERRIDE, /* everywhere */
} MergeRule;

/*
 * Merge SOURCE into TARGET, map by map. What is not a map is shared with SOURCE afterwards,
 * and so are maps that TARGET did not have. *MISMATCH: they do not go together in a way that
 * sprig's `merge` does not report. ERROR_INPUT for others, and where they nest too deep.
 * Source: dario.cat/mergo, merge.go.
 */
Error *merge_maps(Arena *a, Value target, Value source, MergeRule rule, bool *mismatch) MUST_CHECK;
