/*
 * write_values.c - `relfile write-values`: the values of releases as files.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"output-file-template", 0, OPTION_NAME, IN_REQUEST(pipeline.output_file_template), "TEMPLATE",
     "The name of each release's file, as a template; seen from the folder of the spec. Default: "
     "{{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}/{{ .Release.Name }}.yaml.",
     NULL, NULL},
    {"skip-cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Files", own);
static const OptionGroup *const groups[] = {&option_group_since,  &own_group,
                                            &option_group_values, &option_group_work,
                                            &option_group_state,  NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    return pipeline_write_values(&request->pipeline, out);
}

const Command command_write_values = {
    .name = "write-values",
    .help = "Write the values of releases to files.",
    .description = "All values files of a release and what its spec says in `values`, merged, "
                   "as its chart gets them;\nbut "
                   "for single values (`set`, --set), as in helmfile.",
    .examples = "relfile write-values --output-file-template 'values/{{ .Release.Name }}.yaml'",
    .groups = groups,
    .run = run,
};
