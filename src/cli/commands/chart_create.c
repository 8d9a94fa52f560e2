/*
 * chart_create.c - `relfile chart create` and `relfile chart test-values`.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"starter", 'p', OPTION_NAME, IN_REQUEST(authoring.starter), "NAME",
     "A starter of helm's, by name or path, instead of relfile's own chart.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Create", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (!request->words.len)
        return error_new(ERROR_USAGE, "which folder?");
    TRY(authoring_create(&request->authoring, request->words.items[0], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_create = {
    .name = "chart create",
    .help = "Make a new chart.",
    .description =
        "It installs one container with what that needs, and has a schema of its values and\n"
        "values to test it with. Files that are there already are overwritten.",
    .examples = "relfile chart create charts/web",
    .arguments = "FOLDER",
    .most_arguments = 1,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};

static const OptionGroup *const test_groups[] = {&option_group_chart_values,
                                                 &option_group_chart_render, NULL};

static Error *run_test(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    if (!request->words.len)
        return error_new(ERROR_USAGE, "which chart?");
    TRY(authoring_test_values(&request->authoring, request->words.items[0], &b, &out->failed));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_test_values = {
    .name = "chart test-values",
    .help = "Render a chart with each of its ci/*-values.yaml.",
    .description = "All must make objects: with an apiVersion, a kind and a name.",
    .examples = "relfile chart test-values ./charts/web",
    .arguments = "CHART",
    .most_arguments = 1,
    .groups = test_groups,
    .globals = option_groups_chart,
    .run = run_test,
};
