/*
 * sources.h - where the files of a chart come from.
 */
#pragma once

#include "chart/chart.h"

/*
 * What a folder or archive of a chart may hold at most; one archive in another counts again, but
 * all of them together may not be more than a few times as large.
 * Source: helm, pkg/chart/loader/archive/archive.go.
 */
#define CHART_MOST_BYTES ((size_t)100 << 20)
#define CHART_MOST_TOTAL (4 * CHART_MOST_BYTES)
enum { CHART_MOST_FILES = 100000 };

/* What the rest of a chart may still take. */
typedef struct ChartBudget {
    size_t bytes, files;
    bool maps; /* large files of a folder, instead of reading them: see file_read_mapped */
} ChartBudget;

#define CHART_BUDGET ((ChartBudget){CHART_MOST_TOTAL, CHART_MOST_FILES, false})

/* The files of the chart at PATH: a folder, or an archive. */
Error *source_read(Arena *a, const char *path, ChartBudget *budget, ChartFileList *out) MUST_CHECK;

/* directory.c: the files below the folder at PATH, but for those that .helmignore names. */
Error *source_read_directory(Arena *a, const char *path, ChartBudget *budget, ChartFileList *out)
    MUST_CHECK;

/* archive.c: the files in ARCHIVE, a gzipped tar; PATH is for messages. */
Error *source_unpack(Arena *a, const char *path, Str archive, ChartBudget *budget,
                     ChartFileList *out) MUST_CHECK;
