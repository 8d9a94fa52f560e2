/*
 * apply.c - `apply`: compare first; then sync what differs only, as it was rendered for that.
 * Source: helmfile, pkg/app/app.go, apply.
 */
#include "pipeline/plan_file.h"
#include "pipeline/sync.h"

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
        TRY(sync_ask(run, wanted, "changed", &go_on));
    if (!go_on)
        return NULL;
    TRY(run_preapply(run));
    TRY(tell_unchanged(s, wanted));
    TRY(sync_change(s, wanted));
    return clean_unchanged(run, wanted);
}

static void add_untried(void *context, Arena *a, size_t number, ValueMap *item)
{
    (void)context;
    (void)number;
    outcome_add_work(a, item, &(Outcome){0});
}

static Error *apply_all(Run *run, void *context, PipelineOutcome *out)
{
    DEFER(kept_free) Kept kept = kept_new(run);
    DiffPass pass = {.comparisons = arena_array(run->arena, Comparison, run->plan.len),
                     .tallies = arena_array(run->arena, DiffTally, run->plan.len)};
    Sync s = sync_new(run);
    const GivenPlan *given = run->options->given_plan;
    PlanFile plan;

    (void)context;
    s.comparisons = pass.comparisons;
    if (given) {
        TRY(plan_new(run, &plan));
        pass.plan = &plan;
    }
    if (!run_pass(run, &(RunPass){.step = diff_step,
                                  .context = &pass,
                                  .arenas = kept.arenas,
                                  .lost = add_untried}))
        return NULL; // nothing has been changed
    dropped_tell(run);
    if (given) {
        TRY(plan_check(&plan, given));
        TRY(plan_check_hooks(run));
    }
    if (diff_summary(run, pass.tallies)) {
        TRY(sync_check_tallies(run, pass.tallies));
        return apply_changes(&s, out);
    }
    return tell_unchanged(&s, arena_array(run->arena, bool, run->releases.len));
}

static Error *apply_plan(const PipelineOptions *options, PipelineOutcome *out)
{
    DEFER(arena_free) Arena arena = {.lasting = true};
    RunNeeds needs = {.cluster = true, .changes = true, .json_items = true};
    PipelineOptions planned;
    GivenPlan plan;

    TRY(plan_file_read(&arena, options, &plan));
    TRY(plan_options(&arena, &plan, options, &planned));
    return run_command(&planned, &needs, apply_all, NULL, out);
}

Error *pipeline_apply(const PipelineOptions *options, PipelineOutcome *out)
{
    if (options->plan_file)
        return apply_plan(options, out);
    return run_command(options, &sync_needs, apply_all, NULL, out);
}
