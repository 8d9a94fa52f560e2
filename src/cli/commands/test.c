/*
 * test.c - `relfile test`: the tests of charts, in the cluster.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"timeout", 0, OPTION_NUMBER, IN_REQUEST(pipeline.timeout_s), "SECONDS",
     "How many seconds to wait for a test at most. Default: 300.", NULL, NULL},
    {"cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"logs", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Tests", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_work, &option_group_cluster,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_test(&request->pipeline, out);
}

const Command command_test = {
    .name = "test",
    .help = "Run the tests of releases' charts.",
    .description = "The hooks of charts for the event test, of the revision that is installed: "
                   "each has to succeed. What\n"
                   "they made stays, as their deletion policy says.",
    .examples = "relfile test -l name=web",
    .groups = groups,
    .run = run,
};
