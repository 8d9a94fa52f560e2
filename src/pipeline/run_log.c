/*
 * run_log.c - the entry of this run in the state, and what an earlier one that was killed has left.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "io/env.h"
#include "io/failpoint.h"
#include "io/log.h"
#include "io/signal.h"
#include "state/runs.h"

#include <pthread.h>

enum { RUNS_KEPT_BY_RUNS = 500 };

/* What the run has to say of itself; steps note what became of their releases. */
struct RunLog {
    RunEntry entry;
    size_t *index; /* by a release's number in the plan: which of entry.releases, from 1 */
    pthread_mutex_t turn;
    bool begun;     /* the entry is there */
    bool uncertain; /* it may be: the answer was lost */
};

static const char *const commit_variables[] = {"RELFILE_COMMIT", "CI_COMMIT_SHA", "GITHUB_SHA",
                                               "GIT_COMMIT"};

static Str variable(Arena *a, const char *const *names, size_t len)
{
    const char *value = env_first(names, len);

    return value ? text_escaped(a, str_from(value)) : (Str){"", 0};
}

Str run_job(Arena *a)
{
    static const char *const names[] = {"CI_JOB_URL", "BUILD_URL", "GITHUB_RUN_ID"};

    return variable(a, names, COUNT(names));
}

/* Where helm's records are all there is, runs have no place. */
static bool keeps_runs(const Run *run)
{
    return run->store && !run->store->type->of_helm;
}

RunLog *run_log_new(const Run *run)
{
    Arena *a = run->arena;
    RunLog *log = arena_new(a, RunLog);
    const PipelineOptions *o = run->options;
    int64_t now = run_now_ms();

    log->entry = (RunEntry){
        .id = run_entry_id(a, now),
        .command = str_from(o->command),
        .environment = o->spec.environment.len ? o->spec.environment : STR("default"),
        .user = run_user(a),
        .job = run_job(a),
        .commit = variable(a, commit_variables, COUNT(commit_variables)),
        .tool = STR("relfile " RELFILE_VERSION),
        .started_ms = now,
    };
    log->index = arena_array(a, size_t, run->plan.len);
    pthread_mutex_init(&log->turn, NULL);
    return log;
}

Str run_log_id(const Run *run)
{
    return run->log && keeps_runs(run) ? run->log->entry.id : (Str){"", 0};
}

Error *run_log_begin(Run *run, const bool *wanted)
{
    RunLog *log = run->log;

    if (!keeps_runs(run))
        return NULL;
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (!wanted[release->index])
            continue;
        *vec_add(run->arena, &log->entry.releases) =
            (RunRelease){.context = release->kube_context,
                         .namespace = release_namespace(release),
                         .name = release->name,
                         .action = STR("planned")};
        log->index[i] = log->entry.releases.len;
    }
    TRY(FAILPOINT(RUN_BEGIN));
    Error *err = run_entry_write(run->store, run->arena, &log->entry);
    log->begun = !err;
    log->uncertain = err && error_kind_of(err) != ERROR_DENIED;
    TRY(err);
    return FAILPOINT(RUN_BEGUN);
}

void run_log_note(const Run *run, size_t number, const RunRelease *what)
{
    RunLog *log = run->log;
    RunRelease *note;

    if (!log->begun || !log->index[number])
        return;
    pthread_mutex_lock(&log->turn);
    note = &log->entry.releases.items[log->index[number] - 1];
    note->action = what->action;
    note->revision = what->revision;
    note->took_ms = what->took_ms;
    note->error = str_copy(run->arena, what->error);
    pthread_mutex_unlock(&log->turn);
}

static RunStatus status_of(const Run *run, const Error *failure)
{
    if (signal_received())
        return RUN_CANCELLED;
    return failure || run->result.failures.len || run->result.skipped ? RUN_FAILED : RUN_SUCCEEDED;
}

/* What was planned and never begun. */
static void settle_planned(RunEntry *entry)
{
    for (size_t i = 0; i < entry->releases.len; i++)
        if (str_is(entry->releases.items[i].action, "planned"))
            entry->releases.items[i].action = STR("skipped");
}

/*
 * The releases are as they are: that their run could not be written down changes nothing. Whether
 * it was.
 */
static bool warn_unwritten(Error *err)
{
    bool written = !err;

    if (err)
        log_warn("what this run did could not be written down: %s", error_message(err));
    error_free(err);
    return written;
}

/*
 * The answer to writing the entry was lost. It may be there, or come to be there when a copy of the
 * request that was held up arrives; written again, it is there for certain, and not as that of a
 * run that is under way.
 */
static void find_version(const Run *run)
{
    RunEntry there;
    Error *err = run_entry_read(run->store, run->arena, run->log->entry.id, &there);

    if (!err)
        run->log->entry.version = there.version;
    error_free(err);
}

static void write_end(Run *run, const Error *failure)
{
    RunEntry *entry = &run->log->entry;
    size_t gone;

    entry->status = status_of(run, failure);
    entry->inputs = run_state_inputs(run, run->arena);
    entry->ended_ms = run_now_ms();
    settle_planned(entry);
    error_free(FAILPOINT(RUN_END));
    if (!warn_unwritten(run_entry_write(run->store, run->arena, entry)))
        run->locks->stay = true;
    error_free(FAILPOINT(RUN_ENDED));
    warn_unwritten(run_entry_prune(run->store, RUNS_KEPT_BY_RUNS, &gone));
}

void run_log_end(Run *run, const Error *failure)
{
    RunLog *log = run->log;

    if (log->uncertain)
        find_version(run);
    if (log->begun || log->uncertain)
        write_end(run, failure);
    pthread_mutex_destroy(&log->turn);
}

/* ---- runs that were killed */

static size_t count_done(const RunEntry *entry)
{
    size_t done = 0;

    for (size_t i = 0; i < entry->releases.len; i++)
        done += !str_is(entry->releases.items[i].action, "planned");
    return done;
}

/*
 * A run that was killed could not write down what it did, but the records of its releases say which
 * run made them.
 */
static Error *note_records(const Run *run, RunEntry *entry)
{
    for (size_t i = 0; i < entry->releases.len; i++) {
        RunRelease *release = &entry->releases.items[i];
        Record record;
        Error *err = record_last(run->store, run->arena, release->context, release->namespace,
                                 release->name, &record);

        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            continue;
        }
        TRY(err);
        if (!str_equal(record.run, entry->id))
            continue;
        release->revision = record.revision;
        release->action = record_is_pending(record.status)   ? STR("interrupted")
                          : record.status == RECORD_DEPLOYED ? STR("deployed")
                                                             : STR("failed");
    }
    return NULL;
}

Error *run_log_close(const Run *run, Str id, RunStatus status, RunEntry *out)
{
    TRY(run_entry_read(run->store, run->arena, id, out));
    if (out->status != RUN_RUNNING && out->status != RUN_INTERRUPTED)
        return NULL;
    TRY(note_records(run, out));
    out->status = status;
    if (!out->ended_ms)
        out->ended_ms = run_now_ms();
    return run_entry_write(run->store, run->arena, out);
}

/* False: it could not be written down, and the next run is to try it. */
static bool close_interrupted(const Run *run, Str id)
{
    RunEntry entry;
    Error *err = run_entry_read(run->store, run->arena, id, &entry);

    if (!err && entry.status != RUN_RUNNING) // it is closed
        return true;
    if (!err)
        err = run_log_close(run, id, RUN_INTERRUPTED, &entry);
    if (err && (error_kind_of(err) == ERROR_NOT_FOUND || error_kind_of(err) == ERROR_CONFLICT)) {
        error_free(err); // it was killed before it had written anything, or is closed by another
        return true;
    }
    if (err) {
        log_warn("run %.*s was interrupted: %s", STR_ARG(id), error_message(err));
        error_free(err);
        return false;
    }
    log_warn("run %.*s (%.*s by %.*s, since %.*s) was interrupted: %zu of %zu releases were begun; "
             "going on from there",
             STR_ARG(id), STR_ARG(entry.command), STR_ARG(text_escaped(run->arena, entry.user)),
             STR_ARG(run_time_text(run->arena, entry.started_ms)), count_done(&entry),
             entry.releases.len);
    return true;
}

void run_log_take_over(const Run *run)
{
    const StrList *ids = &run->locks->interrupted;

    for (size_t i = 0; keeps_runs(run) && i < ids->len; i++)
        if (!close_interrupted(run, ids->items[i]))
            run->locks->stay = true;
}

/* The one before was interrupted, and nobody has gone on with it, or aborted it. */
Error *run_log_resume(const Run *run)
{
    const PipelineOptions *o = run->options;
    RunEntryList last = {0};
    bool go_on = false;

    if (!keeps_runs(run) || !o->terminal || o->resume || o->assume_yes)
        return NULL;
    TRY(run_entry_list(run->store, run->arena, run->log->entry.environment, 1, &last));
    if (!last.len || last.items[0].status != RUN_INTERRUPTED)
        return NULL;
    const RunEntry *entry = &last.items[0];
    TRY(confirm(
        run,
        str_format(run->arena,
                   "Run %.*s (%.*s by %.*s) was interrupted. This one goes on from there.\n",
                   STR_ARG(entry->id), STR_ARG(entry->command), STR_ARG(entry->user)),
        &go_on));
    if (go_on)
        return NULL;
    return error_hint(
        error_new(ERROR_CANCELLED, "run %.*s was interrupted, and is not gone on with",
                  STR_ARG(entry->id)),
        "relfile run abort %.*s ends it; --resume goes on without a question", STR_ARG(entry->id));
}
