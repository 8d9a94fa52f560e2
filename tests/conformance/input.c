/*
 * input.c - a vector's inputs as charts and values, and their rendering.
 */
#include "io/world.h"
#include "templating/template.h"
#include "tests/conformance/vector.h"

#include <stdlib.h>
#include <string.h>

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
        return value_list(items, json_array_size(json));
    case JSON_STRING:
        return value_string(str_copy(a, (Str){json_string_value(json), json_string_length(json)}));
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

static ValueMap *release(Arena *a)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "Name", value_c("release-name"));
    value_map_set_c(a, map, "Namespace", value_c("default"));
    value_map_set_c(a, map, "IsUpgrade", value_bool(false));
    value_map_set_c(a, map, "IsInstall", value_bool(true));
    value_map_set_c(a, map, "Revision", value_int(1));
    value_map_set_c(a, map, "Service", value_c("Helm"));
    return map;
}

static Error *render_text(Arena *a, const json_t *vector, Outcome *out)
{
    TemplateEngine *engine =
        template_engine_new(a, &(TemplateOptions){.sets = template_sprig_sets,
                                                  .set_count = template_sprig_set_count,
                                                  .tpl_name = "gotpl",
                                                  .drops_no_value = true});
    ValueMap *dot = value_map_new(a);
    const json_t *values = json_object_get(vector, "values");
    const char *name;
    json_t *text;

    out->stage = "parse";
    json_object_foreach(json_object_get(vector, "templates"), name, text)
    {
        const char *path = str_format(a, "t/templates/%s", name).ptr;
        Str copy = str_copy(a, (Str){json_string_value(text), json_string_length(text)});

        TRY(template_parse(engine, path, copy));
    }
    value_map_set_c(a, dot, "Values", value_of_map(value_map_new(a)));
    if (values)
        value_map_set_c(a, dot, "Values", value_of_json(a, values));
    value_map_set_c(a, dot, "Release", value_of_map(release(a)));
    out->stage = "exec";
    return template_render(
        engine, &(TemplateRender){.arena = a, .dot = value_of_map(dot), .world = &world_real},
        "t/templates/a.yaml", &out->text);
}

/* What ENV says about the environment. */
static void set_environment(const json_t *env)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)env, name, value)
    {
        if (json_is_string(value))
            setenv(name, json_string_value(value), 1);
        else
            unsetenv(name);
    }
}

/* The environment as vectors without an `env` have it. */
static void reset_environment(const json_t *env)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)env, name, value) unsetenv(name);
    setenv("TZ", "UTC", 1);
}

void vector_render(Arena *a, const json_t *vector, Outcome *out)
{
    const json_t *env = json_object_get(vector, "env");

    set_environment(env);
    out->error = render_text(a, vector, out);
    reset_environment(env);
}
