/*
 * logs.c - `relfile logs`: what pods have written.
 */
#include "cli/commands.h"

enum { USUAL_LINES = 100 };

static const Option own[] = {
    {"tail", 0, OPTION_COUNT, IN_REQUEST(pipeline.most), "N",
     "How many lines of each pod. Default: 100; all with --since.", NULL, NULL},
    {"follow", 'F', OPTION_FLAG, IN_REQUEST(pipeline.follow), NULL,
     "Go on with what is said from now on, in pods that are yet to come, too, until they end.",
     NULL, NULL},
    {"container", 0, OPTION_TEXT, IN_REQUEST(pipeline.container), "NAME",
     "Of this container, in all pods.", NULL, NULL},
    {"all-containers", 0, OPTION_FLAG, IN_REQUEST(pipeline.all_containers), NULL,
     "Of all containers of each pod.", NULL, NULL},
    {"previous", 'p', OPTION_FLAG, IN_REQUEST(pipeline.previous), NULL,
     "Of the life before, of containers that were restarted.", NULL, NULL},
    {"since", 0, OPTION_DURATION, IN_REQUEST(pipeline.since_s), "DURATION",
     "Only what is not older: 10m, 2h.", NULL, NULL},
    {"timestamps", 0, OPTION_FLAG, IN_REQUEST(pipeline.timestamps), NULL,
     "Each line behind the time when it was written.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Logs", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_work, &option_group_cluster,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);
    PipelineOptions options = request->pipeline;

    if (!options.most && !options.since_s)
        options.most = USUAL_LINES;
    if (options.container.len && options.all_containers)
        return error_new(ERROR_USAGE, "--container and --all-containers contradict each other");
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
                   "that failed, or of the usual one.",
    .examples = "relfile logs web\nrelfile logs web --tail 20\nrelfile logs -l tier=front "
                "--follow --since 10m",
    .arguments = "[RELEASE]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
