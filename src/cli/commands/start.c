/*
 * start.c - `relfile start`: replicas are as the last revision says again.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    if (!request->words.len && !request->pipeline.spec.selectors.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"),
                          "relfile start RELEASE, or -l SELECTOR");
    return pipeline_start(&request->pipeline, name, out);
}

const Command command_start = {
    .name = "start",
    .help = "End what relfile stop has begun.",
    .description =
        "What relfile stop has stopped has as many replicas as the last revision says again.",
    .examples = "relfile start web",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
