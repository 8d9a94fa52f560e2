/*
 * output.c - the names of files that releases are written to: --output-dir and --output-file with
 * their templates. Source: helmfile, pkg/state/state.go, GenerateOutputDir, GenerateOutputFilePath.
 */
#include "pipeline/run.h"

#include "base/digest.h"
#include "base/path.h"
#include "io/file.h"

/* The name of FILE without what is behind its last dot. */
static Str stem_of(Str path)
{
    Str name = path_name(path);

    name.len -= path_extension(name).len;
    return name;
}

static Str short_digest(Arena *a, Str path)
{
    return str_slice(digest_hex(a, DIGEST_SHA1, path), 0, 8);
}

static Value state_value(Arena *a, const SpecFile *file)
{
    Str path = file_absolute(a, file->path);
    ValueMap *state = value_map_new(a);

    value_map_set_c(a, state, "BaseName", value_string(stem_of(path)));
    value_map_set_c(a, state, "Path", value_c(file->path));
    value_map_set_c(a, state, "AbsPath", value_string(path));
    value_map_set_c(a, state, "AbsPathSHA1", value_string(short_digest(a, path)));
    return value_of_map(state);
}

/* What the templates see. */
static Value output_dot(Arena *a, const Release *release, const char *folder)
{
    Value dot = release_dot(a, release);
    const ValueObject *about = value_map_get_c(dot.map, "Release")->object;
    ValueMap *fields = value_map_new(a);

    for (size_t i = 0; i < about->type->len; i++)
        value_map_set_c(a, fields, about->type->fields[i].name, about->fields[i]);
    value_map_set_c(a, fields, "Version", value_string(release->version));
    value_map_set_c(a, dot.map, "Release", value_of_map(fields));
    if (folder)
        value_map_set_c(a, dot.map, "OutputDir", value_c(folder));
    value_map_set_c(a, dot.map, "State", state_value(a, release->file));
    return dot;
}

static Error *render(const Step *step, const char *option, const char *template, const char *folder,
                     Str *out)
{
    return environment_render(
        step->run->templates, step->arena,
        &(EnvironmentTemplate){.name = option,
                               .text = str_from(template),
                               .directory = step->release->file->directory,
                               .dot = output_dot(step->arena, step->release, folder)},
        out);
}

/* "helmfile-1a2b3c4d" */
static Str usual_name(Arena *a, const SpecFile *file)
{
    Str path = file_absolute(a, file->path);

    return str_format(a, "%.*s-%.*s", STR_ARG(stem_of(path)), STR_ARG(short_digest(a, path)));
}

Error *output_directory(const Step *step, Str *out)
{
    const PipelineOptions *o = step->run->options;
    const char *folder = o->output_dir ? o->output_dir : ".";
    Arena *a = step->arena;

    if (o->output_dir_template)
        return render(step, "--output-dir-template", o->output_dir_template, folder, out);
    *out = path_join(a, str_from(folder),
                     str_format(a, "%.*s-%.*s", STR_ARG(usual_name(a, step->release->file)),
                                STR_ARG(step->release->name)));
    return NULL;
}

Error *output_file(const Step *step, Str *out)
{
    const char *template = step->run->options->output_file_template;
    const SpecFile *file = step->release->file;
    Arena *a = step->arena;
    Str name;

    if (template)
        TRY(render(step, "--output-file-template", template, NULL, &name));
    else
        name = str_format(a, "%.*s/%.*s.yaml", STR_ARG(usual_name(a, file)),
                          STR_ARG(step->release->name));
    *out = path_join(a, file->directory, name);
    return NULL;
}
