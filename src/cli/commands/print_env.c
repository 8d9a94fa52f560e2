/*
 * print_env.c - `relfile print-env`: the values of the environment.
 */
#include "cli/commands.h"

#include <string.h>

static const char *const choices[] = {"yaml", "json", NULL};

static const Option own[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT",
     "yaml, which is the default, or json.", NULL, choices},
};

static const OptionGroup own_group = OPTION_GROUP("Output", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_print_env(&request->pipeline, out);
}

const Command command_print_env = {
    .name = "print-env",
    .help = "Print the values of the environment.",
    .description = "What templates of the spec see as .Values, for each file of it, and where the "
                   "file is.",
    .examples = "relfile -e production print-env\nrelfile print-env -o json",
    .groups = groups,
    .run = run,
};
