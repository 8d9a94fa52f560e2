/*
 * encoding.c - YAML, JSON, TOML, base64 and base32, both ways.
 *
 * Those with `must` in their name fail; most others do not: what writes gives an empty text, or
 * the message; what reads gives it in the place of the result.
 * Source: helm, pkg/engine/funcs.go; what is only there: sprig, defaults.go and strings.go.
 */
#include "base/base64.h"
#include "base/json.h"
#include "base/toml.h"
#include "base/yaml.h"
#include "templating/functions/sets.h"

/* TEXT with a NUL-terminated message's copy in A. */
static Str message_of(Arena *a, Error *err)
{
    Str message = str_copy(a, str_from(error_message(err)));

    error_free(err);
    return message;
}

static Value text_of(const Buf *b)
{
    return value_string(b->len ? buf_str(b) : (Str){"", 0});
}

static Error *write_yaml(const TemplateCall *call, YamlStyle style, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(yaml_write(&b, call->args[0], style));
    if (b.len && b.ptr[b.len - 1] == '\n')
        b.len--;
    *out = text_of(&b);
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

static Error *write_json(const TemplateCall *call, JsonStyle style, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(json_write(&b, call->args[0], style));
    *out = text_of(&b);
    return NULL;
}

static const JsonStyle plain_json = {.escapes_html = true};
static const JsonStyle pretty_json = {.escapes_html = true, .indent = "  "};

static Error *run_must_to_json(const TemplateCall *call, Value *out)
{
    return write_json(call, plain_json, out);
}

static Error *run_to_json(const TemplateCall *call, Value *out)
{
    *out = value_c("");
    error_free(write_json(call, plain_json, out));
    return NULL;
}

static Error *run_must_to_pretty_json(const TemplateCall *call, Value *out)
{
    return write_json(call, pretty_json, out);
}

static Error *run_to_pretty_json(const TemplateCall *call, Value *out)
{
    *out = value_c("");
    error_free(write_json(call, pretty_json, out));
    return NULL;
}

static Error *run_to_raw_json(const TemplateCall *call, Value *out)
{
    return write_json(call, (JsonStyle){0}, out);
}

static Error *run_from_json(const TemplateCall *call, Value *out)
{
    Error *err = json_parse_kind(call->arena, call->args[0].string, VALUE_MAP, out);

    if (err)
        *out = with_error(call->arena, *out, message_of(call->arena, err));
    return NULL;
}

static Error *run_from_json_array(const TemplateCall *call, Value *out)
{
    Error *err = json_parse_kind(call->arena, call->args[0].string, VALUE_LIST, out);

    if (err)
        *out = list_of_error(call->arena, message_of(call->arena, err));
    return NULL;
}

static Error *run_must_from_json(const TemplateCall *call, Value *out)
{
    return json_parse(call->arena, NULL, call->args[0].string, out);
}

static Error *run_must_to_toml(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(toml_write(&b, call->args[0]));
    *out = text_of(&b);
    return NULL;
}

static Error *run_to_toml(const TemplateCall *call, Value *out)
{
    Error *err = run_must_to_toml(call, out);

    if (call->args[0].kind == VALUE_NULL)
        return err; // the one that helm does not catch
    if (err)
        *out = value_string(message_of(call->arena, err));
    return NULL;
}

static Error *run_from_toml(const TemplateCall *call, Value *out)
{
    Error *err = toml_parse(call->arena, call->args[0].string, out);

    if (err)
        *out = with_error(call->arena, value_of_map(NULL), message_of(call->arena, err));
    return NULL;
}

static Error *run_b64enc(const TemplateCall *call, Value *out)
{
    *out = value_string(base64_encode(call->arena, call->args[0].string));
    return NULL;
}

static Error *run_b32enc(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    base32_add(&b, call->args[0].string);
    *out = text_of(&b);
    return NULL;
}

typedef Error *Decode(Arena *a, Str text, Str *out);

static Error *decode(const TemplateCall *call, Decode *how, Value *out)
{
    Str bytes;
    Error *err = how(call->arena, call->args[0].string, &bytes);

    if (err)
        bytes = message_of(call->arena, err);
    *out = value_string(bytes.len ? bytes : (Str){"", 0});
    return NULL;
}

static Error *run_b64dec(const TemplateCall *call, Value *out)
{
    return decode(call, base64_decode, out);
}

static Error *run_b32dec(const TemplateCall *call, Value *out)
{
    return decode(call, base32_decode, out);
}

static const TemplateFunction functions[] = {
    {"b32dec", "s", "b32dec TEXT", "The bytes that TEXT is in base32.", run_b32dec},
    {"b32enc", "s", "b32enc TEXT", "TEXT in base32.", run_b32enc},
    {"b64dec", "s", "b64dec TEXT", "The bytes that TEXT is in base64.", run_b64dec},
    {"b64enc", "s", "b64enc TEXT", "TEXT in base64.", run_b64enc},
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
    {"mustFromJson", "s", "mustFromJson TEXT", "What JSON TEXT is.", run_must_from_json},
    {"mustToJson", "a", "mustToJson VALUE", "VALUE in JSON.", run_must_to_json},
    {"mustToPrettyJson", "a", "mustToPrettyJson VALUE", "VALUE in JSON, on lines of its own.",
     run_must_to_pretty_json},
    {"mustToRawJson", "a", "mustToRawJson VALUE", "VALUE in JSON, with <, > and & as they are.",
     run_to_raw_json},
    {"mustToToml", "a", "mustToToml VALUE", "VALUE in TOML.", run_must_to_toml},
    {"mustToYaml", "a", "mustToYaml VALUE", "VALUE in YAML.", run_must_to_yaml},
    {"toJson", "a", "toJson VALUE", "VALUE in JSON; nothing where that cannot be.", run_to_json},
    {"toPrettyJson", "a", "toPrettyJson VALUE", "VALUE in JSON, on lines of its own.",
     run_to_pretty_json},
    {"toRawJson", "a", "toRawJson VALUE", "VALUE in JSON, with <, > and & as they are.",
     run_to_raw_json},
    {"toToml", "a", "toToml VALUE", "VALUE in TOML; or what is wrong.", run_to_toml},
    {"toYaml", "a", "toYaml VALUE", "VALUE in YAML; nothing where that cannot be.", run_to_yaml},
    {"toYamlPretty", "a", "toYamlPretty VALUE", "VALUE in YAML, with its lists indented.",
     run_to_yaml_pretty},
};

const TemplateFunctionSet template_functions_encoding = {
    .name = "encoding",
    .functions = functions,
    .len = COUNT(functions),
};
