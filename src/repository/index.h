/*
 * index.h - index.yaml of a chart repository, read as a stream.
 */
#pragma once

#include "repository/repository.h"

/*
 * The versions of CHART in the file at PATH, in its order; none where it has no such chart (*FOUND
 * says which). An empty CHART only checks that the file is an index. NAME is for messages.
 */
Error *index_read(Arena *a, const char *path, Str name, Str chart, ChartVersionList *out,
                  bool *found) MUST_CHECK;

/*
 * versions.c: REFERENCE, from the index of the repository at BASE, as a URL. Where that is relative
 * it has BASE's query. Source: helm, pkg/repo/v1/chartrepo.go, ResolveReferenceURL.
 */
Str index_resolve(Arena *a, Str base, Str reference);
