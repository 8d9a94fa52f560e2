/*
 * status.c - `relfile status`: how the releases are.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_cluster,
                                            &option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_status(&request->pipeline, out);
}

const Command command_status = {
    .name = "status",
    .help = "Show how the releases are.",
    .description = "The last revision of each release, and how many of its objects are ready.",
    .examples = "relfile -e production status\nrelfile status -o json",
    .groups = groups,
    .run = run,
};
