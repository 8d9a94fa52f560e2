/*
 * plan.c - `relfile plan`: write down what apply would do, so that exactly that is done later.
 */
#include "cli/commands.h"

#include <string.h>

static const Option own[] = {
    {"out", 'o', OPTION_NAME, IN_REQUEST(pipeline.plan_file), "FILE",
     "The file to write the plan to.", NULL, NULL},
};

static const OptionGroup group = OPTION_GROUP("Plan", own);
static const OptionGroup *const groups[] = {&group,
                                            &option_group_plan,
                                            &option_group_work,
                                            &option_group_values,
                                            &option_group_needs,
                                            &option_group_render,
                                            &option_group_diff,
                                            &option_group_change,
                                            &option_group_deletion,
                                            &option_group_cluster,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    if (request->words.len == 2 && strcmp(request->words.items[0], "show") == 0)
        return pipeline_show_plan(request->words.items[1]);
    if (request->words.len)
        return error_hint(error_new(ERROR_USAGE, "what to do with which plan?"),
                          "relfile plan show FILE");
    if (!request->pipeline.plan_file)
        return error_hint(error_new(ERROR_USAGE, "where is the plan to be written?"),
                          "relfile plan -o FILE");
    return pipeline_plan(&request->pipeline, out);
}

const Command command_plan = {
    .name = "plan",
    .help = "Show what would change, and write it down for apply.",
    .description =
        "Like diff; and what would be done is written to FILE: the rendered objects, values and "
        "settings,\nsealed with a key, versions of live objects, digests of spec and charts, "
        "revisions. relfile apply\nFILE does exactly that, and needs neither the spec nor its "
        "charts; where anything has moved since,\nit says what, and does nothing. plan show FILE "
        "prints what a plan says; that needs no key, and shows\nno secrets.",
    .examples = "relfile -e production plan -o production.plan\nrelfile plan show "
                "production.plan\nrelfile apply production.plan",
    .arguments = "[show FILE]",
    .most_arguments = 2,
    .groups = groups,
    .run = run,
};
