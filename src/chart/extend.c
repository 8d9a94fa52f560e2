/*
 * extend.c - a chart with others added to its dependencies.
 * Source: github.com/helmfile/chartify, chartify.go, ReadAdhocDependencies, and requirements.go.
 */
#include "chart/tree.h"

#include "base/semver_constraint.h"
#include "base/yaml.h"

/* A chart that is wanted. */
typedef struct Extension {
    const char *path;
    const ChartAddition *additions;
    size_t count;
} Extension;

static ChartFile *find(const ChartFileList *files, const char *name)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_is(files->items[i].name, name))
            return &files->items[i];
    return NULL;
}

static void replace(ChartFileList *files, const char *name, Str data)
{
    ChartFile *file = find(files, name);

    if (file)
        file->data = data;
}

/* The entries of `dependencies` in FILE, behind those of OUT. */
static Error *read_entries(Arena *a, const ChartFile *file, Value *map, ValueList *out)
{
    TRY(yaml_parse_map(a, str_c(a, file->name), file->data, YAML_HELM, map));
    const Value *entries = value_map_get_c(map->map, "dependencies");
    size_t more = entries && entries->kind == VALUE_LIST ? entries->list.len : 0;
    Value *all = arena_array(a, Value, out->len + more + 1);

    for (size_t i = 0; i < out->len; i++)
        all[i] = out->items[i];
    for (size_t i = 0; i < more; i++)
        all[out->len + i] = entries->list.items[i];
    *out = (ValueList){all, out->len + more};
    return NULL;
}

/* What Chart.yaml says of an addition, whose chart METADATA is of. */
static Value entry_of(Arena *a, const ChartAddition *addition, const ChartMetadata *metadata)
{
    ValueMap *entry = value_map_new(a);
    Str name = addition->alias.len ? addition->alias : metadata->name;

    value_map_set_c(a, entry, "name", value_string(metadata->name));
    value_map_set_c(a, entry, "version", value_string(metadata->version));
    value_map_set_c(a, entry, "condition",
                    value_string(str_format(a, "%.*s.enabled", STR_ARG(name))));
    if (addition->alias.len)
        value_map_set_c(a, entry, "alias", value_string(addition->alias));
    return value_of_map(entry);
}

/* The chart that ADDITION names: its files, below charts/. */
static Error *add_files(Arena *a, const ChartAddition *addition, ChartBudget *budget,
                        ChartFileList *files, ChartMetadata *metadata)
{
    const char *file = str_format(a, "%s/Chart.yaml", addition->path).ptr;
    ChartFileList own = {0};
    const ChartFile *chart;

    TRY(source_read(a, addition->path, budget, &own));
    chart = find(&own, "Chart.yaml");
    if (!chart)
        return error_new(ERROR_INPUT, "%s: Chart.yaml file is missing", addition->path);
    TRY(metadata_read(a, file, chart->data, metadata));
    TRY(metadata_check(a, file, metadata));
    if (addition->version.len && !semver_satisfies(metadata->version, addition->version))
        return error_new(ERROR_INPUT, "%s has version %.*s, which is not %.*s", addition->path,
                         STR_ARG(metadata->version), STR_ARG(addition->version));
    Str folder =
        str_format(a, "charts/%.*s-%.*s/", STR_ARG(metadata->name), STR_ARG(metadata->version));
    if (find(files, str_join(a, folder, STR("Chart.yaml")).ptr))
        return NULL; // under another alias
    for (size_t i = 0; i < own.len; i++)
        *vec_add(a, files) = (ChartFile){str_join(a, folder, own.items[i].name), own.items[i].data};
    return NULL;
}

static Error *extend(Arena *a, const Extension *wanted, ChartBudget *budget, ChartFileList *files)
{
    ChartFile *chart = find(files, "Chart.yaml"), *old = find(files, "requirements.yaml");
    Buf b = {.arena = a};
    ValueList entries = {0};
    Value map, ignored;

    if (!chart)
        return error_new(ERROR_INPUT, "%s: Chart.yaml file is missing", wanted->path);
    TRY(read_entries(a, chart, &map, &entries));
    if (old)
        TRY(read_entries(a, old, &ignored, &entries));
    Value *all = arena_array(a, Value, entries.len + wanted->count);
    for (size_t i = 0; i < entries.len; i++)
        all[i] = entries.items[i];
    for (size_t i = 0; i < wanted->count; i++) {
        ChartMetadata metadata = {0};

        TRY(error_wrap(add_files(a, &wanted->additions[i], budget, files, &metadata),
                       "dependencies"));
        all[entries.len + i] = entry_of(a, &wanted->additions[i], &metadata);
    }
    map = value_thaw(a, map);
    value_map_set_c(a, map.map, "dependencies", value_list(all, entries.len + wanted->count));
    TRY(yaml_write(&b, map, YAML_WRITE_HELM));
    replace(files, "Chart.yaml", buf_str(&b));
    replace(files, "requirements.yaml", STR("{}\n"));
    return NULL;
}

static Error *load(Arena *a, const void *request, void **out)
{
    const Extension *wanted = request;
    ChartBudget budget = CHART_BUDGET;
    ChartFileList files = {0};
    Chart *chart;

    TRY(source_read(a, wanted->path, &budget, &files));
    TRY(extend(a, wanted, &budget, &files));
    TRY(chart_of_files(a, wanted->path, &files, &budget, &chart));
    *out = chart;
    return NULL;
}

static void release(void *chart)
{
    chart_release(chart);
}

Error *chart_load_extended(Shared *shared, const char *path, const ChartAddition *additions,
                           size_t count, const Chart **out)
{
    static const SharedKind kind = {load, release};
    DEFER(arena_free) Arena scratch = {0};
    Buf key = {.arena = &scratch};
    void *chart;

    buf_add_c(&key, path);
    for (size_t i = 0; i < count; i++)
        buf_format(&key, "\n%s\n%.*s\n%.*s", additions[i].path, STR_ARG(additions[i].alias),
                   STR_ARG(additions[i].version));
    TRY(shared_get(shared, &kind, buf_str(&key), &(Extension){path, additions, count}, &chart));
    *out = chart;
    return NULL;
}
