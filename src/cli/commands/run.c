/*
 * run.c - `relfile run abort`: what a killed run has left is nobody's any more.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_cluster, NULL};

static Error *run_abort(const Request *request, PipelineOutcome *out)
{
    Str id = request_word(request);

    (void)out;
    return pipeline_abort_run(&request->pipeline, id);
}

const Command command_run = {
    .name = "run",
    .help = "End runs that were killed, so that nobody goes on with them.",
    .description = "relfile log lists runs.",
    .examples = "relfile run abort",
};

const Command command_run_abort = {
    .name = "run abort",
    .help = "End runs that were killed, so that nobody goes on with them.",
    .description =
        "A run that was killed leaves its locks, and releases that are half done. The next run "
        "takes the\nlocks over and goes on from there, so that there is nothing to do. "
        "Where that is not wanted,\nrelfile run abort frees the locks of the run ID, or of all "
        "that were killed, and marks their\nreleases as failed. Objects in clusters stay as they "
        "are.",
    .examples = "relfile run abort\nrelfile run abort 20261121T140305.123Z-9f31ac",
    .arguments = "[ID]",
    .most_arguments = 1,
    .groups = groups,
    .run = run_abort,
};
