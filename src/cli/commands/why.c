/*
 * why.c - `relfile why`: where a value comes from.
 */
#include "cli/commands.h"

static const OptionGroup *const groups[] = {&option_group_values, &option_group_json,
                                            &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str words[3] = {{"", 0}, {"", 0}, {"", 0}};

    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"),
                          "relfile why RELEASE, relfile why RELEASE image.tag, "
                          "relfile why RELEASE Deployment/web spec.replicas");
    for (size_t i = 0; i < request->words.len; i++)
        words[i] = str_from(request->words.items[i]);
    return pipeline_why(&request->pipeline, words[0], words[1], words[2], out);
}

const Command command_why = {
    .name = "why",
    .help = "Show where a value of a release comes from.",
    .description =
        "VALUE is the path of a value of the chart (image.tag, args[0]), or a field of the release "
        "in the\nspec (version, labels.tier, wait): each layer that says something of it is shown "
        "with its line,\nlater ones lie over earlier ones, and the one with the * counts. For "
        "KIND/NAME FIELD, a field of an\nobject that the release has, it is the line of the "
        "template that rendered it, and the values that\nline looked at. Where a layer is a "
        "template, the values of the spec that it looked at follow. With\nneither, all values are "
        "listed, and who set them.",
    .examples = "relfile -e production why web\nrelfile -e production why web image.tag\n"
                "relfile why web version\n"
                "relfile why web Deployment/web 'spec.template.spec.containers[0].image'",
    .arguments = "RELEASE [VALUE | KIND/NAME [FIELD]]",
    .most_arguments = 3,
    .groups = groups,
    .run = run,
};
