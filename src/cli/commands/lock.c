/*
 * lock.c - `relfile lock`: who has locked what; and to free what a run that is gone has locked.
 */
#include "cli/commands.h"

static const OptionGroup *const show_groups[] = {&option_group_cluster, &option_group_json, NULL};
static const OptionGroup *const break_groups[] = {&option_group_cluster, NULL};

static Error *run_show(const Request *request, PipelineOutcome *out)
{
    (void)out;
    return pipeline_show_locks(&request->pipeline);
}

static Error *run_break(const Request *request, PipelineOutcome *out)
{
    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which lock?"),
                          "relfile lock show lists them, relfile lock break NAME frees one");
    return pipeline_break_lock(&request->pipeline, str_from(request->words.items[0]));
}

const Command command_lock = {
    .name = "lock",
    .help = "Show who changes what just now; break the lock of a run that is gone.",
    .description =
        "A run locks the namespaces that it changes. If it is killed, other runs take its "
        "locks over:\nat once on the same machine, otherwise after half a minute.",
    .examples = "relfile lock show\nrelfile lock break production/shop",
};

const Command command_lock_show = {
    .name = "lock show",
    .help = "Show who changes what just now.",
    .description = "A line for each lock: whose it is, since when, and whether that run is gone.",
    .examples = "relfile lock show -o json",
    .groups = show_groups,
    .run = run_show,
};

const Command command_lock_break = {
    .name = "lock break",
    .help = "Take a lock away from a run that is gone.",
    .description = "For when it is not soon enough that another run takes it over. NAME is in the "
                   "error of the\nrun that could not have the lock.",
    .examples = "relfile lock break production/shop",
    .arguments = "NAME",
    .most_arguments = 1,
    .groups = break_groups,
    .run = run_break,
};
