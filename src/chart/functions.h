/*
 * functions.h - what templates in a chart can do besides sprig: .Files, lookup.
 */
#pragma once

#include "chart/tree.h"
#include "templating/template.h"

/* All of a chart's function sets: sprig's, and those of this folder. */
extern const TemplateFunctionSet *const chart_function_sets[];
extern const size_t chart_function_set_count;

/* FILES as templates see them in .Files. */
Value files_value(Arena *a, const ChartFileList *files);
