/*
 * helm.c - what charts have besides sprig's functions: YAML, TOML, and JSON that says what is
 * wrong.
 *
 * Those with `must` in their name fail; most others do not: what writes gives an empty text, or
 * the message; what reads gives it in the place of the result.
 * Source: helm, pkg/engine/funcs.go.
 */
#include "base/json.h"
#include "base/toml.h"
#include "base/yaml.h"
#include "templating/functions/sets.h"

static Error *write_yaml(const TemplateCall *call, YamlStyle style, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(yaml_write(&b, call->args[0], style));
    if (b.len && b.ptr[b.len - 1] == '\n')
        b.len--;
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_must_to_yaml(const TemplateCall *call, Value *out)
{
    return write_yaml(call, YAML_WRITE_HELM, out);
}

static Error *run_to_yaml(const TemplateCall *call, Value *out)
{
    *out = value_c("");
    error_free(write_yaml(call, YAML_WRITE_HELM, out));
    return NULL;
}

static Error *run_to_yaml_pretty(const TemplateCall *call, Value *out)
{
    return write_yaml(call, YAML_WRITE_PRETTY, out);
}

/* {"Error": MESSAGE}, laid on MAP. */
static Value with_error(Arena *a, Value map, Str message)
{
    if (!map.map)
        map.map = value_map_new(a);
    value_map_set_c(a, map.map, "Error", value_string(message));
    return map;
}

static Value list_of_error(Arena *a, Str message)
{
    Value *item = arena_new(a, Value);

    *item = value_string(message);
    return value_list(item, 1);
}

static Error *run_from_yaml(const TemplateCall *call, Value *out)
{
    Arena *a = call->arena;
    Str problem;

    if (!yaml_parse_or_say(a, call->args[0].string, YAML_HELM, VALUE_MAP, out, &problem))
        *out = with_error(a, value_of_map(NULL), problem);
    return NULL;
}

static Error *run_from_yaml_array(const TemplateCall *call, Value *out)
{
    Arena *a = call->arena;
    Str problem;

    if (!yaml_parse_or_say(a, call->args[0].string, YAML_HELM, VALUE_LIST, out, &problem))
        *out = list_of_error(a, problem);
    return NULL;
}

static Error *run_from_json(const TemplateCall *call, Value *out)
{
    Error *err = json_parse_kind(call->arena, call->args[0].string, VALUE_MAP, out);

    if (err)
        *out = with_error(call->arena, *out, error_to_text(call->arena, err));
    return NULL;
}

static Error *run_from_json_array(const TemplateCall *call, Value *out)
{
    Error *err = json_parse_kind(call->arena, call->args[0].string, VALUE_LIST, out);

    if (err)
        *out = list_of_error(call->arena, error_to_text(call->arena, err));
    return NULL;
}

static Error *run_must_to_toml(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(toml_write(&b, call->args[0]));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_to_toml(const TemplateCall *call, Value *out)
{
    Error *err = run_must_to_toml(call, out);

    if (call->args[0].kind == VALUE_NULL)
        return err; // the one that helm does not catch
    if (err)
        *out = value_string(error_to_text(call->arena, err));
    return NULL;
}

static Error *run_from_toml(const TemplateCall *call, Value *out)
{
    Error *err = toml_parse(call->arena, call->args[0].string, out);

    if (err)
        *out = with_error(call->arena, value_of_map(NULL), error_to_text(call->arena, err));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"fromJson", "s", "fromJson TEXT", "The map that JSON TEXT is; or what is wrong, as .Error.",
     run_from_json},
    {"fromJsonArray", "s", "fromJsonArray TEXT", "The list that JSON TEXT is; or what is wrong.",
     run_from_json_array},
    {"fromToml", "s", "fromToml TEXT", "The map that TOML TEXT is; or what is wrong, as .Error.",
     run_from_toml},
    {"fromYaml", "s", "fromYaml TEXT", "The map that YAML TEXT is; or what is wrong, as .Error.",
     run_from_yaml},
    {"fromYamlArray", "s", "fromYamlArray TEXT", "The list that YAML TEXT is; or what is wrong.",
     run_from_yaml_array},
    {"mustToToml", "a", "mustToToml VALUE", "VALUE in TOML.", run_must_to_toml},
    {"mustToYaml", "a", "mustToYaml VALUE", "VALUE in YAML.", run_must_to_yaml},
    {"toToml", "a", "toToml VALUE", "VALUE in TOML; or what is wrong.", run_to_toml},
    {"toYaml", "a", "toYaml VALUE", "VALUE in YAML; nothing where that cannot be.", run_to_yaml},
    {"toYamlPretty", "a", "toYamlPretty VALUE", "VALUE in YAML, with its lists indented.",
     run_to_yaml_pretty},
};

const TemplateFunctionSet template_functions_helm = {
    .name = "encoding",
    .source = "helm, pkg/engine/funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
