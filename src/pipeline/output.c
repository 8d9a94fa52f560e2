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

/* What the templates see; of a chart that is fetched its name, otherwise CHART is NULL. */
static Value output_dot(Arena *a, const Release *release, const char *folder, const Str *chart)
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
    if (chart)
        value_map_set_c(a, dot.map, "ChartName", value_string(*chart));
    value_map_set_c(a, dot.map, "State", state_value(a, release->file));
    return dot;
}

typedef struct OutputName {
    const char *option, *template;
    Value dot;
} OutputName;

static Error *render(const Run *run, Arena *a, const Release *release, const OutputName *name,
                     Str *out)
{
    return environment_render(run->templates, a,
                              &(EnvironmentTemplate){.name = name->option,
                                                     .text = str_from(name->template),
                                                     .directory = release->file->directory,
                                                     .dot = name->dot},
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
        return render(step->run, a, step->release,
                      &(OutputName){"--output-dir-template", o->output_dir_template,
                                    output_dot(a, step->release, folder, NULL)},
                      out);
    *out = path_join(a, str_from(folder),
                     str_format(a, "%.*s-%.*s", STR_ARG(usual_name(a, step->release->file)),
                                STR_ARG(step->release->name)));
    return NULL;
}

/* helmfile's own: [NAMESPACE/][CONTEXT/]RELEASE/CHART/VERSION. */
static Str usual_chart_folder(Arena *a, const Release *release, Str chart, const char *above)
{
    Str namespace = release->namespace, context = release->kube_context;
    Str path =
        str_format(a, "%.*s%s%.*s%s%.*s/%.*s/%.*s", STR_ARG(namespace), namespace.len ? "/" : "",
                   STR_ARG(context), context.len ? "/" : "", STR_ARG(release->name), STR_ARG(chart),
                   STR_ARG(release->version.len ? release->version : STR("latest")));
    // "../x" of a chart must not lead out of it
    Str clean = path_clean(a, str_join(a, STR("/"), path));

    return str_format(a, "%s%.*s", above, STR_ARG(clean));
}

Error *output_chart_directory(const Run *run, Arena *a, const Release *release, Str chart, Str *out)
{
    const PipelineOptions *o = run->options;
    const char *folder = o->output_dir ? o->output_dir : ".";

    if (o->output_dir_template)
        return render(run, a, release,
                      &(OutputName){"--output-dir-template", o->output_dir_template,
                                    output_dot(a, release, folder, &chart)},
                      out);
    *out = usual_chart_folder(a, release, chart, folder);
    return NULL;
}

Error *output_file(const Step *step, Str *out)
{
    const char *template = step->run->options->output_file_template;
    const SpecFile *file = step->release->file;
    Arena *a = step->arena;
    Str name;

    if (template)
        TRY(render(step->run, a, step->release,
                   &(OutputName){"--output-file-template", template,
                                 output_dot(a, step->release, NULL, NULL)},
                   &name));
    else
        name = str_format(a, "%.*s/%.*s.yaml", STR_ARG(usual_name(a, file)),
                          STR_ARG(step->release->name));
    *out = path_join(a, file->directory, name);
    return NULL;
}
