/*
 * write_values.c - `write-values`: the values of each release, all its files together, as a file.
 * Source: helmfile, pkg/state/state.go, WriteReleasesValues.
 */
#include "pipeline/run.h"

#include "base/yaml.h"
#include "io/file.h"
#include "io/log.h"

static Error *write_release(const Step *step)
{
    Buf b = {.arena = step->arena};
    ValueMap *values;
    Str path;

    TRY(release_values_merged(step, &values));
    TRY(output_file(step, &path));
    TRY(yaml_write(&b, value_of_map(values), YAML_WRITE_HELMFILE));
    log_info("Writing values file %.*s", STR_ARG(path));
    return file_replace(str_c(step->arena, path), buf_str(&b));
}

static Error *write_step(void *context, const Step *step)
{
    (void)context;
    return step->release->installed ? step_cleanup(step, write_release(step)) : NULL;
}

static Error *write_all(Run *run, void *context, PipelineOutcome *out)
{
    (void)context;
    (void)out;
    run_pass(run, &(RunPass){.step = write_step});
    return NULL;
}

Error *pipeline_write_values(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.no_needs = true, .may_be_none = true, .file_hooks = true};

    return run_command(options, &needs, write_all, NULL, out);
}
