/*
 * diff.c - `relfile diff`: what installing would change.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_since,       &option_group_work,
                                            &option_group_values,      &option_group_needs,
                                            &option_group_render,      &option_group_diff,
                                            &option_group_deletion,    &option_group_cluster,
                                            &option_group_diff_output, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    const char *const *words = request->words.items;

    if (!request->words.len)
        return pipeline_diff(&request->pipeline, out);
    return pipeline_diff_moments(&request->pipeline, str_from(words[0]),
                                 request->words.len > 1 ? str_from(words[1]) : (Str){"", 0}, out);
}

const Command command_diff = {
    .name = "diff",
    .help = "Show what installing would change.",
    .description = "Each object is compared with the live one as the cluster would have it after "
                   "installing,\nso that what the cluster adds by itself is no change: right after "
                   "sync there is no output.\nNothing is changed.\n\n"
                   "ENV@{WHEN} is what was recorded of an environment then: ENV@{1 day ago}, "
                   "ENV@{2026-11-21 14:00},\nor before so many of its last runs: ENV@{1}. With two "
                   "of these they are compared; ENV alone is what\nis recorded now. With one it is "
                   "compared with what the spec would install. Without a name it is the\n"
                   "environment of -e.",
    .examples = "relfile -e production diff\nrelfile diff --detailed-exitcode\n"
                "relfile diff 'production@{1 day ago}' production\nrelfile diff '@{1}'",
    .arguments = "[ENV@{WHEN} [ENV[@{WHEN}]]]",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
