/*
 * drop_in.c - what a program called helmfile says on standard error while it makes charts ready, as
 * scripts look for it: the lines of helmfile's own log, with what follows them on standard output
 * in between. Source: helmfile, pkg/helmexec/exec.go and pkg/state/state.go.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "io/file.h"
#include "io/http.h"

#include <string.h>

static bool skips_repositories(const Run *run, const SpecFile *file)
{
    const SpecBehaviour *defaults = &file->spec.defaults.behaviour;

    return run->options->skip_deps || run->options->skip_refresh ||
           defaults->skip_deps == FLAG_YES || defaults->skip_refresh == FLAG_YES;
}

/* Whether one of the files before the one with this NUMBER has added it already. */
static bool was_added(const Run *run, size_t number, Str name)
{
    for (size_t i = 0; i < number; i++) {
        const SpecFile *file = run->files.items[i];

        for (size_t j = 0; j < file->spec.repositories.len; j++)
            if (str_equal(file->spec.repositories.items[j].name.text, name))
                return true;
    }
    return false;
}

static void add_repositories(Buf *b, const Run *run, const SpecFile *file)
{
    size_t number = 0;

    while (number < run->files.len && run->files.items[number] != file)
        number++;
    for (size_t i = 0; i < file->spec.repositories.len; i++) {
        const SpecRepository *r = &file->spec.repositories.items[i];
        Str url = http_url_shown(b->arena, r->url.text);

        if (r->oci == FLAG_YES || was_added(run, number, r->name.text))
            continue;
        buf_format(b, "Adding repo %.*s %.*s\n\"%.*s\" has been added to your repositories\n",
                   STR_ARG(r->name.text), STR_ARG(url), STR_ARG(r->name.text));
    }
}

Str release_chart_shown(Arena *a, const Run *run, const Release *release)
{
    if (!run->options->drop_in || !release_chart_is_local(release))
        return release->chart;
    return path_clean(a, release->chart);
}

static bool has_dependencies_built(Arena *a, const Release *release)
{
    const SpecRelease *spec = &release->spec;
    SpecFlag usual = release->file->spec.defaults.behaviour.skip_deps;
    Str folder = path_join(a, release->file->directory, release->chart);

    return release->installed && release_chart_is_local(release) &&
           !release_flag(spec->behaviour.skip_deps, usual, false) &&
           file_kind(str_c(a, path_join(a, folder, STR("Chart.yaml")))) == FILE_REGULAR;
}

/* Of all selected releases of FILE. */
static void add_preparations(Buf *b, const Run *run, const SpecFile *file)
{
    for (size_t i = 0; i < run->plan.len && !run->options->skip_deps; i++) {
        const Release *release = run->plan.items[i].release;

        if (release->file == file && has_dependencies_built(b->arena, release))
            buf_format(b, "Building dependency release=%.*s, chart=%.*s\n", STR_ARG(release->name),
                       STR_ARG(release_chart_shown(b->arena, run, release)));
    }
}

static const char *verb_of(const PipelineOptions *options)
{
    if (strcmp(options->command, "template") == 0)
        return "Templating";
    return strcmp(options->command, "lint") == 0 ? "Linting" : NULL;
}

static void add_release(Buf *b, const Run *run, const Release *release)
{
    const char *verb = verb_of(run->options);

    if (verb && release->installed)
        buf_format(b, "%s release=%.*s, chart=%.*s\n", verb, STR_ARG(release->name),
                   STR_ARG(release_chart_shown(b->arena, run, release)));
    else if (!verb && !release->installed)
        buf_format(b, "Listing releases matching ^%.*s$\n", STR_ARG(release->name));
}

void drop_in_announce(const Run *run)
{
    const SpecFile *file = NULL;

    for (size_t i = 0; i < run->plan.len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        Buf b = {.arena = &scratch};
        const Release *release = run->plan.items[i].release;

        if (release->file != file && !skips_repositories(run, release->file))
            add_repositories(&b, run, release->file);
        if (release->file != file)
            add_preparations(&b, run, release->file);
        add_release(&b, run, release);
        if (verb_of(run->options))
            report_before(run->report, i, buf_str(&b));
        else if (b.len)
            report_note(run->report, buf_str(&b));
        file = release->file;
    }
}
