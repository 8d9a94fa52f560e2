/*
 * stored.c - charts as helm's records of releases have them. Source: helm, pkg/chart/v2/chart.go.
 */
#include "chart/tree.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/json.h"

static Value stored_files(Arena *a, const ChartFileList *files)
{
    Value *items = arena_array(a, Value, files->len);

    for (size_t i = 0; i < files->len; i++) {
        ValueMap *map = value_map_new(a);

        value_map_set_c(a, map, "name", value_string(files->items[i].name));
        value_map_set_c(a, map, "data", value_string(base64_encode(a, files->items[i].data)));
        items[i] = value_of_map(map);
    }
    return value_list(items, files->len);
}

ChartParts chart_parts(Arena *a, const Chart *chart)
{
    return (ChartParts){
        .metadata = value_of_map(metadata_stored(a, &chart->metadata)),
        .defaults = chart->values,
        .values = chart->values_text,
        .schema = chart->schema,
        .lock = chart->lock,
        .templates = &chart->templates,
        .files = &chart->files,
        .dependencies = (const Chart *const *)chart->dependencies.items,
        .dependency_count = chart->dependencies.len,
    };
}

Value chart_stored(Arena *a, const Chart *chart, const ValueMap *defaults)
{
    ValueMap *map = value_map_new(a);
    const ValueMap *own = chart->values ? chart->values : value_map_new(a);

    value_map_set_c(a, map, "metadata", value_of_map(metadata_stored(a, &chart->metadata)));
    value_map_set_c(a, map, "lock", value_null());
    value_map_set_c(a, map, "templates", stored_files(a, &chart->templates));
    value_map_set_c(
        a, map, "values",
        (Value){.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)(defaults ? defaults : own)});
    value_map_set_c(a, map, "schema",
                    chart->schema.len ? value_string(base64_encode(a, chart->schema))
                                      : value_null());
    value_map_set_c(a, map, "files", stored_files(a, &chart->files));
    return value_of_map(map);
}

static void add_digests(Buf *b, const ChartFileList *files)
{
    for (size_t i = 0; i < files->len; i++)
        buf_format(b, "%zu %.*s %.*s\n", files->items[i].name.len, STR_ARG(files->items[i].name),
                   STR_ARG(digest_hex(b->arena, DIGEST_SHA256, files->items[i].data)));
}

static void add_chart(Buf *b, const Chart *chart)
{
    error_free(
        json_write(b, value_of_map(metadata_stored(b->arena, &chart->metadata)), (JsonStyle){0}));
    if (chart->values)
        error_free(json_write(b, value_of_map(chart->values), (JsonStyle){0}));
    add_digests(b, &chart->templates);
    add_digests(b, &chart->files);
    for (size_t i = 0; i < chart->dependencies.len; i++) {
        buf_format(b, "dependency %zu\n", i);
        add_chart(b, chart->dependencies.items[i]);
    }
}

Str chart_digest(Arena *a, const Chart *chart)
{
    Buf b = {.arena = a};

    add_chart(&b, chart);
    return digest_hex(a, DIGEST_SHA256, buf_str(&b));
}
