/*
 * show_dag.c - `relfile show-dag`: which release waits for which.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_show_dag(&request->pipeline, out);
}

const Command command_show_dag = {
    .name = "show-dag",
    .help = "Show the order of releases.",
    .description =
        "What each release needs. A group is how many steps a release is away from those that "
        "need\nnothing; a release begins as soon as what it needs is done, whatever its group.",
    .examples = "relfile show-dag",
    .groups = groups,
    .run = run,
};
