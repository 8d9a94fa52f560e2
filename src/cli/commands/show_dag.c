/*
 * show_dag.c - `relfile show-dag`: which release waits for which.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_show_dag(&request->pipeline, out);
}

const Command command_show_dag = {
    .name = "show-dag",
    .help = "Show which release waits for which.",
    .description = "Releases of one group may be worked on at the same time.",
    .examples = "relfile show-dag",
    .groups = groups,
    .run = run,
};
