/*
 * exec.c - `relfile exec` and `attach`: a program in a pod, and we at its terminal.
 */
#include "cli/commands.h"

#include <stdint.h>

static const Option own[] = {
    {"container", 0, OPTION_TEXT, IN_REQUEST(pipeline.container), "NAME",
     "In this container. Default: the usual one, which the pod may name, or else the first.", NULL,
     NULL},
    {"tty", 't', OPTION_FLAG, IN_REQUEST(pipeline.tty), NULL,
     "Give the program a terminal. Default: where standard input and output are one.", NULL, NULL},
    {"no-stdin", 0, OPTION_FLAG, IN_REQUEST(pipeline.no_stdin), NULL,
     "Do not pass standard input on.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Program", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_work, &option_group_cluster,
                                            NULL};

/* ARGV: empty for attach. */
static Error *start(const Request *request, const StrList *argv, PipelineOutcome *out)
{
    size_t len = request->words.len - request->quoted;
    Str name = len ? str_from(request->words.items[0]) : (Str){"", 0};
    Str pod = len > 1 ? str_from(request->words.items[1]) : (Str){"", 0};

    if (len > 2)
        return error_new(ERROR_USAGE, "\"%s\" is one word too many", request->words.items[2]);
    if (!len && !request->pipeline.spec.selectors.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"), "relfile %s RELEASE",
                          request->pipeline.command);
    return pipeline_exec(&request->pipeline, name, pod, argv, out);
}

static Error *run_exec(const Request *request, PipelineOutcome *out)
{
    StrList argv = {0};

    for (size_t i = request->words.len - request->quoted; i < request->words.len; i++)
        *vec_add(request->arena, &argv) = str_from(request->words.items[i]);
    if (!argv.len)
        return error_hint(error_new(ERROR_USAGE, "which program?"),
                          "relfile exec RELEASE [POD] -- PROGRAM [ARGUMENT...]");
    return start(request, &argv, out);
}

static Error *run_attach(const Request *request, PipelineOutcome *out)
{
    StrList none = {0};

    if (request->quoted)
        return error_hint(error_new(ERROR_USAGE, "attach runs no program"),
                          "relfile exec RELEASE [POD] -- PROGRAM");
    return start(request, &none, out);
}

const Command command_exec = {
    .name = "exec",
    .help = "Run a program in a pod of a release.",
    .description =
        "PROGRAM runs in POD, or in the first pod of RELEASE that is ready, and gets our standard "
        "input and\n"
        "output: on a terminal as its own. Its exit status is ours.",
    .examples = "relfile exec web -- sh\nrelfile exec web web-7d9f-x2 --container proxy -- env",
    .arguments = "RELEASE [POD] -- PROGRAM [ARGUMENT...]",
    .most_arguments = SIZE_MAX,
    .groups = groups,
    .run = run_exec,
};

const Command command_attach = {
    .name = "attach",
    .help = "Attach to the program that runs in a pod of a release.",
    .description = "What the program in POD, or in the first pod of RELEASE that is ready, says "
                   "from now on; and what\n"
                   "comes on standard input goes there, if its container takes it (stdin: true).",
    .examples = "relfile attach web\nrelfile attach web web-7d9f-x2 --tty",
    .arguments = "RELEASE [POD]",
    .most_arguments = 2,
    .groups = groups,
    .run = run_attach,
};
