/*
 * chart_pull.c - `relfile chart pull`: a chart, from wherever it is.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"destination", 'd', OPTION_NAME, IN_REQUEST(authoring.destination), "FOLDER",
     "Where the chart is written to. Default: here.", NULL, NULL},
    {"untar", 0, OPTION_FLAG, IN_REQUEST(authoring.untar), NULL, "Unpack it.", NULL, NULL},
    {"untardir", 0, OPTION_NAME, IN_REQUEST(authoring.untar_dir), "FOLDER",
     "Into which folder, seen from that of --destination.", NULL, NULL},
    {"prov", 0, OPTION_FLAG, IN_REQUEST(authoring.provenance), NULL,
     "Write the chart's provenance file, too.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Files", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_chart_location,
                                            &option_group_chart_access, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which chart?"),
                          "usage: relfile chart pull CHART...");
    Error *err = NULL;
    for (size_t i = 0; i < request->words.len && !err; i++)
        err = authoring_pull(&request->authoring, request->words.items[i], &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

const Command command_chart_pull = {
    .name = "chart pull",
    .help = "Download charts from repositories, registries and URLs.",
    .description =
        "CHART is REPOSITORY/NAME of a repository that helm knows, NAME with --repo,\n"
        "oci://HOST/PATH/NAME, perhaps with :VERSION or @DIGEST, or the URL of an archive.\n"
        "What is written was held against the digests that announce it.",
    .examples = "relfile chart pull oci://ghcr.io/acme/charts/web --version '^1.2'\n"
                "relfile chart pull web --repo https://charts.example.com --untar\n"
                "relfile chart pull https://charts.example.com/web-1.2.0.tgz -d vendor",
    .arguments = "CHART...",
    .most_arguments = 100,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
