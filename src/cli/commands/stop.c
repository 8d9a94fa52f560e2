/*
 * stop.c - `relfile stop`: an override of replicas.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    if (!request->words.len && !request->pipeline.spec.selectors.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"),
                          "relfile stop RELEASE, or -l SELECTOR");
    return pipeline_stop(&request->pipeline, name, out);
}

const Command command_stop = {
    .name = "stop",
    .help = "Scale what a release runs to nothing.",
    .description = "Deployments and StatefulSets of RELEASE get 0 replicas, those that others need "
                   "last. That is an\n"
                   "override: diff tells of it, and sync and apply leave it, until relfile start.",
    .examples = "relfile stop web\nrelfile start web",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
