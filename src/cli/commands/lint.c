/*
 * lint.c - `relfile lint`: whether the charts are fine.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_values,
                                            &option_group_needs, &option_group_render, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_lint(&request->pipeline, out);
}

const Command command_lint = {
    .name = "lint",
    .help = "Render all releases, and check what comes out.",
    .description =
        "Each chart is rendered with the values of its release, and each object must have an "
        "apiVersion,\na kind and a name. No cluster is needed: it is the check to run first.",
    .examples = "relfile -e production lint\nrelfile lint -l name=web",
    .groups = groups,
    .run = run,
};
