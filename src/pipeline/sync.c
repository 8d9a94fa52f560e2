/*
 * sync.c - `sync`, `apply` and `destroy`: the commands that change clusters.
 *
 *     sync      uninstall what is not wanted any more, install or upgrade all the rest
 *     apply     compare first; then the same with what differs only, as it was rendered for that
 *     destroy   uninstall everything
 *
 * Source: helmfile, pkg/app/app.go, sync, apply, delete; and spec/helmfile: what is uninstalled
 * goes first, in reverse order; a failure there does not stop what is installed after it.
 */
#include "pipeline/plan_file.h"

#include "base/escape.h"
#include "io/clock.h"
#include "io/signal.h"

#include <string.h>

/* How it went with a release. */
typedef struct Outcome {
    const char
        *action; /* "installed", "upgraded", "unchanged", "uninstalled"; NULL: nothing done */
    Deployment done;
    int64_t started_ms; /* clock_ms; 0: it was not */
} Outcome;

/* What the steps of a command share; by number in the run's plan. */
typedef struct Sync {
    Run *run;
    Outcome *outcomes;
    Comparison *comparisons; /* of apply; NULL: there are none */
} Sync;

/* ---- telling */

static Str objects_text(Arena *a, const Deployment *d)
{
    size_t total = d->created + d->updated + d->unchanged;
    Buf b = {.arena = a};

    if (d->created)
        buf_format(&b, ", %zu created", d->created);
    if (d->updated)
        buf_format(&b, ", %zu changed", d->updated);
    if (d->deleted)
        buf_format(&b, ", %zu deleted", d->deleted);
    if (d->unchanged)
        buf_format(&b, d->unchanged == total && !d->deleted ? ", all unchanged" : ", %zu unchanged",
                   d->unchanged);
    return str_format(a, "%zu object%s%.*s", total, total == 1 ? "" : "s", (int)b.len,
                      b.len ? b.ptr : "");
}

/* What the release is now, in a word. */
static const char *status_of(const Outcome *o)
{
    if (!o->action)
        return "not-installed";
    return strcmp(o->action, "uninstalled") == 0 ? "uninstalled" : "deployed";
}

/* As far as it went, whether it failed or not. */
static void add_work(Arena *a, ValueMap *map, const Outcome *o)
{
    ValueMap *objects = value_map_new(a);
    int64_t ms = o->started_ms ? clock_ms() - o->started_ms : 0;

    value_map_set_c(a, objects, "created", value_int((int64_t)o->done.created));
    value_map_set_c(a, objects, "updated", value_int((int64_t)o->done.updated));
    value_map_set_c(a, objects, "deleted", value_int((int64_t)o->done.deleted));
    value_map_set_c(a, objects, "unchanged", value_int((int64_t)o->done.unchanged));
    value_map_set_c(a, map, "revision", value_int(o->done.revision));
    value_map_set_c(a, map, "seconds", value_float((double)ms / 1000));
    value_map_set_c(a, map, "objects", value_of_map(objects));
}

static void add_lost(void *context, Arena *a, size_t number, ValueMap *item)
{
    const Sync *s = context;

    add_work(a, item, &s->outcomes[number]);
}

static Value outcome_value(const Step *step, const Outcome *o)
{
    Arena *a = step->arena;
    ValueMap *map = release_value(a, step->release);

    value_map_set_c(a, map, "action", value_c(o->action ? o->action : "none"));
    value_map_set_c(a, map, "status", value_c(status_of(o)));
    value_map_set_c(a, map, "error", value_null());
    add_work(a, map, o);
    return value_of_map(map);
}

/* The last word on a release that went well. */
static Error *tell(const Step *step, const Outcome *o)
{
    Report *report = step->run->report;
    Str objects = objects_text(step->arena, &o->done);
    double seconds = (double)(clock_ms() - o->started_ms) / 1000;

    if (!o->action)
        report_line(report, step->number, MARK_SAME, step->title, "not installed");
    else if (strcmp(o->action, "unchanged") == 0)
        report_line(report, step->number, MARK_SAME, step->title, "unchanged");
    else if (strcmp(o->action, "uninstalled") == 0)
        report_line(report, step->number, MARK_DONE, step->title,
                    "uninstalled · %zu object%s deleted · %.1f s", o->done.deleted,
                    o->done.deleted == 1 ? "" : "s", seconds);
    else
        report_line(report, step->number, MARK_DONE, step->title, "%s, revision %d · %.*s · %.1f s",
                    o->action, o->done.revision, STR_ARG(objects), seconds);
    return step->run->json ? step_json(step, outcome_value(step, o)) : NULL;
}

/* For the log of runs. */
static void note(const Step *step, const Outcome *o, const Error *err)
{
    Str action = err ? STR("failed") : str_from(o->action ? o->action : "none");

    run_log_note(step->run, step->number,
                 &(RunRelease){.action = action,
                               .error = err ? str_from(error_message(err)) : (Str){"", 0},
                               .revision = o->done.revision,
                               .took_ms = clock_ms() - o->started_ms});
}

static void sum_up(const Sync *s)
{
    DEFER(arena_free) Arena scratch = {0};
    Deployment total = {0};
    size_t done = 0, plan = s->run->plan.len;

    for (size_t i = 0; i < plan; i++) {
        const Deployment *d = &s->outcomes[i].done;

        done += s->outcomes[i].action && s->outcomes[i].started_ms;
        total.created += d->created;
        total.updated += d->updated;
        total.deleted += d->deleted;
        total.unchanged += d->unchanged;
    }
    const RunResult *result = &s->run->result;
    Buf lost = {.arena = &scratch};
    if (result->failures.len)
        buf_format(&lost, ", %zu failed", result->failures.len);
    if (result->skipped)
        buf_format(&lost, ", %zu skipped", result->skipped);
    report_summary(
        s->run->report,
        "%zu release%s%.*s · objects: %zu created, %zu changed, %zu deleted, %zu unchanged · "
        "%.*s",
        done, done == 1 ? "" : "s", STR_ARG(buf_str(&lost)), total.created, total.updated,
        total.deleted, total.unchanged, STR_ARG(run_elapsed(&scratch, s->run)));
}

static void count_done(const Sync *s)
{
    for (size_t i = 0; i < s->run->plan.len; i++)
        s->run->result.done += s->outcomes[i].action && s->outcomes[i].started_ms;
}

/* ---- single releases */

/* With the hooks of the spec around it. Source: helmfile, state.go, SyncReleases. */
static Error *install_with_hooks(const Sync *s, const Step *step, Outcome *o)
{
    const Rendered *made = s->comparisons ? &s->comparisons[step->number].rendered : NULL;

    TRY(step_hooks(step, "presync", NULL));
    Error *err = release_install(step, made, &o->done);
    Error *late = step_hooks(step, "postsync", err);
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
    note(step, o, err);
    return err ? err : tell(step, o);
}

static Error *uninstall_with_hooks(const Step *step, Outcome *o, bool syncs)
{
    if (syncs)
        TRY(step_hooks(step, "presync", NULL));
    TRY(step_hooks(step, "preuninstall", NULL));
    Error *err = release_uninstall(step, &o->done);
    if (!err && o->done.was_there)
        o->action = "uninstalled";
    if (!err)
        err = step_hooks(step, "postuninstall", NULL);
    if (syncs && !err)
        err = step_hooks(step, "postsync", NULL);
    return err;
}

static Error *uninstall(const Sync *s, const Step *step, bool syncs)
{
    Outcome *o = &s->outcomes[step->number];
    Record record;

    o->started_ms = clock_ms();
    Error *err = release_record(step, &record);
    if (!err && record.revision)
        err = step_cleanup(step, uninstall_with_hooks(step, o, syncs));
    note(step, o, err);
    return err ? err : tell(step, o);
}

static Error *uninstall_step(void *context, const Step *step)
{
    return uninstall(context, step, true);
}

static Error *destroy_step(void *context, const Step *step)
{
    return uninstall(context, step, false);
}

static Sync sync_new(Run *run)
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
        return uninstall(&b->sync, step, false);
    o->started_ms = clock_ms();
    Error *err = release_rollback(step, b->revisions[step->number], &o->done);
    if (!err)
        o->action = "rolled back";
    note(step, o, err);
    return err ? err : tell(step, o);
}

/* ---- all releases */

/* Whether to go on with WANTED, by index. */
static Error *ask(const Run *run, const bool *wanted, const char *what, bool *go_on)
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
    if (run_pass(run,
                 &(RunPass){.plan = &plan, .step = back_step, .context = &b, .lost = add_lost}))
        run->result.done = 0; // all is as it was
    sum_up(&b.sync);
    return NULL;
}

/* Uninstall, in reverse order, then install those of WANTED, by index. */
static Error *change(Sync *s, const bool *wanted)
{
    Run *run = s->run;
    bool *part = arena_array(run->arena, bool, run->releases.len);
    bool takes_back = fails_by(run, "rollback"), stops = takes_back || fails_by(run, "stop");
    RunPass pass = {.stops = stops, .context = s, .lost = add_lost};
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
    sum_up(s);
    count_done(s);
    return fine || !takes_back ? NULL : take_back(s);
}

static void selected(const Run *run, bool *wanted)
{
    for (size_t i = 0; i < run->plan.len; i++)
        wanted[run->plan.items[i].release->index] = true;
}

/* ---- limits on what is deleted */

static Error *check_tallies(const Run *run, const DiffTally *tallies)
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
    return *counted ? check_tallies(run, tallies) : NULL;
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
        TRY(ask(run, wanted, "synced", &go_on));
    out->changed = go_on;
    return go_on ? change(&s, wanted) : NULL;
}

/* What sync and apply work with. */
static const RunNeeds install_needs = {.cluster = true,
                                       .prunes = true,
                                       .changes = true,
                                       .file_hooks = true,
                                       .charts = true,
                                       .json_items = true};

Error *pipeline_sync(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &install_needs, sync_all, NULL, out);
}

/* ---- apply */

/* How many releases RELEASE comes behind; LEVELS, by index, has 1 more of those that are known. */
static size_t level_of(const Release *release, size_t *levels)
{
    size_t level = 0;

    if (levels[release->index])
        return levels[release->index] - 1;
    for (size_t i = 0; i < release->needs.len; i++) {
        size_t behind = level_of(release->needs.items[i], levels) + 1;

        level = behind > level ? behind : level;
    }
    levels[release->index] = level + 1;
    return level;
}

/*
 * The preapply hooks of all releases before anything is changed: what is needed comes last, and
 * otherwise as the spec has it.
 */
static Error *run_preapply(const Run *run)
{
    size_t *levels = arena_array(run->arena, size_t, run->releases.len);
    size_t deepest = 0;

    for (size_t i = 0; i < run->releases.len; i++) {
        size_t level = level_of(run->releases.items[i], levels);

        deepest = level > deepest ? level : deepest;
    }
    for (size_t level = deepest + 1; level-- > 0;)
        for (size_t i = 0; i < run->releases.len; i++) {
            const Release *release = run->releases.items[i];
            Step step = {run, run->arena, release, .number = run->number_of[release->index]};

            if (release->selected && levels[i] == level + 1)
                TRY(step_hooks(&step, "preapply", NULL));
        }
    return NULL;
}

/* The cleanup hooks of what apply left alone. */
static Error *clean_unchanged(const Run *run, const bool *changed)
{
    for (size_t i = 0; i < run->plan.len; i++) {
        Step step = {run, run->arena, run->plan.items[i].release, .number = i};

        if (!changed[step.release->index])
            TRY(step_hooks(&step, "cleanup", NULL));
    }
    return NULL;
}

/* For JSON: those that are not WANTED, by index. */
static Error *tell_unchanged(Sync *s, const bool *wanted)
{
    Run *run = s->run;

    report_again(run->report);
    for (size_t i = 0; run->json && i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;
        Step step = {run, run->arena, release, .number = i};
        const Record *record = &s->comparisons[i].record;
        Outcome *o = &s->outcomes[i];

        if (wanted[release->index])
            continue;
        o->done.revision = record->revision;
        if (record->revision && record->status == RECORD_DEPLOYED)
            o->action = "unchanged";
        TRY(step_json(&step, outcome_value(&step, o)));
        report_end(run->report, i);
    }
    return NULL;
}

static Error *apply_changes(Sync *s, PipelineOutcome *out)
{
    Run *run = s->run;
    bool *wanted = arena_array(run->arena, bool, run->releases.len), go_on = true;

    for (size_t i = 0; i < run->plan.len; i++)
        wanted[run->plan.items[i].release->index] = s->comparisons[i].changed;
    out->changed = true;
    if (run->options->interactive && !run->options->assume_yes)
        TRY(ask(run, wanted, "changed", &go_on));
    if (!go_on)
        return NULL;
    TRY(run_preapply(run));
    TRY(tell_unchanged(s, wanted));
    TRY(change(s, wanted));
    return clean_unchanged(run, wanted);
}

static void add_untried(void *context, Arena *a, size_t number, ValueMap *item)
{
    (void)context;
    (void)number;
    add_work(a, item, &(Outcome){0});
}

static Error *apply_all(Run *run, void *context, PipelineOutcome *out)
{
    DEFER(kept_free) Kept kept = kept_new(run);
    DiffPass pass = {.comparisons = arena_array(run->arena, Comparison, run->plan.len),
                     .tallies = arena_array(run->arena, DiffTally, run->plan.len)};
    Sync s = sync_new(run);
    PlanFile plan;
    Value head;

    (void)context;
    s.comparisons = pass.comparisons;
    if (run->options->plan_file) {
        TRY(plan_new(run, &plan));
        TRY(plan_take_seeds(run, &plan, &head));
        pass.plan = &plan;
    }
    if (!run_pass(run, &(RunPass){.step = diff_step,
                                  .context = &pass,
                                  .arenas = kept.arenas,
                                  .lost = add_untried}))
        return NULL; // nothing has been changed
    dropped_tell(run);
    if (run->options->plan_file)
        TRY(plan_check(&plan, &head));
    if (diff_summary(run, pass.tallies)) {
        TRY(check_tallies(run, pass.tallies));
        return apply_changes(&s, out);
    }
    return tell_unchanged(&s, arena_array(run->arena, bool, run->releases.len));
}

Error *pipeline_apply(const PipelineOptions *options, PipelineOutcome *out)
{
    DEFER(arena_free) Arena arena = {0};
    PipelineOptions planned;

    if (options->plan_file) {
        TRY(plan_options(&arena, options, &planned));
        options = &planned;
    }
    return run_command(options, &install_needs, apply_all, NULL, out);
}

/* ---- rollback */

Error *run_roll_back(Run *run, const int *revisions)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len);
    Back b = {sync_new(run), revisions};
    Plan plan;

    for (size_t i = 0; i < run->plan.len; i++) {
        wanted[run->plan.items[i].release->index] = revisions[i] != 0;
        if (!revisions[i])
            report_end(run->report, i);
    }
    TRY(run_log_begin(run, wanted));
    TRY(run_plan(run, wanted, true, &plan));
    run_pass(run, &(RunPass){.plan = &plan, .step = back_step, .context = &b, .lost = add_lost});
    sum_up(&b.sync);
    count_done(&b.sync);
    return NULL;
}

/* ---- destroy */

static Error *count_gone_step(void *context, const Step *step)
{
    DiffTally *tally = &((DiffTally *)context)[step->number];
    Comparison c;

    TRY(release_compare_gone(step, &c));
    tally->had = c.had;
    tally->objects[CHANGE_DELETE] = c.changes.len;
    return NULL;
}

static Error *check_destroyed(Run *run, bool *counted)
{
    DiffTally *tallies = arena_array(run->arena, DiffTally, run->plan.len);

    *counted = run_pass(run, &(RunPass){.step = count_gone_step, .context = tallies});
    report_again(run->report);
    return *counted ? check_tallies(run, tallies) : NULL;
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
        TRY(ask(run, wanted, "uninstalled", &go_on));
    if (!go_on)
        return NULL;
    out->changed = true;
    TRY(run_log_begin(run, wanted));
    run_pass(run, &(RunPass){.step = destroy_step, .context = &s, .lost = add_lost});
    sum_up(&s);
    count_done(&s);
    return NULL;
}

Error *pipeline_destroy(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {
        .cluster = true, .changes = true, .file_hooks = true, .reverse = true, .json_items = true};

    return run_command(options, &needs, destroy_all, NULL, out);
}
