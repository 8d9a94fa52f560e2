/*
 * chart_template.c - `relfile chart template`: a chart's manifests.
 */
#include "cli/commands.h"

#include <stdio.h>

static const char *const dry_run_choices[] = {"client", "server", "true", NULL};
static const char *const server_side_choices[] = {"true", "false", NULL};
static const char *const wait_choices[] = {"watcher", "hookOnly", "legacy", "true", "false", NULL};

static const Option own[] = {
    {"api-versions", 'a', OPTION_COMMAS, IN_REQUEST(authoring.api_versions), "VERSION",
     "An API that templates see in .Capabilities.APIVersions: apps/v1, apps/v1/Deployment.", NULL,
     NULL},
    {"include-crds", 0, OPTION_FLAG, IN_REQUEST(authoring.include_crds), NULL,
     "Print what is in the chart's crds/ folder, too.", NULL, NULL},
    {"skip-tests", 0, OPTION_FLAG, IN_REQUEST(authoring.skip_tests), NULL,
     "Leave out the chart's tests (hooks of the event test).", NULL, NULL},
    {"no-hooks", 0, OPTION_FLAG, IN_REQUEST(authoring.no_hooks), NULL,
     "Leave out all of its hooks.", NULL, NULL},
    {"show-only", 's', OPTION_LIST, IN_REQUEST(authoring.show_only), "PATTERN",
     "Print only what these templates make: templates/deployment.yaml.", NULL, NULL},
    {"raw", 0, OPTION_FLAG, IN_REQUEST(authoring.raw), NULL,
     "Print the text of each template as it is rendered, before it is taken apart.", NULL, NULL},
    {"is-upgrade", 0, OPTION_FLAG, IN_REQUEST(authoring.is_upgrade), NULL,
     "Set .Release.IsUpgrade instead of .Release.IsInstall.", NULL, NULL},
    {"generate-name", 'g', OPTION_FLAG, IN_REQUEST(authoring.generate_name), NULL,
     "There is no NAME; as for helm, it is release-name.", NULL, NULL},
    {"name-template", 0, OPTION_TEXT, IN_REQUEST(authoring.name_template), "TEMPLATE",
     "There is no NAME, but what this template renders to.", NULL, NULL},
    {"output-dir", 0, OPTION_NAME, IN_REQUEST(authoring.output_dir), "FOLDER",
     "Write files below this folder, instead of printing.", NULL, NULL},
    {"release-name", 0, OPTION_FLAG, IN_REQUEST(authoring.release_name), NULL,
     "Below --output-dir, use a folder that is called like the release.", NULL, NULL},
    {"dependency-update", 0, OPTION_FLAG, IN_REQUEST(authoring.dependency_update), NULL,
     "First fill charts/ as chart dependency update does.", NULL, NULL},
    {"post-renderer", 0, OPTION_TEXT, IN_REQUEST(authoring.post_renderer), "PROGRAM",
     "Send all manifests through this program: a path, a plugin of helm's, a program on the PATH.",
     NULL, NULL},
    {"post-renderer-args", 0, OPTION_LIST, IN_REQUEST(authoring.post_renderer_args), "TEXT",
     "An argument for it; may be given several times.", NULL, NULL},
    {"dry-run", 0, OPTION_NAME, IN_REQUEST(authoring.dry_run), NULL,
     "server: ask the cluster for its version, APIs and objects, and whether it would take what is "
     "rendered. Default: client, no cluster.",
     NULL, dry_run_choices},
    {"validate", 0, OPTION_FLAG, IN_REQUEST(authoring.validate), NULL,
     "The same as --dry-run=server.", NULL, NULL},
    {"target", 0, OPTION_NAME, IN_REQUEST(authoring.target), "TYPE",
     "What kind of cluster that is: see relfile help targets. Default: kubernetes.", NULL, NULL},
    {"target-location", 0, OPTION_NAME, IN_REQUEST(authoring.target_location), "FOLDER",
     "The folder that the demo target keeps its clusters in.", NULL, NULL},
};

/* What helm has since `template` is a kind of `install`. */
static const Option ignored[] = {
    {"atomic", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"create-namespace", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"description", 0, OPTION_IGNORED, 0, "TEXT", "", NULL, NULL},
    {"disable-openapi-validation", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"force", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"force-conflicts", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"force-replace", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"hide-notes", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"labels", 'l', OPTION_IGNORED, 0, "KEY=VALUE", "", NULL, NULL},
    {"render-subchart-notes", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"replace", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"rollback-on-failure", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"server-side", 0, OPTION_IGNORED, 0, NULL, "", NULL, server_side_choices},
    {"skip-crds", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"take-ownership", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"timeout", 0, OPTION_IGNORED, 0, "DURATION", "", NULL, NULL},
    {"wait", 0, OPTION_IGNORED, 0, NULL, "", NULL, wait_choices},
    {"wait-for-jobs", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Manifests", own);
static const OptionGroup ignored_group = OPTION_GROUP(NULL, ignored);
static const OptionGroup *const groups[] = {&own_group,
                                            &option_group_chart_values,
                                            &option_group_chart_render,
                                            &option_group_chart_location,
                                            &option_group_chart_access,
                                            &ignored_group,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    AuthoringOptions options = request->authoring;
    Buf b = {.arena = request->arena};
    bool named = request->words.len == 2;

    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which chart?"),
                          "usage: relfile chart template [NAME] CHART");
    options.debug = request->debug;
    Error *err = authoring_template(&options, named ? request->words.items[0] : NULL,
                                    request->words.items[named ? 1 : 0], &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

const Command command_chart_template = {
    .name = "chart template",
    .help = "Print the manifests of a chart, as helm template does.",
    .description =
        "What is printed is helm's to the byte. Without NAME the release is called release-name.\n"
        "Options that only matter to installing are taken, and change nothing.",
    .examples = "relfile chart template web ./charts/web -f values.yaml --set image.tag=1.2\n"
                "relfile chart template web ./web-1.0.0.tgz -n shop --include-crds\n"
                "relfile chart template ./charts/web --show-only templates/service.yaml",
    .arguments = "[NAME] CHART",
    .most_arguments = 2,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
