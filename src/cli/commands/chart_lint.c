/*
 * chart_lint.c - `relfile chart lint`: charts checked as helm lint checks them.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"strict", 0, OPTION_FLAG, IN_REQUEST(authoring.strict), NULL, "Fail on warnings, too.", NULL,
     NULL},
    {"with-subcharts", 0, OPTION_FLAG, IN_REQUEST(authoring.with_subcharts), NULL,
     "Check the charts in charts/, too.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Lint", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_chart_values,
                                            &option_group_chart_render, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    AuthoringOptions options = request->authoring;
    Buf b = {.arena = request->arena};
    StrList paths = {0};

    options.quiet = request->quiet;
    for (size_t i = 0; i < request->words.len; i++)
        *vec_add(request->arena, &paths) = str_from(request->words.items[i]);
    if (!paths.len)
        return error_new(ERROR_USAGE, "which chart?");
    Error *err = authoring_lint(&options, &paths, &b, &out->failed);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

const Command command_chart_lint = {
    .name = "chart lint",
    .help = "Check whether charts are well made, as helm lint does.",
    .description = "Errors make a chart fail; warnings do with --strict.",
    .examples = "relfile chart lint ./charts/web\nrelfile chart lint --strict charts/*",
    .arguments = "PATH...",
    .most_arguments = 10000,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
