/*
 * deploy.c - installing, upgrading and uninstalling one release: the steps of helm's actions.
 *
 * The record is written before anything changes (pending) and after everything has (deployed, or
 * failed): whoever comes later knows what was going on.
 * Source: helm, pkg/action/{install,upgrade,uninstall,hooks}.go.
 */
#include "pipeline/run.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* One release on its way into, or out of, a cluster. */
typedef struct Deploy {
    const Step *step;
    Arena *arena;
    const Run *run;
    const Release *release;
    Record previous; /* .revision 0: there is none */
    Record record;   /* the one being made */
    Deployment *result;
} Deploy;

/* ---- settings */

static const SpecBehaviour *defaults_of(const Deploy *d)
{
    return &d->release->file->spec.defaults.behaviour;
}

static bool setting(const Deploy *d, size_t offset, bool usual)
{
    const char *own = (const char *)&d->release->spec.behaviour;
    const char *defaults = (const char *)defaults_of(d);

    return release_flag(*(const SpecFlag *)(const void *)(own + offset),
                        *(const SpecFlag *)(const void *)(defaults + offset), usual);
}

#define SETTING(d, member, usual) setting((d), offsetof(SpecBehaviour, member), (usual))

static int64_t timeout_ms(const Deploy *d)
{
    if (d->run->options->timeout_s)
        return d->run->options->timeout_s * 1000;
    return release_number(d->release->spec.behaviour.timeout, defaults_of(d)->timeout, 300) * 1000;
}

static bool waits_for_jobs(const Deploy *d)
{
    return d->run->options->wait_for_jobs || SETTING(d, wait_for_jobs, false);
}

static bool waits(const Deploy *d)
{
    return d->run->options->wait || waits_for_jobs(d) || SETTING(d, wait, false) ||
           SETTING(d, atomic, false) || SETTING(d, rollback_on_failure, false);
}

static int64_t delete_timeout_ms(const Deploy *d)
{
    const PipelineOptions *o = d->run->options;

    if (o->delete_timeout_s || o->timeout_s)
        return (o->delete_timeout_s ? o->delete_timeout_s : o->timeout_s) * 1000;
    return release_number(d->release->spec.behaviour.delete_timeout, defaults_of(d)->delete_timeout,
                          300) *
           1000;
}

static bool waits_for_removal(const Deploy *d)
{
    const PipelineOptions *o = d->run->options;

    return !o->no_wait && (o->delete_wait || SETTING(d, delete_wait, false));
}

/* ---- records */

static void fill_record(Deploy *d, const Rendered *rendered)
{
    Record *r = &d->record;
    int64_t now = run_now_ms();
    Buf manifest = {.arena = d->arena};

    *r = (Record){
        .context = d->release->kube_context,
        .namespace = release_namespace(d->release),
        .name = d->release->name,
        .revision = d->previous.revision + 1,
        .status = d->result->was_there ? RECORD_PENDING_UPGRADE : RECORD_PENDING_INSTALL,
        .description =
            d->result->was_there ? STR("Preparing upgrade") : STR("Initial install underway"),
        .first_deployed_ms = d->result->was_there ? d->previous.first_deployed_ms : now,
        .last_deployed_ms = now,
        .user = run_user(d->arena),
        .tool = STR("relfile " RELFILE_VERSION),
        .notes = rendered->output.notes,
        .chart_name = chart_name(rendered->chart),
        .chart_version = chart_version(rendered->chart),
        .app_version = chart_app_version(rendered->chart),
        .values = {.kind = VALUE_MAP, .map = value_map_shallow(d->arena, rendered->values)}};
    for (size_t i = 0; i < rendered->output.manifests.len; i++) {
        const Manifest *m = &rendered->output.manifests.items[i];

        buf_format(&manifest, "---\n# Source: %.*s\n%.*s\n", STR_ARG(m->source), STR_ARG(m->text));
    }
    r->manifest = buf_str(&manifest);
    for (size_t i = 0; i < rendered->output.hooks.len; i++) {
        const Manifest *m = &rendered->output.hooks.items[i];

        *vec_add(d->arena, &r->hooks) = (RecordHook){.name = m->name,
                                                     .kind = m->kind,
                                                     .path = m->source,
                                                     .manifest = m->text,
                                                     .events = m->hook_events,
                                                     .deletes = m->hook_deletes,
                                                     .weight = m->hook_weight};
    }
}

static Error *write_status(Deploy *d, RecordStatus status, Str description)
{
    d->record.status = status;
    d->record.description = description;
    return record_write(d->run->store, d->arena, &d->record);
}

/* The revision before is not the deployed one any more. */
static Error *supersede(Deploy *d)
{
    RecordList history;

    TRY(record_history(d->run->store, d->arena, d->record.context, d->record.namespace,
                       d->record.name, &history));
    for (size_t i = 0; i < history.len; i++) {
        Record *old = &history.items[i];

        if (old->revision == d->record.revision || old->status != RECORD_DEPLOYED)
            continue;
        old->status = RECORD_SUPERSEDED;
        TRY(record_write(d->run->store, d->arena, old));
    }
    return NULL;
}

static Error *finish_record(Deploy *d)
{
    Str said = d->run->options->description.len ? d->run->options->description
                                                : d->release->spec.description.text;
    int64_t keep =
        release_number(d->release->spec.behaviour.history_max, defaults_of(d)->history_max, 10);

    TRY(supersede(d));
    TRY(write_status(
        d, RECORD_DEPLOYED,
        said.len ? said
                 : (d->result->was_there ? STR("Upgrade complete") : STR("Install complete"))));
    return keep > 0 ? record_prune(d->run->store, &d->record, (int)keep) : NULL;
}

/* ---- objects */

static void count_change(Deploy *d, Value before, Value after)
{
    Str old = before.kind == VALUE_MAP
                  ? value_map_string(value_at(&before, STR("metadata"))->map, "resourceVersion")
                  : (Str){"", 0};
    Str new = value_map_string(value_at(&after, STR("metadata"))->map, "resourceVersion");

    if (before.kind == VALUE_NULL)
        d->result->created++;
    else if (str_equal(old, new))
        d->result->unchanged++;
    else
        d->result->updated++;
}

static Error *apply_object(Deploy *d, const ReleaseObject *object)
{
    Value before, after;

    TRY(object_read(d->step, d->arena, &object->id, &before));
    Error *err = target_apply(
        d->step->target, d->arena, object->object,
        &(TargetApply){.manager = "relfile", .force = SETTING(d, force_conflicts, false)}, &after);
    if (err && object->manifest)
        err = error_place_at(err, (Place){.file = object->manifest->source.ptr});
    TRY(err);
    count_change(d, before, after);
    return NULL;
}

static Error *remove_object(Deploy *d, const ReleaseObject *object)
{
    Str cascade = d->run->options->cascade
                      ? str_from(d->run->options->cascade)
                      : release_text(&d->release->spec.behaviour.cascade, &defaults_of(d)->cascade);
    Error *err = target_remove(d->step->target, &object->id,
                               &(TargetDelete){.orphans = str_is(cascade, "orphan"),
                                               .foreground = str_is(cascade, "foreground")});

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    d->result->deleted += !err;
    return err;
}

static Error *make_namespace(Deploy *d)
{
    Arena *a = d->arena;
    ObjectId id = {STR("v1"), STR("Namespace"), {"", 0}, release_namespace(d->release)};
    ValueMap *object = value_map_new(a), *metadata = value_map_new(a);
    Value live;

    TRY(object_read(d->step, d->arena, &id, &live));
    if (live.kind != VALUE_NULL || !SETTING(d, create_namespace, true))
        return NULL;
    value_map_set_c(a, metadata, "name", value_string(id.name));
    value_map_set_c(a, object, "apiVersion", value_string(id.api_version));
    value_map_set_c(a, object, "kind", value_string(id.kind));
    value_map_set_c(a, object, "metadata", value_of_map(metadata));
    return target_apply(d->step->target, a, value_of_map(object),
                        &(TargetApply){.manager = "relfile"}, &live);
}

/* CRDs come first, are never changed once they are there, and never deleted: as helm has it. */
static Error *install_crds(Deploy *d, const ChartOutput *output)
{
    ManifestList manifests = {0};
    ReleaseObjectList objects, made = {0};
    Value live;

    if (d->run->options->skip_crds || d->release->file->spec.defaults.skip_crds == FLAG_YES)
        return NULL;
    for (size_t i = 0; i < output->crds.len; i++)
        TRY(manifest_parse(d->arena, output->crds.items[i].source, output->crds.items[i].text,
                           &manifests));
    TRY(objects_make(d->step, &manifests, &objects));
    for (size_t i = 0; i < objects.len; i++) {
        TRY(object_read(d->step, d->arena, &objects.items[i].id, &live));
        if (live.kind != VALUE_NULL)
            continue;
        TRY(apply_object(d, &objects.items[i]));
        *vec_add(d->arena, &made) = objects.items[i];
    }
    if (!made.len)
        return NULL;
    return objects_wait(d->step, &(WaitRequest){.objects = &made, .timeout_ms = timeout_ms(d)});
}

/* ---- installing */

static Error *run_hooks(Deploy *d, const ManifestList *hooks, HookEvent event)
{
    return chart_hooks_run(
        &(ChartHooks){.step = d->step, .record = &d->record, .timeout_ms = timeout_ms(d)}, hooks,
        event);
}

static Error *apply_all(Deploy *d, const Rendered *rendered)
{
    ReleaseObjectList wanted, old = {0}, dropped;
    const ChartOutput *output = &rendered->output;
    bool upgrade = d->result->was_there;

    TRY(make_namespace(d));
    TRY(install_crds(d, output));
    TRY(objects_make(d->step, &output->manifests, &wanted));
    if (upgrade)
        TRY(objects_of_record(d->step, &d->previous, &old));
    objects_dropped(d->arena, &old, &wanted, &dropped);
    TRY(run_hooks(d, &output->hooks, upgrade ? HOOK_PRE_UPGRADE : HOOK_PRE_INSTALL));
    for (size_t i = 0; i < wanted.len; i++)
        TRY(apply_object(d, &wanted.items[i]));
    for (size_t i = 0; i < dropped.len; i++)
        if (!object_is_kept(&dropped.items[i]))
            TRY(remove_object(d, &dropped.items[i]));
    if (waits(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = &wanted,
                                                 .timeout_ms = timeout_ms(d),
                                                 .for_jobs = waits_for_jobs(d)}));
    return run_hooks(d, &output->hooks, upgrade ? HOOK_POST_UPGRADE : HOOK_POST_INSTALL);
}

/* Back to what was before: the previous revision, or nothing. */
static Error *roll_back(Deploy *d)
{
    ReleaseObjectList old = {0}, new, dropped;

    report_progress(d->run->report, d->step->number, d->step->title,
                    "failed: going back to revision %d", d->previous.revision);
    TRY(objects_of_record(d->step, &d->record, &new));
    if (d->result->was_there)
        TRY(objects_of_record(d->step, &d->previous, &old));
    for (size_t i = 0; i < old.len; i++)
        TRY(apply_object(d, &old.items[i]));
    objects_dropped(d->arena, &new, &old, &dropped);
    for (size_t i = 0; i < dropped.len; i++)
        TRY(remove_object(d, &dropped.items[i]));
    if (!d->result->was_there)
        return record_forget(d->run->store, &d->record);
    Record back = d->previous;
    back.revision = d->record.revision + 1;
    back.version = (Str){0};
    back.last_deployed_ms = run_now_ms();
    back.description = str_format(d->arena, "Rollback to %d", d->previous.revision);
    d->record = back;
    TRY(supersede(d));
    return write_status(d, RECORD_DEPLOYED, back.description);
}

/* ERR, and what failed after it, if anything did. */
static Error *and_then(Error *err, Error *second)
{
    if (second)
        err = error_called(err, error_place(second), "and then: %s", error_message(second));
    error_free(second);
    return err;
}

static Error *write_failure(Deploy *d, const char *what, const Error *err)
{
    return write_status(d, RECORD_FAILED,
                        str_format(d->arena, "%s failed: %s", what, error_message(err)));
}

static Error *note_failure(Deploy *d, Error *err)
{
    bool atomic = SETTING(d, atomic, false) || SETTING(d, rollback_on_failure, false);
    Error *second = write_failure(d, d->result->was_there ? "Upgrade" : "Install", err);

    if (!second && atomic && error_kind_of(err) != ERROR_CANCELLED)
        second = roll_back(d);
    return and_then(err, second);
}

static Error *begin(const Step *step, Deployment *result, Deploy *out)
{
    *result = (Deployment){0};
    *out = (Deploy){.step = step,
                    .arena = step->arena,
                    .run = step->run,
                    .release = step->release,
                    .result = result};
    TRY(release_record(step, &out->previous));
    result->was_there = out->previous.revision && out->previous.status != RECORD_UNINSTALLED;
    if (record_is_pending(out->previous.status))
        report_progress(step->run->report, step->number, step->title,
                        "revision %d was interrupted: going on from there", out->previous.revision);
    return NULL;
}

Error *release_install(const Step *step, const Rendered *made, Deployment *out)
{
    Rendered rendered;
    Deploy d;

    TRY(begin(step, out, &d));
    if (made)
        rendered = *made;
    else
        TRY(release_render(step, d.previous.revision + 1, &rendered));
    fill_record(&d, &rendered);
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "%s, revision %d, chart %.*s",
                    out->was_there ? "upgrading" : "installing", d.record.revision,
                    STR_ARG(chart_full_name(step->arena, rendered.chart)));
    TRY(record_write(step->run->store, step->arena, &d.record));
    Error *err = apply_all(&d, &rendered);
    if (err)
        return note_failure(&d, err);
    return finish_record(&d);
}

/* ---- uninstalling */

/* The hooks of a record as manifests again. */
static Error *recorded_hooks(Deploy *d, ManifestList *out)
{
    for (size_t i = 0; i < d->record.hooks.len; i++)
        TRY(manifest_parse(d->arena, d->record.hooks.items[i].path,
                           d->record.hooks.items[i].manifest, out));
    return NULL;
}

static Error *remove_all(Deploy *d)
{
    ReleaseObjectList old, none = {0}, dropped, removed = {0};
    ManifestList hooks = {0};

    TRY(recorded_hooks(d, &hooks));
    TRY(run_hooks(d, &hooks, HOOK_PRE_DELETE));
    TRY(objects_of_record(d->step, &d->previous, &old));
    objects_dropped(d->arena, &old, &none, &dropped);
    for (size_t i = 0; i < dropped.len; i++) {
        if (object_is_kept(&dropped.items[i]))
            continue;
        TRY(remove_object(d, &dropped.items[i]));
        *vec_add(d->arena, &removed) = dropped.items[i];
    }
    if (waits_for_removal(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = &removed,
                                                 .timeout_ms = delete_timeout_ms(d),
                                                 .for_removal = true}));
    return run_hooks(d, &hooks, HOOK_POST_DELETE);
}

Error *release_uninstall(const Step *step, Deployment *out)
{
    Deploy d;

    TRY(begin(step, out, &d));
    if (!out->was_there)
        return NULL;
    d.record = d.previous;
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "uninstalling revision %d",
                    d.record.revision);
    TRY(write_status(&d, RECORD_UNINSTALLING, STR("Deletion in progress (or silently failed)")));
    Error *err = remove_all(&d);
    if (err)
        return and_then(err, write_failure(&d, "Uninstall", err));
    return record_forget(step->run->store, &d.record);
}
