/*
 * test.c - `test`: the tests of installed releases, which are hooks of their charts.
 * Source: helm, pkg/action/release_testing.go, and what `helm test` prints.
 */
#include "pipeline/run.h"

/* The tests among the hooks of RECORD, as manifests. */
static Error *tests_of(Arena *a, const Record *record, ManifestList *out)
{
    for (size_t i = 0; i < record->hooks.len; i++) {
        const RecordHook *hook = &record->hooks.items[i];

        if (hook->events & HOOK_TEST)
            TRY(manifest_parse(a, hook->path, hook->manifest, out));
    }
    return NULL;
}

static void write_result(const Step *step, const Record *record, Buf *b)
{
    Arena *a = b->arena;

    buf_format(b, "NAME: %.*s\nLAST DEPLOYED: %.*s\nNAMESPACE: %.*s\nSTATUS: %s\nREVISION: %d\n",
               STR_ARG(step->release->name), STR_ARG(run_time_text(a, record->last_deployed_ms)),
               STR_ARG(record->namespace), record_status_name(record->status), record->revision);
    for (size_t i = 0; i < record->hooks.len; i++) {
        const RecordHook *hook = &record->hooks.items[i];

        if (hook->events & HOOK_TEST)
            buf_format(b,
                       "TEST SUITE:     %.*s\nLast Started:   %.*s\nLast Completed: %.*s\n"
                       "Phase:          %.*s\n",
                       STR_ARG(hook->name), STR_ARG(run_time_text(a, hook->started_ms)),
                       STR_ARG(run_time_text(a, hook->completed_ms)), STR_ARG(hook->phase));
    }
}

static Error *test_release(const Step *step)
{
    const PipelineOptions *o = step->run->options;
    ManifestList tests = {0};
    Buf b = {.arena = step->arena};
    Record record;

    TRY(release_record(step, &record));
    if (!record.revision || record.status == RECORD_UNINSTALLED)
        return error_new(ERROR_INPUT, "release \"%.*s\" is not installed",
                         STR_ARG(step->release->name));
    TRY(record_read(step->run->store, step->arena, &record));
    TRY(tests_of(step->arena, &record, &tests));
    ChartHooks hooks = {
        .step = step, .record = &record, .timeout_ms = (o->timeout_s ? o->timeout_s : 300) * 1000};
    Error *err = chart_hooks_run(&hooks, &tests, HOOK_TEST);
    Error *unwritten = record_write(step->run->store, step->arena, &record);
    write_result(step, &record, &b);
    report_result(step->run->report, step->number, buf_str(&b));
    if (!err)
        return unwritten;
    error_free(unwritten);
    return err;
}

static Error *test_step(void *context, const Step *step)
{
    (void)context;
    return step->release->installed ? test_release(step) : NULL;
}

static Error *test_all(Run *run, void *context, PipelineOutcome *out)
{
    (void)context;
    (void)out;
    run_pass(run, &(RunPass){.step = test_step});
    return NULL;
}

Error *pipeline_test(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.cluster = true, .changes = true, .file_hooks = true},
                       test_all, NULL, out);
}
