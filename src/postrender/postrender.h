/*
 * postrender.h - all manifests of a release, hooks included, through a program.
 *
 * helm 3 takes a program, helm 4 the name of a plugin; here both do: a path, a plugin of helm's, or
 * a program on the PATH.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "chart/chart.h"

typedef struct PostRenderer {
    Str name;
    Str folder; /* that a relative path is seen from, first of all */
    StrList arguments;
} PostRenderer;

/* OUTPUT as the renderer leaves it. ERROR_NOT_FOUND where there is none of that name, ERROR_INPUT
 * where it fails or prints nothing. */
Error *post_render(Arena *a, const PostRenderer *wanted, ChartOutput *output) MUST_CHECK;
