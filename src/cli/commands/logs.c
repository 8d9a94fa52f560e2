/*
 * logs.c - `relfile logs`: what pods have written.
 */
#include "cli/commands.h"

enum { USUAL_LINES = 100 };

static const Option own[] = {
    {"tail", 0, OPTION_COUNT, IN_REQUEST(pipeline.most), "N",
     "How many lines of each pod. Default: 100.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Logs", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_work, &option_group_cluster,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);
    PipelineOptions options = request->pipeline;

    options.most = options.most ? options.most : USUAL_LINES;
    if (!request->words.len && !request->pipeline.spec.selectors.len)
        return error_hint(error_new(ERROR_USAGE, "which release?"),
                          "relfile logs RELEASE, or -l SELECTOR");
    return pipeline_logs(&options, name, out);
}

const Command command_logs = {
    .name = "logs",
    .help = "Show the end of the logs of releases' pods.",
    .description = "The last lines of each pod of RELEASE, behind its name where there are "
                   "several: of the container\n"
                   "that failed, or of the first.",
    .examples = "relfile logs web\nrelfile logs web --tail 20",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
