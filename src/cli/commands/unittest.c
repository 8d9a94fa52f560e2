/*
 * unittest.c - `relfile unittest`: the unit tests of releases' charts.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"fail-fast", 0, OPTION_FLAG, IN_REQUEST(pipeline.fail_fast), NULL,
     "End with the first assertion that fails.", NULL, NULL},
    {"debug-plugin", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"skip-cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Tests", own);
static const OptionGroup *const groups[] = {&own_group,          &option_group_values,
                                            &option_group_needs, &option_group_work,
                                            &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_unittest(&request->pipeline, out);
}

const Command command_unittest = {
    .name = "unittest",
    .help = "Run the unit tests of releases' charts.",
    .description = "For each release with `unitTests`: the suites that these paths in its chart "
                   "name, as the plugin\nhelm-unittest has them, with the release's values under "
                   "theirs. No plugin is needed.",
    .examples = "relfile -e production unittest",
    .groups = groups,
    .run = run,
};
