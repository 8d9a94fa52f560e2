/*
 * template.c - `template` and `lint`: releases rendered, without a cluster.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "io/file.h"

static ChartPrint print_of(const PipelineOptions *o)
{
    return (ChartPrint){.skips_hooks = o->no_hooks,
                        .skips_tests = o->skip_tests,
                        .includes_crds = o->include_crds,
                        .show_only = o->show_only.items,
                        .show_only_count = o->show_only.len};
}

static Error *write_files(const Step *step, const ChartOutput *output, Buf *b)
{
    ChartPrint print = print_of(step_options(step));
    Str directory;

    TRY(output_directory(step, &directory));
    return chart_write(step->arena, output, &print, &(ChartFolders){directory, directory}, b);
}

/* ---- template */

static Error *template_release(const Step *step)
{
    bool to_files = step_options(step)->output_dir || step_options(step)->output_dir_template;
    ChartPrint print = print_of(step_options(step));
    Buf b = {.arena = step->arena};
    Rendered rendered;

    TRY(step_hooks(step, "prepare", NULL));
    TRY(release_render(step, &(RenderRequest){.revision = 1}, &rendered));
    TRY(to_files ? write_files(step, &rendered.output, &b)
                 : chart_print(&b, &rendered.output, &print));
    buf_add_char(&b, '\n');
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static Error *template_step(void *context, const Step *step)
{
    (void)context;
    return step->release->installed ? step_cleanup(step, template_release(step)) : NULL;
}

/* PASS over all releases, which is all that these commands are. */
static Error *pass_over(Run *run, void *pass, PipelineOutcome *out)
{
    (void)out;
    run_pass(run, pass);
    return NULL;
}

Error *pipeline_template(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.file_hooks = true, .charts = true}, pass_over,
                       &(RunPass){.step = template_step}, out);
}

/* ---- lint */

static Error *lint_list(const ManifestList *manifests)
{
    for (size_t i = 0; i < manifests->len; i++)
        TRY(manifest_check_object(&manifests->items[i]));
    return NULL;
}

static Error *lint_release(const Step *step)
{
    Rendered rendered;

    TRY(step_hooks(step, "prepare", NULL));
    TRY(release_render(step, &(RenderRequest){.revision = 1}, &rendered));
    TRY(lint_list(&rendered.output.manifests));
    TRY(lint_list(&rendered.output.hooks));
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

Error *pipeline_lint(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options,
                       &(RunNeeds){.file_hooks = true, .checks_names = true, .charts = true},
                       pass_over, &(RunPass){.step = lint_step}, out);
}
