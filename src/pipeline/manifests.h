/*
 * manifests.h - folders that are no charts: manifests, or a kustomization.
 */
#pragma once

#include "pipeline/run.h"

/* Whether the chart at PATH is one of these. */
Error *manifests_are_at(const char *path, bool *out) MUST_CHECK;

/* A chart with the name of the folder PATH, and nothing else. */
Error *manifests_chart(const Step *step, const char *path, const Chart **out) MUST_CHECK;

/* What is in the folder PATH, as if a chart had rendered it. VALUES are the release's. */
Error *manifests_render(const Step *step, const char *path, const ValueMap *values,
                        ChartOutput *out) MUST_CHECK;
