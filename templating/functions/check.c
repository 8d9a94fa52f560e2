/*
 * check.c - functions that end the rendering on purpose.
 * Source: helm, pkg/engine/engine.go, initFunMap; sprig, functions.go; helmfile, pkg/tmpl.
 */
#include "templating/functions/sets.h"
#include "templating/render.h"

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
        return run_fail(call, out);
    *out = v;
    return NULL;
}

/* What charts say is for their users, who look at the template that was to be rendered first. */
static Error *run_helm_fail(const TemplateCall *call, Value *out)
{
    if (call->render->lenient) {
        *out = value_c("");
        return NULL;
    }
    call->render->blamed = str_from(call->name);
    return run_fail(call, out);
}

static Error *run_helm_required(const TemplateCall *call, Value *out)
{
    Error *err = run_required(call, out);

    if (err && call->render->lenient) {
        error_free(err);
        *out = value_c("");
        return NULL;
    }
    if (err)
        call->render->blamed = str_from(call->name);
    return err;
}

#define FAIL_HELP "fail", "s", "fail MESSAGE", "Ends the rendering with MESSAGE."
#define REQUIRED_HELP                                                                              \
    "required", "sa", "required MESSAGE VALUE",                                                    \
        "VALUE; but if it is null or empty, ends the rendering with MESSAGE."

static const TemplateFunction functions[] = {
    {FAIL_HELP, run_fail},
    {REQUIRED_HELP, run_required},
};

const TemplateFunctionSet template_functions_check = {
    .name = "checks",
    .source = "helm, pkg/engine/engine.go, initFunMap; sprig, functions.go",
    .functions = functions,
    .len = COUNT(functions),
};

static const TemplateFunction helm_functions[] = {
    {FAIL_HELP, run_helm_fail},
    {REQUIRED_HELP, run_helm_required},
};

const TemplateFunctionSet template_functions_helm_check = {
    .name = "checks",
    .source = "helm, pkg/engine/engine.go, initFunMap; sprig, functions.go",
    .functions = helm_functions,
    .len = COUNT(helm_functions),
};
