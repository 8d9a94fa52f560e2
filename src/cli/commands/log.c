/*
 * log.c - `relfile log`: which runs have changed releases.
 */
#include "cli/commands.h"

static const Option shown[] = {
    {"max", 0, OPTION_COUNT, IN_REQUEST(pipeline.most), "N",
     "How many runs to show, the newest. Default: 20.", NULL, NULL},
};

static const OptionGroup group = OPTION_GROUP("Runs", shown);

static const OptionGroup *const groups[] = {&group, &option_group_cluster, &option_group_json,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str id = request_word(request);

    (void)out;
    return pipeline_log(&request->pipeline, id);
}

const Command command_log = {
    .name = "log",
    .help = "Show which runs have changed releases, and what became of each.",
    .description = "The last runs that the state knows of, of the environment if one is given: the "
                   "newest last.\nWith ID, that run: who began it, where, from which commit, and "
                   "what it did with each release.",
    .examples = "relfile -e production log\nrelfile log -o json --max 100",
    .arguments = "[ID]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
