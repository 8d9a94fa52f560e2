/*
 * plan_make.c - what a plan says of a run: of each release what would become of it, for everybody
 * to read; and, sealed, all that is needed to do it.
 */
#include "pipeline/plan_file.h"

#include "base/digest.h"
#include "base/field.h"
#include "base/json.h"
#include "base/yaml.h"
#include "io/file.h"

#include <string.h>

/* ---- objects as they are */

static const char *change_of(const Comparison *c, const ReleaseObject *object)
{
    static const char *const names[] = {[CHANGE_NONE] = "none",
                                        [CHANGE_CREATE] = "create",
                                        [CHANGE_UPDATE] = "update",
                                        [CHANGE_DELETE] = "delete"};

    for (size_t i = 0; i < c->changes.len; i++)
        if (!c->changes.items[i].what &&
            object_is_same(&c->changes.items[i].object.id, &object->id))
            return names[c->changes.items[i].diff.kind];
    return "none";
}

static Str json_text(Arena *a, Value v)
{
    Buf b = {.arena = a};

    error_free(json_write(&b, v, (JsonStyle){0}));
    return buf_str(&b);
}

/* An object as it is now: its version, and a digest that its status is no part of. */
static Error *object_value(const Step *step, const Comparison *c, const ReleaseObject *object,
                           Str key, Value *out)
{
    Arena *a = step->arena;
    Value live;

    TRY(object_look(step, a, &object->id, &live));
    bool there = !value_is_null(live);
    *out = map_of(
        a, {"apiVersion", value_string(object->id.api_version)},
        {"kind", value_string(object->id.kind)}, {"namespace", value_string(object->id.namespace)},
        {"name", value_string(object->id.name)}, {"change", value_c(change_of(c, object))},
        {"resourceVersion",
         there ? value_string(field_string(&live, "metadata.resourceVersion")) : value_null()},
        {"state", there ? value_string(plan_digest(a, key, json_text(a, diff_cleaned(a, live))))
                        : value_null()});
    return NULL;
}

static Error *objects_value(const Step *step, const Comparison *c, Str key, Value *out)
{
    Value *items = arena_array(step->arena, Value, c->wanted.len + c->dropped.len);
    size_t len = 0;

    for (size_t i = 0; i < c->wanted.len; i++)
        TRY(object_value(step, c, &c->wanted.items[i], key, &items[len++]));
    for (size_t i = 0; i < c->dropped.len; i++)
        TRY(object_value(step, c, &c->dropped.items[i], key, &items[len++]));
    *out = value_list(items, len);
    return NULL;
}

/* Which cluster a context leads to: asked once for each; null where nobody may know. */
static Value cluster_value(const Step *step)
{
    static const ObjectId id = {.api_version = STR_INIT("v1"),
                                .kind = STR_INIT("Namespace"),
                                .name = STR_INIT("kube-system")};
    Value live;

    for (size_t i = 0; i < step->number; i++)
        if (str_equal(step->run->plan.items[i].release->kube_context, step->release->kube_context))
            return value_null();
    Error *err = object_read(step, step->arena, &id, &live);
    if (err || value_is_null(live)) {
        error_free(err);
        return value_null();
    }
    return value_string(field_string(&live, "metadata.uid"));
}

/* ---- what is sealed of a release */

static Value manifests_value(Arena *a, const ManifestList *manifests)
{
    Value *items = arena_array(a, Value, manifests->len);

    for (size_t i = 0; i < manifests->len; i++)
        items[i] = map_of(a, {"source", value_string(manifests->items[i].source)},
                          {"text", value_string(manifests->items[i].text)});
    return value_list(items, manifests->len);
}

/* VALUES as text, in which numbers stay what they are. */
static Error *values_text(Arena *a, const ValueMap *values, Value *out)
{
    Buf b = {.arena = a};

    *out = value_null();
    if (!values)
        return NULL;
    TRY(yaml_write(&b, (Value){.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)values},
                   YAML_WRITE_HELMFILE));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Value chart_value(const Step *step, const Rendered *r)
{
    RecordChart chart = rendered_chart(step, r);

    return map_of(step->arena, {"name", value_string(chart.name)},
                  {"version", value_string(chart.version)},
                  {"appVersion", value_string(chart.app_version)}, {"stored", chart.stored});
}

static Value needs_value(const Step *step)
{
    const Release *release = step->release;
    Value *items = arena_array(step->arena, Value, release->needs.len);
    size_t len = 0;

    for (size_t i = 0; i < release->needs.len; i++)
        if (release->needs.items[i]->selected)
            items[len++] = value_int((int64_t)step->run->number_of[release->needs.items[i]->index]);
    return value_list(items, len);
}

static int64_t file_number(const Run *run, const SpecFile *file)
{
    for (size_t i = 0; i < run->files.len; i++)
        if (run->files.items[i] == file)
            return (int64_t)i;
    return 0;
}

/* What is known of the release without rendering it. */
static Value release_settings(const Step *step)
{
    const Release *r = step->release;
    ValueMap *labels = value_map_shallow(step->arena, r->labels);

    return map_of(step->arena, {"name", value_string(r->name)},
                  {"namespace", value_string(release_namespace(r))},
                  {"kubeContext", value_string(r->kube_context)},
                  {"saidContext", value_string(r->said_context)}, {"chart", value_string(r->chart)},
                  {"version", value_string(r->version)}, {"labels", value_of_map(labels)},
                  {"installed", value_bool(r->installed)}, {"pruned", value_bool(r->pruned)},
                  {"file", value_int(file_number(step->run, r->file))},
                  {"needs", needs_value(step)});
}

static Error *sealed_value(const Step *step, const Comparison *c, Value *out)
{
    Arena *a = step->arena;
    const Rendered *r = &c->rendered;
    Value values, settings = release_settings(step);

    *out = map_of(a, {"settings", settings});
    if (!r->chart)
        return NULL;
    TRY(values_text(a, r->values, &values));
    *out = map_of(a, {"settings", settings}, {"chart", chart_value(step, r)}, {"values", values},
                  {"manifests", manifests_value(a, &r->output.manifests)},
                  {"hooks", manifests_value(a, &r->output.hooks)},
                  {"crds", manifests_value(a, &r->output.crds)},
                  {"notes", value_string(r->output.notes)}, {"seed", value_string(r->seed.text)},
                  {"seedOf", value_string(r->seed.of)},
                  {"now", value_string(str_format(a, "%lld", (long long)r->seed.now_ns))});
    return NULL;
}

/* ---- what everybody may read of it */

static Value changes_text(const Step *step, const Comparison *c)
{
    Buf b = {.arena = step->arena};

    diff_write_objects(&b, step, c);
    return value_string(buf_str(&b));
}

/* The hooks that `apply FILE` will run. */
static Value hooks_value(Arena *a, const SpecHookList *hooks)
{
    Value *items = arena_array(a, Value, hooks->len);

    for (size_t i = 0; i < hooks->len; i++) {
        const SpecHook *hook = &hooks->items[i];
        const SpecKubectl *k = &hook->kubectl;
        Str name = hook->name.text.len ? hook->name.text : hook->command.text;

        if (!name.len)
            name = k->filename.text.len ? k->filename.text : k->kustomize.text;
        items[i] = value_string(name);
    }
    return value_list(items, hooks->len);
}

/* Those hooks of HOOKS that are run by `apply FILE`: `prepare` and `cleanup` belong to rendering.
 */
static SpecHookList planned_hooks(Arena *a, const SpecHookList *hooks)
{
    SpecHookList planned = {0};

    for (size_t i = 0; i < hooks->len; i++) {
        SpecHook hook = hooks->items[i];
        SpecTextList events = {0};

        for (size_t j = 0; j < hook.events.len; j++)
            if (!str_is(hook.events.items[j].text, "prepare") &&
                !str_is(hook.events.items[j].text, "cleanup"))
                *vec_add(a, &events) = hook.events.items[j];
        hook.events = events;
        if (events.len)
            *vec_add(a, &planned) = hook;
    }
    return planned;
}

Error *plan_add_release(PlanFile *plan, const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    const Chart *chart = c->rendered.chart;
    SpecHookList hooks = planned_hooks(a, &step->release->spec.hooks);
    Value sealed, objects;

    TRY(sealed_value(step, c, &sealed));
    TRY(objects_value(step, c, plan->key, &objects));
    plan->releases[step->number] = map_of(
        a, {"name", value_string(step->release->name)},
        {"namespace", value_string(release_namespace(step->release))},
        {"kubeContext", value_string(step->release->kube_context)},
        {"cluster", cluster_value(step)}, {"action", value_c(diff_action(step, c))},
        {"revision", value_int(c->record.revision)},
        {"status", value_c(c->record.revision ? record_status_name(c->record.status) : "none")},
        {"serial", value_string(c->record.version)},
        {"chart", chart ? value_string(chart_full_name(a, chart)) : value_null()},
        {"chartDigest", chart ? value_string(chart_digest(a, chart)) : value_null()},
        {"rendering", value_string(plan_digest(a, plan->key, json_text(a, sealed)))},
        {"hooks", hooks_value(a, &hooks)}, {"objects", objects}, {"diff", changes_text(step, c)});
    plan->sealed[step->number] = sealed;
    return NULL;
}

/* ---- the whole */

Error *plan_new(Run *run, PlanFile *out)
{
    *out = (PlanFile){.run = run,
                      .releases = arena_array(run->arena, Value, run->plan.len),
                      .sealed = arena_array(run->arena, Value, run->plan.len)};
    return plan_key_read(run->arena, run->options, &out->key);
}

static Str spec_digest(const Run *run)
{
    Arena *a = run->arena;
    Buf all = {.arena = a};

    for (size_t i = 0; i < run->files.len; i++) {
        Str text = {"", 0};

        error_free(file_read(a, run->files.items[i]->path, &text));
        buf_format(&all, "%zu:", text.len);
        buf_add(&all, text);
    }
    return digest_hex(a, DIGEST_SHA256, buf_str(&all));
}

static Error *head_value(const PlanFile *plan, Value *out)
{
    const Run *run = plan->run;
    Arena *a = run->arena;
    Value inputs;

    TRY(plan_inputs(run, plan->key, &inputs));
    *out =
        map_of(a, {"tool", value_c("relfile " RELFILE_VERSION)},
               {"created", run_time_value(a, run_now_ms())}, {"user", value_string(run_user(a))},
               {"target", value_c(run->target)}, {"options", plan_options_shown(a, run->options)},
               {"spec", value_string(spec_digest(run))}, {"inputs", inputs},
               {"releases", value_list(plan->releases, run->plan.len)});
    return NULL;
}

/* What RELEASE says but for what it is rendered from. */
static SpecRelease without_sources(Arena *a, const SpecRelease *release)
{
    SpecRelease r = *release;
    ValuesEntryList none = {0};

    r.values = r.values_template = r.secrets = none;
    r.json_patches = r.strategic_merge_patches = r.transformers = none;
    r.set = r.set_string = r.set_template = r.env = (SpecSetList){0};
    r.inherit = (SpecInheritList){0};
    r.dependencies = (SpecDependencyList){0};
    r.behaviour.post_renderer = (SpecText){0};
    r.behaviour.post_renderer_args = (SpecTextList){0};
    r.hooks = planned_hooks(a, &r.hooks);
    return r;
}

/* What FILE says, with its releases of the plan alone, in their order. STATE: what all files say.
 */
static Spec planned_spec(const Run *run, const SpecFile *file, const RunState *state)
{
    Spec spec = {.defaults = file->spec.defaults,
                 .limits = file->spec.limits,
                 .kube_context = file->spec.kube_context,
                 .namespace = file->spec.namespace,
                 .target = file->spec.target,
                 .state = {.url = state->url,
                           .lock_timeout = state->lock_timeout,
                           .history = state->history,
                           .encrypt = state->encrypt}};

    spec.defaults.behaviour.post_renderer = (SpecText){0};
    spec.defaults.behaviour.post_renderer_args = (SpecTextList){0};
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (release->file == file)
            *vec_add(run->arena, &spec.releases) = without_sources(run->arena, &release->spec);
    }
    return spec;
}

static Error *file_value(const Run *run, const SpecFile *file, Value *out)
{
    Arena *a = run->arena;
    const Environment *env = &file->environment;
    Spec spec = planned_spec(run, file, &run->state);
    Value defaults, values, overrides;

    TRY(values_text(a, env->defaults, &defaults));
    TRY(values_text(a, env->values, &values));
    TRY(values_text(a, env->overrides, &overrides));
    *out = map_of(a, {"path", value_c(file->path)}, {"directory", value_string(file->directory)},
                  {"spec", value_string(json_text(a, spec_value(a, NULL, &spec)))},
                  {"environment", value_string(env->name)},
                  {"environmentContext", value_string(env->kube_context)}, {"defaults", defaults},
                  {"values", values}, {"overrides", overrides});
    return NULL;
}

/* Take the charts out of the RELEASES: one that several have is there once. */
static Value shared_charts(const PlanFile *plan)
{
    Arena *a = plan->run->arena;
    ValueMap *charts = value_map_new(a);

    for (size_t i = 0; i < plan->run->plan.len; i++) {
        Value *chart = (Value *)(uintptr_t)field_at(&plan->sealed[i], "chart");
        const Value *stored = chart ? field_at(chart, "stored") : NULL;

        if (!stored || value_is_null(*stored))
            continue;
        Str digest = digest_hex(a, DIGEST_SHA256, json_text(a, *stored));
        value_map_set(a, charts, digest, *stored);
        field_set(a, chart, "stored", value_string(digest));
    }
    return value_of_map(charts);
}

Error *plan_write(const PlanFile *plan, const char *file)
{
    const Run *run = plan->run;
    Arena *a = run->arena;
    Value *files = arena_array(a, Value, run->files.len), head;

    TRY(head_value(plan, &head));
    for (size_t i = 0; i < run->files.len; i++)
        TRY(file_value(run, run->files.items[i], &files[i]));
    Value charts = shared_charts(plan);
    Value sealed =
        map_of(a, {"options", plan_options_sealed(a, run->options)},
               {"mark", value_string(run->spec_id)}, {"files", value_list(files, run->files.len)},
               {"charts", charts}, {"releases", value_list(plan->sealed, run->plan.len)});
    return plan_file_write(a, file, plan->key, head, sealed);
}
