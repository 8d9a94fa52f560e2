/*
 * deploy.c - installing, upgrading and uninstalling one release: the steps of helm's actions.
 *
 * The record is written before anything changes (pending) and after everything has (deployed, or
 * failed): whoever comes later knows what was going on.
 * Source: helm, pkg/action/{install,upgrade,uninstall,hooks}.go.
 */
#include "pipeline/run.h"

#include "base/vec.h"
#include "io/failpoint.h"

#include <stdlib.h>
#include <string.h>

enum { HELM_MS = 300000 }; /* how long helm takes at most, where nobody says otherwise */

enum { USUAL_HISTORY = 10 }; /* revisions that are kept. Source: helm, cmd/upgrade.go */

/* One release on its way into, or out of, a cluster. */
typedef struct Deploy {
    const Step *step;
    Arena *arena;
    const Run *run;
    const Release *release;
    Record previous; /* .revision 0: there is none */
    Record record;   /* the one being made */
    bool installs;   /* nothing was, though an installation may have been interrupted */
    Deployment *result;
    ReleaseObjectList made; /* what was not there before */
    bool careful;           /* objects that data goes with are not deleted unasked */
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
    if (step_options(d->step)->timeout_s)
        return step_options(d->step)->timeout_s * 1000;
    return release_number(d->release->spec.behaviour.timeout, defaults_of(d)->timeout, 300) * 1000;
}

static bool waits_for_jobs(const Deploy *d)
{
    return step_options(d->step)->wait_for_jobs || SETTING(d, wait_for_jobs, false);
}

static bool waits(const Deploy *d)
{
    return step_options(d->step)->wait || waits_for_jobs(d) || SETTING(d, wait, false) ||
           SETTING(d, atomic, false) || SETTING(d, rollback_on_failure, false);
}

static int64_t delete_timeout_ms(const Deploy *d)
{
    const PipelineOptions *o = step_options(d->step);

    if (o->delete_timeout_s || o->timeout_s)
        return (o->delete_timeout_s ? o->delete_timeout_s : o->timeout_s) * 1000;
    return release_number(d->release->spec.behaviour.delete_timeout, defaults_of(d)->delete_timeout,
                          300) *
           1000;
}

static bool waits_for_removal(const Deploy *d)
{
    const PipelineOptions *o = step_options(d->step);

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
        .status = d->installs ? RECORD_PENDING_INSTALL : RECORD_PENDING_UPGRADE,
        .description = d->installs ? STR("Initial install underway") : STR("Preparing upgrade"),
        .first_deployed_ms = d->result->was_there ? d->previous.first_deployed_ms : now,
        .last_deployed_ms = now,
        .seed = rendered->seed,
        .texts = d->previous.texts,
        .user = run_user(d->arena),
        .tool = STR("relfile " RELFILE_VERSION),
        .run = run_log_id(d->run),
        .spec = d->run->spec_id,
        .protect = d->release->spec.protect == FLAG_YES,
        .notes = rendered->output.notes,
        .chart_name = chart_name(rendered->chart),
        .chart_version = chart_version(rendered->chart),
        .app_version = chart_app_version(rendered->chart),
        .apply_method = STR("ssa"),
        .values = {.kind = VALUE_MAP, .map = value_map_shallow(d->arena, rendered->values)}};
    if (target_keeps_records(d->run->target)) // there helm may want to work on
        r->chart = chart_stored(d->arena, rendered->chart);
    for (size_t i = 0; i < rendered->output.manifests.len; i++) {
        const Manifest *m = &rendered->output.manifests.items[i];

        manifest_print(&manifest, m->source, m->text);
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
    TRY(FAILPOINT(STATUS));
    TRY(record_write(d->run->store, d->arena, &d->record));
    return FAILPOINT(STATUS_DONE);
}

/* Before anything is changed. */
static Error *write_pending(Deploy *d)
{
    TRY(FAILPOINT(PENDING));
    TRY(record_write(d->run->store, d->arena, &d->record));
    return FAILPOINT(PENDING_DONE);
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
        TRY(FAILPOINT(SUPERSEDE));
        TRY(record_write(d->run->store, d->arena, old));
        TRY(FAILPOINT(SUPERSEDED));
    }
    return NULL;
}

static Error *finish_record(Deploy *d)
{
    Str said = step_options(d->step)->description.len ? step_options(d->step)->description
                                                      : d->release->spec.description.text;
    int64_t usual = d->run->state.history.set ? d->run->state.history.value : USUAL_HISTORY;
    int64_t keep =
        release_number(d->release->spec.behaviour.history_max, defaults_of(d)->history_max, usual);

    TRY(supersede(d));
    TRY(write_status(d, RECORD_DEPLOYED,
                     said.len ? said
                              : (d->installs ? STR("Install complete") : STR("Upgrade complete"))));
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

/* BEFORE: the object as it is. */
static Error *apply_to(Deploy *d, const ReleaseObject *object, Value before)
{
    TargetApply how = {.manager = RELEASE_MANAGER, .live = &before};
    Value after;

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

static Error *apply_object(Deploy *d, const ReleaseObject *object)
{
    Value before;

    TRY(object_read(d->step, d->arena, &object->id, &before));
    return apply_to(d, object, before);
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

static Error *remove_object(Deploy *d, const ReleaseObject *object, bool *removed)
{
    Str cascade = step_options(d->step)->cascade
                      ? str_from(step_options(d->step)->cascade)
                      : release_text(&d->release->spec.behaviour.cascade, &defaults_of(d)->cascade);

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

static Error *remove_dropped(Deploy *d, const ReleaseObjectList *dropped,
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
        TRY(remove_object(d, &dropped->items[i], &gone));
        if (gone)
            *vec_add(d->arena, removed) = dropped->items[i];
    }
    return NULL;
}

static Error *make_namespace(Deploy *d)
{
    ReleaseObject object = release_namespace_object(d->step);
    bool lacks = false;
    Value live;

    if (!d->result->was_there && release_makes_namespace(d->step))
        TRY(release_lacks_namespace(d->step, &lacks));
    if (!lacks)
        return NULL;
    TRY(FAILPOINT(NAMESPACE));
    return target_apply(d->step->target, d->arena, object.object,
                        &(TargetApply){.manager = RELEASE_MANAGER}, &live);
}

/* CRDs come first, are never changed once they are there, and never deleted: as helm has it. */
static Error *install_crds(Deploy *d, const ChartOutput *output)
{
    ReleaseObjectList objects, made = {0};
    Value live;

    TRY(release_crds(d->step, output, &objects));
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

/*
 * The objects as they are, before anything is changed. What is there already and is not the
 * release's is not overwritten.
 */
static Error *read_live(Deploy *d, const ReleaseObjectList *old, const ReleaseObjectList *wanted,
                        Value *out)
{
    bool takes = step_options(d->step)->take_ownership || SETTING(d, take_ownership, false);

    for (size_t i = 0; i < wanted->len; i++) {
        const ReleaseObject *object = &wanted->items[i];

        TRY(object_look(d->step, d->arena, &object->id, &out[i]));
        if (!takes && !objects_have(old, &object->id))
            TRY(object_check_owner(d->step, &object->id, out[i]));
    }
    return NULL;
}

static Error *apply_all(Deploy *d, const Rendered *rendered)
{
    ReleaseObjectList wanted, old = {0}, dropped, removed = {0};
    const ChartOutput *output = &rendered->output;

    TRY(install_crds(d, output));
    TRY(objects_make(d->step, &output->manifests, &wanted));
    if (d->result->was_there)
        TRY(objects_of_release(d->step, &d->previous, &old));
    Value *live = arena_array(d->arena, Value, wanted.len);
    TRY(read_live(d, &old, &wanted, live));
    TRY(safety_check_rendering(d->step, &old, &wanted));
    objects_dropped(d->arena, &old, &wanted, &dropped);
    d->careful = true;
    TRY(run_hooks(d, &output->hooks, d->installs ? HOOK_PRE_INSTALL : HOOK_PRE_UPGRADE));
    for (size_t i = 0; i < wanted.len; i++)
        TRY(apply_to(d, &wanted.items[i], live[i]));
    TRY(remove_dropped(d, &dropped, &removed));
    if (waits(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = &wanted,
                                                 .timeout_ms = timeout_ms(d),
                                                 .for_jobs = waits_for_jobs(d)}));
    return run_hooks(d, &output->hooks, d->installs ? HOOK_POST_INSTALL : HOOK_POST_UPGRADE);
}

/* Nothing is left of an installation. */
static Error *take_away(Deploy *d)
{
    ReleaseObjectList all, none = {0}, dropped, removed = {0};

    report_progress(d->run->report, d->step->number, d->step->title, "failed: taking it away");
    TRY(FAILPOINT(ROLL_BACK));
    TRY(objects_of_release(d->step, &d->record, &all));
    objects_dropped(d->arena, &all, &none, &dropped);
    TRY(remove_dropped(d, &dropped, &removed));
    return record_forget(d->run->store, &d->record);
}

/* As TO says again, which was deployed. */
static Error *go_back_to(Deploy *d, const Record *to)
{
    ReleaseObjectList old, all, dropped, removed = {0};

    TRY(objects_of_release(d->step, &d->record, &all));
    TRY(objects_of_record(d->step, to, &old));
    for (size_t i = 0; i < old.len; i++)
        TRY(apply_object(d, &old.items[i]));
    objects_dropped(d->arena, &all, &old, &dropped);
    TRY(remove_dropped(d, &dropped, &removed));
    Record back = *to;
    back.revision = d->record.revision + 1;
    back.version = (Str){0};
    back.last_deployed_ms = run_now_ms();
    back.user = d->record.user;
    back.run = d->record.run;
    back.description = str_format(d->arena, "Rollback to %d", to->revision);
    d->record = back;
    TRY(supersede(d));
    return write_status(d, RECORD_DEPLOYED, back.description);
}

/* Back to what was before: the last revision that was deployed. */
static Error *roll_back(Deploy *d)
{
    Record good;

    TRY(FAILPOINT(ROLL_BACK));
    TRY(release_last_good(d->step, d->record.revision, &good));
    if (!good.revision)
        good = d->previous;
    report_progress(d->run->report, d->step->number, d->step->title,
                    "failed: going back to revision %d", good.revision);
    return go_back_to(d, &good);
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

/* What an upgrade that failed has made. */
static Error *remove_made(Deploy *d)
{
    report_progress(d->run->report, d->step->number, d->step->title,
                    "failed: deleting %zu new object%s", d->made.len, d->made.len == 1 ? "" : "s");
    for (size_t i = d->made.len; i-- > 0;) {
        bool gone;

        TRY(remove_object(d, &d->made.items[i], &gone));
    }
    d->made.len = 0;
    return NULL;
}

static Error *note_failure(Deploy *d, Error *err)
{
    d->careful = false; // what it has made itself goes again
    bool atomic = (SETTING(d, atomic, false) || SETTING(d, rollback_on_failure, false)) &&
                  error_kind_of(err) != ERROR_CANCELLED;

    // its record goes, too: should this run be killed meanwhile, it is still one that was
    // interrupted
    if (atomic && d->installs) {
        Error *stays = take_away(d);

        if (!stays)
            return err;
        err = and_then(err, stays);
        atomic = false;
    }
    Error *second = write_failure(d, d->installs ? "Install" : "Upgrade", err);

    if (!second && d->result->was_there && SETTING(d, cleanup_on_fail, false))
        second = remove_made(d);
    if (!second && atomic)
        second = roll_back(d);
    return and_then(err, second);
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

static Error *begin(const Step *step, Deployment *result, Deploy *out)
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

static Error *install_once(const Step *step, const Rendered *made, Deployment *out)
{
    Rendered rendered;
    Deploy d;

    TRY(begin(step, out, &d));
    if (made)
        rendered = *made;
    else
        TRY(release_render(
            step, &(RenderRequest){.revision = d.previous.revision + 1, .last = &d.previous},
            &rendered));
    fill_record(&d, &rendered);
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "%s, revision %d, chart %.*s",
                    out->was_there ? "upgrading" : "installing", d.record.revision,
                    STR_ARG(chart_full_name(step->arena, rendered.chart)));
    TRY(rights_check(step, &rendered.output.manifests, !out->was_there));
    TRY(make_namespace(&d));
    TRY(write_pending(&d));
    Error *err = apply_all(&d, &rendered);
    if (err)
        return note_failure(&d, err);
    return finish_record(&d);
}

/* Whether the server does not let what is there be changed like that. */
static bool is_forbidden(const Error *err)
{
    return strstr(error_message(err), "Forbidden: updates") != NULL;
}

Error *release_install(const Step *step, const Rendered *made, Deployment *out)
{
    Error *err = install_once(step, made, out);
    Deployment gone;

    if (!err || !out->was_there || !is_forbidden(err) ||
        !str_is(step->release->spec.update_strategy.text, "reinstallIfForbidden"))
        return err;
    report_progress(step->run->report, step->number, step->title, "installing it anew: %s",
                    error_message(err));
    error_free(err);
    TRY(release_uninstall(step, &gone));
    return install_once(step, NULL, out);
}

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
    d->record.revision = d->previous.revision + 1;
    d->record.version = (Str){0};
    d->record.status = RECORD_PENDING_ROLLBACK;
    d->record.first_deployed_ms = d->previous.first_deployed_ms;
    d->record.last_deployed_ms = run_now_ms();
    d->record.user = run_user(d->arena);
    d->record.tool = STR("relfile " RELFILE_VERSION);
    d->record.run = run_log_id(d->run);
    d->record.description = said.len ? said : str_format(d->arena, "Rollback to %d", to->revision);
    for (size_t i = 0; i < d->record.hooks.len; i++) {
        RecordHook *hook = &d->record.hooks.items[i];

        hook->started_ms = hook->completed_ms = 0;
        hook->phase = (Str){"", 0};
    }
}

static Error *apply_recorded(Deploy *d)
{
    ReleaseObjectList wanted, old, dropped, removed = {0};
    ManifestList hooks = {0};

    TRY(objects_of_record(d->step, &d->record, &wanted));
    TRY(objects_of_release(d->step, &d->previous, &old));
    Value *live = arena_array(d->arena, Value, wanted.len);
    TRY(read_live(d, &old, &wanted, live));
    objects_dropped(d->arena, &old, &wanted, &dropped);
    d->careful = true;
    TRY(recorded_hooks(d, &hooks));
    TRY(run_hooks(d, &hooks, HOOK_PRE_ROLLBACK));
    for (size_t i = 0; i < wanted.len; i++)
        TRY(apply_to(d, &wanted.items[i], live[i]));
    TRY(remove_dropped(d, &dropped, &removed));
    if (waits(d))
        TRY(objects_wait(d->step, &(WaitRequest){.objects = &wanted,
                                                 .timeout_ms = timeout_ms(d),
                                                 .for_jobs = waits_for_jobs(d)}));
    return run_hooks(d, &hooks, HOOK_POST_ROLLBACK);
}

Error *release_rollback(const Step *step, int revision, Deployment *out)
{
    Deploy d;

    TRY(begin(step, out, &d));
    Record to = {.context = step->release->kube_context,
                 .namespace = release_namespace(step->release),
                 .name = step->release->name,
                 .revision = revision};
    TRY(record_read(step->run->store, step->arena, &to));
    fill_from(&d, &to);
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "going back to revision %d",
                    revision);
    TRY(write_pending(&d));
    Error *err = apply_recorded(&d);
    if (err)
        return and_then(err, write_failure(&d, "Rollback", err));
    Str description = d.record.description;
    TRY(supersede(&d));
    return write_status(&d, RECORD_DEPLOYED, description);
}

/* ---- uninstalling */

static Error *remove_all(Deploy *d)
{
    ReleaseObjectList old, none = {0}, dropped, removed = {0};
    ManifestList hooks = {0};

    TRY(recorded_hooks(d, &hooks));
    TRY(run_hooks(d, &hooks, HOOK_PRE_DELETE));
    TRY(objects_of_release(d->step, &d->previous, &old));
    objects_dropped(d->arena, &old, &none, &dropped);
    TRY(remove_dropped(d, &dropped, &removed));
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
    d.careful = step->release->pruned;
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title, "uninstalling revision %d",
                    d.record.revision);
    TRY(write_status(&d, RECORD_UNINSTALLING, STR("Deletion in progress (or silently failed)")));
    Error *err = remove_all(&d);
    if (err)
        return and_then(err, write_failure(&d, "Uninstall", err));
    return record_forget(step->run->store, &d.record);
}
