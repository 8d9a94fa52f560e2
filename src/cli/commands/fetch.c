/*
 * fetch.c - `relfile deps`, `repos` and `fetch`: what comes from elsewhere.
 */
#include "cli/commands.h"

static const Option fetch_options[] = {
    {"output-dir", 0, OPTION_NAME, IN_REQUEST(pipeline.output_dir), "FOLDER",
     "Write the charts into folders below this one, too.", NULL, NULL},
    {"output-dir-template", 0, OPTION_NAME, IN_REQUEST(pipeline.output_dir_template), "TEMPLATE",
     "Name these folders so: {{ .OutputDir }}, {{ .ChartName }}, {{ .Release.Name }} …", NULL,
     NULL},
    {"write-output", 0, OPTION_FLAG, IN_REQUEST(pipeline.write_output), NULL,
     "Print the spec, with these folders as charts.", NULL, NULL},
};

static const Option deps_options[] = {
    {"skip-repos", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_refresh), NULL,
     "The same as --skip-refresh.", NULL, NULL},
};

static const OptionGroup fetch_group = OPTION_GROUP("Files", fetch_options);
static const OptionGroup deps_group = OPTION_GROUP("Fetching", deps_options);
static const OptionGroup *const fetch_groups[] = {&fetch_group, &option_group_work,
                                                  &option_group_state, NULL};
static const OptionGroup *const deps_groups[] = {&deps_group, &option_group_work,
                                                 &option_group_state, NULL};
static const OptionGroup *const repos_groups[] = {&option_group_work, &option_group_state, NULL};

static Error *run_deps(const Request *request, PipelineOutcome *out)
{
    return pipeline_deps(&request->pipeline, out);
}

static Error *run_repos(const Request *request, PipelineOutcome *out)
{
    return pipeline_repos(&request->pipeline, out);
}

static Error *run_fetch(const Request *request, PipelineOutcome *out)
{
    return pipeline_fetch(&request->pipeline, out);
}

const Command command_deps = {
    .name = "deps",
    .help = "Write down which versions of charts the spec's constraints come to.",
    .description =
        "The versions are in helmfile.lock, as helmfile writes it, and the digests of the charts "
        "in\n"
        "helmfile.lock.sha256 beside it. Every other command then takes these versions, and "
        "refuses\n"
        "a chart that has another digest. What local charts depend on is brought up to date first.",
    .examples = "relfile deps\nrelfile -e production deps -l tier=web",
    .groups = deps_groups,
    .run = run_deps,
};

const Command command_repos = {
    .name = "repos",
    .help = "Fetch the indexes of the spec's repositories.",
    .description = "It tells whether all repositories can be reached; other commands do it by "
                   "themselves.",
    .examples = "relfile repos",
    .groups = repos_groups,
    .run = run_repos,
};

const Command command_fetch = {
    .name = "fetch",
    .help = "Fetch the charts of releases.",
    .description =
        "They are in the cache then, so that relfile --offline can do without a network; "
        "or in folders:\nNAMESPACE/CONTEXT/RELEASE/CHART/VERSION, as far as these are set.",
    .examples =
        "relfile fetch\nrelfile fetch --output-dir charts --write-output >helmfile.local.yaml",
    .groups = fetch_groups,
    .run = run_fetch,
};
