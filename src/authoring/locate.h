/*
 * locate.h - from the name of a chart on the command line to a folder or archive.
 */
#pragma once

#include "authoring/authoring.h"
#include "repository/repository.h"

/* The chart NAME as LOCATION says, with the repositories that helm knows. */
Error *authoring_query(Arena *a, const ChartLocation *location, Str name, ChartQuery *out)
    MUST_CHECK;

/* The path of the chart NAME. ERROR_NOT_FOUND where there is none. */
Error *authoring_locate(Arena *a, const ChartLocation *location, const char *name, const char **out)
    MUST_CHECK;
