/*
 * unittest.c - `relfile unittest`, for scripts that were written for helmfile.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"fail-fast", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"debug-plugin", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"skip-cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP(NULL, own);
static const OptionGroup *const groups[] = {&own_group,          &option_group_values,
                                            &option_group_needs, &option_group_work,
                                            &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_unittest(&request->pipeline, out);
}

const Command command_unittest = {
    .name = "unittest",
    .help = "Say which releases have unit tests: helm-unittest runs them.",
    .description = "Fails where a release has `unitTests`, which only the plugin helm-unittest can "
                   "run.",
    .groups = groups,
    .run = run,
};
