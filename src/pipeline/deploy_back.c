/*
 * deploy_back.c - one release back to an earlier revision, or out of its cluster.
 * Source: helm, pkg/action/{rollback,uninstall}.go.
 */
#include "pipeline/deploy.h"

/* The hooks of a record as manifests again. */
static Error *recorded_hooks(Deploy *d, ManifestList *out)
{
    for (size_t i = 0; i < d->record.hooks.len; i++)
        TRY(manifest_parse(d->arena, d->record.hooks.items[i].path,
                           d->record.hooks.items[i].manifest, out));
    return NULL;
}

/* ---- going back */

/* A new revision that is what TO was. Source: helm, pkg/action/rollback.go. */
static void fill_from(Deploy *d, const Record *to)
{
    Str said = step_options(d->step)->description;

    d->record = *to;
    d->record.apply_method = release_apply_method(d->step, to);
    d->record.revision = d->previous.revision + 1;
    d->record.version = (Str){0};
    d->record.status = RECORD_PENDING_ROLLBACK;
    d->record.first_deployed_ms = d->previous.first_deployed_ms;
    d->record.last_deployed_ms = run_now_ms();
    d->record.user = run_user(d->arena);
    d->record.tool = STR("relfile " RELFILE_VERSION);
    d->record.run = run_log_id(d->run);
    d->record.description = said.len ? said : str_format(d->arena, "Rollback to %d", to->revision);
}

static Error *apply_recorded(Deploy *d)
{
    ReleaseObjectList wanted;
    ManifestList hooks = {0};

    TRY(objects_of_record(d->step, &d->record, &wanted));
    TRY(objects_of_release(d->step, &d->previous, &d->old));
    Value *live = arena_array(d->arena, Value, wanted.len);
    TRY(deploy_read_live(d, &wanted, live));
    TRY(recorded_hooks(d, &hooks));
    return deploy_change(d, &(DeployChange){.wanted = &wanted,
                                            .live = live,
                                            .hooks = &hooks,
                                            .before = HOOK_PRE_ROLLBACK,
                                            .after = HOOK_POST_ROLLBACK});
}

Error *release_rollback(const Step *step, int revision, Deployment *out)
{
    Deploy d;

    TRY(deploy_begin(step, out, &d));
    Record to = {.context = step->release->kube_context,
                 .namespace = release_namespace(step->release),
                 .name = step->release->name,
                 .revision = revision};
    TRY(record_read(step->run->store, step->arena, &to));
    fill_from(&d, &to);
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "going back to revision %d",
                    revision);
    TRY(deploy_write_pending(&d));
    Error *err = apply_recorded(&d);
    if (err)
        return deploy_and_then(err, deploy_write_failure(&d, "Rollback", err));
    Str description = d.record.description;
    TRY(deploy_supersede(&d));
    return deploy_write_status(&d, RECORD_DEPLOYED, description);
}

/* ---- uninstalling */

static int64_t delete_timeout_ms(const Deploy *d)
{
    const PipelineOptions *o = step_options(d->step);

    if (o->delete_timeout_s || o->timeout_s)
        return (o->delete_timeout_s ? o->delete_timeout_s : o->timeout_s) * 1000;
    return release_number(d->release->spec.behaviour.delete_timeout,
                          deploy_defaults_of(d)->delete_timeout, 300) *
           1000;
}

static bool waits_for_removal(const Deploy *d)
{
    const PipelineOptions *o = step_options(d->step);

    return !o->no_wait && (o->delete_wait || SETTING(d, delete_wait, false));
}

static Error *remove_all(Deploy *d)
{
    ReleaseObjectList old, none = {0}, dropped, removed = {0};
    ManifestList hooks = {0};

    TRY(recorded_hooks(d, &hooks));
    TRY(deploy_run_hooks(d, &hooks, HOOK_PRE_DELETE));
    TRY(objects_of_release(d->step, &d->previous, &old));
    objects_dropped(d->arena, &old, &none, &dropped);
    TRY(deploy_remove_dropped(d, &dropped, &removed));
    if (waits_for_removal(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = &removed,
                                                 .timeout_ms = delete_timeout_ms(d),
                                                 .for_removal = true}));
    return deploy_run_hooks(d, &hooks, HOOK_POST_DELETE);
}

Error *release_uninstall(const Step *step, Deployment *out)
{
    Deploy d;

    TRY(deploy_begin(step, out, &d));
    if (!out->was_there)
        return NULL;
    d.record = d.previous;
    d.careful = step->release->pruned;
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "uninstalling revision %d",
                    d.record.revision);
    TRY(deploy_write_status(&d, RECORD_UNINSTALLING,
                            STR("Deletion in progress (or silently failed)")));
    Error *err = remove_all(&d);
    if (err)
        return deploy_and_then(err, deploy_write_failure(&d, "Uninstall", err));
    TRY(release_note_started(step));
    return record_forget(step->run->store, &d.record);
}
