/*
 * unittest.c - `unittest`: the unit tests of releases' charts, with the releases' values.
 * Source: helmfile, pkg/state/state.go, UnittestReleases.
 */
#include "unittest/unittest.h"

#include "pipeline/run.h"

#include "base/path.h"

#include <string.h>

/* A path of `unitTests` as a pattern from the chart's folder: a folder stands for its suites. */
static Error *pattern_of(Arena *a, const SpecText *text, Str *out)
{
    Str clean = path_clean(a, text->text), lower = str_lower(a, text->text);

    if (path_is_absolute(clean) || str_is(clean, "..") || str_starts(clean, STR("../")))
        return error_at(text->place,
                        "the path \"%.*s\" of unitTests must be within the chart's folder",
                        STR_ARG(text->text));
    *out = clean;
    if (str_find_char(lower, '*') == STR_NONE && str_find_char(lower, '?') == STR_NONE &&
        str_find_char(lower, '[') == STR_NONE && !str_ends(lower, STR(".yaml")) &&
        !str_ends(lower, STR(".yml")))
        *out = path_join(a, clean, STR("*_test.yaml"));
    return NULL;
}

static Error *run_tests(const Step *step, Buf *b)
{
    const SpecTextList *tests = &step->release->spec.unit_tests;
    UnittestOptions options = {.fail_fast = step_options(step)->fail_fast,
                               .skips_schema = step_options(step)->skip_schema,
                               .settings = run_template_settings(step->run)};
    UnittestTally tally = {0};
    const char *path;
    ValueMap *values;

    for (size_t i = 0; i < tests->len; i++)
        TRY(pattern_of(step->arena, &tests->items[i], vec_add(step->arena, &options.files)));
    TRY(release_chart_path(step->run, step->arena, step->release, &path));
    TRY(release_values(step, &values));
    options.base = values;
    TRY(unittest_run(step->run->shared, &options, path, b, &tally));
    unittest_summary(&tally, b);
    if (!tally.suites.failed)
        return NULL;
    return error_at(tests->items[0].place, "%zu of %zu test suites of the chart failed",
                    tally.suites.failed, tally.suites.failed + tally.suites.passed);
}

static Error *unittest_step(void *context, const Step *step)
{
    Buf b = {.arena = step->arena};

    (void)context;
    if (!step->release->installed || !step->release->spec.unit_tests.len)
        return NULL;
    Error *err = run_tests(step, &b);
    report_result(step->run->report, step->number, buf_str(&b));
    return step_cleanup(step, err);
}

static Error *unittest_all(Run *run, void *context, PipelineOutcome *out)
{
    (void)context;
    (void)out;
    run_pass(run, &(RunPass){.step = unittest_step});
    return NULL;
}

Error *pipeline_unittest(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.file_hooks = true, .charts = true}, unittest_all, NULL,
                       out);
}
