/*
 * list.c - `relfile list`: the releases of the spec.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"skip-charts", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_charts), NULL,
     "Do not run prepare and cleanup hooks of files.", NULL, NULL},
    {"keep-temp-dir", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT",
     "json; or wide, with cluster, needs and file. Without it, and as helmfile does with any other "
     "word, a table.",
     NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("List", own);
static const OptionGroup *const groups[] = {&option_group_since, &own_group, &option_group_state,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_list(&request->pipeline, out);
}

const Command command_list = {
    .name = "list",
    .help = "List the releases of the spec.",
    .description = "One line for each release, also for those that a condition leaves out (ENABLED "
                   "is false) and\n"
                   "those to be uninstalled (INSTALLED is false). Charts are not read.",
    .examples = "relfile -e production list\nrelfile list -l tier=web -o json",
    .groups = groups,
    .run = run,
};
