/*
 * render.h - charts that a test writes down, rendered.
 */
#pragma once

#include "chart/chart.h"
#include "tests/unit/unit.h"

enum { MOST_TEST_FILES = 12 };

/* Files of a chart; it ends where there is no name. */
typedef struct TestFile {
    const char *name, *data;
} TestFile;

/* FILES with VALUES (YAML; NULL: none) as the release "r". */
static inline Error *render_files(Arena *a, Shared *shared, const TestFile *files,
                                  const char *values, ChartOutput *out)
{
    ChartFileList list = {0};
    ValueMap *map = value_map_new(a);
    const Chart *chart;

    for (size_t i = 0; i < MOST_TEST_FILES && files[i].name; i++)
        *vec_add(a, &list) = (ChartFile){str_from(files[i].name), str_from(files[i].data)};
    TRY(chart_load_files(shared, &list, &chart));
    if (values)
        TRY(chart_values_add(a, "values.yaml", str_from(values), map));
    return chart_render(
        a, chart, &(ChartRelease){.name = STR("r"), .namespace = STR("n"), .values = map}, out);
}
