/*
 * run.c - `relfile run abort`: what a killed run has left is nobody's any more.
 */
#include "cli/commands.h"

#include <string.h>

static const OptionGroup *const groups[] = {&option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str id = request->words.len > 1 ? str_from(request->words.items[1]) : (Str){"", 0};

    (void)out;
    if (!request->words.len || strcmp(request->words.items[0], "abort") != 0)
        return error_hint(error_new(ERROR_USAGE, "what to do with which run?"),
                          "relfile log lists them, relfile run abort [ID] ends what was killed");
    return pipeline_abort_run(&request->pipeline, id);
}

const Command command_run = {
    .name = "run",
    .help = "End runs that were killed, so that nobody goes on with them.",
    .description =
        "A run that was killed leaves its locks, and releases that are half done. The next run "
        "takes the\nlocks over and goes on from there, so that there is nothing to do. "
        "Where that is not wanted,\nrelfile run abort frees the locks of the run ID, or of all "
        "that were killed, and marks their\nreleases as failed. Objects in clusters stay as they "
        "are.",
    .examples = "relfile run abort\nrelfile run abort 20261121T140305.123Z-9f31ac",
    .arguments = "abort [ID]",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
