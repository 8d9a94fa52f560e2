/*
 * diff.c - `relfile diff`: what installing would change.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {
    &option_group_since,   &option_group_work,        &option_group_values,
    &option_group_needs,   &option_group_render,      &option_group_diff,
    &option_group_cluster, &option_group_diff_output, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_diff(&request->pipeline, out);
}

const Command command_diff = {
    .name = "diff",
    .help = "Show what installing would change.",
    .description = "Each object is compared with the live one as the cluster would have it after "
                   "installing,\nso that what the cluster adds by itself is no change: right after "
                   "sync there is no output.\nNothing is changed.",
    .examples = "relfile -e production diff\nrelfile diff --detailed-exitcode",
    .groups = groups,
    .run = run,
};
