/*
 * ps.c - `relfile ps`: which pods run.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_work, &option_group_cluster,
                                            &option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    return pipeline_ps(&request->pipeline, name, out);
}

const Command command_ps = {
    .name = "ps",
    .help = "Show the pods of releases.",
    .description = "The pods of RELEASE, or of all selected releases: of its workloads and jobs.",
    .examples = "relfile ps\nrelfile ps web -o json",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
