/*
 * status.c - `relfile status`: how the releases are.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"hide-notes", 0, OPTION_FLAG, IN_REQUEST(pipeline.hide_notes), NULL,
     "Leave out what the chart's notes say.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Status", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_work, &option_group_cluster,
                                            &option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);

    return pipeline_status(&request->pipeline, name, out);
}

const Command command_status = {
    .name = "status",
    .help = "Show how releases are doing.",
    .description =
        "The last revision of each release, and how many of its objects are ready. With RELEASE:\n"
        "each of its objects, with the reason where it is not ready, and the chart's notes.",
    .examples = "relfile -e production status\nrelfile status web\nrelfile status -o json",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
