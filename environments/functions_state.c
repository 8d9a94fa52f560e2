/*
 * functions_state.c - what other teams' releases are: read from the state, as terraform's remote
 * state is.
 */
#include "environments/functions.h"
#include "environments/sets.h"

static Error *run_state(const TemplateCall *call, Value *out)
{
    const EnvironmentScope *scope = template_user(call);
    const StateReader *reader = environment_templates_state(scope->templates);
    StateQuery query = {.release = call->args[0].string, .path = call->args[1].string};

    if (call->len > 3)
        return error_new(ERROR_INPUT, "takes a release, a path and the URL of a store");
    if (call->len == 3)
        query.url = call->args[2].string;
    if (!reader->read)
        return error_new(ERROR_INPUT, "there is no state here");
    return reader->read(reader->context, call->arena, &query, out);
}

static const TemplateFunction functions[] = {
    {"state", "sss*", "state RELEASE PATH [URL]",
     "What is at PATH in the values of RELEASE as it was installed last, or in one of its objects: "
     "KIND/NAME.spec.… RELEASE is NAME, NAMESPACE/NAME or CONTEXT/NAMESPACE/NAME.",
     run_state},
};

const TemplateFunctionSet environment_functions_state = {
    .name = "state",
    .source = "relfile",
    .functions = functions,
    .len = COUNT(functions),
};
