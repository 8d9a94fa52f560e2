/*
 * history.c - `relfile history`: the revisions of releases.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_cluster, &option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    return pipeline_history(&request->pipeline, name, out);
}

const Command command_history = {
    .name = "history",
    .help = "Show the revisions of releases.",
    .description = "The revisions of RELEASE, or of all selected releases, that the state still "
                   "has: the oldest\n"
                   "first.",
    .examples = "relfile -e production history web\nrelfile history -o json",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
