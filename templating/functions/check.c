/*
 * check.c - functions that end the rendering on purpose.
 * Source: helm, pkg/engine/engine.go, initFunMap.
 */
#include "templating/functions/sets.h"

static Error *run_fail(const TemplateCall *call, Value *out)
{
    (void)out;
    return error_new(ERROR_INPUT, "%.*s", STR_ARG(call->args[0].string));
}

/* Neither null nor an empty text will do; false and 0 will. */
static Error *run_required(const TemplateCall *call, Value *out)
{
    Value v = call->args[1];

    if (v.kind == VALUE_NULL || (v.kind == VALUE_STRING && !v.string.len))
        return error_new(ERROR_INPUT, "%.*s", STR_ARG(call->args[0].string));
    *out = v;
    return NULL;
}

static const TemplateFunction functions[] = {
    {"fail", "s", "fail MESSAGE", "Ends the rendering with MESSAGE.", run_fail},
    {"required", "sa", "required MESSAGE VALUE",
     "VALUE; but if it is null or empty, ends the rendering with MESSAGE.", run_required},
};

const TemplateFunctionSet template_functions_check = {
    .name = "checks",
    .functions = functions,
    .len = COUNT(functions),
};
