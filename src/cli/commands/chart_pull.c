/*
 * chart_pull.c - `relfile chart pull`: a chart's archive.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"destination", 'd', OPTION_NAME, IN_REQUEST(authoring.destination), "FOLDER",
     "Where to save it. Default: here.", NULL, NULL},
    {"untar", 0, OPTION_FLAG, IN_REQUEST(authoring.untar), NULL,
     "Save what is in the archive, instead.", NULL, NULL},
    {"untardir", 0, OPTION_NAME, IN_REQUEST(authoring.untar_folder), "FOLDER",
     "The folder for that, below the destination.", NULL, NULL},
    {"prov", 0, OPTION_FLAG, IN_REQUEST(authoring.provenance), NULL,
     "Save its provenance file, too, unchecked.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Files", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_chart_location, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};
    Error *err = NULL;

    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which chart?"),
                          "usage: relfile chart pull CHART...");
    for (size_t i = 0; !err && i < request->words.len; i++)
        err = authoring_pull(&request->authoring, request->words.items[i], &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

const Command command_chart_pull = {
    .name = "chart pull",
    .help = "Save the archive of a chart.",
    .description =
        "A chart is REPOSITORY/NAME, oci://HOST/PATH/NAME, a URL, or a NAME with --repo.",
    .examples =
        "relfile chart pull bitnami/nginx --version ^15\n"
        "relfile chart pull nginx --repo https://charts.example.com --untar\n"
        "relfile chart pull oci://registry.example.com/charts/web --version 1.2.0 -d charts",
    .arguments = "CHART...",
    .most_arguments = 100,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
