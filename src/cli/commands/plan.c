/*
 * plan.c - `relfile plan`: write down what apply would do, so that exactly that is done later.
 */
#include "cli/commands.h"

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
                                            &option_group_deletion,
                                            &option_group_cluster,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    if (!request->pipeline.plan_file)
        return error_hint(error_new(ERROR_USAGE, "where is the plan to be written?"),
                          "relfile plan -o FILE");
    return pipeline_plan(&request->pipeline, out);
}

const Command command_plan = {
    .name = "plan",
    .help = "Show what would change, and write it down for apply.",
    .description =
        "Like diff; and what would be done is written to FILE: the rendered objects and values "
        "sealed with a\nkey, versions of live objects, digests of spec and charts, revisions. "
        "relfile apply FILE does exactly\nthat; where anything has moved since, it says what, and "
        "does nothing. relfile plan show FILE prints it.",
    .examples = "relfile -e production plan -o production.plan\nrelfile plan show "
                "production.plan\nrelfile apply production.plan",
    .groups = groups,
    .run = run,
};

static const OptionGroup *const show_groups[] = {&option_group_json, NULL};

static Error *show(const Request *request, PipelineOutcome *out)
{
    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which plan?"), "relfile plan show FILE");
    return pipeline_show_plan(request->words.items[0], request->pipeline.json);
}

const Command command_plan_show = {
    .name = "plan show",
    .help = "Print what a plan says.",
    .description = "Who made it and when, and what it changes. No key is needed: what is secret is "
                   "not shown.",
    .examples = "relfile plan show production.plan\nrelfile plan show production.plan -o json",
    .arguments = "FILE",
    .most_arguments = 1,
    .groups = show_groups,
    .run = show,
};
