/*
 * plan_given.c - a run from a plan file: its releases as if a spec had them, and what they were
 * rendered to. Nothing of the spec need be there.
 */
#include "pipeline/plan_file.h"

#include "base/field.h"
#include "base/path.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"

#include <stdlib.h>
#include <unistd.h>

static Error *damaged(const Run *run)
{
    return error_new(ERROR_INPUT, "%s: this plan lacks something", run->options->given_plan->file);
}

/* The text FIELD of ITEM as values; NULL where there is none. */
static Error *read_values(Arena *a, const Value *item, const char *field, ValueMap **out)
{
    Str text = field_string(item, field);
    Value values;

    *out = NULL;
    if (!text.len)
        return NULL;
    TRY(yaml_parse_map(a, NULL, text, YAML_HELMFILE, &values));
    *out = values.map;
    return NULL;
}

/* ---- files */

static Error *read_environment(Arena *a, const Value *item, Environment *out)
{
    ValueMap *defaults, *values, *overrides;

    *out = environment_new(a, field_string(item, "environment"));
    out->kube_context = field_string(item, "environmentContext");
    TRY(read_values(a, item, "defaults", &defaults));
    TRY(read_values(a, item, "values", &values));
    TRY(read_values(a, item, "overrides", &overrides));
    out->defaults = defaults ? defaults : out->defaults;
    out->values = values ? values : out->values;
    out->overrides = overrides ? overrides : out->overrides;
    value_freeze(value_of_map((ValueMap *)(uintptr_t)out->defaults));
    value_freeze(value_of_map((ValueMap *)(uintptr_t)out->values));
    value_freeze(value_of_map((ValueMap *)(uintptr_t)out->overrides));
    return NULL;
}

static Error *open_file(Run *run, const Value *item)
{
    Arena *a = run->arena;
    SpecFile *file = arena_new(a, SpecFile);
    Str directory = field_string(item, "directory");

    // hooks run in the spec's folder where that is here
    if (file_kind(str_c(a, directory)) != FILE_DIRECTORY)
        directory = STR("");
    *file = (SpecFile){.path = str_c(a, field_string(item, "path")), .directory = directory};
    TRY(spec_read_value(a, field_string(item, "spec"), &file->spec));
    TRY(read_environment(a, item, &file->environment));
    *vec_add(a, &run->files) = file;
    return NULL;
}

/* ---- releases */

static Error *open_release(Run *run, const Value *settings, size_t *read)
{
    Arena *a = run->arena;
    int64_t number = field_int(settings, "file", -1);
    Release *release = arena_new(a, Release);
    const ValueMap *labels = field_map(settings, "labels");

    if (number < 0 || (size_t)number >= run->files.len)
        return damaged(run);
    const SpecFile *file = run->files.items[number];
    if (read[number] >= file->spec.releases.len)
        return damaged(run);
    *release = (Release){.name = field_string(settings, "name"),
                         .namespace = field_string(settings, "namespace"),
                         .kube_context = field_string(settings, "kubeContext"),
                         .said_context = field_string(settings, "saidContext"),
                         .chart = field_string(settings, "chart"),
                         .version = field_string(settings, "version"),
                         .labels = labels ? labels : value_map_new(a),
                         .installed = field_bool(settings, "installed", false),
                         .pruned = field_bool(settings, "pruned", false),
                         .enabled = true,
                         .selected = true,
                         .spec = file->spec.releases.items[read[number]++],
                         .file = file,
                         .index = run->releases.len};
    *vec_add(a, &run->releases) = release;
    return NULL;
}

static Error *open_needs(const Run *run, Release *release, const Value *settings)
{
    ValueList needs = field_list(settings, "needs");

    for (size_t i = 0; i < needs.len; i++) {
        int64_t number;

        if (!value_whole(needs.items[i], &number) || number < 0 ||
            (size_t)number >= run->releases.len)
            return damaged(run);
        *vec_add(run->arena, &release->needs) = run->releases.items[number];
    }
    return NULL;
}

static const Value *settings_of(ValueList items, size_t i)
{
    return field_at(&items.items[i], "settings");
}

Error *plan_open(Run *run)
{
    const Value *sealed = &run->options->given_plan->sealed;
    ValueList files = field_list(sealed, "files"), releases = field_list(sealed, "releases");
    size_t *read = arena_array(run->arena, size_t, files.len);

    for (size_t i = 0; i < files.len; i++)
        TRY(open_file(run, &files.items[i]));
    for (size_t i = 0; i < releases.len; i++) {
        if (!settings_of(releases, i))
            return damaged(run);
        TRY(open_release(run, settings_of(releases, i), read));
    }
    for (size_t i = 0; i < releases.len; i++)
        TRY(open_needs(run, run->releases.items[i], settings_of(releases, i)));
    run->spec_id = field_string(sealed, "mark");
    return NULL;
}

/* ---- what they were rendered to */

/* TEXT is one document, as it was when the plan was made. */
static Error *read_manifest(const Step *step, Str source, Str text, ManifestList *out)
{
    size_t before = out->len;

    TRY(manifest_parse(step->arena, source, text, out));
    if (out->len != before + 1)
        return damaged(step->run);
    out->items[before].text = text;
    return NULL;
}

/* PARSED: their objects are wanted. */
static Error *read_manifests(const Step *step, const Value *item, const char *field, bool parsed,
                             ManifestList *out)
{
    ValueList list = field_list(item, field);

    *out = (ManifestList){0};
    for (size_t i = 0; i < list.len; i++) {
        Str source = field_string(&list.items[i], "source");
        Str text = field_string(&list.items[i], "text");

        if (parsed)
            TRY(read_manifest(step, source, text, out));
        else
            *vec_add(step->arena, out) = (Manifest){.source = source, .text = text};
    }
    return NULL;
}

static void read_chart(const Step *step, const Value *item, RecordChart *out)
{
    const ValueMap *charts = field_map(&step->run->options->given_plan->sealed, "charts");
    Str digest = field_string(item, "chart.stored");
    const Value *stored = charts && digest.len ? value_map_get(charts, digest) : NULL;

    *out = (RecordChart){.name = field_string(item, "chart.name"),
                         .version = field_string(item, "chart.version"),
                         .app_version = field_string(item, "chart.appVersion"),
                         .stored = stored ? *stored : value_null()};
}

Error *plan_rendered(const Step *step, Rendered *out)
{
    Arena *a = step->arena;
    ValueList items = field_list(&step->run->options->given_plan->sealed, "releases");
    const Value *item = &items.items[step->release->index];
    RecordChart *chart = arena_new(a, RecordChart);
    ValueMap *values;

    read_chart(step, item, chart);
    TRY(read_values(a, item, "values", &values));
    *out = (Rendered){.recorded = chart,
                      .values = values ? values : value_map_new(a),
                      .seed = {.text = field_string(item, "seed"),
                               .of = field_string(item, "seedOf"),
                               .now_ns = atoll(str_c(a, field_string(item, "now")))}};
    out->output.notes = field_string(item, "notes");
    TRY(read_manifests(step, item, "manifests", true, &out->output.manifests));
    TRY(read_manifests(step, item, "hooks", true, &out->output.hooks));
    return read_manifests(step, item, "crds", false, &out->output.crds);
}

/* ---- hooks of the spec, which run where the plan is applied */

static bool is_program(Arena *a, Str folder, Str name)
{
    return access(path_join(a, folder, name).ptr, X_OK) == 0;
}

static bool is_on_path(Arena *a, Str name)
{
    const char *variable = env_get("PATH");
    Str rest = variable ? str_from(variable) : STR(""), folder;

    while (str_cut(&rest, ':', &folder) || folder.len)
        if (is_program(a, folder, name))
            return true;
    return false;
}

/* What HOOK runs, or applies. */
static Str needed_by(const SpecHook *hook)
{
    const SpecKubectl *k = &hook->kubectl;

    if (k->filename.text.len)
        return k->filename.text;
    return k->kustomize.text.len ? k->kustomize.text : hook->command.text;
}

static bool applies(const SpecHook *hook)
{
    return hook->kubectl.filename.text.len || hook->kubectl.kustomize.text.len;
}

/* Whether what HOOK needs is here; one whose name is a template is known only when it runs. */
static bool can_run(Arena *a, const SpecFile *file, const SpecHook *hook)
{
    Str command = needed_by(hook);

    if (applies(hook) && str_find(command, STR("{{")) == STR_NONE)
        return remote_is_source(command) ||
               file_kind(path_join(a, file->directory, command).ptr) != FILE_MISSING;
    if (!command.len || str_find(command, STR("{{")) != STR_NONE)
        return true;
    if (str_find_char(command, '/') != STR_NONE)
        return is_program(a, file->directory, command);
    return is_on_path(a, command);
}

Error *plan_check_hooks(const Run *run)
{
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;
        const SpecHookList *hooks = &release->spec.hooks;

        for (size_t j = 0; j < hooks->len; j++)
            if (!can_run(run->arena, release->file, &hooks->items[j]))
                return error_hint(
                    error_new(ERROR_INPUT,
                              "release \"%.*s\": its hook needs %.*s, which is not here: nothing "
                              "was changed",
                              STR_ARG(release_title(run->arena, release)),
                              STR_ARG(needed_by(&hooks->items[j]))),
                    "a plan has the hooks of its spec, and not the programs and files that they "
                    "need");
    }
    return NULL;
}
