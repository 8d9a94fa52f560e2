/*
 * manifests.c - a folder of manifests, or with a kustomization, where a chart might be.
 * Source: github.com/helmfile/chartify, chartify.go.
 */
#include "pipeline/manifests.h"

#include "base/path.h"
#include "io/file.h"
#include "pipeline/kustomize.h"
#include "pipeline/patches.h"

enum { DEEPEST = 100, MOST_FILES = 10000 };

static const char *const kustomizations[] = {"kustomization.yaml", "kustomization.yml",
                                             "Kustomization"};

static bool has_file(const char *folder, const char *name)
{
    DEFER(arena_free) Arena scratch = {0};

    return file_kind(str_format(&scratch, "%s/%s", folder, name).ptr) == FILE_REGULAR;
}

static bool is_kustomization(const char *folder)
{
    for (size_t i = 0; i < COUNT(kustomizations); i++)
        if (has_file(folder, kustomizations[i]))
            return true;
    return false;
}

/* Whether something in FOLDER could be a manifest: a folder of anything else is a mistake. */
static Error *has_manifests(Arena *a, const char *folder, int depth, bool *out)
{
    FileEntryList entries;

    *out = false;
    if (depth > DEEPEST)
        return error_new(ERROR_INPUT, "%s: folders nest too deep", folder);
    TRY(directory_read(a, folder, &entries));
    for (size_t i = 0; i < entries.len && !*out; i++) {
        Str name = entries.items[i].name;

        if (entries.items[i].is_directory)
            TRY(has_manifests(a, str_format(a, "%s/%.*s", folder, STR_ARG(name)).ptr, depth + 1,
                              out));
        else
            *out = str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml")) ||
                   str_ends(name, STR(".gotmpl"));
    }
    return NULL;
}

Error *manifests_are_at(const char *path, bool *out)
{
    DEFER(arena_free) Arena scratch = {0};

    *out = false;
    if (file_kind(path) != FILE_DIRECTORY || has_file(path, "Chart.yaml"))
        return NULL;
    if (is_kustomization(path)) {
        *out = true;
        return NULL;
    }
    return has_manifests(&scratch, path, 0, out);
}

/* ---- the chart that it stands for */

/* What that chart is to be called. */
typedef struct Title {
    Str name, version;
} Title;

static Error *make_files(Arena *a, const void *request, void **out)
{
    const Title *title = request;
    ChartFileList *files = arena_new(a, ChartFileList);

    *vec_add(a, files) = (ChartFile){
        STR("Chart.yaml"),
        str_format(a, "apiVersion: v2\nname: \"%.*s\"\nversion: \"%.*s\"\n", STR_ARG(title->name),
                   STR_ARG(title->version)),
    };
    *out = files;
    return NULL;
}

static Str folder_name(Arena *a, const char *path)
{
    return path_name(path_clean(a, file_absolute(a, path)));
}

Error *manifests_chart(const Step *step, const char *path, const Chart **out)
{
    static const SharedKind kind = {make_files, NULL};
    Str version = step->release->version;
    Title title = {folder_name(step->arena, path), version.len ? version : STR("1.0.0")};
    Str key = str_format(step->arena, "%s\n%.*s", path, STR_ARG(title.version));
    void *files;

    TRY(shared_get(step->run->shared, &kind, key, &title, &files));
    return chart_load_files(step->run->shared, files, out);
}

/* ---- its files */

/* A walk through a folder of manifests. */
typedef struct Walk {
    const Step *step;
    const char *top;
    Str chart; /* the name of the chart that it stands for */
    ChartFileList *files;
} Walk;

/* Templates see what values files that are templates see. */
static Error *render(const Walk *w, const char *path, Str text, Str *out)
{
    Arena *a = w->step->arena;

    return environment_render(w->step->run->templates, a,
                              &(EnvironmentTemplate){.name = path,
                                                     .text = text,
                                                     .directory = path_directory(a, str_from(path)),
                                                     .dot = release_dot(a, w->step->release)},
                              out);
}

static Error *add_file(Walk *w, Str name)
{
    Arena *a = w->step->arena;
    const char *path = str_format(a, "%s/%.*s", w->top, STR_ARG(name)).ptr;
    bool is_template = str_ends(name, STR(".gotmpl"));
    Str text;

    if (is_template)
        name.len -= STR(".gotmpl").len;
    if (!str_ends(name, STR(".yaml")) && !str_ends(name, STR(".yml")))
        return NULL;
    if (w->files->len >= MOST_FILES)
        return error_new(ERROR_INPUT, "%s has more than %d manifests", w->top, MOST_FILES);
    TRY(file_read(a, path, &text));
    if (is_template)
        TRY(render(w, path, text, &text));
    *vec_add(a, w->files) =
        (ChartFile){str_format(a, "%.*s/templates/%.*s", STR_ARG(w->chart), STR_ARG(name)), text};
    return NULL;
}

/* What is in the folder PREFIX, which is empty or ends with a slash. */
static Error *walk(Walk *w, Str prefix, int depth)
{
    Arena *a = w->step->arena;
    FileEntryList entries;

    if (depth > DEEPEST)
        return error_hint(error_new(ERROR_INPUT, "%s: folders nest too deep", w->top),
                          "a link may lead back to a folder above it");
    TRY(directory_read(a, str_format(a, "%s/%.*s", w->top, STR_ARG(prefix)).ptr, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str name = str_join(a, prefix, entries.items[i].name);

        TRY(entries.items[i].is_directory ? walk(w, str_join(a, name, STR("/")), depth + 1)
                                          : add_file(w, name));
    }
    return NULL;
}

static Error *build(const Step *step, const char *path, const ValueMap *values, Str chart,
                    ChartFileList *files)
{
    const SpecRelease *spec = &step->release->spec;
    const SpecSetList *const sets[] = {&spec->set, &spec->set_string, &spec->set_template};
    Str text;

    for (size_t i = 0; i < COUNT(sets); i++)
        if (sets[i]->len)
            return error_hint(error_at(sets[i]->items[0].place,
                                       "single values cannot be set for a kustomization"),
                              "write images, namePrefix, nameSuffix and namespace in values");
    TRY(kustomize_build(step, path, values, &text));
    *vec_add(step->arena, files) = (ChartFile){
        str_format(step->arena, "%.*s/templates/kustomized.yaml", STR_ARG(chart)), text};
    return NULL;
}

Error *manifests_render(const Step *step, const char *path, const ValueMap *values,
                        ChartOutput *out)
{
    Str chart = folder_name(step->arena, path);
    Str forced = step->release->spec.force_namespace.text;
    bool builds = is_kustomization(path);
    ChartFileList files = {0}, none = {0};
    Walk w = {step, path, chart, &files};

    TRY(builds ? build(step, path, values, chart, &files) : walk(&w, (Str){"", 0}, 0));
    TRY(chart_output_make(step->arena, &files, &none, out));
    if (forced.len)
        return patches_set_namespace(step, forced, out);
    // a kustomization has been given the namespace
    return patches_set_namespace(step, builds ? (Str){"", 0} : step->release->namespace, out);
}
