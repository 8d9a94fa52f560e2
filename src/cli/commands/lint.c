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
    .help = "Render releases, and check what comes out.",
    .description = "Every chart is rendered with the values of its release; every object must have "
                   "an apiVersion,\na kind and a name.",
    .examples = "relfile lint",
    .groups = groups,
    .run = run,
};
