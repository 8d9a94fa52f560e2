/*
 * apply.c - `relfile apply`: install what differs.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_since,    &option_group_work,
                                            &option_group_values,   &option_group_needs,
                                            &option_group_render,   &option_group_diff,
                                            &option_group_change,   &option_group_track,
                                            &option_group_deletion, &option_group_plan,
                                            &option_group_cluster,  &option_group_json,
                                            &option_group_confirm,  NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    PipelineOptions options = request->pipeline;

    options.plan_file = request->words.len ? request->words.items[0] : NULL;
    return pipeline_apply(&options, out);
}

const Command command_apply = {
    .name = "apply",
    .help = "Show what would change, then install it.",
    .description = "Like diff, and then sync of the releases that differ. What is installed is "
                   "what was shown:\nreleases are not rendered again. If the comparison of any "
                   "release fails, nothing is changed.\nWith PLAN, a file that relfile plan has "
                   "written: exactly that, or nothing.",
    .arguments = "[PLAN]",
    .most_arguments = 1,
    .examples = "relfile -e production apply\nrelfile apply -i\nrelfile apply production.plan",
    .groups = groups,
    .run = run,
};
