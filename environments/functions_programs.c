/*
 * functions_programs.c - exec and envExec: what another program prints.
 */
#include "environments/functions.h"
#include "environments/insecure.h"
#include "environments/sets.h"

#include "io/process.h"

enum { SHOWN = 2000 }; /* bytes of a failed program's output in an error */

static Error *read_arguments(const TemplateCall *call, Value command, ValueList list,
                             const char *const **out)
{
    const char **argv = arena_array(call->arena, const char *, list.len + 2);

    argv[0] = str_c(call->arena, command.string);
    for (size_t i = 0; i < list.len; i++) {
        if (list.items[i].kind != VALUE_STRING)
            return error_new(ERROR_INPUT, "unexpected type of arg \"%s\" at index %zu: want string",
                             value_go_type(list.items[i]), i);
        argv[i + 1] = str_c(call->arena, list.items[i].string);
    }
    *out = argv;
    return NULL;
}

static Error *read_variables(const TemplateCall *call, const ValueMap *map, const char *const **out)
{
    const char **variables = arena_array(call->arena, const char *, (map ? map->len : 0) + 1);

    for (size_t i = 0; map && i < map->len; i++) {
        const ValueEntry *entry = &map->entries[i];

        if (entry->value.kind != VALUE_STRING)
            return error_new(ERROR_INPUT, "unexpected type of env \"%s\" at %.*s: want string",
                             value_go_type(entry->value), STR_ARG(entry->key));
        variables[i] =
            str_format(call->arena, "%.*s=%.*s", STR_ARG(entry->key), STR_ARG(entry->value.string))
                .ptr;
    }
    *out = variables;
    return NULL;
}

static Str shortened(Str text)
{
    text = str_trim(text);
    if (text.len > SHOWN)
        text.len = SHOWN;
    return text;
}

/* *ARGS: the command, its arguments, perhaps its input. */
static Error *run_program(const TemplateCall *call, const ValueMap *variables, const Value *args,
                          size_t len, Value *out)
{
    const EnvironmentScope *scope = template_user(call);
    ProcessRequest request = {
        .directory = scope->directory.len ? str_c(call->arena, scope->directory) : NULL,
        .input = len > 2 ? args[2].string : (Str){0},
    };
    ProcessResult result;

    TRY(insecure_check(call->name));
    TRY(read_arguments(call, args[0], args[1].list, &request.argv));
    TRY(read_variables(call, variables, &request.variables));
    TRY(error_as(process_run(call->arena, &request, &result), ERROR_INPUT));
    if (result.status) {
        Str printed = shortened(result.err.len ? result.err : result.out);

        return error_new(ERROR_INPUT, "\"%s\" ended with exit status %d%s%.*s", request.argv[0],
                         result.status, printed.len ? ": " : "", STR_ARG(printed));
    }
    *out = value_string(result.out.len ? result.out : (Str){"", 0});
    return NULL;
}

static Error *run_exec(const TemplateCall *call, Value *out)
{
    return run_program(call, NULL, call->args, call->len, out);
}

static Error *run_env_exec(const TemplateCall *call, Value *out)
{
    return run_program(call, call->args[0].map, call->args + 1, call->len - 1, out);
}

static const TemplateFunction functions[] = {
    {"envExec", "msls*", "envExec VARIABLES COMMAND ARGUMENTS [INPUT]",
     "What COMMAND prints when it runs with these variables, too.", run_env_exec},
    {"exec", "sls*", "exec COMMAND ARGUMENTS [INPUT]",
     "What COMMAND prints; ARGUMENTS is a list of strings.", run_exec},
};

const TemplateFunctionSet environment_functions_programs = {
    .name = "programs",
    .source = "helmfile, pkg/tmpl/context_funcs.go",
    .functions = functions,
    .len = COUNT(functions),
    .waits = true,
};
