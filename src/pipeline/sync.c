/*
 * sync.c - `sync` and `destroy`, and what all commands that change clusters do with releases.
 *
 *     sync      uninstall what is not wanted any more, install or upgrade all the rest
 *     destroy   uninstall everything
 *
 * Source: helmfile, pkg/app/app.go, sync, apply, delete; and spec/helmfile: what is uninstalled
 * goes first, in reverse order; a failure there does not stop what is installed after it.
 */
#include "pipeline/sync.h"

#include "io/clock.h"
#include "io/log.h"
#include "io/signal.h"

#include <string.h>

/* ---- single releases */

/* With the hooks of the spec around it. Source: helmfile, state.go, SyncReleases. */
static Error *install_with_hooks(const Sync *s, const Step *step, Outcome *o)
{
    const Rendered *made = s->comparisons ? &s->comparisons[step->number].rendered : NULL;

    Error *err = step_hooks(step, "presync", NULL);
    if (!err)
        err = release_install(step, made, &o->done);
    Error *late = step_hooks(step, "postsync", err); // also where it was not tried
    if (err) {
        error_free(late);
        return err;
    }
    o->action = o->done.was_there ? "upgraded" : "installed";
    return late;
}

static Error *install_step(void *context, const Step *step)
{
    const Sync *s = context;
    Outcome *o = &s->outcomes[step->number];

    o->started_ms = clock_ms();
    Error *err = install_with_hooks(s, step, o);
    err = step_cleanup(step, err);
    outcome_note(step, o, err);
    return err ? err : outcome_tell(step, o);
}

static Error *uninstall_between(const Step *step, Outcome *o)
{
    TRY(step_hooks(step, "preuninstall", NULL));
    TRY(release_uninstall(step, &o->done));
    if (o->done.was_there)
        o->action = "uninstalled";
    return step_hooks(step, "postuninstall", NULL);
}

/* Source: helmfile, state.go, DeleteReleasesForSync: what postsync says is a warning. */
static Error *uninstall_with_hooks(const Step *step, Outcome *o, bool syncs)
{
    Error *err = syncs ? step_hooks(step, "presync", NULL) : NULL;

    if (!err)
        err = uninstall_between(step, o);
    Error *late = syncs ? step_hooks(step, "postsync", err) : NULL;
    if (late)
        log_warn("%s", error_message(late));
    error_free(late);
    return err;
}

static Error *sync_uninstall(const Sync *s, const Step *step, bool syncs)
{
    Outcome *o = &s->outcomes[step->number];
    Record record;

    o->started_ms = clock_ms();
    Error *err = release_record(step, &record);
    if (!err && record.revision)
        err = step_cleanup(step, uninstall_with_hooks(step, o, syncs));
    outcome_note(step, o, err);
    return err ? err : outcome_tell(step, o);
}

static Error *uninstall_step(void *context, const Step *step)
{
    return sync_uninstall(context, step, true);
}

static Error *destroy_step(void *context, const Step *step)
{
    return sync_uninstall(context, step, false);
}

Sync sync_new(Run *run)
{
    return (Sync){.run = run, .outcomes = arena_array(run->arena, Outcome, run->plan.len)};
}

/* ---- going back */

/* What steps of going back share. */
typedef struct Back {
    Sync sync;
    const int *revisions;
} Back;

static Error *back_step(void *context, const Step *step)
{
    const Back *b = context;
    Outcome *o = &b->sync.outcomes[step->number];

    if (b->revisions[step->number] < 0)
        return sync_uninstall(&b->sync, step, false);
    o->started_ms = clock_ms();
    Error *err = release_rollback(step, b->revisions[step->number], &o->done);
    if (!err)
        o->action = "rolled back";
    outcome_note(step, o, err);
    return err ? err : outcome_tell(step, o);
}

/* ---- all releases */

const RunNeeds sync_needs = {.cluster = true,
                             .prunes = true,
                             .changes = true,
                             .file_hooks = true,
                             .charts = true,
                             .json_items = true};

Error *sync_ask(const Run *run, const bool *wanted, const char *what, bool *go_on)
{
    Buf b = {.arena = run->arena};

    buf_format(&b, "These releases will be %s:\n\n", what);
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (wanted[release->index])
            buf_format(&b, "  %.*s (%.*s)%s\n", STR_ARG(release_title(run->arena, release)),
                       STR_ARG(release->chart), release->installed ? "" : ", uninstalled");
    }
    buf_add_char(&b, '\n');
    return confirm(run, buf_str(&b), go_on);
}

/* Whether HOW is what is to be done when a release fails. */
static bool fails_by(const Run *run, const char *how)
{
    return run->options->on_error && strcmp(run->options->on_error, how) == 0;
}

/*
 * Where O has got its release to another revision: which one to go back to, -1 for none at all; 0
 * where nothing is to be taken back. What was uninstalled has no record to go back to.
 */
static int undo_of(const Outcome *o)
{
    if (!o->started_ms || !o->done.revision || o->done.revision <= o->done.previous)
        return 0;
    return o->done.was_there ? o->done.previous : -1;
}

/* Take back what this run has done, last first. */
static Error *take_back(const Sync *s)
{
    Run *run = s->run;
    bool *wanted = arena_array(run->arena, bool, run->releases.len);
    int *revisions = arena_array(run->arena, int, run->plan.len);
    size_t count = 0;
    Plan plan;

    for (size_t i = 0; i < run->plan.len; i++) {
        revisions[i] = undo_of(&s->outcomes[i]);
        wanted[run->plan.items[i].release->index] = revisions[i] != 0;
        count += revisions[i] != 0;
    }
    if (!count || signal_received())
        return NULL;
    report_summary(run->report, "a release failed: taking back %zu", count);
    report_again(run->report);
    Back b = {sync_new(run), revisions};
    TRY(run_plan(run, wanted, true, &plan));
    if (run_pass(
            run,
            &(RunPass){.plan = &plan, .step = back_step, .context = &b, .lost = outcome_add_lost}))
        run->result.done = 0; // all is as it was
    sync_sum_up(&b.sync);
    return NULL;
}

Error *sync_change(Sync *s, const bool *wanted)
{
    Run *run = s->run;
    bool *part = arena_array(run->arena, bool, run->releases.len);
    bool takes_back = fails_by(run, "rollback"), stops = takes_back || fails_by(run, "stop");
    RunPass pass = {.stops = stops, .context = s, .lost = outcome_add_lost};
    Plan plan;

    TRY(safety_check_protected(run, wanted, false));
    pass.plan = &plan;
    TRY(run_log_begin(run, wanted));
    for (size_t i = 0; i < run->releases.len; i++)
        part[i] = wanted[i] && !run->releases.items[i]->installed;
    TRY(run_plan(run, part, true, &plan));
    pass.step = uninstall_step;
    bool fine = run_pass(run, &pass);
    for (size_t i = 0; i < run->releases.len; i++)
        part[i] = wanted[i] && run->releases.items[i]->installed;
    TRY(run_plan(run, part, false, &plan));
    pass.step = install_step;
    if (fine || !stops)
        fine = run_pass(run, &pass);
    sync_sum_up(s);
    sync_count_done(s);
    return fine || !takes_back ? NULL : take_back(s);
}

static void selected(const Run *run, bool *wanted)
{
    for (size_t i = 0; i < run->plan.len; i++)
        wanted[run->plan.items[i].release->index] = true;
}

/* ---- limits on what is deleted */

Error *sync_check_tallies(const Run *run, const DiffTally *tallies)
{
    size_t deletes = 0, had = 0;

    for (size_t i = 0; i < run->plan.len; i++) {
        deletes += tallies[i].objects[CHANGE_DELETE];
        had += tallies[i].had;
    }
    return safety_check_limits(run, deletes, had);
}

/* How many objects the release would lose. */
static Error *count_step(void *context, const Step *step)
{
    DiffTally *tally = &((DiffTally *)context)[step->number];
    Comparison c;

    TRY(step->release->installed ? release_compare(step, &c) : release_compare_gone(step, &c));
    tally->had = c.had;
    for (size_t i = 0; i < c.changes.len; i++)
        tally->objects[c.changes.items[i].diff.kind]++;
    return NULL;
}

/* *COUNTED: nothing failed. */
static Error *check_deletes(Run *run, bool *counted)
{
    DiffTally *tallies = arena_array(run->arena, DiffTally, run->plan.len);

    *counted = run_pass(run, &(RunPass){.step = count_step, .context = tallies});
    report_again(run->report);
    return *counted ? sync_check_tallies(run, tallies) : NULL;
}

static Error *sync_all(Run *run, void *context, PipelineOutcome *out)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len), go_on = true, counted = false;
    Sync s = sync_new(run);

    (void)context;
    selected(run, wanted);
    dropped_tell(run);
    if (safety_has_limits(run)) {
        TRY(check_deletes(run, &counted));
        if (!counted)
            return NULL; // nothing has been changed
    }
    if (run->options->interactive && !run->options->assume_yes)
        TRY(sync_ask(run, wanted, "synced", &go_on));
    out->changed = go_on;
    return go_on ? sync_change(&s, wanted) : NULL;
}

Error *pipeline_sync(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &sync_needs, sync_all, NULL, out);
}

/* ---- rollback */

/* How many objects uninstalling the release would delete. */
static Error *count_gone_step(void *context, const Step *step)
{
    DiffTally *tally = &((DiffTally *)context)[step->number];
    Comparison c;

    TRY(release_compare_gone(step, &c));
    tally->had = c.had;
    tally->objects[CHANGE_DELETE] = c.changes.len;
    if (!step->release->pruned) // who asks for it by name leaves nothing
        tally->objects[CHANGE_DELETE] += c.left.len;
    return NULL;
}

/* What steps of counting share. */
typedef struct BackCount {
    DiffTally *tallies;
    const int *revisions;
} BackCount;

static Error *count_back_step(void *context, const Step *step)
{
    const BackCount *count = context;
    DiffTally *tally = &count->tallies[step->number];
    int revision = count->revisions[step->number];
    Comparison c;

    if (revision < 0)
        return count_gone_step(count->tallies, step);
    TRY(release_compare_back(step, revision, &c));
    tally->had = c.had;
    tally->objects[CHANGE_DELETE] = c.changes.len;
    return NULL;
}

/* Those releases of REVISIONS that change, last first. */
static Error *plan_back(const Run *run, const int *revisions, bool *wanted, Plan *out)
{
    for (size_t i = 0; i < run->plan.len; i++)
        wanted[run->plan.items[i].release->index] = revisions[i] != 0;
    return run_plan(run, wanted, true, out);
}

Error *run_check_back(Run *run, const int *revisions, bool *counted)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len);
    BackCount count = {arena_array(run->arena, DiffTally, run->plan.len), revisions};
    Plan plan;

    *counted = true;
    if (!safety_has_limits(run))
        return NULL;
    TRY(plan_back(run, revisions, wanted, &plan));
    *counted = run_pass(run, &(RunPass){.plan = &plan, .step = count_back_step, .context = &count});
    report_again(run->report);
    return *counted ? sync_check_tallies(run, count.tallies) : NULL;
}

Error *run_roll_back(Run *run, const int *revisions)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len);
    Back b = {sync_new(run), revisions};
    Plan plan;

    for (size_t i = 0; i < run->plan.len; i++)
        if (!revisions[i])
            report_end(run->report, i);
    TRY(plan_back(run, revisions, wanted, &plan));
    TRY(run_log_begin(run, wanted));
    run_pass(run,
             &(RunPass){.plan = &plan, .step = back_step, .context = &b, .lost = outcome_add_lost});
    sync_sum_up(&b.sync);
    sync_count_done(&b.sync);
    return NULL;
}

/* ---- destroy */

static Error *check_destroyed(Run *run, bool *counted)
{
    DiffTally *tallies = arena_array(run->arena, DiffTally, run->plan.len);

    *counted = run_pass(run, &(RunPass){.step = count_gone_step, .context = tallies});
    report_again(run->report);
    return *counted ? sync_check_tallies(run, tallies) : NULL;
}

static Error *destroy_all(Run *run, void *context, PipelineOutcome *out)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len), go_on = true, counted = false;
    Sync s = sync_new(run);

    (void)context;
    selected(run, wanted);
    TRY(safety_check_protected(run, wanted, true));
    if (safety_has_limits(run)) {
        TRY(check_destroyed(run, &counted));
        if (!counted)
            return NULL; // nothing has been changed
    }
    if (!run->options->assume_yes && (run->options->interactive || run->options->terminal))
        TRY(sync_ask(run, wanted, "uninstalled", &go_on));
    if (!go_on)
        return NULL;
    out->changed = true;
    TRY(run_log_begin(run, wanted));
    run_pass(run, &(RunPass){.step = destroy_step, .context = &s, .lost = outcome_add_lost});
    sync_sum_up(&s);
    sync_count_done(&s);
    return NULL;
}

Error *pipeline_destroy(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {
        .cluster = true, .changes = true, .file_hooks = true, .reverse = true, .json_items = true};

    return run_command(options, &needs, destroy_all, NULL, out);
}
