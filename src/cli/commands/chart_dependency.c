/*
 * chart_dependency.c - `relfile chart dependency`: what a chart depends on.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option list_options[] = {
    {"max-col-width", 0, OPTION_COUNT, IN_REQUEST(authoring.column_width), "N",
     "How wide a column may be at most. Default: 80.", NULL, NULL},
};

static const Option fetch_options[] = {
    {"skip-refresh", 0, OPTION_FLAG, IN_REQUEST(authoring.skip_refresh), NULL,
     "Do not ask whether there is a newer index than what is in the cache.", NULL, NULL},
};

static const OptionGroup list_group = OPTION_GROUP("Table", list_options);
static const OptionGroup fetch_group = OPTION_GROUP("Fetching", fetch_options);
static const OptionGroup *const list_groups[] = {&list_group, NULL};
static const OptionGroup *const fetch_groups[] = {&fetch_group, &option_group_chart_location,
                                                  &option_group_chart_access, NULL};

static Error *run(const Request *request, DependencyVerb verb)
{
    AuthoringOptions options = request->authoring;
    Buf b = {.arena = request->arena};

    if (!options.column_width)
        options.column_width = 80;
    Error *err = authoring_dependency(&options, verb,
                                      request->words.len ? request->words.items[0] : ".", &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

static Error *run_list(const Request *request, PipelineOutcome *out)
{
    (void)out;
    return run(request, DEPENDENCY_LIST);
}

static Error *run_build(const Request *request, PipelineOutcome *out)
{
    (void)out;
    return run(request, DEPENDENCY_BUILD);
}

static Error *run_update(const Request *request, PipelineOutcome *out)
{
    (void)out;
    return run(request, DEPENDENCY_UPDATE);
}

const Command command_chart_dependency = {
    .name = "chart dependency",
    .help = "Show and fetch what a chart depends on.",
    .description =
        "A chart says in Chart.yaml what it depends on. Chart.lock has the versions that "
        "were found,\nand charts/ the charts themselves.",
    .examples = "relfile chart dependency list ./charts/web",
    .globals = option_groups_chart,
};

const Command command_chart_dependency_list = {
    .name = "chart dependency list",
    .help = "List what a chart depends on, and whether it is in charts/.",
    .description = "What is printed is what helm dependency list prints.",
    .examples = "relfile chart dependency list ./charts/web",
    .arguments = "[CHART]",
    .most_arguments = 1,
    .groups = list_groups,
    .globals = option_groups_chart,
    .run = run_list,
};

const Command command_chart_dependency_build = {
    .name = "chart dependency build",
    .help = "Fill charts/ with the versions of Chart.lock.",
    .description = "Without a Chart.lock it does what update does. A lock that does not belong to\n"
                   "Chart.yaml is an error.",
    .examples = "relfile chart dependency build ./charts/web",
    .arguments = "[CHART]",
    .most_arguments = 1,
    .groups = fetch_groups,
    .globals = option_groups_chart,
    .run = run_build,
};

const Command command_chart_dependency_update = {
    .name = "chart dependency update",
    .help = "Fill charts/ with the newest versions that will do, and write Chart.lock.",
    .description = "The lock's digest is the one that helm makes. Archives in charts/ that are not "
                   "wanted any more\ngo.",
    .examples = "relfile chart dependency update ./charts/web",
    .arguments = "[CHART]",
    .most_arguments = 1,
    .groups = fetch_groups,
    .globals = option_groups_chart,
    .run = run_update,
};
