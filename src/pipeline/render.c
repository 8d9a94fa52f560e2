/*
 * render.c - a release's chart with its values.
 */
#include "pipeline/run.h"

#include "base/base64.h"
#include "base/redact.h"
#include "pipeline/manifests.h"
#include "pipeline/patches.h"
#include "pipeline/post_renderer.h"
#include "pipeline/why.h"

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
    Str kube = step_options(step)->kube_version;
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

/* The charts that the release adds to its own. */
static Error *additions_of(const Step *step, ChartAddition *out)
{
    const Release *release = step->release;

    for (size_t i = 0; i < release->spec.dependencies.len; i++) {
        const SpecDependency *d = &release->spec.dependencies.items[i];
        Release other = *release; // whose chart this is

        other.chart = d->chart.text;
        other.version = d->version.text;
        other.spec.chart = d->chart;
        if (!d->chart.text.len)
            return error_at(d->place, "a dependency names its chart");
        TRY(release_chart_path(step->run, step->arena, &other, &out[i].path));
        out[i].alias = d->alias.text;
        out[i].version = d->version.text;
    }
    return NULL;
}

static Error *load_chart(const Step *step, const char *path, bool plain, const Chart **out)
{
    const SpecDependencyList *more = &step->release->spec.dependencies;
    ChartAddition *additions = arena_array(step->arena, ChartAddition, more->len);

    if (plain && more->len)
        return error_at(more->items[0].place, "dependencies are added to charts, and %s is none",
                        path);
    if (plain)
        return manifests_chart(step, path, out);
    if (!more->len)
        return release_chart_load(step->run, step->release, path, out);
    TRY(additions_of(step, additions));
    return error_place_at(chart_load_extended(step->run->shared, path, additions, more->len, out),
                          more->items[0].place);
}

static TemplateSettings settings_of(const Step *step)
{
    const Release *release = step->release;
    TemplateSettings settings = run_template_settings(step->run);

    settings.finds_hosts |= release_flag(release->spec.behaviour.enable_dns,
                                         release->file->spec.defaults.behaviour.enable_dns, false);
    return settings;
}

static bool skips_schema(const Step *step)
{
    const Release *release = step->release;

    return step_options(step)->skip_schema ||
           release_flag(release->spec.behaviour.skip_schema_validation,
                        release->file->spec.defaults.behaviour.skip_schema_validation, false);
}

Error *release_compat(const Step *step, ChartCompat *out)
{
    const SpecText *own = &step->release->spec.compat, *top = &step->release->file->spec.compat;
    const SpecText *said = own->text.len ? own : top;
    Str option = step_options(step)->compat;

    if (option.len)
        return error_as(chart_compat_parse(option, out), ERROR_USAGE);
    return error_place_at(chart_compat_parse(said->text, out), said->place);
}

/* What an object of kind Secret holds is in no message: neither of ours, nor of a server that
 * quotes it. */
static void hide_secret(Arena *a, const Value *object)
{
    const Value *plain = value_at(object, STR("stringData")), *data = value_at(object, STR("data"));

    for (size_t i = 0; plain && plain->kind == VALUE_MAP && plain->map && i < plain->map->len; i++)
        if (plain->map->entries[i].value.kind == VALUE_STRING)
            redact_add_to_messages(plain->map->entries[i].value.string);
    for (size_t i = 0; data && data->kind == VALUE_MAP && data->map && i < data->map->len; i++) {
        const Value *v = &data->map->entries[i].value;
        Str text;

        if (v->kind != VALUE_STRING)
            continue;
        Error *err = base64_decode(a, v->string, &text);
        redact_add_to_messages(err ? v->string : text);
        error_free(err);
    }
}

static void hide_secrets(Arena *a, const ManifestList *manifests)
{
    for (size_t i = 0; i < manifests->len; i++)
        if (str_is(manifests->items[i].kind, "Secret"))
            hide_secret(a, &manifests->items[i].object);
}

/* helm keeps a chart's defaults with its release: by --reuse-values they stay, too. */
static ValueMap *recorded_defaults(const Step *step, const Record *last)
{
    const Value *values =
        last->chart.kind == VALUE_MAP ? value_map_get_c(last->chart.map, "values") : NULL;

    return values && values->kind == VALUE_MAP ? value_thaw(step->arena, *values).map : NULL;
}

/*
 * The last revision's values under VALUES, and with them the defaults of its chart.
 * Source: helm, pkg/action/upgrade.go, reuseValues.
 */
static Error *reuse_values(const Step *step, ValueMap **values, ValueMap **defaults)
{
    const Release *release = step->release;
    const PipelineOptions *o = step_options(step);
    bool keeps =
        o->reuse_values || release_flag(release->spec.behaviour.reuse_values,
                                        release->file->spec.defaults.behaviour.reuse_values, false);
    Record last;

    *defaults = NULL;
    if ((!keeps && !o->reset_then_reuse_values) || o->reset_values || !step->target)
        return NULL;
    TRY(release_record(step, &last));
    if (!last.revision || last.status == RECORD_UNINSTALLED || last.values.kind != VALUE_MAP)
        return NULL;
    Value merged = value_thaw(step->arena, last.values);
    value_merge(step->arena, merged.map, *values);
    *values = merged.map;
    if (keeps)
        *defaults = recorded_defaults(step, &last);
    return NULL;
}

/* Whether LAST was to be the first to be installed, and was interrupted. */
static bool installs(const Record *last)
{
    return last && last->status == RECORD_PENDING_INSTALL;
}

RecordChart rendered_chart(const Step *step, const Rendered *rendered)
{
    Arena *a = step->arena;
    const Chart *chart = rendered->chart;

    if (rendered->recorded)
        return *rendered->recorded;
    return (RecordChart){.name = chart_name(chart),
                         .version = chart_version(chart),
                         .app_version = chart_app_version(chart),
                         // there helm may want to work on
                         .stored = target_keeps_records(step->run->target)
                                       ? chart_stored(a, chart, rendered->defaults)
                                       : value_null()};
}

static Error *render(const Step *step, const RenderRequest *request, Rendered *out)
{
    const Release *release = step->release;
    ChartMisfitList misfits = {0};
    ChartRelease wanted = {
        .name = release->name,
        .namespace = release_namespace(release),
        .revision = request->revision,
        .is_upgrade = request->revision > 1 && !installs(request->last),
        .lookup = step->target ? target_lookup : NULL,
        .lookup_context = step->target,
        .skips_schema = skips_schema(step),
        .settings = settings_of(step),
        .trace = request->trace,
        .keeps_values = request->compat != NULL,
        .misfits = &misfits,
        .once = step->run->has_own_chart[release->index] && !request->compat,
    };
    const char *path;
    ValueMap *values;
    bool plain;

    TRY(release_chart_path(step->run, step->arena, release, &path));
    TRY(error_place_at(manifests_are_at(path, &plain), release_chart_place(release)));
    TRY(error_place_at(load_chart(step, path, plain, &out->chart), release_chart_place(release)));
    TRY(release_values(step, &values));
    TRY(reuse_values(step, &values, &out->defaults));
    wanted.defaults = out->defaults;
    TRY(capabilities_of(step, &wanted.capabilities));
    if (request->compat)
        wanted.compat = *request->compat;
    else
        TRY(release_compat(step, &wanted.compat));
    out->values = wanted.values = values;
    out->seed = random_seed(step, request, out);
    TemplateSeed seed = {.text = out->seed.text, .now_ns = out->seed.now_ns};
    wanted.settings.seed = &seed;
    if (plain)
        TRY(error_place_at(manifests_render(step, path, values, &out->output),
                           release_chart_place(release)));
    else
        TRY(why_misfits(step, out->chart, &misfits,
                        chart_render(step->arena, out->chart, &wanted, &out->output)));
    if (!out->output.is_random)
        out->seed = (RecordSeed){0};
    TRY(patches_apply(step, chart_name(out->chart), values, &out->output));
    return post_renderer_run(step, &out->output);
}

Error *release_render(const Step *step, const RenderRequest *request, Rendered *out)
{
    *out = (Rendered){0};
    if (step->run->options->given_plan)
        TRY(plan_rendered(step, out));
    else
        TRY(render(step, request, out));
    hide_secrets(step->arena, &out->output.manifests);
    hide_secrets(step->arena, &out->output.hooks);
    return NULL;
}

Str release_namespace(const Release *release)
{
    if (release->namespace.len)
        return release->namespace;
    return release->usual_namespace.len ? release->usual_namespace : STR("default");
}
