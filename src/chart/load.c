/*
 * load.c - files to a chart and its dependencies, and the store of what is loaded.
 * Source: helm, pkg/chart/v2/loader/load.go.
 */
#include "chart/functions.h"
#include "chart/sources/sources.h"
#include "chart/tree.h"

#include "base/yaml.h"
#include "io/archive.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST_DEPENDENCY = 64 }; /* charts in charts in charts … */

/* Loading of a chart: PATH names it in messages. */
typedef struct Loader {
    Arena *arena;
    const char *path;
    ChartBudget *budget; /* for archives in it */
    int depth;
} Loader;

static Error *load_files(const Loader *l, const ChartFileList *files, Chart **out) MUST_CHECK;

static const char *path_of(const Loader *l, Str name)
{
    return str_format(l->arena, "%s/%.*s", l->path, STR_ARG(name)).ptr;
}

static const ChartFile *find(const ChartFileList *files, const char *name)
{
    const ChartFile *found = NULL;

    for (size_t i = 0; i < files->len; i++)
        if (str_is(files->items[i].name, name))
            found = &files->items[i];
    return found;
}

/* helm's own loader takes the first two; one for v3 is not in use yet. */
static Error *check_api_version(const Loader *l, const ChartMetadata *metadata)
{
    Str version = metadata->api_version;

    if (l->depth > 0 || str_is(version, "v1") || str_is(version, "v2"))
        return NULL;
    return error_at((Place){.file = path_of(l, STR("Chart.yaml"))},
                    "unsupported chart version: apiVersion must be v1 or v2, not \"%.*s\"",
                    STR_ARG(version));
}

static Error *check_locks(const Loader *l, const ChartFileList *files)
{
    static const char *const names[] = {"Chart.lock", "requirements.lock"};

    for (size_t i = 0; i < COUNT(names); i++) {
        const ChartFile *file = find(files, names[i]);

        if (file)
            TRY(metadata_check_lock(l->arena, path_of(l, file->name), file->data));
    }
    return NULL;
}

static Error *read_metadata(const Loader *l, const ChartFileList *files, Chart *chart)
{
    const ChartFile *file = find(files, "Chart.yaml"), *old = find(files, "requirements.yaml");

    if (!file)
        return error_hint(error_new(ERROR_INPUT, "%s: Chart.yaml file is missing", l->path),
                          "is this the folder of a chart?");
    TRY(metadata_read(l->arena, path_of(l, file->name), file->data, &chart->metadata));
    if (old)
        TRY(metadata_read(l->arena, path_of(l, old->name), old->data, &chart->metadata));
    TRY(metadata_check(l->arena, path_of(l, file->name), &chart->metadata));
    return check_api_version(l, &chart->metadata);
}

static bool is_special(Str name)
{
    static const char *const names[] = {"Chart.yaml", "Chart.lock", "values.yaml",
                                        "values.schema.json"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static bool is_helm2(Str name)
{
    return str_is(name, "requirements.yaml") || str_is(name, "requirements.lock");
}

/* The first part of a path below charts/. */
static Str dependency_key(Str name)
{
    Str rest = str_skip(name, strlen("charts/")), key;

    str_cut(&rest, '/', &key);
    return key;
}

static void sort_file(const Loader *l, Chart *chart, const ChartFile *file)
{
    bool is_v1 = str_is(chart->metadata.api_version, "v1");

    if (is_special(file->name))
        return;
    if (is_helm2(file->name)) {
        if (is_v1)
            *vec_add(l->arena, &chart->files) = *file;
    } else if (str_starts(file->name, STR("templates/"))) {
        *vec_add(l->arena, &chart->templates) = *file;
    } else if (!str_starts(file->name, STR("charts/")) || str_ends(file->name, STR(".prov"))) {
        *vec_add(l->arena, &chart->files) = *file;
    }
}

static Error *load_archived(const Loader *l, const ChartFile *file, Chart **out)
{
    ChartFileList files = {0};

    TRY(source_unpack(l->arena, l->path, file->data, l->budget, &files));
    return load_files(l, &files, out);
}

/* The dependency in charts/KEY: an archive, or a folder, whose files are those of FILES. */
static Error *load_dependency(const Loader *outer, const ChartFileList *files, Str key, Chart **out)
{
    Loader l = {outer->arena,
                str_format(outer->arena, "%s/charts/%.*s", outer->path, STR_ARG(key)).ptr,
                outer->budget, outer->depth + 1};
    Str archive = str_format(l.arena, "charts/%.*s", STR_ARG(key));
    Str folder = str_join(l.arena, archive, STR("/"));
    bool is_archive = str_ends(key, STR(".tgz"));
    ChartFileList inside = {0};

    if (l.depth > DEEPEST_DEPENDENCY)
        return error_new(ERROR_INPUT, "%s: charts nest too deep", l.path);
    for (size_t i = 0; i < files->len; i++) {
        Str name = files->items[i].name;

        if (!str_starts(name, STR("charts/")) || str_ends(name, STR(".prov")))
            continue;
        if (is_archive && str_equal(name, archive))
            return load_archived(&l, &files->items[i], out);
        if (str_starts(name, folder) && !is_archive)
            *vec_add(l.arena, &inside) =
                (ChartFile){str_skip(name, folder.len), files->items[i].data};
    }
    if (is_archive)
        return error_new(ERROR_INPUT, "%s: is a folder, but called like an archive", l.path);
    return load_files(&l, &inside, out); // a file is no chart, and an error
}

static int compare_keys(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

/* The names of what is in charts/, each once, sorted; but for hidden things. */
static void dependency_keys(Arena *a, const ChartFileList *files, Str **out, size_t *len)
{
    StrList keys = {0};

    for (size_t i = 0; i < files->len; i++) {
        Str name = files->items[i].name;

        if (!str_starts(name, STR("charts/")) || str_ends(name, STR(".prov")))
            continue;
        Str key = dependency_key(name);
        if (key.len && key.ptr[0] != '_' && key.ptr[0] != '.')
            *vec_add(a, &keys) = key;
    }
    if (keys.len)
        qsort(keys.items, keys.len, sizeof(*keys.items), compare_keys);
    *len = 0;
    for (size_t i = 0; i < keys.len; i++)
        if (!*len || !str_equal(keys.items[*len - 1], keys.items[i]))
            keys.items[(*len)++] = keys.items[i];
    *out = keys.items;
}

static Error *load_dependencies(const Loader *l, const ChartFileList *files, Chart *chart)
{
    Str *keys;
    size_t len;

    dependency_keys(l->arena, files, &keys, &len);
    for (size_t i = 0; i < len; i++) {
        Chart *dependency;

        TRY(load_dependency(l, files, keys[i], &dependency));
        *vec_add(l->arena, &chart->dependencies) = dependency;
    }
    return NULL;
}

static Error *load_files(const Loader *l, const ChartFileList *files, Chart **out)
{
    Chart *chart = arena_new(l->arena, Chart);
    const ChartFile *values = find(files, "values.yaml");
    const ChartFile *schema = find(files, "values.schema.json");

    chart->arena = l->arena;
    chart->values = value_map_new(l->arena);
    TRY(read_metadata(l, files, chart));
    TRY(check_locks(l, files));
    if (values)
        TRY(chart_values_add(l->arena, path_of(l, values->name), values->data, chart->values));
    value_freeze(value_of_map(chart->values));
    if (schema)
        chart->schema = schema->data.len ? schema->data : STR(" "); // which is no JSON either
    if (values)
        chart->values_text = values->data;
    if (find(files, "Chart.lock"))
        chart->lock = find(files, "Chart.lock")->data;
    for (size_t i = 0; i < files->len; i++)
        sort_file(l, chart, &files->items[i]);
    chart->files_value = files_value(l->arena, &chart->files);
    TRY(load_dependencies(l, files, chart));
    *out = chart;
    return NULL;
}

Error *chart_of_files(Arena *a, const char *path, const ChartFileList *files, ChartBudget *budget,
                      Chart **out)
{
    TRY(load_files(&(Loader){a, path, budget, 0}, files, out));
    pthread_mutex_init(&(*out)->busy, NULL);
    return NULL;
}

void chart_release(Chart *chart)
{
    pthread_mutex_destroy(&chart->busy);
}

Str chart_name(const Chart *chart)
{
    return chart->metadata.name;
}

Str chart_version(const Chart *chart)
{
    return chart->metadata.version;
}

Str chart_app_version(const Chart *chart)
{
    return chart->metadata.app_version;
}

bool chart_is_deprecated(const Chart *chart)
{
    const Value *v = value_map_get_c(chart->metadata.fields, "Deprecated");

    return v && v->kind == VALUE_BOOL && v->boolean;
}

Str chart_full_name(Arena *a, const Chart *chart)
{
    return str_format(a, "%.*s-%.*s", STR_ARG(chart->metadata.name),
                      STR_ARG(chart->metadata.version));
}
