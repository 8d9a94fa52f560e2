/*
 * lock.c - two runs never change the same releases: one lock for each namespace of each cluster
 * that the plan touches. They are taken in one order by everyone, so that nobody waits in a circle.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/table.h"
#include "io/failpoint.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TTL_MS = 30000 };

/* "ada@laptop, pid 4242, https://ci.example/jobs/7" */
static Str holder_of(Arena *a)
{
    Str job = run_job(a);

    return str_format(a, "%.*s, pid %ld%s%.*s", STR_ARG(run_user(a)), (long)getpid(),
                      job.len ? ", " : "", STR_ARG(job));
}

static int compare_names(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

/* The name of the lock that RELEASE needs: "production/shop". */
static Str name_of(Arena *a, const Release *release)
{
    return str_format(a, "%.*s/%.*s",
                      STR_ARG(release->kube_context.len ? release->kube_context : STR("default")),
                      STR_ARG(release_namespace(release)));
}

static void collect_names(const Run *run, StrList *out)
{
    StrList all = {0};

    for (size_t i = 0; i < run->plan.len; i++)
        *vec_add(run->arena, &all) = name_of(run->arena, run->plan.items[i].release);
    if (all.len)
        qsort(all.items, all.len, sizeof(*all.items), compare_names);
    for (size_t i = 0; i < all.len; i++)
        if (!i || !str_equal(all.items[i], all.items[i - 1]))
            *vec_add(run->arena, out) = all.items[i];
}

/* One lock on its way. */
typedef struct Taking {
    const Run *run;
    Str name;
    RunLocks *locks;
} Taking;

static void tell_waiting(void *context, Str holder, int64_t since_ms)
{
    const Taking *taking = context;
    int64_t seconds = (run_now_ms() - since_ms) / 1000;

    log_info("waiting for the lock on %.*s, held by %.*s for %lld s", STR_ARG(taking->name),
             STR_ARG(holder), (long long)(seconds > 0 ? seconds : 0));
}

static void note_taken_over(void *context, Str run)
{
    const Taking *taking = context;
    StrList *ids = &taking->locks->interrupted;

    if (!str_list_has(ids, run))
        *vec_add(taking->run->arena, ids) = str_copy(taking->run->arena, run);
}

/* What is only changed while the lock NAME is held: the records of its releases. */
static Str guarded_by(const Run *run, Str name)
{
    Arena *a = run->arena;

    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (str_equal(name_of(a, release), name))
            return record_prefix(a, release->kube_context, release_namespace(release));
    }
    return (Str){"", 0};
}

/*
 * A namespace that is only about to be made cannot hold its lock: what keeps two runs apart there
 * is that only one can write the first record. And where each cluster has its own locks, one that
 * cannot be asked is no reason to leave the others alone.
 */
static Error *take(const Run *run, Str name, Str holder, RunLocks *out)
{
    StateLock *lock = NULL;
    Taking taking = {run, name, out};
    int64_t timeout_ms;

    TRY(run_lock_timeout(run, &timeout_ms));
    Error *err =
        state_lock(run->store,
                   &(StateLockRequest){.name = name,
                                       .holder = holder,
                                       .run = run_log_id(run),
                                       .guards = guarded_by(run, name),
                                       .ttl_ms = FAILPOINT_SETTING("RELFILE_LOCK_TTL", TTL_MS),
                                       .timeout_ms = timeout_ms,
                                       .waiting = tell_waiting,
                                       .taken_over = note_taken_over,
                                       .context = &taking},
                   &lock);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    if (err && run->store->type->of_helm && error_kind_of(err) != ERROR_CONFLICT &&
        error_kind_of(err) != ERROR_CANCELLED) {
        *vec_add(run->arena, &out->failures) = (LockFailure){name, err};
        return NULL;
    }
    if (!err)
        *vec_add(run->arena, &out->locks) = lock;
    return err;
}

Error *locks_check(const Run *run, const Release *release)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; run->locks && i < run->locks->failures.len; i++) {
        const LockFailure *failure = &run->locks->failures.items[i];

        if (str_equal(failure->name, name_of(&scratch, release)))
            return error_copy(failure->error);
    }
    return NULL;
}

Error *locks_take(const Run *run, RunLocks *out)
{
    StrList names = {0};
    Str holder = holder_of(run->arena);

    collect_names(run, &names);
    for (size_t i = 0; i < names.len; i++)
        TRY(take(run, names.items[i], holder, out));
    return NULL;
}

void locks_release(RunLocks *locks)
{
    for (size_t i = locks->locks.len; i-- > 0;)
        (locks->stay ? state_lock_leave : state_unlock)(&locks->locks.items[i]);
    for (size_t i = 0; i < locks->failures.len; i++)
        error_free(locks->failures.items[i].error);
    *locks = (RunLocks){0};
}

/* ---- for people */

static void write_lock_table(Buf *b, const StateLockHolders *locks)
{
    Table table = {.arena = b->arena, .columns = 4};

    table_add(&table, (const Str[]){STR("LOCK"), STR("HOLDER"), STR("SINCE"), STR("RENEWED")});
    for (size_t i = 0; i < locks->len; i++) {
        const StateLockHolder *lock = &locks->items[i];

        table_add(&table, (const Str[]){lock->name, text_escaped(b->arena, lock->holder),
                                        run_time_text(b->arena, lock->since_ms),
                                        run_time_text(b->arena, lock->renewed_ms)});
    }
    table_write(b, &table, "  ");
}

static Error *write_lock_json(Buf *b, const StateLockHolders *locks)
{
    Arena *a = b->arena;
    Value *items = arena_array(a, Value, locks->len);

    for (size_t i = 0; i < locks->len; i++) {
        const StateLockHolder *lock = &locks->items[i];
        ValueMap *map = value_map_new(a);

        value_map_set_c(a, map, "name", value_string(lock->name));
        value_map_set_c(a, map, "holder", value_string(lock->holder));
        value_map_set_c(a, map, "since", run_time_value(a, lock->since_ms));
        value_map_set_c(a, map, "renewed", run_time_value(a, lock->renewed_ms));
        value_map_set_c(a, map, "ttlSeconds", value_int(lock->ttl_ms / 1000));
        items[i] = value_of_map(map);
    }
    TRY(json_write(b, value_list(items, locks->len), (JsonStyle){0}));
    buf_add_char(b, '\n');
    return NULL;
}

static Error *show_locks(Run *run, void *context)
{
    Buf b = {.arena = run->arena};
    StateLockHolders locks;

    (void)context;
    TRY(state_lock_list(run->store, run->arena, &locks));
    if (run->options->json)
        TRY(write_lock_json(&b, &locks));
    else
        write_lock_table(&b, &locks);
    run_print(&b);
    return NULL;
}

static Error *break_lock(Run *run, void *name)
{
    return state_lock_break(run->store, *(const Str *)name);
}

Error *pipeline_show_locks(const PipelineOptions *options)
{
    return run_on_store(options, show_locks, NULL);
}

Error *pipeline_break_lock(const PipelineOptions *options, Str name)
{
    return run_on_store(options, break_lock, &name);
}
