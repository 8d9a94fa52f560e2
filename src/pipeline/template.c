/*
 * template.c - `template`: releases rendered, without a cluster.
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
