/*
 * functions_secrets.c - ref+… in templates.
 */
#include "environments/functions.h"
#include "environments/lookups/lookups.h"
#include "environments/sets.h"

static Error *run_fetch_secret_value(const TemplateCall *call, Value *out)
{
    const EnvironmentScope *scope = template_user(call);

    TRY(lookup_text(
        call->arena, call->args[0].string,
        &(LookupScope){environment_templates_secrets(scope->templates), scope->directory}, out));
    if (out->kind != VALUE_STRING)
        return error_new(ERROR_INPUT, "the reference gives a %s, not a string",
                         value_kind_name(out->kind));
    return NULL;
}

static Error *run_expand_secret_refs(const TemplateCall *call, Value *out)
{
    const EnvironmentScope *scope = template_user(call);

    return lookup_values(
        call->arena, call->args[0],
        &(LookupScope){environment_templates_secrets(scope->templates), scope->directory}, out);
}

static const TemplateFunction functions[] = {
    {"expandSecretRefs", "m", "expandSecretRefs MAP", "MAP with all ref+… in it replaced.",
     run_expand_secret_refs},
    {"fetchSecretValue", "s", "fetchSecretValue REFERENCE", "The value that ref+… names.",
     run_fetch_secret_value},
};

const TemplateFunctionSet environment_functions_secrets = {
    .name = "secrets",
    .source = "helmfile, pkg/tmpl/context_funcs.go",
    .functions = functions,
    .len = COUNT(functions),
    .waits = true,
};
