/*
 * deploy_steps.c - what installing, going back and uninstalling have in common.
 */
#include "pipeline/deploy.h"

#include "io/failpoint.h"

enum { HELM_MS = 300000 }; /* how long helm takes at most, where nobody says otherwise */

/* ---- settings */

const SpecBehaviour *deploy_defaults_of(const Deploy *d)
{
    return &d->release->file->spec.defaults.behaviour;
}

bool deploy_setting(const Deploy *d, size_t offset, bool usual)
{
    const char *own = (const char *)&d->release->spec.behaviour;
    const char *defaults = (const char *)deploy_defaults_of(d);

    return release_flag(*(const SpecFlag *)(const void *)(own + offset),
                        *(const SpecFlag *)(const void *)(defaults + offset), usual);
}

int64_t deploy_timeout_ms(const Deploy *d)
{
    if (step_options(d->step)->timeout_s)
        return step_options(d->step)->timeout_s * 1000;
    return release_number(d->release->spec.behaviour.timeout, deploy_defaults_of(d)->timeout, 300) *
           1000;
}

bool deploy_waits_for_jobs(const Deploy *d)
{
    return step_options(d->step)->wait_for_jobs || SETTING(d, wait_for_jobs, false);
}

bool deploy_waits(const Deploy *d)
{
    return step_options(d->step)->wait || deploy_waits_for_jobs(d) || SETTING(d, wait, false) ||
           SETTING(d, atomic, false) || SETTING(d, rollback_on_failure, false);
}

/* ---- records */

Error *deploy_write_status(Deploy *d, RecordStatus status, Str description)
{
    d->record.status = status;
    d->record.description = description;
    TRY(FAILPOINT(STATUS));
    TRY(record_write(d->run->store, d->arena, &d->record));
    return FAILPOINT(STATUS_DONE);
}

Error *deploy_write_pending(Deploy *d)
{
    TRY(FAILPOINT(PENDING));
    TRY(record_write(d->run->store, d->arena, &d->record));
    return FAILPOINT(PENDING_DONE);
}

/* OLD is a revision before: what it is from now on. False: what it was. */
static bool make_past(Record *old)
{
    if (record_is_pending(old->status)) { // its run was killed
        old->status = RECORD_FAILED;
        old->description = STR("Interrupted");
        return true;
    }
    if (old->status != RECORD_DEPLOYED)
        return false;
    old->status = RECORD_SUPERSEDED;
    return true;
}

Error *deploy_supersede(Deploy *d)
{
    RecordList history;

    TRY(record_history(d->run->store, d->arena, d->record.context, d->record.namespace,
                       d->record.name, &history));
    for (size_t i = 0; i < history.len; i++) {
        Record *old = &history.items[i];

        if (old->revision == d->record.revision || !make_past(old))
            continue;
        TRY(FAILPOINT(SUPERSEDE));
        TRY(record_write(d->run->store, d->arena, old));
        TRY(FAILPOINT(SUPERSEDED));
    }
    return NULL;
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

Error *deploy_apply_to(Deploy *d, const ReleaseObject *object, Value before)
{
    Value applied = object_in(d->arena, &d->old, &object->id), after;
    TargetApply how = {.manager = RELEASE_MANAGER,
                       .live = &before,
                       .updates = str_is(d->record.apply_method, "csa"),
                       .applied = &applied};

    TRY(FAILPOINT(OBJECT));
    apply_conflicts(d->step, &how);
    Error *err = target_apply(d->step->target, d->arena,
                              object_overridden(d->arena, object->object, before), &how, &after);
    if (err && object->manifest)
        err = error_place_at(err, (Place){.file = object->manifest->source.ptr});
    TRY(err);
    count_change(d, before, after);
    if (before.kind == VALUE_NULL)
        *vec_add(d->arena, &d->made) = *object;
    return FAILPOINT(OBJECT_DONE);
}

Error *deploy_apply_object(Deploy *d, const ReleaseObject *object)
{
    Value before;

    TRY(object_read(d->step, d->arena, &object->id, &before));
    return deploy_apply_to(d, object, before);
}

/* Whether the object is there and still the release's: what another has taken over is its own. */
static Error *is_ours(Deploy *d, const ReleaseObject *object, bool *out)
{
    Value live;

    TRY(object_look(d->step, d->arena, &object->id, &live));
    *out = live.kind != VALUE_NULL;
    Error *err = object_check_owner(d->step, &object->id, live);
    if (!err)
        return NULL;
    report_progress(d->run->report, d->step->number, d->step->title, "left alone: %s",
                    error_message(err));
    error_free(err);
    *out = false;
    return NULL;
}

Error *deploy_remove_object(Deploy *d, const ReleaseObject *object, bool *removed)
{
    Str cascade = step_options(d->step)->cascade ? str_from(step_options(d->step)->cascade)
                                                 : release_text(&d->release->spec.behaviour.cascade,
                                                                &deploy_defaults_of(d)->cascade);

    TRY(is_ours(d, object, removed));
    if (!*removed)
        return NULL;
    TRY(FAILPOINT(OBJECT_REMOVE));
    Error *err = target_remove(d->step->target, &object->id,
                               &(TargetDelete){.orphans = str_is(cascade, "orphan"),
                                               .foreground = str_is(cascade, "foreground")});
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    d->result->deleted += !err;
    return err ? err : FAILPOINT(OBJECT_REMOVED);
}

static void tell_left(const Deploy *d, const ReleaseObject *object)
{
    Str title = object_title(d->arena, &object->id);

    report_progress(d->run->report, d->step->number, d->step->title,
                    "%.*s is not in the chart any more, and left alone (--allow-delete %.*s)",
                    STR_ARG(title), STR_ARG(title));
}

Error *deploy_remove_dropped(Deploy *d, const ReleaseObjectList *dropped,
                             ReleaseObjectList *removed)
{
    for (size_t i = 0; i < dropped->len; i++) {
        bool gone = false;

        if (object_is_kept(&dropped->items[i]))
            continue;
        if (d->careful && !safety_may_drop(d->step, &dropped->items[i])) {
            tell_left(d, &dropped->items[i]);
            continue;
        }
        TRY(deploy_remove_object(d, &dropped->items[i], &gone));
        if (gone)
            *vec_add(d->arena, removed) = dropped->items[i];
    }
    return NULL;
}

/* ---- installing */

Error *deploy_run_hooks(Deploy *d, const ManifestList *hooks, HookEvent event)
{
    return chart_hooks_run(
        &(ChartHooks){.step = d->step, .record = &d->record, .timeout_ms = deploy_timeout_ms(d)},
        hooks, event);
}

Error *deploy_change(Deploy *d, const DeployChange *change)
{
    ReleaseObjectList dropped, removed = {0};

    objects_dropped(d->arena, &d->old, change->wanted, &dropped);
    d->careful = true;
    TRY(deploy_run_hooks(d, change->hooks, change->before));
    for (size_t i = 0; i < change->wanted->len; i++)
        TRY(deploy_apply_to(d, &change->wanted->items[i], change->live[i]));
    TRY(deploy_remove_dropped(d, &dropped, &removed));
    if (deploy_waits(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = change->wanted,
                                                 .timeout_ms = deploy_timeout_ms(d),
                                                 .for_jobs = deploy_waits_for_jobs(d)}));
    return deploy_run_hooks(d, change->hooks, change->after);
}

Error *deploy_read_live(Deploy *d, const ReleaseObjectList *wanted, Value *out)
{
    bool takes = step_options(d->step)->take_ownership || SETTING(d, take_ownership, false);

    for (size_t i = 0; i < wanted->len; i++) {
        const ReleaseObject *object = &wanted->items[i];

        TRY(object_look(d->step, d->arena, &object->id, &out[i]));
        if (!takes && !objects_have(&d->old, &object->id))
            TRY(object_check_owner(d->step, &object->id, out[i]));
        TRY(crd_check(d->step, object, out[i]));
    }
    return NULL;
}

Error *deploy_and_then(Error *err, Error *second)
{
    if (second)
        err = error_called(err, error_place(second), "and then: %s", error_message(second));
    error_free(second);
    return err;
}

Error *deploy_write_failure(Deploy *d, const char *what, const Error *err)
{
    return deploy_write_status(d, RECORD_FAILED,
                               str_format(d->arena, "%s failed: %s", what, error_message(err)));
}

/*
 * A revision that is pending and that helm wrote: it may be at work, and knows nothing of our lock.
 * One that was killed is not waited for for ever.
 */
static Error *check_helm(const Record *last)
{
    int64_t age_ms = run_now_ms() - last->last_deployed_ms;

    if (!record_is_pending(last->status) || last->tool.len || age_ms < 0 || age_ms > HELM_MS)
        return NULL;
    return error_hint(
        error_new(ERROR_CONFLICT, "revision %d is %s: helm has been at work for %lld s",
                  last->revision, record_status_name(last->status), (long long)(age_ms / 1000)),
        "try again when it is done; if it was killed, in %lld s",
        (long long)((HELM_MS - age_ms) / 1000 + 1));
}

Error *deploy_begin(const Step *step, Deployment *result, Deploy *out)
{
    *result = (Deployment){0};
    *out = (Deploy){.step = step,
                    .arena = step->arena,
                    .run = step->run,
                    .release = step->release,
                    .result = result};
    TRY(release_record(step, &out->previous));
    result->previous = out->previous.revision;
    result->was_there = out->previous.revision && out->previous.status != RECORD_UNINSTALLED;
    out->installs = !result->was_there || out->previous.status == RECORD_PENDING_INSTALL;
    TRY(check_helm(&out->previous));
    if (record_is_pending(out->previous.status))
        report_progress(step->run->report, step->number, step->title,
                        "revision %d was interrupted: going on from there", out->previous.revision);
    return NULL;
}
