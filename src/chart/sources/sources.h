/*
 * sources.h - where the files of a chart come from.
 */
#pragma once

#include "chart/chart.h"

/* What a chart may hold at most. Source: helm, pkg/chart/loader/archive/archive.go. */
#define CHART_MOST_BYTES ((size_t)100 << 20)
enum { CHART_MOST_FILES = 100000 };

/* The files of the chart at PATH: a folder, or an archive. */
Error *source_read(Arena *a, const char *path, ChartFileList *out) MUST_CHECK;

/* directory.c: the files below the folder at PATH, but for those that .helmignore names. */
Error *source_read_directory(Arena *a, const char *path, ChartFileList *out) MUST_CHECK;

/* archive.c: the files in ARCHIVE, a gzipped tar; PATH is for messages. */
Error *source_unpack(Arena *a, const char *path, Str archive, ChartFileList *out) MUST_CHECK;
