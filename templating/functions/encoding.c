/*
 * encoding.c - JSON, base64 and base32, both ways. Those with `must` in their name fail; most
 * others do not, and give nothing. Source: sprig, defaults.go and strings.go.
 */
#include "base/base64.h"
#include "base/json.h"
#include "templating/functions/sets.h"

static Error *write_json(const TemplateCall *call, JsonStyle style, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(json_write(&b, call->args[0], style));
    *out = value_string(buf_str(&b));
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

static Error *run_must_from_json(const TemplateCall *call, Value *out)
{
    return json_parse(call->arena, NULL, call->args[0].string, out);
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
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_from_json(const TemplateCall *call, Value *out)
{
    Error *err = json_parse(call->arena, NULL, call->args[0].string, out);

    if (err)
        *out = value_null();
    error_free(err);
    return NULL;
}

typedef Error *Decode(Arena *a, Str text, Str *out);

static Error *decode(const TemplateCall *call, Decode *how, Value *out)
{
    Str bytes;
    Error *err = how(call->arena, call->args[0].string, &bytes);

    if (err)
        bytes = error_to_text(call->arena, err);
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
    {"fromJson", "s", "fromJson TEXT", "What JSON TEXT is; nothing where it is none.",
     run_from_json},
    {"mustFromJson", "s", "mustFromJson TEXT", "What JSON TEXT is.", run_must_from_json},
    {"mustToJson", "a", "mustToJson VALUE", "VALUE in JSON.", run_must_to_json},
    {"mustToPrettyJson", "a", "mustToPrettyJson VALUE", "VALUE in JSON, on lines of its own.",
     run_must_to_pretty_json},
    {"mustToRawJson", "a", "mustToRawJson VALUE", "VALUE in JSON, with <, > and & as they are.",
     run_to_raw_json},
    {"toJson", "a", "toJson VALUE", "VALUE in JSON; nothing where that cannot be.", run_to_json},
    {"toPrettyJson", "a", "toPrettyJson VALUE", "VALUE in JSON, on lines of its own.",
     run_to_pretty_json},
    {"toRawJson", "a", "toRawJson VALUE", "VALUE in JSON, with <, > and & as they are.",
     run_to_raw_json},
};

const TemplateFunctionSet template_functions_encoding = {
    .name = "encoding",
    .source = "sprig, defaults.go and strings.go",
    .functions = functions,
    .len = COUNT(functions),
};
