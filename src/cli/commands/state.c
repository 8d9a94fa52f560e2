/*
 * state.c - `relfile state`: the store of records as a whole.
 */
#include "cli/commands.h"

static const Option options[] = {
    {"show-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_secrets), NULL,
     "show: print values and manifests, too.", NULL, NULL},
    {"accept", 0, OPTION_FLAG, IN_REQUEST(pipeline.accepts), NULL,
     "fsck: take records that were changed by hand as they are.", NULL, NULL},
    {"force", 0, OPTION_FLAG, IN_REQUEST(pipeline.forced), NULL,
     "push: replace what is there and differs.", NULL, NULL},
    {"keep-runs", 0, OPTION_COUNT, IN_REQUEST(pipeline.most), "N",
     "gc: how many runs to keep, the newest. Default: 100.", NULL, NULL},
};

static const OptionGroup group = OPTION_GROUP("State", options);

static const OptionGroup *const groups[] = {&group, &option_group_cluster, &option_group_json,
                                            NULL};

static Error *list(const Request *r)
{
    return pipeline_list_state(&r->pipeline);
}

static Error *show(const Request *r)
{
    return pipeline_show_state(&r->pipeline, str_from(r->words.items[1]));
}

static Error *check(const Request *r)
{
    return pipeline_check_state(&r->pipeline, r->pipeline.accepts);
}

static Error *pull(const Request *r)
{
    return pipeline_pull_state(&r->pipeline);
}

static Error *push(const Request *r)
{
    return pipeline_push_state(&r->pipeline, str_from(r->words.items[1]));
}

static Error *migrate(const Request *r)
{
    return pipeline_migrate_state(r->words.items[1], r->words.items[2]);
}

static Error *collect(const Request *r)
{
    return pipeline_collect_state(&r->pipeline);
}

static const struct Action {
    const char *name, *arguments;
    size_t words; /* its own and its arguments */
    Error *(*run)(const Request *request);
} actions[] = {
    {"list", "", 1, list},  {"show", " RELEASE|KEY", 2, show}, {"fsck", "", 1, check},
    {"pull", "", 1, pull},  {"push", " FILE", 2, push},        {"migrate", " FROM TO", 3, migrate},
    {"gc", "", 1, collect},
};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Str name = request->words.len ? str_from(request->words.items[0]) : STR("list");

    (void)out;
    for (size_t i = 0; i < COUNT(actions); i++) {
        const struct Action *action = &actions[i];

        if (!str_is(name, action->name))
            continue;
        if (request->words.len != action->words && request->words.len)
            return error_new(ERROR_USAGE, "relfile state %s%s", action->name, action->arguments);
        return action->run(request);
    }
    return error_hint(error_new(ERROR_USAGE, "what to do with the state?"),
                      "relfile state list, show, fsck, pull, push, migrate or gc");
}

const Command command_state = {
    .name = "state",
    .help = "Look at, check, back up, move and tidy what relfile knows of releases.",
    .description =
        "list              the last revision of every release that the state has\n"
        "show RELEASE      its record, without values and manifests; a KEY names any entry\n"
        "fsck              whether every entry is whole, and as relfile wrote it\n"
        "pull              all of it, a line of JSON for each entry: a backup. It has secrets\n"
        "push FILE         put such lines back\n"
        "migrate FROM TO   copy all from one store to another: URLs as for --state\n"
        "gc                forget what is only of interest for a while: old runs",
    .examples = "relfile state list -o json\nrelfile state fsck\n"
                "relfile state migrate ./state s3://bucket/state",
    .arguments = "[list|show|fsck|pull|push|migrate|gc] [ARGUMENT…]",
    .most_arguments = 3,
    .groups = groups,
    .run = run,
};
