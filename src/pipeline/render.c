/*
 * render.c - a release's chart with its values.
 */
#include "pipeline/run.h"

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
        .settings = {.limits = &step->run->options->limits},
    };
    const char *path;
    ValueMap *values;

    TRY(check_supported(release));
    TRY(release_chart_path(step->run, step->arena, release, &path));
    TRY(error_place_at(chart_load(step->run->shared, path, &out->chart),
                       release_chart_place(release)));
    TRY(release_values(step, &values));
    TRY(capabilities_of(step, &wanted.capabilities));
    out->values = wanted.values = values;
    return chart_render(step->arena, out->chart, &wanted, &out->output);
}

Str release_namespace(const Release *release)
{
    if (release->namespace.len)
        return release->namespace;
    return release->usual_namespace.len ? release->usual_namespace : STR("default");
}
