/*
 * chart_input.c - vectors of charts: their files, values and options, rendered as helm does.
 */
#include "tests/conformance/vector.h"

#include "base/base64.h"
#include "chart/chart.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>

static const char usual_chart[] = "apiVersion: v2\nname: t\nversion: 0.1.0\n";

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

/* JSON as the text of a values file, in which Go has no U+2028 or U+2029. */
static Str values_text(Arena *a, const json_t *json)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    Buf b = {.arena = a};

    for (const char *at = text; *at; at++)
        if (strncmp(at, "\xE2\x80\xA8", 3) == 0 || strncmp(at, "\xE2\x80\xA9", 3) == 0) {
            buf_add_c(&b, at[2] == '\xA8' ? "\\u2028" : "\\u2029");
            at += 2;
        } else {
            buf_add_char(&b, *at);
        }
    free(text);
    return buf_str(&b);
}

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
        TRY(chart_values_add(a, "values.yaml", values_text(a, given), values));
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

/* AS_OPTIONS: as words on a command line, which may hold several each. */
static ChartCapabilities capabilities_of(Arena *a, const json_t *vector, bool as_options)
{
    const json_t *versions = json_object_get(vector, "api_versions");
    StrList texts = {0};
    bool more;

    for (size_t i = 0; i < json_array_size(versions); i++) {
        Str rest = vector_string(json_array_get(versions, i));

        do
            more = as_options && str_cut(&rest, ',', vec_add(a, &texts));
        while (more);
        if (!as_options)
            *vec_add(a, &texts) = rest;
    }
    return (ChartCapabilities){.kube_version = string_at(vector, "kube_version", ""),
                               .api_versions = texts.items,
                               .api_version_count = texts.len};
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

/* A run of one vector's chart. */
typedef struct Run {
    Arena *arena;
    const json_t *vector;
    Shared *shared;
    const char *stage; /* of the error */
} Run;

static Error *render(Run *run, const Chart *chart, bool as_options, ChartOutput *out)
{
    const json_t *release = json_object_get(run->vector, "release");
    ChartRelease wanted = {.name = string_at(release, "name", "release-name"),
                           .namespace = string_at(release, "namespace", "default"),
                           .is_upgrade = json_is_true(json_object_get(release, "is_upgrade")),
                           .capabilities = capabilities_of(run->arena, run->vector, as_options),
                           .once = as_options}; // as by `chart template`
    ValueMap *values;

    run->stage = "values";
    TRY(values_of(run->arena, run->vector, &values));
    wanted.values = values;
    Error *err = chart_render(run->arena, chart, &wanted, out);
    run->stage = out->stage;
    return err;
}

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

/* The files as helm's library takes them: no .helmignore counts, and no text need be YAML. */
static Error *render_files(Run *run, Outcome *out)
{
    ChartFileList files = {0};
    ChartOutput output = {0};
    const Chart *chart;

    files_of(run->arena, run->vector, &files);
    run->stage = "chart";
    TRY(chart_load_files(run->shared, &files, &chart));
    Error *err = render(run, chart, false, &output);
    take_files(run->arena, &output, out);
    if (err && run->stage && strcmp(run->stage, "manifest") == 0) {
        error_free(err);
        err = NULL;
    }
    return err;
}

static void write_chart(Arena *a, const json_t *vector, const char *folder)
{
    ChartFileList files = {0};

    files_of(a, vector, &files);
    for (size_t i = 0; i < files.len; i++) {
        const char *path = str_format(a, "%s/t/%.*s", folder, STR_ARG(files.items[i].name)).ptr;
        Error *err = file_replace(path, files.items[i].data);

        if (err)
            BUG("%s", error_message(err));
    }
}

/* `helm template` on the chart's folder. */
static Error *run_template(Run *run, const char *folder, Outcome *out)
{
    ChartPrint print = print_of(run->arena, run->vector);
    Buf b = {.arena = run->arena};
    ChartOutput output = {0};
    const Chart *chart;

    run->stage = "chart";
    TRY(chart_load(run->shared, str_format(run->arena, "%s/t", folder).ptr, &chart));
    TRY(render(run, chart, true, &output));
    run->stage = "chart";
    TRY(chart_print(&b, &output, &print));
    out->manifest = buf_str(&b);
    return NULL;
}

void vector_render_chart(Arena *a, const json_t *vector, Outcome *out)
{
    bool is_whole = str_is(vector_string(json_object_get(vector, "group")), "charts");
    DEFER(shared_free) Shared *shared = shared_new();
    Run run = {.arena = a, .vector = vector, .shared = shared};

    if (!is_whole || json_object_get(vector, "want_files"))
        out->error = render_files(&run, out);
    if (is_whole && !out->error) {
        const char *folder = vector_folder_make(a);

        write_chart(a, vector, folder);
        out->error = run_template(&run, folder, out);
        vector_folder_remove(folder);
    }
    out->stage = run.stage;
    // the chart's memory ends here, and texts of it may be in what was rendered
    out->text = str_copy(a, out->text);
    out->files = value_copy(a, value_of_map((ValueMap *)(uintptr_t)out->files)).map;
}
