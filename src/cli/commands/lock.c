/*
 * lock.c - `relfile lock break`: free what a run that is gone has locked.
 */
#include "cli/commands.h"

#include <string.h>

static const OptionGroup *const groups[] = {&option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    (void)out;
    if (request->words.len != 2 || strcmp(request->words.items[0], "break") != 0)
        return error_hint(error_new(ERROR_USAGE, "what to do with which lock?"),
                          "relfile lock break NAME; a run that has to wait says the name");
    return pipeline_break_lock(&request->pipeline, str_from(request->words.items[1]));
}

const Command command_lock = {
    .name = "lock",
    .help = "Break the lock of a run that is gone.",
    .description = "A run locks the namespaces that it changes. If it is killed, other runs take "
                   "its locks over\n"
                   "after half a minute; this is for when that is not soon enough. NAME is in the "
                   "error of the\n"
                   "run that could not have the lock.",
    .examples = "relfile lock break production/shop",
    .arguments = "break NAME",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
