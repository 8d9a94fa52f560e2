/*
 * sync.c - `relfile sync`: make clusters as the spec says.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_since,
                                            &option_group_work,
                                            &option_group_values,
                                            &option_group_needs,
                                            &option_group_render,
                                            &option_group_diff,
                                            &option_group_change,
                                            &option_group_track,
                                            &option_group_deletion,
                                            &option_group_cluster,
                                            &option_group_json,
                                            &option_group_confirm,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_sync(&request->pipeline, out);
}

const Command command_sync = {
    .name = "sync",
    .help = "Install, upgrade and uninstall, until all is as the spec says.",
    .description =
        "Releases with installed: false are uninstalled first, in reverse order; then all others "
        "are\ninstalled or upgraded, those that need nothing of each other at the same time.",
    .examples = "relfile -e production sync\nrelfile sync -l tier=web --wait",
    .groups = groups,
    .run = run,
};
