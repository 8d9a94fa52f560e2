/*
 * locate.h - from the name of a chart on the command line to a folder or archive.
 */
#pragma once

#include "authoring/authoring.h"

/* The path of the chart NAME. ERROR_NOT_FOUND where there is none. */
Error *authoring_locate(Arena *a, const ChartLocation *location, const char *name, const char **out)
    MUST_CHECK;
