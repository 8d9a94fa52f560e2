/*
 * chart_push.c - `relfile chart push`: a chart into a registry.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"username", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.user), "NAME",
     "Who is let into the registry. Default: who is logged in.", NULL, NULL},
    {"password", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.password), "TEXT",
     "And with which password; everybody on this machine can see it here.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Login", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_chart_access, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (request->words.len != 2)
        return error_hint(error_new(ERROR_USAGE, "which chart, and where to?"),
                          "usage: relfile chart push web-1.2.0.tgz oci://HOST/PATH");
    if (request->authoring.location.offline)
        return error_new(ERROR_USAGE, "nothing can be pushed offline");
    TRY(authoring_push(&request->authoring, request->words.items[0], request->words.items[1], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_push = {
    .name = "chart push",
    .help = "Put a chart's archive into an OCI registry.",
    .description =
        "The chart's name is added to REGISTRY, and its version is the tag, with _ for +.\n"
        "A provenance file beside the archive (.prov) goes with it. helm can pull it then.",
    .examples = "relfile chart push web-1.2.0.tgz oci://ghcr.io/acme/charts",
    .arguments = "ARCHIVE REGISTRY",
    .most_arguments = 2,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
