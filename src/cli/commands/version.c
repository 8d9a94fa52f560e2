/*
 * version.c - `relfile version`.
 */
#include "cli/commands.h"

#include <stdio.h>

static const OptionGroup *const groups[] = {&option_group_json, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    (void)out;
    if (request->pipeline.json)
        printf("{\"version\":\"%s\"}\n", RELFILE_VERSION);
    else
        printf("relfile %s\n", RELFILE_VERSION);
    return NULL;
}

const Command command_version = {
    .name = "version",
    .help = "Print the version.",
    .examples = "relfile version -o json",
    .groups = groups,
    .run = run,
};
