/*
 * build.c - `relfile build`: the spec as it is after all templates.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"embed-values", 0, OPTION_FLAG, IN_REQUEST(pipeline.embed_values), NULL,
     "Show the values of releases in place of their files.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Build", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_state, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_build(&request->pipeline, out);
}

const Command command_build = {
    .name = "build",
    .help = "Print the spec with everything worked in.",
    .description = "What the releases are once bases, included files, templates and inheritance "
                   "are worked in:\nwhere a value comes from is seen here. Charts are not read.",
    .examples = "relfile -e production build",
    .groups = groups,
    .run = run,
};
