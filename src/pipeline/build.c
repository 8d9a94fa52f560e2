/*
 * build.c - `build`: each file of the spec as it is after bases, templates and values.
 * Source: helmfile, pkg/app/app.go, PrintState.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

#include <stdlib.h>

static void free_path(char **path)
{
    free(*path);
}

static SpecText text_of(Str text)
{
    return (SpecText){.text = text};
}

/* Values files of the release in place of their names. */
static Error *embed(const Run *run, Arena *a, const Release *release, SpecRelease *spec)
{
    Step step = {.run = run, .arena = a, .release = release, .title = release->name};
    ValueMap *values;

    TRY(release_values(&step, &values));
    spec->values = (ValuesEntryList){0};
    spec->values_template = spec->secrets = (ValuesEntryList){0};
    spec->set = spec->set_string = spec->set_template = spec->env = (SpecSetList){0};
    *vec_add(a, &spec->values) = (ValuesEntry){.values = values};
    return NULL;
}

/* The release as it has become. */
static Error *effective(const Run *run, Arena *a, const Release *release, SpecRelease *out)
{
    *out = release->spec;
    out->labels = (ValueMap *)(uintptr_t)release->labels;
    out->namespace = text_of(release->namespace);
    out->chart = text_of(release->chart);
    if (release->kube_context.len)
        out->behaviour.kube_context = text_of(release->kube_context);
    return run->options->embed_values ? embed(run, a, release, out) : NULL;
}

static Error *write_file(const Run *run, Arena *a, const SpecFile *file, Buf *b)
{
    DEFER(free_path) char *path = realpath(file->path, NULL);
    Spec spec = file->spec;

    spec.releases = (SpecReleaseList){0};
    for (size_t i = 0; i < run->releases.len; i++) {
        const Release *release = run->releases.items[i];

        if (release->file == file && release->selected)
            TRY(effective(run, a, release, vec_add(a, &spec.releases)));
    }
    spec.file_path = value_c(file->path);
    spec.rendered_values = value_of_map(environment_values(a, &file->environment));
    buf_format(b, "---\n#  Source: %s\n\n", path ? path : file->path);
    return yaml_write(b, spec_value(a, &spec), YAML_WRITE_HELMFILE);
}

static Error *print_files(Run *run, void *context, PipelineOutcome *out)
{
    Buf b = {.arena = run->arena};

    (void)context;
    (void)out;
    for (size_t i = 0; i < run->files.len; i++)
        TRY(write_file(run, run->arena, run->files.items[i], &b));
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_build(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.listing = true, .file_hooks = true}, print_files, NULL,
                       out);
}
