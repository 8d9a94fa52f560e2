/*
 * deploy.c - installing and upgrading one release: the steps of helm's actions.
 *
 * The record is written before anything changes (pending) and after everything has (deployed, or
 * failed): whoever comes later knows what was going on.
 * Source: helm, pkg/action/{install,upgrade}.go.
 */
#include "pipeline/deploy.h"

#include "io/failpoint.h"

#include <string.h>

enum { USUAL_HISTORY = 10 }; /* revisions that are kept. Source: helm, cmd/upgrade.go */

static void fill_record(Deploy *d, const Rendered *rendered)
{
    Record *r = &d->record;
    int64_t now = run_now_ms();
    Buf manifest = {.arena = d->arena};
    RecordChart chart = rendered_chart(d->step, rendered);

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
        .chart_name = chart.name,
        .chart_version = chart.version,
        .app_version = chart.app_version,
        .chart = chart.stored,
        .apply_method = release_apply_method(d->step, &d->previous),
        .values = {.kind = VALUE_MAP, .map = value_map_shallow(d->arena, rendered->values)}};
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

static Error *finish_record(Deploy *d)
{
    Str said = step_options(d->step)->description.len ? step_options(d->step)->description
                                                      : d->release->spec.description.text;
    int64_t usual = d->run->state.history.set ? d->run->state.history.value : USUAL_HISTORY;
    int64_t keep = release_number(d->release->spec.behaviour.history_max,
                                  deploy_defaults_of(d)->history_max, usual);

    TRY(deploy_supersede(d));
    TRY(deploy_write_status(
        d, RECORD_DEPLOYED,
        said.len ? said : (d->installs ? STR("Install complete") : STR("Upgrade complete"))));
    return keep > 0 ? record_prune(d->run->store, &d->record, (int)keep) : NULL;
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
        TRY(deploy_apply_object(d, &objects.items[i]));
        *vec_add(d->arena, &made) = objects.items[i];
    }
    if (!made.len)
        return NULL;
    return objects_wait(d->step,
                        &(WaitRequest){.objects = &made, .timeout_ms = deploy_timeout_ms(d)});
}

static Error *apply_all(Deploy *d, const Rendered *rendered)
{
    ReleaseObjectList wanted;
    const ChartOutput *output = &rendered->output;

    TRY(install_crds(d, output));
    TRY(objects_make(d->step, &output->manifests, &wanted));
    if (d->result->was_there)
        TRY(objects_of_release(d->step, &d->previous, &d->old));
    Value *live = arena_array(d->arena, Value, wanted.len);
    TRY(deploy_read_live(d, &wanted, live));
    TRY(safety_check_rendering(d->step, &d->old, &wanted));
    return deploy_change(
        d, &(DeployChange){.wanted = &wanted,
                           .live = live,
                           .hooks = &output->hooks,
                           .before = d->installs ? HOOK_PRE_INSTALL : HOOK_PRE_UPGRADE,
                           .after = d->installs ? HOOK_POST_INSTALL : HOOK_POST_UPGRADE});
}

/* Nothing is left of an installation. */
static Error *take_away(Deploy *d)
{
    ReleaseObjectList all, none = {0}, dropped, removed = {0};

    report_progress(d->run->report, d->step->number, d->step->title, "failed: taking it away");
    TRY(FAILPOINT(ROLL_BACK));
    TRY(objects_of_release(d->step, &d->record, &all));
    objects_dropped(d->arena, &all, &none, &dropped);
    TRY(deploy_remove_dropped(d, &dropped, &removed));
    return record_forget(d->run->store, &d->record);
}

/* As TO says again, which was deployed. */
static Error *go_back_to(Deploy *d, const Record *to)
{
    ReleaseObjectList wanted, dropped, removed = {0};

    TRY(objects_of_release(d->step, &d->record, &d->old));
    TRY(objects_of_record(d->step, to, &wanted));
    for (size_t i = 0; i < wanted.len; i++)
        TRY(deploy_apply_object(d, &wanted.items[i]));
    objects_dropped(d->arena, &d->old, &wanted, &dropped);
    TRY(deploy_remove_dropped(d, &dropped, &removed));
    Record back = *to;
    back.apply_method = d->record.apply_method;
    back.revision = d->record.revision + 1;
    back.version = (Str){0};
    back.last_deployed_ms = run_now_ms();
    back.user = d->record.user;
    back.run = d->record.run;
    back.description = str_format(d->arena, "Rollback to %d", to->revision);
    d->record = back;
    TRY(deploy_supersede(d));
    return deploy_write_status(d, RECORD_DEPLOYED, back.description);
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

/* What an upgrade that failed has made. */
static Error *remove_made(Deploy *d)
{
    report_progress(d->run->report, d->step->number, d->step->title,
                    "failed: deleting %zu new object%s", d->made.len, d->made.len == 1 ? "" : "s");
    for (size_t i = d->made.len; i-- > 0;) {
        bool gone;

        TRY(deploy_remove_object(d, &d->made.items[i], &gone));
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
        err = deploy_and_then(err, stays);
        atomic = false;
    }
    Error *second = deploy_write_failure(d, d->installs ? "Install" : "Upgrade", err);

    if (!second && d->result->was_there && SETTING(d, cleanup_on_fail, false))
        second = remove_made(d);
    if (!second && atomic)
        second = roll_back(d);
    return deploy_and_then(err, second);
}

static Error *install_once(const Step *step, const Rendered *made, Deployment *out)
{
    Rendered rendered;
    Deploy d;

    TRY(deploy_begin(step, out, &d));
    if (made)
        rendered = *made;
    else
        TRY(release_render(
            step, &(RenderRequest){.revision = d.previous.revision + 1, .last = &d.previous},
            &rendered));
    fill_record(&d, &rendered);
    out->revision = d.record.revision;
    report_progress(step->run->report, step->number, step->title,
                    "%s, revision %d, chart %.*s-%.*s", out->was_there ? "upgrading" : "installing",
                    d.record.revision, STR_ARG(d.record.chart_name),
                    STR_ARG(d.record.chart_version));
    TRY(rights_check(step, &rendered.output.manifests, !out->was_there));
    TRY(make_namespace(&d));
    TRY(deploy_write_pending(&d));
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
