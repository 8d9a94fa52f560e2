/*
 * show_dag.c - `relfile show-dag`: which release waits for which.
 */
#include "cli/commands.h"

static const char *const formats[] = {"table", "dot", "mermaid", "json", NULL};

static const Option own[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(pipeline.dag_format), "FORMAT",
     "table; dot, for Graphviz; mermaid, for Markdown; or json.", NULL, formats},
    {"state", 0, OPTION_NAME, IN_REQUEST(pipeline.state_url), "URL",
     "Where records are kept: how long releases took is taken from there. Default: as the spec "
     "says; if it does not, all count the same.",
     "STATE", NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Graph", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_show_dag(&request->pipeline, out);
}

const Command command_show_dag = {
    .name = "show-dag",
    .help = "Show the order of releases.",
    .description =
        "What each release needs. A group is how many steps a release is away from those that "
        "need\nnothing; a release begins as soon as what it needs is done, whatever its group. The "
        "longest way\nthrough all of it is the critical path: nothing is done faster than that. It "
        "is told on stderr, and\nis red or thick in graphs.",
    .examples =
        "relfile show-dag\nrelfile -e production show-dag -o dot | dot -Tsvg > releases.svg",
    .groups = groups,
    .run = run,
};
