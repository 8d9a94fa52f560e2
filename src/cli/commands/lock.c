/*
 * lock.c - `relfile lock`: who has locked what; and to free what a run that is gone has locked.
 */
#include "cli/commands.h"

#include <string.h>

static const OptionGroup *const groups[] = {&option_group_cluster, &option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    (void)out;
    if (request->words.len == 0 ||
        (request->words.len == 1 && strcmp(request->words.items[0], "show") == 0))
        return pipeline_show_locks(&request->pipeline);
    if (request->words.len != 2 || strcmp(request->words.items[0], "break") != 0)
        return error_hint(error_new(ERROR_USAGE, "what to do with which lock?"),
                          "relfile lock show lists them, relfile lock break NAME frees one");
    return pipeline_break_lock(&request->pipeline, str_from(request->words.items[1]));
}

const Command command_lock = {
    .name = "lock",
    .help = "Show who changes what just now; break the lock of a run that is gone.",
    .description =
        "A run locks the namespaces that it changes. If it is killed, other runs take its "
        "locks over:\nat once on the same machine, otherwise after half a minute. "
        "Breaking one is for when that is\nnot soon enough. NAME is in the error of the "
        "run that could not have the lock.",
    .examples = "relfile lock show\nrelfile lock break production/shop",
    .arguments = "[show|break NAME]",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
