/*
 * functions_variables.c - environment variables.
 */
#include "environments/expand.h"
#include "environments/sets.h"

#include "io/env.h"

static Error *run_env(const TemplateCall *call, Value *out)
{
    const char *value = env_get(str_c(call->arena, call->args[0].string));

    *out = value_c(value ? value : "");
    return NULL;
}

static Error *run_required_env(const TemplateCall *call, Value *out)
{
    const char *value = env_get(str_c(call->arena, call->args[0].string));

    if (!value || !*value)
        return error_new(ERROR_INPUT, "required env var `%.*s` is not set",
                         STR_ARG(call->args[0].string));
    *out = value_c(value);
    return NULL;
}

static Error *run_expandenv(const TemplateCall *call, Value *out)
{
    *out = value_string(variables_expand(call->arena, call->args[0].string));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"env", "s", "env NAME", "The environment variable NAME; empty if it is not set.", run_env},
    {"expandenv", "s", "expandenv TEXT", "TEXT with $NAME and ${NAME} replaced.", run_expandenv},
    {"requiredEnv", "s", "requiredEnv NAME", "The environment variable NAME, which must be set.",
     run_required_env},
};

const TemplateFunctionSet environment_functions_variables = {
    .name = "environment variables",
    .source = "helmfile, pkg/tmpl/context_funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
