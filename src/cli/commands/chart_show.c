/*
 * chart_show.c - `relfile chart show all|chart|values|readme|crds`: what is in a chart.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"jsonpath", 0, OPTION_TEXT, IN_REQUEST(authoring.jsonpath), "TEMPLATE",
     "Print only what a template of kubectl's finds: '{.image.tag}'.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Values", own);
static const OptionGroup *const values_groups[] = {&own_group, &option_group_chart_location,
                                                   &option_group_chart_access, NULL};
static const OptionGroup *const groups[] = {&option_group_chart_location,
                                            &option_group_chart_access, NULL};

static Error *show(const Request *request, ShowWhat what)
{
    Buf b = {.arena = request->arena};

    if (!request->words.len)
        return error_new(ERROR_USAGE, "which chart?");
    TRY(authoring_show(&request->authoring, what, request->words.items[0], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

#define SHOW_COMMAND(word, what, options, sentence)                                                \
    static Error *run_##word(const Request *request, PipelineOutcome *out)                         \
    {                                                                                              \
        (void)out;                                                                                 \
        return show(request, what);                                                                \
    }                                                                                              \
    const Command command_chart_show_##word = {                                                    \
        .name = "chart show " #word,                                                               \
        .help = sentence,                                                                          \
        .examples = "relfile chart show " #word " ./charts/web",                                   \
        .arguments = "CHART",                                                                      \
        .most_arguments = 1,                                                                       \
        .groups = options,                                                                         \
        .globals = option_groups_chart,                                                            \
        .run = run_##word,                                                                         \
    }

SHOW_COMMAND(all, SHOW_ALL, groups, "Print all of the following.");
SHOW_COMMAND(chart, SHOW_CHART, groups, "Print a chart's Chart.yaml.");
SHOW_COMMAND(values, SHOW_VALUES, values_groups, "Print a chart's values.yaml.");
SHOW_COMMAND(readme, SHOW_README, groups, "Print a chart's README.");
SHOW_COMMAND(crds, SHOW_CRDS, groups, "Print the CRDs of a chart and its dependencies.");

const Command command_chart_show = {
    .name = "chart show",
    .help = "Print what is in a chart.",
    .examples = "relfile chart show values ./charts/web",
    .globals = option_groups_chart,
};
