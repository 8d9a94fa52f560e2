/*
 * functions_values.c - values by paths, and YAML as helmfile reads and writes it.
 */
#include "environments/functions.h"
#include "environments/sets.h"

#include "base/yaml.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* One step of a path: *OUT is what is at KEY of V; *FOUND is false where a default may do. */
static Error *step(const TemplateCall *call, Value v, Str key, Value *out, bool *found)
{
    const Value *at = NULL;

    *found = true;
    if (v.kind == VALUE_MAP && v.type != TYPE_SPEC_DOT) {
        template_note_read(call, v.map, key);
        at = value_map_get(v.map, key);
    } else if (v.kind == VALUE_OBJECT) {
        for (size_t i = 0; i < v.object->type->len && !at; i++)
            if (str_is(key, v.object->type->fields[i].name))
                at = &v.object->fields[i];
    } else {
        return FAIL("unexpected type(%s) of value for key \"%.*s\": it must be either "
                    "map[string]any or any struct",
                    value_go_type(v), STR_ARG(key));
    }
    *found = at != NULL;
    if (at)
        *out = *at;
    return NULL;
}

/* What is at PATH below V; DEFAULT_VALUE, if there is one, where a key is missing. */
static Error *value_at_path(const TemplateCall *call, Str path, const Value *default_value, Value v,
                            Value *out)
{
    bool more = path.len > 0, found;
    Str key;

    while (more) {
        more = str_cut(&path, '.', &key);
        TRY(step(call, v, key, &v, &found));
        if (!found && default_value) {
            *out = *default_value;
            return NULL;
        }
        if (!found)
            return FAIL("no value exist for key \"%.*s\"", STR_ARG(key));
        if (more && !path.len)
            break; // "a." is "a"
    }
    *out = v;
    return NULL;
}

static Error *run_get(const TemplateCall *call, Value *out)
{
    if (call->len != 2 && call->len != 3)
        return FAIL("expected 1 or 2 arguments besides the path, got %zu", call->len - 1);
    return value_at_path(call, call->args[0].string, call->len == 3 ? &call->args[1] : NULL,
                         call->args[call->len - 1], out);
}

static Error *run_get_or_nil(const TemplateCall *call, Value *out)
{
    Error *err = value_at_path(call, call->args[0].string, NULL, call->args[1], out);

    if (err)
        *out = value_null();
    error_free(err); // that it is not there is an answer, too
    return NULL;
}

static Error *run_sprig_get(const TemplateCall *call, Value *out)
{
    const Value *found = value_map_get(call->args[0].map, call->args[1].string);

    template_note_read(call, call->args[0].map, call->args[1].string);
    *out = found ? *found : value_c("");
    return NULL;
}

static Error *run_set_value_at_path(const TemplateCall *call, Value *out)
{
    Str path = call->args[0].string, rest = path, key;
    Value v = call->args[2];

    for (bool more = true; more;) {
        more = str_cut(&rest, '.', &key);
        if (v.kind != VALUE_MAP || !v.map)
            return FAIL(
                "failed to set value at path \"%.*s\": value for key \"%.*s\" was not a map",
                STR_ARG(path), STR_ARG(key));
        if (!more)
            break;
        const Value *below = value_map_get(v.map, key);
        if (!below)
            return FAIL(
                "failed to set value at path \"%.*s\": value for key \"%.*s\" does not exist",
                STR_ARG(path), STR_ARG(key));
        if (below->kind != VALUE_MAP)
            return FAIL(
                "failed to set value at path \"%.*s\": value for key \"%.*s\" was not a map",
                STR_ARG(path), STR_ARG(key));
        v = *below;
    }
    value_map_set(call->arena, v.map, key, call->args[1]);
    *out = call->args[2];
    return NULL;
}

static Error *run_to_yaml(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(yaml_write(&b, call->args[0], YAML_WRITE_HELMFILE));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_from_yaml(const TemplateCall *call, Value *out)
{
    return yaml_parse(call->arena, NULL, call->args[0].string, YAML_HELMFILE, out);
}

static const TemplateFunction functions[] = {
    {"fromYaml", "s", "fromYaml TEXT", "The value that YAML TEXT describes.", run_from_yaml},
    {"get", "sa*", "get PATH [DEFAULT] MAP", "The value at the dotted PATH below MAP.", run_get},
    {"getOrNil", "sa", "getOrNil PATH MAP", "The same, or nil where it is not there.",
     run_get_or_nil},
    {"setValueAtPath", "sam", "setValueAtPath PATH VALUE MAP",
     "MAP with VALUE at PATH, whose maps must be there.", run_set_value_at_path},
    {"sprigGet", "ms", "sprigGet MAP KEY", "sprig's get: the value at KEY, or an empty text.",
     run_sprig_get},
    {"toYaml", "a", "toYaml VALUE", "VALUE as YAML, with a newline at its end.", run_to_yaml},
};

const TemplateFunctionSet environment_functions_values = {
    .name = "values",
    .source = "helmfile, pkg/tmpl/context_funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
