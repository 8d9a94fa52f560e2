/*
 * defaults.c - what is empty, and what to take instead; values as text. Source: sprig,
 * defaults.go and strings.go.
 */
#include "templating/cast.h"
#include "templating/functions/sets.h"

/* A pointer is never empty, and neither is a struct: that is Go's truth, for what is no nil. */
static bool is_empty(Value v)
{
    return !template_truth(v);
}

static Error *run_default(const TemplateCall *call, Value *out)
{
    *out = call->len < 2 || is_empty(call->args[1]) ? call->args[0] : call->args[1];
    return NULL;
}

static Error *run_empty(const TemplateCall *call, Value *out)
{
    *out = value_bool(is_empty(call->args[0]));
    return NULL;
}

/* The first argument that is empty, or that is not, if EMPTY is false; or one past the last. */
static size_t find(const TemplateCall *call, bool empty)
{
    size_t i = 0;

    while (i < call->len && is_empty(call->args[i]) != empty)
        i++;
    return i;
}

static Error *run_coalesce(const TemplateCall *call, Value *out)
{
    size_t found = find(call, false);

    *out = found < call->len ? call->args[found] : value_null();
    return NULL;
}

static Error *run_all(const TemplateCall *call, Value *out)
{
    *out = value_bool(find(call, true) == call->len);
    return NULL;
}

static Error *run_any(const TemplateCall *call, Value *out)
{
    *out = value_bool(find(call, false) < call->len);
    return NULL;
}

static Error *run_ternary(const TemplateCall *call, Value *out)
{
    *out = call->args[call->args[2].boolean ? 0 : 1];
    return NULL;
}

static Error *run_to_string(const TemplateCall *call, Value *out)
{
    Str text;

    TRY(cast_string(call->arena, call->args[0], &text));
    *out = value_string(text);
    return NULL;
}

static Error *run_to_strings(const TemplateCall *call, Value *out)
{
    return cast_strings(call->arena, call->args[0], out);
}

static const TemplateFunction functions[] = {
    {"all", "a*", "all VALUE...", "Whether none of the values is empty.", run_all},
    {"any", "a*", "any VALUE...", "Whether one of the values is not empty.", run_any},
    {"coalesce", "a*", "coalesce VALUE...", "The first value that is not empty.", run_coalesce},
    {"default", "aa*", "default OTHER VALUE", "VALUE, or OTHER where VALUE is empty.", run_default},
    {"empty", "a", "empty VALUE", "Whether VALUE is nothing, 0, false or without content.",
     run_empty},
    {"ternary", "aab", "ternary THEN ELSE CONDITION", "THEN if CONDITION is true, or else ELSE.",
     run_ternary},
    {"toString", "a", "toString VALUE", "VALUE as a text.", run_to_string},
    {"toStrings", "a", "toStrings LIST", "The items of LIST as texts.", run_to_strings},
};

const TemplateFunctionSet template_functions_defaults = {
    .name = "defaults",
    .source = "sprig, defaults.go and strings.go",
    .functions = functions,
    .len = COUNT(functions),
};
