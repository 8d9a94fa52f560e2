/*
 * lint.c - `relfile lint`: whether the charts are fine.
 */
#include "cli/commands.h"

#include <string.h>

static const char *const choices[] = {"text", "json", "github", "junit", "sarif", NULL};

static const Option own[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT",
     "text; or all findings with their places as json, for github's annotations, as junit or as "
     "sarif.",
     NULL, choices},
};

static const OptionGroup own_group = OPTION_GROUP("Output", own);
static const OptionGroup *const groups[] = {
    &option_group_since, &own_group,           &option_group_work,  &option_group_values,
    &option_group_needs, &option_group_render, &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    PipelineOptions options = request->pipeline;

    if (request->output && strcmp(request->output, "text") != 0)
        options.lint_format = request->output;
    return pipeline_lint(&options, out);
}

const Command command_lint = {
    .name = "lint",
    .help = "Check the spec, render all releases, and check what comes out.",
    .description =
        "Each chart is rendered with the values of its release, and each object must have "
        "an apiVersion,\na kind and a name. Values files that nothing names are a "
        "warning. No cluster is needed: it is\nthe check to run first.",
    .examples = "relfile -e production lint\nrelfile lint -l name=web -o sarif",
    .groups = groups,
    .run = run,
};
