/*
 * patches.h - what a release does to the objects of its chart.
 */
#pragma once

#include "pipeline/run.h"

/* OUTPUT written anew as files, with NAMESPACE, unless it is empty, for objects that name none. */
Error *patches_set_namespace(const Step *step, Str namespace, ChartOutput *output) MUST_CHECK;

/*
 * The release's forceNamespace, jsonPatches, strategicMergePatches and transformers, done to
 * OUTPUT, of a chart called CHART. VALUES are the release's, for templates among patches.
 */
Error *patches_apply(const Step *step, Str chart, const ValueMap *values, ChartOutput *output)
    MUST_CHECK;
