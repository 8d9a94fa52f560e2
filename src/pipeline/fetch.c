/*
 * fetch.c - `deps`, `repos` and `fetch`: what a spec needs from elsewhere, ahead of time.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "base/yaml.h"
#include "dependency/dependency.h"
#include "io/file.h"
#include "io/log.h"

/* ---- repos */

static Error *check_file(const Run *run, const SpecFile *file)
{
    const RepositoryList *known;

    TRY(file_repositories(run, file, &known));
    for (size_t i = 0; i < file->spec.repositories.len; i++) {
        const SpecRepository *spec = &file->spec.repositories.items[i];
        const Repository *r = repositories_named(known, spec->name.text);

        if (!r || repository_is_oci(r->url))
            continue;
        TRY(error_place_at(repository_check(run->remote, r), spec->place));
        log_info("repository \"%.*s\" is up to date", STR_ARG(r->name));
    }
    return NULL;
}

static Error *check_repositories(Run *run, void *context, PipelineOutcome *out)
{
    (void)context;
    (void)out;
    for (size_t i = 0; i < run->files.len; i++)
        TRY(check_file(run, run->files.items[i]));
    return NULL;
}

Error *pipeline_repos(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.listing = true, .no_needs = true}, check_repositories,
                       NULL, out);
}

/* ---- deps */

/* helmfile updates what local charts depend on first, where they are. */
static Error *update_local(Run *run, const Release *release)
{
    DependencyOptions options = {.remote = run->remote};
    Buf told = {.arena = run->arena};
    const char *path, *metadata;

    if (!release_chart_is_local(release))
        return NULL;
    TRY(release_chart_path(run, run->arena, release, &path));
    metadata = str_format(run->arena, "%s/Chart.yaml", path).ptr;
    if (file_kind(path) != FILE_DIRECTORY || file_kind(metadata) != FILE_REGULAR)
        return NULL;
    TRY(file_repositories(run, release->file, &options.known));
    return error_place_at(dependency_update(run->arena, &options, path, &told),
                          release_chart_place(release));
}

static Error *lock_files(Run *run, void *context, PipelineOutcome *out)
{
    bool any = false;

    (void)context;
    (void)out;
    for (size_t i = 0; i < run->plan.len; i++)
        TRY(update_local(run, run->plan.items[i].release));
    charts_prefetch(run);
    for (size_t i = 0; i < run->files.len; i++) {
        const char *path;

        TRY(chart_lock_write(run, run->files.items[i], &path));
        if (path)
            log_info("%s: written", path);
        any = any || path;
    }
    if (!any)
        log_warn("no release has a chart of a repository in the spec: there is nothing to lock");
    return NULL;
}

Error *pipeline_deps(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.no_lock = true}, lock_files, NULL, out);
}

/* ---- fetch */

/* What the folder of RELEASE's chart is called after. */
static Str name_of_chart(Arena *a, const Release *release)
{
    Str chart = release->chart;
    size_t scheme = str_find(chart, STR("://"));

    if (release_chart_is_local(release))
        return path_name(path_clean(a, chart));
    return scheme == STR_NONE ? chart : str_skip(chart, scheme + 3);
}

static Error *write_chart(Arena *a, const char *from, Str folder)
{
    ChartFileList files = {0};

    TRY(chart_read_files(a, from, &files));
    for (size_t i = 0; i < files.len; i++)
        TRY(file_replace_public(
            str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(files.items[i].name)).ptr,
            files.items[i].data));
    return NULL;
}

static Error *fetch_chart(Run *run, Release *release)
{
    const PipelineOptions *o = run->options;
    const char *path;
    const Chart *chart;
    Str folder;

    TRY(release_chart_path(run, run->arena, release, &path));
    if (!o->output_dir && !o->output_dir_template)
        return release_chart_load(run, release, path, &chart);
    TRY(output_chart_directory(run, run->arena, release, name_of_chart(run->arena, release),
                               &folder));
    if (!release_chart_is_local(release)) {
        TRY(release_chart_load(run, release, path, &chart));
        folder = str_format(run->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(chart_name(chart)));
    }
    TRY(error_place_at(write_chart(run->arena, path, folder), release_chart_place(release)));
    // that is what the spec says from now on
    release->chart = release->spec.chart.text = folder;
    release->spec.version.text = release->version;
    return NULL;
}

static Error *fetch_charts(Run *run, void *context, PipelineOutcome *out)
{
    (void)context;
    for (size_t i = 0; i < run->plan.len; i++)
        TRY(fetch_chart(run, run->releases.items[run->plan.items[i].release->index]));
    return run->options->write_output ? print_files(run, NULL, out) : NULL;
}

Error *pipeline_fetch(const PipelineOptions *options, PipelineOutcome *out)
{
    if (options->write_output && !options->output_dir)
        return error_new(ERROR_USAGE, "--write-output wants --output-dir");
    return run_command(options, &(RunNeeds){.charts = true, .file_hooks = true}, fetch_charts, NULL,
                       out);
}
