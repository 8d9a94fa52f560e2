/*
 * drift.c - `relfile drift`: what others have changed.
 */
#include "cli/commands.h"

static const char *const show_choices[] = {"changes", "all", NULL};

static const Option own[] = {
    {"context", 0, OPTION_LINES, IN_REQUEST(pipeline.context), "LINES",
     "How many unchanged lines to show around a change; -1 shows all. Default: 3.", NULL, NULL},
    {"detailed-exitcode", 0, OPTION_FLAG, IN_REQUEST(pipeline.detailed_exit_code), NULL,
     "Exit with 2 where something has drifted.", NULL, NULL},
    {"show", 0, OPTION_NAME, IN_REQUEST(show), "WHICH",
     "changes of people; or all: those of controllers, too. Default: changes.", NULL, show_choices},
    {"show-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_secrets), NULL,
     "Show what Secrets hold, instead of its size.", NULL, NULL},
};

static const OptionGroup group = OPTION_GROUP("Drift", own);
static const OptionGroup *const groups[] = {&group, &option_group_work, &option_group_cluster,
                                            &option_group_diff_output, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_drift(&request->pipeline, out);
}

const Command command_drift = {
    .name = "drift",
    .help = "Show what others have changed since the last sync.",
    .description =
        "What the last revision of each release applied is compared with what is there: a line "
        "with - is\nwhat was applied, one with + is what is. Charts are not looked at. Fields that "
        "people have added\nare shown, too; those of controllers only with --show all.",
    .examples = "relfile -e production drift\nrelfile drift --detailed-exitcode -o table",
    .groups = groups,
    .run = run,
};
