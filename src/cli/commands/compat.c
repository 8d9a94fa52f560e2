/*
 * compat.c - `relfile compat check`: what would change with another helm.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"to", 0, OPTION_TEXT, IN_REQUEST(pipeline.compat_to), "VERSION",
     "The other helm: 4.3, 4.2, 4.1 or 3.21. Default: 4.3.", NULL, NULL},
    {"against", 0, OPTION_NAME, IN_REQUEST(pipeline.helm), "PROGRAM",
     "Compare with what this helm prints: a program on the PATH, or its path.", NULL, NULL},
    {"detailed-exitcode", 0, OPTION_FLAG, IN_REQUEST(pipeline.detailed_exit_code), NULL,
     "Exit with 2 where something differs.", NULL, NULL},
    {"context", 0, OPTION_LINES, IN_REQUEST(pipeline.context), "LINES",
     "How many unchanged lines to show around a change; -1 shows all. Default: 3.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Compatibility", own);
static const OptionGroup *const groups[] = {&own_group,
                                            &option_group_values,
                                            &option_group_needs,
                                            &option_group_render,
                                            &option_group_work,
                                            &option_group_state,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_compat_check(&request->pipeline, out);
}

const Command command_compat = {
    .name = "compat",
    .help = "See what another version of helm would make of the releases.",
    .examples = "relfile compat check --compat 3.21\nrelfile compat check --against helm",
};

const Command command_compat_check = {
    .name = "compat check",
    .help = "Compare what two versions of helm make of all releases.",
    .description =
        "The one is that of the spec (compat:) or of --compat, the other that of --to. With "
        "--against the\nother is a real helm, whose output relfile's is held against. Which "
        "objects differ is printed,\nand which values are behind it. Exits with 2 where there are "
        "any and --detailed-exitcode is given.",
    .examples = "relfile compat check --compat 3.21 --to 4.3\nrelfile compat check --against helm",
    .groups = groups,
    .run = run,
};
