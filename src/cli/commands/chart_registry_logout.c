/*
 * chart_registry_logout.c - `relfile chart registry logout`.
 */
#include "cli/commands.h"

#include <stdio.h>

static const OptionGroup *const groups[] = {&option_group_chart_access, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (request->words.len != 1)
        return error_hint(error_new(ERROR_USAGE, "which registry?"),
                          "usage: relfile chart registry logout HOST");
    TRY(authoring_logout(&request->authoring, request->words.items[0], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_registry_logout = {
    .name = "chart registry logout",
    .help = "Forget the login to an OCI registry.",
    .examples = "relfile chart registry logout ghcr.io",
    .arguments = "HOST",
    .most_arguments = 1,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
