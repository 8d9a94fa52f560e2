/*
 * render.c - a release's chart with its values.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "io/file.h"

/* Where the release says which chart it is of. */
static Place chart_place(const Release *release)
{
    Place place = release->spec.chart.place;

    return place.file ? place : release->spec.place;
}

/* Whether CHART names a folder or an archive. Source: helmfile, pkg/state/state.go, isLocalChart.
 */
static bool is_local(Arena *a, const Release *release)
{
    Str chart = release->chart;
    size_t slashes = 0;

    if (str_starts(chart, STR("./")) || str_starts(chart, STR("../")) || path_is_absolute(chart))
        return true;
    if (str_find(chart, STR("://")) != STR_NONE)
        return false;
    for (size_t i = 0; i < chart.len; i++)
        slashes += chart.ptr[i] == '/';
    if (slashes == 0 || slashes > 2)
        return true;
    return file_kind(path_join(a, release->file->directory, chart).ptr) != FILE_MISSING;
}

Error *release_chart_path(Arena *a, const Release *release, const char **out)
{
    Str path = path_join(a, release->file->directory, release->chart);

    if (!is_local(a, release))
        return error_hint(error_at(chart_place(release),
                                   "chart \"%.*s\" is not here, and charts are not fetched",
                                   STR_ARG(release->chart)),
                          "fetch it with: helm pull --untar, and write its folder: ./%.*s",
                          STR_ARG(path_name(release->chart)));
    if (file_kind(path.ptr) == FILE_MISSING)
        return error_at(chart_place(release), "chart \"%.*s\" does not exist: there is no %.*s",
                        STR_ARG(release->chart), STR_ARG(path));
    *out = path.ptr;
    return NULL;
}

static const SpecTextList *api_versions_of(const Release *release)
{
    const SpecTextList *own = &release->spec.api_versions;

    return own->len ? own : &release->file->spec.api_versions;
}

/* What the chart is told of the cluster: asked, or as the spec says. */
static Error *capabilities_of(const Step *step, ChartCapabilities *out)
{
    const Release *release = step->release;
    const SpecTextList *versions = api_versions_of(release);
    Str kube = step->run->options->kube_version;
    Str *texts = arena_array(step->arena, Str, versions->len);
    TargetCapabilities live;

    if (!kube.len)
        kube = release_text(&release->spec.kube_version, &release->file->spec.kube_version);
    for (size_t i = 0; i < versions->len; i++)
        texts[i] = versions->items[i].text;
    *out = (ChartCapabilities){
        .kube_version = kube, .api_versions = texts, .api_version_count = versions->len};
    if (!step->target)
        return NULL;
    TRY(target_capabilities(step->target, step->arena, &live));
    *out = (ChartCapabilities){.kube_version = kube.len ? kube : live.kube_version,
                               .api_versions = live.api_versions,
                               .api_version_count = live.api_version_count,
                               .from_cluster = true};
    return NULL;
}

/* `lookup` in templates. */
static Error *look_up(void *context, Arena *a, Str api_version, Str kind, Str namespace, Str name,
                      Value *out)
{
    ObjectId id = {api_version, kind, namespace, name};
    Error *err = name.len ? target_get(context, a, &id, out) : target_list(context, a, &id, out);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = value_null();
        return NULL;
    }
    return err;
}

static Error *refuse(const Release *release, const char *field, Place place, const char *hint)
{
    return error_hint(error_at(place.file ? place : release->spec.place,
                               "\"%s\" is not supported yet, and cannot just be left out", field),
                      "%s", hint);
}

/* What would make other objects than the chart does, and what relfile has not learnt yet. */
static Error *check_supported(const Release *release)
{
    const SpecRelease *spec = &release->spec;
    const char *patch = "change the objects in the chart, or in its values";
    const struct {
        const char *field;
        const ValuesEntryList *entries;
    } patches[] = {
        {"jsonPatches", &spec->json_patches},
        {"strategicMergePatches", &spec->strategic_merge_patches},
        {"transformers", &spec->transformers},
    };
    const SpecText *own = &spec->behaviour.post_renderer;
    const SpecText *renderer =
        own->text.len ? own : &release->file->spec.defaults.behaviour.post_renderer;

    for (size_t i = 0; i < COUNT(patches); i++)
        if (patches[i].entries->len)
            return refuse(release, patches[i].field, patches[i].entries->items[0].place, patch);
    if (renderer->text.len)
        return refuse(release, "postRenderer", renderer->place, patch);
    if (spec->force_namespace.text.len)
        return refuse(release, "forceNamespace", spec->force_namespace.place,
                      "objects that name no namespace are put into the release's");
    if (spec->dependencies.len)
        return refuse(release, "dependencies", spec->dependencies.items[0].place,
                      "write them in the chart's Chart.yaml, and keep them in its charts/");
    return NULL;
}

static bool skips_schema(const Step *step)
{
    const Release *release = step->release;

    return step->run->options->skip_schema ||
           release_flag(release->spec.behaviour.skip_schema_validation,
                        release->file->spec.defaults.behaviour.skip_schema_validation, false);
}

/* Which helm the release is rendered as. */
static Error *compat_of(const Step *step, ChartCompat *out)
{
    const SpecText *own = &step->release->spec.compat, *top = &step->release->file->spec.compat;
    const SpecText *said = own->text.len ? own : top;
    Str option = step->run->options->compat;

    if (option.len)
        return error_as(chart_compat_parse(option, out), ERROR_USAGE);
    return error_place_at(chart_compat_parse(said->text, out), said->place);
}

Error *release_render(const Step *step, int revision, Rendered *out)
{
    const Release *release = step->release;
    ChartRelease wanted = {
        .name = release->name,
        .namespace = release_namespace(release),
        .revision = revision,
        .is_upgrade = revision > 1,
        .lookup = step->target ? look_up : NULL,
        .lookup_context = step->target,
        .skips_schema = skips_schema(step),
    };
    const char *path;
    ValueMap *values;

    TRY(check_supported(release));
    TRY(release_chart_path(step->arena, release, &path));
    TRY(error_place_at(chart_load(step->run->shared, path, &out->chart), chart_place(release)));
    TRY(release_values(step, &values));
    TRY(capabilities_of(step, &wanted.capabilities));
    TRY(compat_of(step, &wanted.compat));
    out->values = wanted.values = values;
    return chart_render(step->arena, out->chart, &wanted, &out->output);
}

Str release_namespace(const Release *release)
{
    if (release->namespace.len)
        return release->namespace;
    return release->usual_namespace.len ? release->usual_namespace : STR("default");
}
