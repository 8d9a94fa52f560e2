/*
 * destroy.c - `relfile destroy`: uninstall releases.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"skip-charts", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_charts), NULL,
     "Do not run prepare hooks of releases.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Hooks", own);
static const OptionGroup *const groups[] = {
    &option_group_work,    &own_group,         &option_group_change,  &option_group_removal,
    &option_group_cluster, &option_group_json, &option_group_confirm, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_destroy(&request->pipeline, out);
}

const Command command_destroy = {
    .name = "destroy",
    .help = "Uninstall releases.",
    .description =
        "All selected releases are uninstalled, in reverse order; each is done when all its\n"
        "objects are gone. On a terminal it asks first.",
    .examples = "relfile -e staging destroy --yes",
    .groups = groups,
    .run = run,
};
