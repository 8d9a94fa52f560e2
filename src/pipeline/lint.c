/*
 * lint.c - `lint`: the spec and all its releases looked at, without a cluster: what cannot be read,
 * rendered or installed is an error, what is of no use a warning.
 */
#include "pipeline/findings.h"
#include "pipeline/run.h"
#include "pipeline/unused.h"

#include "io/log.h"

/* ---- releases */

static Error *lint_list(const ManifestList *manifests)
{
    for (size_t i = 0; i < manifests->len; i++)
        TRY(manifest_check_object(&manifests->items[i]));
    return NULL;
}

static Error *lint_release(const Step *step)
{
    Rendered rendered;

    TRY(release_render(step, &(RenderRequest){.revision = 1}, &rendered));
    TRY(lint_list(&rendered.output.manifests));
    TRY(lint_list(&rendered.output.hooks));
    if (step->run->options->lint_format)
        return NULL;
    size_t count = rendered.output.manifests.len + rendered.output.hooks.len;
    report_result(step->run->report, step->number,
                  str_format(step->arena, "%.*s: chart %.*s, %zu manifest%s, fine\n",
                             STR_ARG(step->title),
                             STR_ARG(chart_full_name(step->arena, rendered.chart)), count,
                             count == 1 ? "" : "s"));
    return NULL;
}

static Error *lint_step(void *context, const Step *step)
{
    (void)context;
    return step->release->installed ? step_cleanup(step, lint_release(step)) : NULL;
}

/* ---- all */

static Error *look_at_all(Run *run, void *context, PipelineOutcome *out)
{
    FindingList *findings = context;
    StrList unused = {0};

    (void)out;
    run_pass(run, &(RunPass){.step = lint_step});
    unused_values_files(run->arena, &run->files, &unused);
    for (size_t i = 0; i < unused.len; i++)
        finding_warn(findings, unused.items[i],
                     "no part of the spec names this values file, for no environment");
    return NULL;
}

/* Findings as text: errors are told by the run as all errors are; warnings here. */
static void tell_warnings(const FindingList *findings)
{
    for (size_t i = 0; i < findings->len; i++)
        log_warn("%.*s: %.*s", STR_ARG(findings->items[i].file),
                 STR_ARG(findings->items[i].message));
}

static void collect(FindingList *findings, Run *run)
{
    for (size_t i = 0; i < run->result.failures.len; i++) {
        finding_error(findings, run->result.failures.items[i]);
        error_free(run->result.failures.items[i]);
    }
    run->result = (RunResult){0};
}

static Error *collect_all(Run *run, void *context, PipelineOutcome *out)
{
    TRY(look_at_all(run, context, out));
    collect(context, run);
    return NULL;
}

/* For machines: all that is wrong is in what is printed, also what keeps the spec from being read.
 */
static Error *lint_for_machines(const PipelineOptions *options, const RunNeeds *needs,
                                PipelineOutcome *out)
{
    DEFER(arena_free) Arena arena = {0};
    FindingList findings = {.arena = &arena};
    Error *err = run_command(options, needs, collect_all, &findings, out);

    if (err && error_kind_of(err) == ERROR_NO_MATCH)
        return err;
    if (err)
        finding_error(&findings, err);
    error_free(err);
    for (size_t i = 0; i < findings.len; i++)
        out->failed |= findings.items[i].is_error;
    return findings_print(&findings, options->lint_format);
}

Error *pipeline_lint(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.file_hooks = true, .checks_names = true, .charts = true};
    DEFER(arena_free) Arena arena = {0};
    FindingList findings = {.arena = &arena};

    if (options->lint_format)
        return lint_for_machines(options, &needs, out);
    TRY(run_command(options, &needs, look_at_all, &findings, out));
    tell_warnings(&findings);
    return NULL;
}
