/*
 * log.c - `log`: which runs have changed releases; and `run abort`, to end those that were killed.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/table.h"
#include "io/log.h"

#include <stdio.h>

enum { MOST_RUNS = 20 }; /* that are shown unasked */

/* ---- what they were */

static Error *no_runs(const Run *run)
{
    if (!run->store->type->of_helm)
        return NULL;
    return error_hint(error_new(ERROR_USAGE, "helm's records say nothing of runs"),
                      "keep the state elsewhere: --state URL, see relfile help stores");
}

/* A run that says that it is under way, but has no lock any more, was killed. */
static void mark_interrupted(const StateLockHolders *locks, RunEntry *entry)
{
    if (entry->status != RUN_RUNNING)
        return;
    for (size_t i = 0; i < locks->len; i++)
        if (str_equal(locks->items[i].run, entry->id) && !locks->items[i].gone)
            return;
    entry->status = RUN_INTERRUPTED;
}

static size_t count_failed(const RunEntry *entry)
{
    size_t failed = 0;

    for (size_t i = 0; i < entry->releases.len; i++)
        failed += entry->releases.items[i].error.len > 0;
    return failed;
}

static Str took(Arena *a, const RunEntry *entry)
{
    if (!entry->ended_ms)
        return STR("-");
    return str_format(a, "%.1f s", (double)(entry->ended_ms - entry->started_ms) / 1000);
}

static Str releases_text(Arena *a, const RunEntry *entry)
{
    size_t failed = count_failed(entry);

    return failed ? str_format(a, "%zu, %zu failed", entry->releases.len, failed)
                  : str_format(a, "%zu", entry->releases.len);
}

static void write_table(Buf *b, const RunEntryList *runs)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 8};

    table_add(&table, (const Str[]){STR("RUN"), STR("STARTED"), STR("TOOK"), STR("COMMAND"),
                                    STR("ENVIRONMENT"), STR("STATUS"), STR("RELEASES"), STR("BY")});
    for (size_t i = 0; i < runs->len; i++) {
        const RunEntry *entry = &runs->items[i];

        table_add(&table, (const Str[]){entry->id, run_time_text(a, entry->started_ms),
                                        took(a, entry), entry->command, entry->environment,
                                        str_from(run_status_name(entry->status)),
                                        releases_text(a, entry), text_escaped(a, entry->user)});
    }
    table_write(b, &table, "  ");
}

static Value release_json(Arena *a, const RunRelease *release)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "name", value_string(release->name));
    value_map_set_c(a, map, "namespace", value_string(release->namespace));
    value_map_set_c(a, map, "kubeContext", value_string(release->context));
    value_map_set_c(a, map, "action", value_string(release->action));
    value_map_set_c(a, map, "revision", value_int(release->revision));
    value_map_set_c(a, map, "seconds", value_float((double)release->took_ms / 1000));
    value_map_set_c(a, map, "error",
                    release->error.len ? value_string(release->error) : value_null());
    return value_of_map(map);
}

static Value run_json(Arena *a, const RunEntry *entry)
{
    ValueMap *map = value_map_new(a);
    Value *releases = arena_array(a, Value, entry->releases.len);

    value_map_set_c(a, map, "id", value_string(entry->id));
    value_map_set_c(a, map, "status", value_c(run_status_name(entry->status)));
    value_map_set_c(a, map, "command", value_string(entry->command));
    value_map_set_c(a, map, "environment", value_string(entry->environment));
    value_map_set_c(a, map, "actor", value_string(entry->user));
    value_map_set_c(a, map, "job", value_string(entry->job));
    value_map_set_c(a, map, "commit", value_string(entry->commit));
    value_map_set_c(a, map, "tool", value_string(entry->tool));
    value_map_set_c(a, map, "started", run_time_value(a, entry->started_ms));
    value_map_set_c(a, map, "ended", run_time_value(a, entry->ended_ms));
    for (size_t i = 0; i < entry->releases.len; i++)
        releases[i] = release_json(a, &entry->releases.items[i]);
    value_map_set_c(a, map, "releases", value_list(releases, entry->releases.len));
    Value *inputs = arena_array(a, Value, entry->inputs.len);
    for (size_t i = 0; i < entry->inputs.len; i++)
        inputs[i] = value_string(entry->inputs.items[i]);
    value_map_set_c(a, map, "inputs", value_list(inputs, entry->inputs.len));
    return value_of_map(map);
}

/* ---- log */

static void add_detail(Table *table, const char *name, Str text)
{
    if (text.len)
        table_add(table, (const Str[]){str_from(name), text_escaped(table->arena, text)});
}

static void write_details(Buf *b, const RunEntry *entry)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 2};

    add_detail(&table, "RUN", entry->id);
    add_detail(&table, "STATUS", str_from(run_status_name(entry->status)));
    add_detail(&table, "COMMAND", entry->command);
    add_detail(&table, "ENVIRONMENT", entry->environment);
    add_detail(&table, "STARTED", run_time_text(a, entry->started_ms));
    add_detail(&table, "ENDED", run_time_text(a, entry->ended_ms));
    add_detail(&table, "BY", entry->user);
    add_detail(&table, "JOB", entry->job);
    add_detail(&table, "COMMIT", entry->commit);
    add_detail(&table, "WITH", entry->tool);
    for (size_t i = 0; i < entry->inputs.len; i++)
        add_detail(&table, i ? "" : "READ", entry->inputs.items[i]);
    table_write(b, &table, "  ");
}

static void write_releases(Buf *b, const RunEntry *entry)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 6};

    table_add(&table, (const Str[]){STR("RELEASE"), STR("NAMESPACE"), STR("CLUSTER"), STR("ACTION"),
                                    STR("REVISION"), STR("ERROR")});
    for (size_t i = 0; i < entry->releases.len; i++) {
        const RunRelease *r = &entry->releases.items[i];

        table_add(&table, (const Str[]){r->name, r->namespace,
                                        r->context.len ? r->context : STR("-"), r->action,
                                        r->revision ? str_format(a, "%d", r->revision) : STR("-"),
                                        text_escaped(a, r->error)});
    }
    buf_add_char(b, '\n');
    table_write(b, &table, "  ");
}

static Error *print_json(Buf *b, const RunEntryList *runs)
{
    Value *items = arena_array(b->arena, Value, runs->len);

    for (size_t i = 0; i < runs->len; i++)
        items[i] = run_json(b->arena, &runs->items[i]);
    return run_print_json(b, value_list(items, runs->len));
}

/* The run called ID alone, or the last ones. */
static Error *find_runs(Run *run, Str id, RunEntryList *out)
{
    StateLockHolders locks;
    size_t most = run->options->most ? run->options->most : MOST_RUNS;

    TRY(no_runs(run));
    if (id.len)
        TRY(run_entry_read(run->store, run->arena, id, vec_add(run->arena, out)));
    else
        TRY(run_entry_list(run->store, run->arena, run->options->spec.environment, most, out));
    TRY(state_lock_list(run->store, run->arena, &locks));
    for (size_t i = 0; i < out->len; i++)
        mark_interrupted(&locks, &out->items[i]);
    return NULL;
}

static Error *show_log(Run *run, void *context)
{
    const Str *id = context;
    Buf b = {.arena = run->arena};
    RunEntryList runs = {0};

    TRY(find_runs(run, *id, &runs));
    if (run->options->json)
        return print_json(&b, &runs);
    if (id->len) {
        write_details(&b, &runs.items[0]);
        write_releases(&b, &runs.items[0]);
    } else {
        write_table(&b, &runs);
    }
    run_print(&b);
    return NULL;
}

Error *pipeline_log(const PipelineOptions *options, Str id)
{
    return run_on_store(options, show_log, &id);
}

/* ---- run abort */

/* A release that the run left in the middle is a failed one from now on. */
static Error *fail_pending(const Run *run, const RunEntry *entry)
{
    for (size_t i = 0; i < entry->releases.len; i++) {
        const RunRelease *r = &entry->releases.items[i];
        Record record;

        if (!str_is(r->action, "interrupted"))
            continue;
        TRY(record_last(run->store, run->arena, r->context, r->namespace, r->name, &record));
        if (!str_equal(record.run, entry->id) || !record_is_pending(record.status))
            continue;
        record.status = RECORD_FAILED;
        record.description =
            str_format(run->arena, "Aborted by %.*s", STR_ARG(run_user(run->arena)));
        TRY(record_write(run->store, run->arena, &record));
    }
    return NULL;
}

static Error *free_locks(const Run *run, const RunEntry *entry)
{
    StateLockHolders locks;

    TRY(state_lock_list(run->store, run->arena, &locks));
    for (size_t i = 0; i < locks.len; i++)
        if (str_equal(locks.items[i].run, entry->id))
            TRY(state_lock_break(run->store, locks.items[i].name));
    return NULL;
}

static Error *abort_one(Run *run, const RunEntry *entry)
{
    RunEntry closed;

    if (entry->status == RUN_RUNNING)
        return error_hint(error_new(ERROR_CONFLICT, "run %.*s is under way", STR_ARG(entry->id)),
                          "it ends what it has begun when it is interrupted: kill -INT; relfile "
                          "lock show says where it runs");
    if (entry->status != RUN_INTERRUPTED)
        return error_new(ERROR_INPUT, "run %.*s has ended: it %s", STR_ARG(entry->id),
                         run_status_name(entry->status));
    TRY(run_log_close(run, entry->id, RUN_ABORTED, &closed));
    TRY(fail_pending(run, &closed));
    TRY(free_locks(run, &closed));
    printf("%.*s: aborted\n", STR_ARG(entry->id));
    return NULL;
}

static Error *abort_runs(Run *run, void *context)
{
    const Str *id = context;
    RunEntryList runs = {0};
    size_t done = 0;

    TRY(find_runs(run, *id, &runs));
    for (size_t i = 0; i < runs.len; i++) {
        if (!id->len && runs.items[i].status != RUN_INTERRUPTED)
            continue;
        TRY(abort_one(run, &runs.items[i]));
        done++;
    }
    if (!done)
        log_info("no run was interrupted");
    return NULL;
}

Error *pipeline_abort_run(const PipelineOptions *options, Str id)
{
    return run_on_store(options, abort_runs, &id);
}
