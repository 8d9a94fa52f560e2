/*
 * template.c - `relfile template`: the manifests of releases.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"include-crds", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_crds), NULL,
     "Print what is in the charts' crds/ folders, too.", NULL, NULL},
    {"skip-tests", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_tests), NULL,
     "Leave out the charts' tests (hooks of the event test).", NULL, NULL},
    {"show-only", 0, OPTION_LIST, IN_REQUEST(pipeline.show_only), "PATTERN",
     "Print only what these templates of the chart make: templates/deployment.yaml.", NULL, NULL},
    {"kube-version", 0, OPTION_TEXT, IN_REQUEST(pipeline.kube_version), "VERSION",
     "The version of Kubernetes that charts see in .Capabilities.KubeVersion.", NULL, NULL},
    {"output-dir", 0, OPTION_NAME, IN_REQUEST(pipeline.output_dir), "FOLDER",
     "Write files below this folder, instead of printing.", NULL, NULL},
    {"output-dir-template", 0, OPTION_NAME, IN_REQUEST(pipeline.output_dir_template), "TEMPLATE",
     "The name of each release's folder in it, as a template.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Manifests", own);
static const OptionGroup *const groups[] = {
    &option_group_since,  &own_group,         &option_group_values, &option_group_needs,
    &option_group_render, &option_group_work, &option_group_state,  NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_template(&request->pipeline, out);
}

const Command command_template = {
    .name = "template",
    .help = "Print the manifests of releases.",
    .description = "Charts are rendered without a cluster, byte for byte as helm template renders "
                   "them. Nothing is\n"
                   "sent anywhere.",
    .examples = "relfile -e production template\n"
                "relfile template -l name=web --show-only templates/service.yaml",
    .groups = groups,
    .run = run,
};
