#include "templating/advise.h"

#include "base/nearest.h"

enum { MOST_KEYS = 6, MOST_NEAR = 2000, LONGEST_KEY = 60 };

/* A path on its way down: `.Values.image` so far, and its value. */
typedef struct Path {
    Buf text;
    Value value;
} Path;

/* Where the fields of NODE begin, and the first of them; false: NODE is no path. */
static bool path_begin(Render *r, Value dot, const Node *node, Path *path, size_t *first)
{
    const Variable *variable;

    *path = (Path){.text = {.arena = r->arena}, .value = dot};
    *first = 0;
    if (node->kind == NODE_FIELD)
        return true;
    if (node->kind != NODE_VARIABLE)
        return false;
    variable = render_variable(r, node->field.names[0]);
    buf_add(&path->text, node->field.names[0]);
    *first = 1;
    if (variable)
        path->value = variable->value;
    return variable != NULL;
}

static const char *near_key(Arena *a, const ValueMap *map, Str name)
{
    size_t len = map->len < MOST_NEAR ? map->len : MOST_NEAR;
    const char **keys = arena_array(a, const char *, len);

    for (size_t i = 0; i < len; i++)
        keys[i] = str_c(a, map->entries[i].key);
    return nearest_word(name, keys, len);
}

/* "a, b and 3 more" */
static Str key_list(Arena *a, const ValueMap *map)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < map->len && i < MOST_KEYS; i++)
        buf_format(&b, "%s%.*s", i ? ", " : "",
                   STR_ARG(str_for_message(a, map->entries[i].key, LONGEST_KEY)));
    if (map->len > MOST_KEYS)
        buf_format(&b, " and %zu more", map->len - MOST_KEYS);
    return buf_str(&b);
}

/* PATH has no entry NAME, which is missed. */
static Error *not_set(Render *r, Error *err, const Path *path, Str name)
{
    const ValueMap *map = path->value.map;
    const char *near = map ? near_key(r->arena, map, name) : NULL;
    Str before = buf_str(&path->text);

    if (near)
        return error_hint(err, "%.*s.%.*s is not set; did you mean %.*s.%s?", STR_ARG(before),
                          STR_ARG(name), STR_ARG(before), near);
    if (!map || !map->len)
        return error_hint(err, "%.*s.%.*s is not set; %.*s is empty", STR_ARG(before),
                          STR_ARG(name), before.len ? (int)before.len : 1,
                          before.len ? before.ptr : ".");
    return error_hint(err, "%.*s.%.*s is not set; %.*s has %.*s", STR_ARG(before), STR_ARG(name),
                      before.len ? (int)before.len : 1, before.len ? before.ptr : ".",
                      STR_ARG(key_list(r->arena, map)));
}

/* Whether NAME is what charts see at the top. */
static bool is_of_chart(Str name)
{
    static const char *const known[] = {"Values",       "Release",  "Chart",    "Files",
                                        "Capabilities", "Template", "Subcharts"};

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(name, known[i]))
            return true;
    return false;
}

Error *advise_path(Render *r, Error *err, Value dot, const Node *node)
{
    size_t first;
    Path path;

    if (!err || error_hint_of(err) || !path_begin(r, dot, node, &path, &first))
        return err;
    for (size_t i = first; i < node->field.len; i++) {
        Str name = node->field.names[i];
        Str before = path.text.len ? buf_str(&path.text) : STR(".");

        if (value_is_null(path.value))
            return error_hint(err, "%.*s is null", STR_ARG(before));
        if (path.value.kind == VALUE_OBJECT)
            return err;
        if (path.value.kind != VALUE_MAP && i == 0 && is_of_chart(name))
            return error_hint(err,
                              "inside range and with, . is their value: that of the chart is "
                              "$.%.*s",
                              STR_ARG(name));
        if (path.value.kind != VALUE_MAP)
            return error_hint(err, "%.*s is a %s, and no map", STR_ARG(before),
                              value_kind_name((ValueKind)path.value.kind));
        const Value *found = value_map_get(path.value.map, name);
        if (!found)
            return engine_method(r->engine, path.value, name).function
                       ? err
                       : not_set(r, err, &path, name);
        buf_format(&path.text, ".%.*s", STR_ARG(name));
        path.value = *found;
    }
    if (!value_is_null(path.value) || !path.text.len)
        return err;
    return error_hint(err, "%.*s is null", STR_ARG(buf_str(&path.text)));
}

Error *advise_arguments(Render *r, Error *err, Value dot, const NodeList *args)
{
    for (size_t i = 1; args && i < args->len; i++)
        err = advise_path(r, err, dot, args->items[i]);
    return err;
}

Error *advise_template(const Render *r, Error *err, Str name)
{
    const TemplateEngine *engine = r->engine;
    size_t parsed = engine->trees.len, deferred = engine->deferred.len;
    const char **names = arena_array(r->arena, const char *, parsed + deferred);

    for (size_t i = 0; i < parsed; i++)
        names[i] = str_c(r->arena, engine->trees.items[i]->name);
    for (size_t i = 0; i < deferred; i++)
        names[parsed + i] = engine->deferred.items[i].name;
    return nearest_hint(err, name, names, parsed + deferred);
}
