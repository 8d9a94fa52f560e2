/*
 * rollback.c - `relfile rollback`: make releases what they were.
 */
#include "cli/commands.h"

#include "base/number.h"

#include <limits.h>

static const Option moment[] = {
    {"to", 0, OPTION_NAME, IN_REQUEST(pipeline.to), "TIME",
     "Back to what was at this time: 2026-11-21T14:03:05Z, \"2026-11-21 14:03\", \"2 days ago\", "
     "90m.",
     NULL, NULL},
};

static const OptionGroup group = OPTION_GROUP("Rollback", moment);

static const OptionGroup *const groups[] = {&group,
                                            &option_group_work,
                                            &option_group_change,
                                            &option_group_removal,
                                            &option_group_cluster,
                                            &option_group_json,
                                            &option_group_confirm,
                                            NULL};

static Error *parse_revision(const char *text, int *out)
{
    int64_t n;

    if (number_parse_int(str_from(text), 10, &n) != NUMBER_OK || n < 1 || n > INT_MAX)
        return error_hint(error_new(ERROR_USAGE, "\"%s\" is no revision", text),
                          "revisions are numbers from 1: relfile history lists them");
    *out = (int)n;
    return NULL;
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request_word(request);
    int revision = 0;

    if (!name.len && !request->pipeline.to)
        return error_hint(error_new(ERROR_USAGE, "which release is to go back, or all of them?"),
                          "relfile rollback RELEASE [REVISION], or relfile rollback --to TIME");
    if (request->words.len > 1 && request->pipeline.to)
        return error_new(ERROR_USAGE, "a revision and --to say different things");
    if (request->words.len > 1)
        TRY(parse_revision(request->words.items[1], &revision));
    return pipeline_rollback(&request->pipeline, name, revision, out);
}

const Command command_rollback = {
    .name = "rollback",
    .help = "Make a release what it was in an earlier revision, or all of them what they were.",
    .description =
        "RELEASE becomes what it was in REVISION, or in the last one before this that was "
        "deployed. With\n--to TIME all selected releases (or RELEASE) become what they were then, "
        "those that others need\nlast; what was not installed then is uninstalled. The plan is "
        "shown before anything is changed.\nGoing back is a new revision: nothing of the history "
        "is lost, and the next sync does what the\nspec says again.",
    .examples = "relfile -e production rollback web\nrelfile rollback web 3 --wait\n"
                "relfile -e production rollback --to \"2 hours ago\"",
    .arguments = "[RELEASE [REVISION]]",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
