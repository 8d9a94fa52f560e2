/*
 * state.c - `relfile state`: the store of records as a whole.
 */
#include "cli/commands.h"

static const OptionGroup *const plain_groups[] = {&option_group_cluster, NULL};
static const OptionGroup *const json_groups[] = {&option_group_cluster, &option_group_json, NULL};

/* As many words as WANT has, and no fewer; the parser has seen to it that there are no more. */
static Error *check_words(const Request *r, size_t want, const char *usage)
{
    return r->words.len == want ? NULL : error_new(ERROR_USAGE, "relfile state %s", usage);
}

static Str word(const Request *r)
{
    return str_from(r->words.items[0]);
}

const Command command_state = {
    .name = "state",
    .help = "Look at, check, back up, move and tidy what relfile knows of releases.",
    .description = "Each works on the store as a whole, whatever the spec says of releases.",
    .examples = "relfile state list -o json\nrelfile state fsck\n"
                "relfile state migrate ./state s3://bucket/state",
};

/* ---- list */

static Error *run_list(const Request *r, PipelineOutcome *out)
{
    (void)out;
    return pipeline_list_state(&r->pipeline);
}

const Command command_state_list = {
    .name = "state list",
    .help = "List the last revision of every release that the state has.",
    .description = "Whatever the spec says: of all clusters, or of that of --kube-context.",
    .examples = "relfile state list -o json",
    .groups = json_groups,
    .run = run_list,
};

/* ---- show */

static const Option show_options[] = {
    {"show-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_secrets), NULL,
     "Print values and manifests, too.", NULL, NULL},
};
static const OptionGroup show_group = OPTION_GROUP("Secrets", show_options);
static const OptionGroup *const show_groups[] = {&show_group, &option_group_cluster, NULL};

static Error *run_show(const Request *r, PipelineOutcome *out)
{
    (void)out;
    TRY(check_words(r, 1, "show RELEASE|KEY"));
    return pipeline_show_state(&r->pipeline, word(r));
}

const Command command_state_show = {
    .name = "state show",
    .help = "Print a record, as one JSON object.",
    .description = "That of the last revision of RELEASE, whole, wherever its texts are kept; or "
                   "the entry at KEY.",
    .examples = "relfile state show web\n"
                "relfile state show releases/production/shop/web/3.json --show-secrets",
    .arguments = "RELEASE|KEY",
    .most_arguments = 1,
    .groups = show_groups,
    .run = run_show,
};

/* ---- fsck */

static const Option fsck_options[] = {
    {"accept", 0, OPTION_FLAG, IN_REQUEST(pipeline.accepts), NULL,
     "Take records that were changed by hand as they are.", NULL, NULL},
};
static const OptionGroup fsck_group = OPTION_GROUP("Repair", fsck_options);
static const OptionGroup *const fsck_groups[] = {&fsck_group, &option_group_cluster,
                                                 &option_group_json, NULL};

static Error *run_fsck(const Request *r, PipelineOutcome *out)
{
    (void)out;
    return pipeline_check_state(&r->pipeline, r->pipeline.accepts);
}

const Command command_state_fsck = {
    .name = "state fsck",
    .help = "Check whether every entry is whole, and as relfile wrote it.",
    .description =
        "Records, the texts that they name, runs and locks. Exit status 1 where "
        "something is wrong.\nIn git, what a run that was killed has left in the journal "
        "comes on the branch, if\nnobody holds a lock.",
    .examples = "relfile state fsck\nrelfile state fsck -o json",
    .groups = fsck_groups,
    .run = run_fsck,
};

/* ---- pull, push */

static Error *run_pull(const Request *r, PipelineOutcome *out)
{
    (void)out;
    return pipeline_pull_state(&r->pipeline);
}

const Command command_state_pull = {
    .name = "state pull",
    .help = "Print all of the state, a line of JSON for each entry: a backup.",
    .description = "Records are whole and in clear in it, with what is secret.",
    .examples = "relfile state pull >backup.jsonl",
    .groups = plain_groups,
    .run = run_pull,
};

static const Option push_options[] = {
    {"force", 0, OPTION_FLAG, IN_REQUEST(pipeline.forced), NULL,
     "Replace what is there and differs.", NULL, NULL},
};
static const OptionGroup push_group = OPTION_GROUP("Conflicts", push_options);
static const OptionGroup *const push_groups[] = {&push_group, &option_group_cluster, NULL};

static Error *run_push(const Request *r, PipelineOutcome *out)
{
    (void)out;
    TRY(check_words(r, 1, "push FILE"));
    return pipeline_push_state(&r->pipeline, word(r));
}

const Command command_state_push = {
    .name = "state push",
    .help = "Put back what relfile state pull has printed.",
    .description = "What is there already stays.",
    .examples = "relfile state push backup.jsonl --state ./restored",
    .arguments = "FILE",
    .most_arguments = 1,
    .groups = push_groups,
    .run = run_push,
};

/* ---- migrate */

static Error *run_migrate(const Request *r, PipelineOutcome *out)
{
    (void)out;
    if (!r->words.len)
        return pipeline_renew_state(&r->pipeline);
    TRY(check_words(r, 2, "migrate [FROM TO]"));
    return pipeline_copy_state(&r->pipeline, r->words.items[0], r->words.items[1]);
}

const Command command_state_migrate = {
    .name = "state migrate",
    .help = "Bring all records to the format of this relfile, or into another store.",
    .description = "Alone it rewrites what an earlier relfile has written, and what is sealed with "
                   "another key\nthan now. With FROM and TO, URLs as for --state, it copies all "
                   "records and runs; nobody may be\nat work in FROM meanwhile.",
    .examples = "relfile state migrate\nrelfile state migrate ./state s3://bucket/state",
    .arguments = "[FROM TO]",
    .most_arguments = 2,
    .groups = plain_groups,
    .run = run_migrate,
};

/* ---- gc */

static const Option gc_options[] = {
    {"keep-runs", 0, OPTION_COUNT, IN_REQUEST(pipeline.most), "N",
     "How many runs to keep, the newest. Default: 100.", NULL, NULL},
    {"older-than", 0, OPTION_DURATION, IN_REQUEST(pipeline.older_than_s), "DURATION",
     "How old a text must be to go: 36h; with less than a day nobody may be at work. Default: 24h.",
     NULL, NULL},
};
static const OptionGroup gc_group = OPTION_GROUP("What goes", gc_options);
static const OptionGroup *const gc_groups[] = {&gc_group, &option_group_cluster, NULL};

static Error *run_gc(const Request *r, PipelineOutcome *out)
{
    (void)out;
    return pipeline_collect_state(&r->pipeline);
}

const Command command_state_gc = {
    .name = "state gc",
    .help = "Take away old runs, and texts that no record names any more.",
    .description = "Others may be at work meanwhile.",
    .examples = "relfile state gc\nrelfile state gc --keep-runs 10 --older-than 0s",
    .groups = gc_groups,
    .run = run_gc,
};
