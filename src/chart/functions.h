/*
 * functions.h - what templates in a chart can do besides sprig: .Files, lookup.
 */
#pragma once

#include "chart/tree.h"
#include "templating/template.h"

/* FILES as templates see them in .Files. */
Value files_value(Arena *a, const ChartFileList *files);
