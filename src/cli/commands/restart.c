/*
 * restart.c - `relfile restart`: new pods, and no other change.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    if (!request->words.len && !request->pipeline.spec.selectors.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"),
                          "relfile restart RELEASE, or -l SELECTOR");
    return pipeline_restart(&request->pipeline, name, out);
}

const Command command_restart = {
    .name = "restart",
    .help = "Restart the pods of a release, a few at a time.",
    .description = "Deployments, StatefulSets and DaemonSets of RELEASE roll out anew, as kubectl "
                   "rollout restart does\n"
                   "it; the next diff does not show that.",
    .examples = "relfile restart web",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
