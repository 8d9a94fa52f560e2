/*
 * pipeline.c - the frame of every command: open the run, send its releases on their way, many
 * at a time, tell what failed, close.
 *
 * The commands themselves are in list.c, build.c, template.c, diff.c, sync.c and status.c; the
 * stations of a release in values.c, render.c, objects.c, compare.c, deploy.c, chart_hooks.c and
 * wait.c.
 */
#include "pipeline/run.h"

#include "base/json.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/log.h"
#include "io/signal.h"

#include <string.h>

enum { CLUSTER_JOBS = 16 }; /* releases at a time where most of it is waiting */

/* ---- passes */

/* What the callbacks of plan_execute share. */
typedef struct PassRun {
    Run *run;
    const RunPass *pass;
    const Plan *plan;
} PassRun;

static Error *open_target(const Run *run, Arena *a, const Release *release, Target **out)
{
    const PipelineOptions *own = run->settings ? run->settings[release->index] : NULL;

    if (!run->target || (!run->store && !(own && own->asks_server)))
        return NULL;
    TargetOptions options = run_target_options(run, release->kube_context);
    return target_open(a, &options, out);
}

static Error *step_in(const PassRun *p, Arena *a, const Release *release)
{
    DEFER(target_close) Target *target = NULL;
    Step step = {.run = p->run,
                 .arena = a,
                 .release = release,
                 .number = p->run->number_of[release->index],
                 .title = release_title(a, release)};

    Error *err = locks_check(p->run, release);
    if (!err)
        err = open_target(p->run, a, release, &target);
    step.target = target;
    RunBusy *busy = &p->run->busy[step.number];
    atomic_store(&busy->working, true);
    if (!err)
        err = p->pass->step(p->pass->context, &step);
    atomic_store(&busy->working, false);
    atomic_store(&busy->lacking, false);
    return error_called(err, release->spec.place, "release \"%s\"", str_c(a, step.title));
}

static Error *step_of(void *context, const Release *release, size_t number)
{
    const PassRun *p = context;
    DEFER(arena_free) Arena own = {0};

    (void)number; // of the pass's plan
    return step_in(p, p->pass->arenas ? &p->pass->arenas[p->run->number_of[release->index]] : &own,
                   release);
}

/* An item that is not done has a result, too, where machines read them. */
static void tell_lost(const PassRun *p, size_t number, const Release *release,
                      const PlanResult *result)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};
    ValueMap *map = release_value(&scratch, release);
    bool failed = result->state == PLAN_FAILED;

    value_map_set_c(&scratch, map, "action", value_c(failed ? "failed" : "skipped"));
    value_map_set_c(&scratch, map, "status", value_c(failed ? "failed" : "skipped"));
    value_map_set_c(&scratch, map, "error",
                    failed ? value_c(error_message(result->error)) : value_null());
    if (p->pass->lost)
        p->pass->lost(p->pass->context, &scratch, number, map);
    error_free(json_write(&b, value_of_map(map), (JsonStyle){0})); // texts can always be written
    report_result(p->run->report, number, buf_str(&b));
}

static void item_finished(void *context, size_t number, const PlanResult *result)
{
    const PassRun *p = context;
    const Release *release = p->plan->items[number].release;
    DEFER(arena_free) Arena scratch = {0};
    Str title = release_title(&scratch, release);

    number = p->run->number_of[release->index];
    if (result->state == PLAN_FAILED && p->run->target)
        report_line(p->run->report, number, MARK_FAILED, title, "%s", error_message(result->error));
    else if (result->state == PLAN_SKIPPED && result->because)
        report_line(p->run->report, number, MARK_SKIPPED, title, "skipped: %s failed",
                    str_c(&scratch, release_title(&scratch, result->because)));
    else if (result->state == PLAN_SKIPPED)
        report_line(p->run->report, number, MARK_SKIPPED, title, "skipped");
    if (p->run->json && (result->state == PLAN_FAILED || result->state == PLAN_SKIPPED))
        tell_lost(p, number, release, result);
    report_end(p->run->report, number);
}

static size_t jobs_of(const Run *run)
{
    if (run->options->jobs || !run->target)
        return run->options->jobs;
    return CLUSTER_JOBS;
}

bool run_pass(Run *run, const RunPass *pass)
{
    PassRun p = {run, pass, pass->plan ? pass->plan : &run->plan};
    PlanResult *results;
    bool fine = plan_execute(run->arena, p.plan,
                             &(PlanRun){.jobs = jobs_of(run),
                                        .goes_on = !pass->stops,
                                        .step = step_of,
                                        .finished = item_finished,
                                        .context = &p},
                             &results);

    for (size_t i = 0; i < p.plan->len; i++) {
        if (results[i].state == PLAN_FAILED)
            *vec_add(run->arena, &run->result.failures) = results[i].error;
        run->result.skipped += results[i].state == PLAN_SKIPPED;
    }
    return fine;
}

Kept kept_new(const Run *run)
{
    return (Kept){arena_array(run->arena, Arena, run->plan.len), run->plan.len};
}

void kept_free(Kept *kept)
{
    for (size_t i = 0; i < kept->len; i++)
        arena_free(&kept->arenas[i]);
}

/* ---- what steps use */

ValueMap *release_value(Arena *a, const Release *release)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "name", value_string(release->name));
    value_map_set_c(a, map, "namespace", value_string(release_namespace(release)));
    value_map_set_c(a, map, "kubeContext", value_string(release->kube_context));
    value_map_set_c(a, map, "chart", value_string(release->chart));
    return map;
}

Error *step_json(const Step *step, Value v)
{
    Buf b = {.arena = step->arena};

    TRY(json_write(&b, v, (JsonStyle){0}));
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

Error *run_plan(const Run *run, const bool *wanted, bool reverse, Plan *out)
{
    bool *selected = arena_array(run->arena, bool, run->releases.len);

    for (size_t i = 0; i < run->releases.len; i++) {
        selected[i] = run->releases.items[i]->selected;
        run->releases.items[i]->selected = wanted[i];
    }
    Error *err = plan_make(run->arena, &run->releases, reverse, out);
    for (size_t i = 0; i < run->releases.len; i++)
        run->releases.items[i]->selected = selected[i];
    return err;
}

/* ---- commands */

Str run_elapsed(Arena *a, const Run *run)
{
    return str_format(a, "%.1f s", (double)(clock_ms() - run->started_ms) / 1000);
}

/*
 * ERR with the line that it is about: what fails late only knows the place. JSON is what programs
 * write, records and objects: their lines say nothing to people, and have secrets in them.
 */
static Error *with_source(Error *err)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *file = err ? error_place(err).file : NULL;
    Str text;

    if (!file || error_source_of(err) || str_ends(str_from(file), STR(".json")) ||
        file_kind(file) != FILE_REGULAR)
        return err;
    Error *unread = file_read(&scratch, file, &text);
    error_free(unread);
    return unread ? err : error_source(err, text);
}

/* Tell what failed, in full; then it is told. */
static void report_failures(Run *run, PipelineOutcome *out)
{
    RunResult *result = &run->result;
    size_t failed = result->failures.len;

    for (size_t i = 0; i < result->failures.len; i++) {
        Error *err = with_source(result->failures.items[i]);

        report_error(run->report, err);
        error_free(err);
        out->failed = true;
    }
    out->failed = out->failed || result->skipped;
    out->partly = out->failed && result->done;
    bool several = failed > 1 || (failed && result->skipped);
    if (several || (out->partly && !run->options->drop_in) ||
        (result->skipped && !signal_received()))
        report_summary(run->report, "%zu of %zu releases failed, %zu skipped", result->failures.len,
                       run->plan.len, result->skipped);
    *result = (RunResult){0};
}

/* Whether charts are made ready: then releases have their say first. Source: helmfile, run.go. */
static bool prepares(const Run *run, const RunNeeds *needs)
{
    bool removes = strcmp(run->options->command, "destroy") == 0;

    return needs->file_hooks &&
           (needs->charts || needs->prepares || (removes && !run->options->skip_charts));
}

static Error *run_body(Run *run, const RunNeeds *needs, RunBody *body, void *context,
                       PipelineOutcome *out)
{
    if (needs->file_hooks)
        TRY(hooks_run_files(run, "prepare", NULL));
    if (prepares(run, needs))
        TRY(hooks_run_prepare(run, needs->reverse));
    if (needs->charts)
        charts_prefetch(run);
    if (needs->charts && run->options->drop_in)
        drop_in_announce(run);
    Error *err = body(run, context, out);
    const Error *first = err;

    if (!first && run->result.failures.len)
        first = run->result.failures.items[0];
    if (needs->file_hooks) {
        Error *late = hooks_run_files(run, "cleanup", first);

        if (late && first) {
            log_warn("%s", error_message(late));
            error_free(late);
        } else if (late) {
            err = late;
        }
    }
    return err;
}

static Error *run_locked(Run *run, const RunNeeds *needs, RunBody *body, void *context,
                         PipelineOutcome *out)
{
    DEFER(locks_release) RunLocks locks = {0};

    if (!needs->changes)
        return run_body(run, needs, body, context, out);
    run->locks = &locks;
    run->log = run_log_new(run);
    Error *err = locks_take(run, &locks);
    run_log_take_over(run);
    if (!err)
        err = run_log_resume(run);
    if (!err)
        err = run_body(run, needs, body, context, out);
    run_log_end(run, err);
    run->locks = NULL;
    locks_release(&locks);
    return run_finish_state(run->store, err);
}

Error *run_command(const PipelineOptions *options, const RunNeeds *needs, RunBody *body,
                   void *context, PipelineOutcome *out)
{
    DEFER(arena_free) Arena arena = {.lasting = true};
    Run run;
    Error *err = run_open(&arena, options, needs, &run);

    *out = (PipelineOutcome){0};
    if (!err)
        err = run_locked(&run, needs, body, context, out);
    if (run.report)
        report_failures(&run, out);
    run_close(&run);
    return with_source(err);
}
