/*
 * chart_unittest.c - `relfile chart unittest`: the unit tests of charts.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"file", 'f', OPTION_LIST, IN_REQUEST(unittest.files), "PATTERN",
     "Suites, from the chart's folder; ** is any folders. Default: tests/*_test.yaml.", NULL, NULL},
    {"values", 'v', OPTION_LIST, IN_REQUEST(unittest.values), "FILE",
     "Values for all suites, from their folder; under those of tests.", NULL, NULL},
    {"failfast", 0, OPTION_FLAG, IN_REQUEST(unittest.fail_fast), NULL,
     "End with the first assertion that fails.", NULL, NULL},
    {"update-snapshot", 'u', OPTION_FLAG, IN_REQUEST(unittest.updates_snapshots), NULL,
     "What is rendered now is right.", NULL, NULL},
    {"strict", 's', OPTION_FLAG, IN_REQUEST(unittest.strict), NULL,
     "Unknown keys in suites are errors.", NULL, NULL},
    {"without-subcharts", 0, OPTION_FLAG, IN_REQUEST(unittest.leaves_subcharts), NULL,
     "Leave out suites of charts in charts/.", NULL, NULL},
    {"skip-schema-validation", 0, OPTION_FLAG, IN_REQUEST(unittest.skips_schema), NULL,
     "Do not hold values against values.schema.json.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Tests", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    UnittestOptions options = request->unittest;
    DEFER(shared_free) Shared *shared = shared_new();
    UnittestTally tally = {0};
    Buf b = {.arena = request->arena};
    Error *err = NULL;

    options.settings = request->authoring.settings;
    if (!request->words.len)
        return error_new(ERROR_USAGE, "which chart?");
    for (size_t i = 0; !err && i < request->words.len; i++)
        err = unittest_run(shared, &options, request->words.items[i], &b, &tally);
    if (!err)
        unittest_summary(&tally, &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    out->failed = tally.suites.failed > 0;
    return err;
}

const Command command_chart_unittest = {
    .name = "chart unittest",
    .help = "Run the unit tests of charts, as helm-unittest does.",
    .description =
        "Suites render the chart with values of their own, and hold what comes out against "
        "assertions. Their\nformat is that of the plugin helm-unittest, which is not needed.",
    .examples = "relfile chart unittest ./charts/web\nrelfile chart unittest -f 'tests/**/*.yaml' "
                "charts/*",
    .arguments = "PATH...",
    .most_arguments = 10000,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
