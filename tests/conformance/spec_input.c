/*
 * spec_input.c - vectors of helmfile's templates: files in a folder, an environment's values, and
 * what templates see of a release.
 */
#include "tests/conformance/vector.h"

#include "base/yaml.h"
#include "environments/environment.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>

/* Values as helmfile has them: integers are integers. */
static Value value_of_json(Arena *a, const json_t *json)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    Value v;
    Error *err = yaml_parse(a, NULL, str_copy(a, str_from(text)), YAML_HELMFILE, &v);

    if (err)
        BUG("%s", error_message(err));
    free(text);
    return v;
}

/* ---- the folder */

static void write_files(Arena *a, const json_t *vector, const char *folder)
{
    const char *name;
    json_t *text;

    json_object_foreach(json_object_get(vector, "files"), name, text)
    {
        const char *path = str_format(a, "%s/%s", folder, name).ptr;
        Error *err = path[strlen(path) - 1] == '/' ? directory_make(path)
                                                   : file_replace(path, vector_string(text));

        if (err)
            BUG("%s", error_message(err));
    }
}

/* ---- what the template sees */

static void add_environment(Arena *a, const json_t *vector, ValueMap *dot, ValueMap *values)
{
    const json_t *given = json_object_get(vector, "environment");
    const json_t *name = json_object_get(given, "name");
    const json_t *context = json_object_get(given, "kube_context");
    const json_t *own = json_object_get(given, "values");
    Environment environment = environment_new(a, name ? vector_string(name) : STR("default"));

    if (context)
        environment.kube_context = vector_string(context);
    if (own)
        environment.values = value_of_json(a, own).map;
    ValueMap *full = environment_dot(a, &environment, (Str){"", 0});
    value_map_set_c(a, dot, "Environment", *value_map_get_c(full, "Environment"));
    value_map_set_c(a, dot, "Values", value_of_map(values));
    value_map_set_c(a, dot, "StateValues", value_typed(value_of_map(values), TYPE_STATE_VALUES));
}

static Str text_at(const json_t *object, const char *key)
{
    const json_t *text = json_object_get(object, key);

    return text ? vector_string(text) : STR("");
}

static void add_release(Arena *a, const json_t *vector, ValueMap *dot)
{
    const json_t *given = json_object_get(vector, "release_data");
    const json_t *labels = json_object_get(given, "Labels");
    EnvironmentRelease release = {.name = text_at(given, "Name"),
                                  .namespace = text_at(given, "Namespace"),
                                  .labels = labels ? value_of_json(a, labels).map : NULL,
                                  .chart = text_at(given, "Chart"),
                                  .version = text_at(given, "ChartVersion"),
                                  .kube_context = text_at(given, "KubeContext")};

    value_map_set_c(a, dot, "Release", environment_release_value(a, &release));
    value_map_set_c(a, dot, "KubeContext", value_string(release.kube_context));
    value_map_set_c(a, dot, "Chart", value_string(release.chart));
}

static Error *dot_of(Arena *a, const json_t *vector, ValueMap **out)
{
    const json_t *text = json_object_get(vector, "values_yaml");
    const json_t *namespace = json_object_get(vector, "namespace");
    const json_t *context = json_object_get(vector, "context");
    Value values = value_of_map(value_map_new(a));
    ValueMap *dot = value_map_new(a);

    if (text)
        TRY(yaml_parse_map(a, "values.yaml", vector_string(text), YAML_HELMFILE, &values));
    add_environment(a, vector, dot, values.map);
    value_map_set_c(a, dot, "Namespace",
                    value_string(namespace ? vector_string(namespace) : STR("")));
    if (context && str_is(vector_string(context), "release"))
        add_release(a, vector, dot);
    *out = dot;
    return NULL;
}

/* ---- together */

static Error *render(Arena *a, const json_t *vector, const char *folder, Outcome *out)
{
    const json_t *template = json_object_get(json_object_get(vector, "templates"), "a.yaml.gotmpl");
    EnvironmentTemplates *templates = environment_templates_new();
    EnvironmentTemplate request = {
        .name = "stringTemplate", .text = vector_string(template), .directory = str_from(folder)};
    ValueMap *dot;
    Str text;

    out->stage = "values";
    Error *err = dot_of(a, vector, &dot);
    if (!err) {
        request.dot = value_of_map(dot);
        out->stage = "exec";
        err = environment_render(templates, a, &request, &text);
    }
    if (!err)
        out->text = str_copy(a, text);
    environment_templates_free(&templates);
    return err;
}

void vector_render_spec(Arena *a, const json_t *vector, Outcome *out)
{
    const char *folder = vector_folder_make(a);

    write_files(a, vector, folder);
    out->error = render(a, vector, folder, out);
    vector_folder_remove(folder);
}
