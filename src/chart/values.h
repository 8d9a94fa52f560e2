/*
 * values.h - how a chart's values, its dependencies' and the user's come together.
 * Source: helm, pkg/chart/common/util/coalesce.go and pkg/chart/v2/util/dependencies.go.
 */
#pragma once

#include "chart/tree.h"

typedef struct ChartInstance ChartInstance;
typedef VEC(ChartInstance *) ChartInstanceList;

/*
 * A chart as one release uses it: which of its dependencies are enabled, under which names,
 * and with which defaults. Belongs to the release's arena.
 */
struct ChartInstance {
    const Chart *chart;
    ChartInstance *parent; /* NULL: the release's own chart */
    ChartCompat compat;    /* of all alike */
    Str name;              /* the chart's, or an alias */
    Str path;              /* "web/charts/redis": where its templates are */
    Str loaded_path;       /* the same, by the names of the charts alone */
    bool is_copied;        /* it was declared: what it depends on knows it by its alias */
    ValueMap *values;      /* its defaults, those it imports included; may be frozen */
    ChartDependencyList declared;
    ChartInstanceList dependencies;
};

/* RELEASE's CHART and its dependencies, as the user's values enable them. */
Error *instance_make(Arena *a, const Chart *chart, const ChartRelease *release, ChartInstance **out)
    MUST_CHECK;

/* The user's VALUES over the chart's and its dependencies'. Neither is changed. */
Error *instance_values(Arena *a, const ChartInstance *instance, const ValueMap *values,
                       ValueMap **out) MUST_CHECK;

/* VALUES, which are whole, against the values.schema.json of the chart and its dependencies. */
Error *instance_check_values(Arena *a, const ChartInstance *instance, const ValueMap *values,
                             ChartMisfitList *misfits) MUST_CHECK;

/* All defaults of the chart and its dependencies together, nulls kept: helm's MergeValues. */
Error *instance_defaults(Arena *a, const ChartInstance *instance, ValueMap **out) MUST_CHECK;

/* SRC's values into DST where it has none, nulls kept: helm's MergeTables. */
void instance_merge_defaults(Arena *a, ValueMap *dst, const ValueMap *src);
