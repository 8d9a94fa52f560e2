/*
 * chart_input.c - vectors of charts: their files, values and options, rendered as helm does.
 */
#include "tests/conformance/vector.h"

#include "base/base64.h"
#include "base/slice.h"
#include "chart/chart.h"

#include <string.h>

static const char usual_chart[] = "apiVersion: v2\nname: t\nversion: 0.1.0\n";

/* Numbers as helm reads them: all of them are float64. */
static Value value_of_json(Arena *a, const json_t *json)
{
    const char *key;
    json_t *item;
    ValueMap *map;
    Value *items;
    size_t i;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        map = value_map_new(a);
        json_object_foreach((json_t *)(uintptr_t)json, key, item)
            value_map_set(a, map, str_copy(a, str_from(key)), value_of_json(a, item));
        return value_of_map(map);
    case JSON_ARRAY:
        items = arena_array(a, Value, json_array_size(json));
        json_array_foreach(json, i, item) items[i] = value_of_json(a, item);
        return slice_appended(value_list(items, json_array_size(json)));
    case JSON_STRING:
        return value_string(str_copy(a, vector_string(json)));
    case JSON_INTEGER:
        return value_float((double)json_integer_value(json));
    case JSON_REAL:
        return value_float(json_real_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return value_bool(json_is_true(json));
    case JSON_NULL:
        return value_null();
    }
    BUG("json type");
}

/* ---- the chart */

static Str bytes_of(Arena *a, const json_t *text, bool base64)
{
    Str bytes = vector_string(text);

    if (base64 && base64_decode(a, bytes, &bytes))
        BUG("bad base64 in a vector");
    return bytes;
}

static void add_files(Arena *a, const json_t *vector, const char *key, const char *folder,
                      ChartFileList *out)
{
    bool base64 = strlen(key) > 4 && strcmp(key + strlen(key) - 4, "_b64") == 0;
    const char *name;
    json_t *text;

    json_object_foreach(json_object_get(vector, key), name, text) * vec_add(a, out) =
        (ChartFile){str_format(a, "%s%s", folder, name), bytes_of(a, text, base64)};
}

static void files_of(Arena *a, const json_t *vector, ChartFileList *out)
{
    bool has_metadata = false;

    add_files(a, vector, "templates", "templates/", out);
    add_files(a, vector, "templates_b64", "templates/", out);
    add_files(a, vector, "files", "", out);
    add_files(a, vector, "files_b64", "", out);
    for (size_t i = 0; i < out->len; i++)
        has_metadata |= str_is(out->items[i].name, "Chart.yaml");
    if (!has_metadata)
        *vec_add(a, out) = (ChartFile){STR("Chart.yaml"), str_from(usual_chart)};
}

/* ---- the values */

static Error *add_sets(Arena *a, const json_t *vector, const char *key, ChartSet how, ValueMap *to)
{
    json_t *expression;
    size_t i;

    json_array_foreach(json_object_get(vector, key), i, expression)
        TRY(chart_values_set(a, how, vector_string(expression), to));
    return NULL;
}

static Error *values_of(Arena *a, const json_t *vector, ValueMap **out)
{
    const json_t *given = json_object_get(vector, "values");
    const json_t *text = json_object_get(vector, "values_yaml");
    ValueMap *values = *out = value_map_new(a);
    json_t *file;
    size_t i;

    if (given)
        value_merge(a, values, value_of_json(a, given).map);
    if (text)
        TRY(chart_values_add(a, "values.yaml", vector_string(text), values));
    json_array_foreach(json_object_get(vector, "values_files"), i, file)
        TRY(chart_values_add(a, "values.yaml", vector_string(file), values));
    TRY(add_sets(a, vector, "set_json", CHART_SET_JSON, values));
    TRY(add_sets(a, vector, "set", CHART_SET, values));
    TRY(add_sets(a, vector, "set_string", CHART_SET_STRING, values));
    return add_sets(a, vector, "set_literal", CHART_SET_LITERAL, values);
}

/* ---- release and options */

static Str string_at(const json_t *object, const char *key, const char *usual)
{
    const json_t *text = json_object_get(object, key);

    return text ? vector_string(text) : str_from(usual);
}

static ChartCapabilities capabilities_of(Arena *a, const json_t *vector)
{
    const json_t *versions = json_object_get(vector, "api_versions");
    size_t len = json_array_size(versions);
    Str *texts = arena_array(a, Str, len);

    for (size_t i = 0; i < len; i++)
        texts[i] = vector_string(json_array_get(versions, i));
    return (ChartCapabilities){.kube_version = string_at(vector, "kube_version", ""),
                               .api_versions = texts,
                               .api_version_count = len};
}

static ChartPrint print_of(Arena *a, const json_t *vector)
{
    const json_t *flags = json_object_get(vector, "flags");
    Str *patterns = arena_array(a, Str, json_array_size(flags));
    ChartPrint print = {.show_only = patterns};

    for (size_t i = 0; i < json_array_size(flags); i++) {
        Str flag = vector_string(json_array_get(flags, i));

        print.includes_crds |= str_is(flag, "--include-crds");
        print.skips_tests |= str_is(flag, "--skip-tests");
        print.skips_hooks |= str_is(flag, "--no-hooks");
        if (str_is(flag, "--show-only"))
            patterns[print.show_only_count++] = vector_string(json_array_get(flags, ++i));
    }
    return print;
}

/* ---- together */

static void take_files(Arena *a, const ChartOutput *output, Outcome *out)
{
    out->files = value_map_new(a);
    for (size_t i = 0; i < output->files.len; i++) {
        const ChartFile *file = &output->files.items[i];

        value_map_set(a, out->files, file->name, value_string(file->data));
        if (str_is(file->name, "t/templates/a.yaml"))
            out->text = file->data;
    }
}

static Error *render(Arena *a, ChartStore *store, const json_t *vector, Outcome *out)
{
    const json_t *release = json_object_get(vector, "release");
    ChartRelease wanted = {.name = string_at(release, "name", "release-name"),
                           .namespace = string_at(release, "namespace", "default"),
                           .is_upgrade = json_is_true(json_object_get(release, "is_upgrade")),
                           .capabilities = capabilities_of(a, vector)};
    ChartPrint print = print_of(a, vector);
    Buf b = {.arena = a};
    ChartFileList files = {0};
    ChartOutput output = {0};
    const Chart *chart;
    ValueMap *values;

    files_of(a, vector, &files);
    out->stage = "chart";
    TRY(chart_load_files(store, &files, &chart));
    out->stage = "values";
    TRY(values_of(a, vector, &values));
    wanted.values = values;
    Error *err = chart_render(a, chart, &wanted, &output);
    out->stage = output.stage;
    take_files(a, &output, out);
    // what is wanted as a text only need not be YAML
    if (err && output.stage && strcmp(output.stage, "manifest") == 0 &&
        !json_object_get(vector, "want_manifest") && !json_object_get(vector, "error")) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    out->stage = "chart";
    TRY(chart_print(&b, &output, &print));
    out->manifest = buf_str(&b);
    return NULL;
}

void vector_render_chart(Arena *a, const json_t *vector, Outcome *out)
{
    DEFER(chart_store_free) ChartStore *store = chart_store_new();

    out->error = render(a, store, vector, out);
    // the chart's memory ends here, and texts of it may be in what was rendered
    out->text = str_copy(a, out->text);
    out->files = value_copy(a, value_of_map((ValueMap *)(uintptr_t)out->files)).map;
}
