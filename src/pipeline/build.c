/*
 * build.c - `build`: each file of the spec as it is after bases, templates and values, as helmfile
 * writes it, to the byte. Source: helmfile, pkg/app/app.go, PrintState.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

#include <string.h>

/* Writing of all files. */
typedef struct Build {
    const Run *run;
    Arena *arena;
    const SpecLayout *layout;
    const SpecFile *file; /* the one at hand */
    Str path;             /* its, from the root on */
} Build;

static SpecText text_of(Str text)
{
    return (SpecText){.text = text};
}

/* Values files of the release in place of their names; what is missing, and may be, is left out. */
static Error *embed(const Build *b, const Release *release, ValuesEntryList *entries)
{
    Step step = {.run = b->run, .arena = b->arena, .release = release, .title = release->name};
    ValuesEntryList embedded = {0};

    for (size_t i = 0; i < entries->len; i++) {
        ValuesEntry entry = entries->items[i];

        TRY(release_values_entry(&step, &entry));
        if (entry.values)
            *vec_add(b->arena, &embedded) = entry;
    }
    *entries = embedded;
    return NULL;
}

/* Whether helmfile takes CHART for a path. Source: helmfile, pkg/state/util.go, isLocalChart. */
static bool is_path(Str chart)
{
    size_t slashes = 0;

    if (str_starts(chart, STR("./")) || str_starts(chart, STR("../")))
        return true;
    for (size_t i = 0; i < chart.len; i++)
        slashes += chart.ptr[i] == '/';
    if (str_find(chart, STR("://")) != STR_NONE)
        return false;
    return path_is_absolute(chart) || (slashes != 1 && slashes != 2);
}

static bool is_patched(const SpecRelease *spec)
{
    return spec->json_patches.len || spec->strategic_merge_patches.len || spec->transformers.len;
}

/* Where the chart is, if the release does not name it like this itself. */
static Str chart_path(const Build *b, const Release *release)
{
    Str chart = release->chart, shown = chart;
    Arena *a = b->arena;

    if (!release->installed || !release->enabled || is_patched(&release->spec))
        return (Str){0};
    if (is_path(chart) &&
        file_kind(path_join(a, b->file->directory, chart).ptr) == FILE_DIRECTORY &&
        !path_is_absolute(chart))
        shown = path_join(a, b->file->several ? path_directory(a, b->path) : STR("."), chart);
    return str_equal(shown, release_own_chart(release)) ? (Str){0} : shown;
}

static SpecTextList need_texts(const Build *b, const Release *release)
{
    StrList ids = release_need_ids(b->arena, release);
    SpecTextList texts = {0};

    for (size_t i = 0; i < ids.len; i++)
        *vec_add(b->arena, &texts) = text_of(ids.items[i]);
    return texts;
}

/* The release as it has become. */
static Error *effective(const Build *b, const Release *release, SpecRelease *out)
{
    *out = release->spec;
    out->labels = (ValueMap *)(uintptr_t)release->labels;
    out->namespace = text_of(release->namespace);
    out->behaviour.kube_context = text_of(release->said_context);
    out->needs = need_texts(b, release);
    out->chart_path = text_of(chart_path(b, release));
    out->installed_template = out->condition_template = (SpecText){0};
    out->wait_template = out->verify_template = (SpecText){0};
    if (!b->run->options->embed_values)
        return NULL;
    TRY(embed(b, release, &out->values));
    return embed(b, release, &out->secrets);
}

static void fill(SpecText *text, Str from, const char *usual)
{
    if (from.len)
        *text = text_of(from);
    else if (!text->text.len && usual)
        *text = text_of(str_from(usual));
}

/* The usual name on the command line counts as none. */
static void fill_program(SpecText *text, const char *from, const char *usual)
{
    bool said = from && strcmp(from, usual) != 0;

    fill(text, said ? str_from(from) : (Str){0}, usual);
}

/* What the command line says is part of it. Source: helmfile, pkg/app/desired_state_file_loader.go.
 */
static void add_options(const Build *b, Spec *spec)
{
    const SpecOptions *o = &b->run->options->spec;

    fill_program(&spec->helm_binary, o->helm_binary, "helm");
    fill_program(&spec->kustomize_binary, o->kustomize_binary, "kustomize");
    fill(&spec->kube_context, o->kube_context, NULL);
    fill(&spec->namespace, o->namespace, NULL);
    fill(&spec->chart, o->chart, NULL);
    fill(&spec->defaults.behaviour.kube_context, o->kube_context, NULL);
}

static Error *write_file(Build *b, const SpecFile *file, Buf *out)
{
    Spec spec = file->spec;

    b->file = file;
    b->path = file_absolute(b->arena, file->path);
    add_options(b, &spec);
    spec.subfiles = file->found;
    spec.releases = (SpecReleaseList){0};
    for (size_t i = 0; i < b->run->releases.len; i++) {
        const Release *release = b->run->releases.items[i];

        if (release->file == file && release->selected)
            TRY(effective(b, release, vec_add(b->arena, &spec.releases)));
    }
    spec.file_path = value_string(file->several ? b->path : path_name(b->path));
    spec.rendered_values = value_of_map(environment_values(b->arena, &file->environment));
    buf_format(out, "---\n#  Source: %.*s\n\n", STR_ARG(b->path));
    return yaml_write(out, spec_value(b->arena, b->layout, &spec), YAML_WRITE_HELMFILE);
}

Error *print_files(Run *run, void *context, PipelineOutcome *out)
{
    Build build = {.run = run, .arena = run->arena, .layout = spec_layout_new(run->arena)};
    Buf b = {.arena = run->arena};

    (void)context;
    (void)out;
    for (size_t i = 0; i < run->files.len; i++)
        TRY(write_file(&build, run->files.items[i], &b));
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_build(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.listing = true, .file_hooks = true, .prepares = true},
                       print_files, NULL, out);
}
