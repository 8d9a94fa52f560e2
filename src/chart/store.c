/*
 * store.c - charts that are loaded, each once, however many releases and threads ask.
 */
#include "chart/tree.h"

static Error *load_from(Arena *a, const void *request, ChartBudget budget, void **out)
{
    const char *path = str_c(a, str_from(request));
    ChartFileList files = {0};
    Chart *chart;

    TRY(source_read(a, path, &budget, &files));
    TRY(chart_of_files(a, path, &files, &budget, &chart));
    *out = chart;
    return NULL;
}

static Error *load_path(Arena *a, const void *request, void **out)
{
    return load_from(a, request, CHART_BUDGET, out);
}

static Error *load_mapped(Arena *a, const void *request, void **out)
{
    ChartBudget budget = CHART_BUDGET;

    budget.maps = true;
    return load_from(a, request, budget, out);
}

static Error *load_files(Arena *a, const void *request, void **out)
{
    ChartBudget budget = CHART_BUDGET;
    Chart *chart;

    TRY(chart_of_files(a, "chart", request, &budget, &chart));
    *out = chart;
    return NULL;
}

Error *chart_read_files(Arena *a, const char *path, ChartFileList *out)
{
    ChartBudget budget = CHART_BUDGET;

    return source_read(a, path, &budget, out);
}

static void release(void *chart)
{
    chart_release(chart);
}

Error *chart_load(Shared *shared, const char *path, const Chart **out)
{
    static const SharedKind kind = {load_path, release};
    void *chart;

    TRY(shared_get(shared, &kind, str_from(path), path, &chart));
    *out = chart;
    return NULL;
}

Error *chart_load_mapped(Shared *shared, const char *path, const Chart **out)
{
    static const SharedKind kind = {load_mapped, release};
    void *chart;

    TRY(shared_get(shared, &kind, str_from(path), path, &chart));
    *out = chart;
    return NULL;
}

typedef struct WithMore {
    const char *path;
    ChartAdd *add;
    void *context;
} WithMore;

static Error *load_with(Arena *a, const void *request, void **out)
{
    const WithMore *with = request;
    const char *path = str_c(a, str_from(with->path));
    ChartBudget budget = CHART_BUDGET;
    ChartFileList files = {0};
    Chart *chart;

    TRY(source_read(a, path, &budget, &files));
    TRY(with->add(with->context, a, path, &files));
    TRY(chart_of_files(a, path, &files, &budget, &chart));
    *out = chart;
    return NULL;
}

Error *chart_load_with(Shared *shared, const char *path, ChartAdd *add, void *context,
                       const Chart **out)
{
    static const SharedKind kind = {load_with, release};
    WithMore with = {path, add, context};
    void *chart;

    TRY(shared_get(shared, &kind, str_from(path), &with, &chart));
    *out = chart;
    return NULL;
}

Error *chart_load_files(Shared *shared, const ChartFileList *files, const Chart **out)
{
    static const SharedKind kind = {load_files, release};
    void *chart;

    TRY(shared_get(shared, &kind, (Str){"", 0}, files, &chart));
    *out = chart;
    return NULL;
}
