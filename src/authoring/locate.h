/*
 * locate.h - from the name of a chart on the command line to a folder or archive.
 */
#pragma once

#include "authoring/authoring.h"
#include "repository/repository.h"

/* The path of the chart NAME. ERROR_NOT_FOUND where there is none. */
Error *authoring_locate(Arena *a, const ChartLocation *location, const char *name, const char **out)
    MUST_CHECK;

/* What charts of LOCATION come through. */
Remote *authoring_remote(const ChartLocation *location);

/* The chart NAME as LOCATION says, with the repositories that helm knows. */
Error *authoring_query(Arena *a, const ChartLocation *location, const char *name, ChartQuery *out)
    MUST_CHECK;

/* The chart NAME that is not on this machine: which file that is. */
Error *authoring_find(Remote *remote, Arena *a, const ChartLocation *location, const char *name,
                      ChartSource *out) MUST_CHECK;
