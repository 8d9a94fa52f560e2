/*
 * since.c - --since: which releases come of files that git says have changed.
 *
 * What a release is made of is a list of paths and patterns: its spec, with bases, values of the
 * environment and all that their templates look at; its values files, patches and chart; the lock.
 * That is enough where every file that has changed is one of these. Where one is left over that
 * nothing is known to be made of, the values files are read, too: for what their templates look at,
 * and for references (ref+file://…).
 */
#include "pipeline/run.h"

#include "base/glob.h"
#include "base/path.h"
#include "io/changes.h"
#include "io/file.h"
#include "io/log.h"

enum { DEEPEST_CHART = 10 }; /* of charts that depend on folders */

/* The search for what has changed. */
typedef struct Since {
    Run *run;
    Arena *arena;
    Str here; /* that relative paths start from */
    FileChangeList changes;
    bool *known;             /* by change: something is made of it */
    const FileChange **spec; /* by file of the run: what of its spec has changed, or NULL */
} Since;

/* Whether CHANGE is PATTERN, a path from the root on, in it, or matches it. */
static bool concerns(const FileChange *change, Str pattern)
{
    Str path = change->path;

    if (str_starts(path, pattern) &&
        (path.len == pattern.len || path.ptr[pattern.len] == '/' || str_is(pattern, "/")))
        return true;
    return glob_has_magic(pattern) && glob_match(pattern, path);
}

/* The first change to PATTERN, which is seen from FOLDER; or NULL. */
static const FileChange *change_of(Since *s, Str folder, Str pattern)
{
    Str whole = path_join(s->arena, path_join(s->arena, s->here, folder), pattern);
    const FileChange *first = NULL;

    if (!pattern.len || remote_is_source(pattern))
        return NULL;
    if (file_is_link(str_c(s->arena, whole)))
        whole = file_absolute(s->arena, str_c(s->arena, whole));
    for (size_t i = 0; i < s->changes.len; i++) {
        if (!concerns(&s->changes.items[i], whole))
            continue;
        s->known[i] = true;
        first = first ? first : &s->changes.items[i];
    }
    return first;
}

static const FileChange *change_of_list(Since *s, Str folder, const StrList *patterns)
{
    const FileChange *first = NULL;

    for (size_t i = 0; i < patterns->len; i++) {
        const FileChange *change = change_of(s, folder, patterns->items[i]);

        first = first ? first : change;
    }
    return first;
}

/* ---- what a release is made of */

static const FileChange *change_of_entries(Since *s, const Release *release,
                                           const ValuesEntryList *entries, Str prefix)
{
    const FileChange *first = NULL;

    for (size_t i = 0; i < entries->len; i++) {
        Str path = entries->items[i].path;
        const FileChange *change =
            path.len ? change_of(s, release->file->directory, str_join(s->arena, prefix, path))
                     : NULL;

        first = first ? first : change;
    }
    return first;
}

static const FileChange *change_of_sets(Since *s, const Release *release, const SpecSetList *sets)
{
    const FileChange *first = NULL;

    for (size_t i = 0; i < sets->len; i++) {
        const FileChange *change = change_of(s, release->file->directory, sets->items[i].file.text);

        first = first ? first : change;
    }
    return first;
}

/* Of the chart in the folder PATH, and those in folders that it depends on. */
static const FileChange *change_of_chart(Since *s, Str folder, Str path, int depth)
{
    static const Str mark = STR_INIT("file://");
    const FileChange *first = change_of(s, folder, path);
    Str own = path_join(s->arena, folder, path), text;

    if (depth > DEEPEST_CHART || file_kind(str_c(s->arena, own)) != FILE_DIRECTORY)
        return first;
    Error *err = file_read(s->arena, path_join(s->arena, own, STR("Chart.yaml")).ptr, &text);
    error_free(err);
    while (!err) {
        size_t at = str_find(text, mark), end = 0;

        if (at == STR_NONE)
            break;
        text = str_skip(text, at + mark.len);
        while (end < text.len && !strchr(" \t\r\n\"',}", text.ptr[end]))
            end++;
        const FileChange *change = change_of_chart(s, own, str_slice(text, 0, end), depth + 1);
        first = first ? first : change;
    }
    return first;
}

static const FileChange *change_of_charts(Since *s, const Release *release)
{
    const SpecDependencyList *more = &release->spec.dependencies;
    Str folder = release->file->directory;
    const FileChange *first = NULL;

    if (release_chart_is_local(release))
        first = change_of_chart(s, folder, release->chart, 0);
    else
        first = change_of(s, STR(""), str_from(chart_lock_path(s->arena, release->file)));
    for (size_t i = 0; i < more->len; i++) {
        const FileChange *change = change_of_chart(s, folder, more->items[i].chart.text, 0);

        first = first ? first : change;
    }
    return first;
}

static const FileChange *change_of_release(Since *s, const Release *release)
{
    const SpecRelease *spec = &release->spec;
    const ValuesEntryList *lists[] = {&spec->values, &spec->secrets, &spec->strategic_merge_patches,
                                      &spec->json_patches, &spec->transformers};
    const FileChange *first = change_of_charts(s, release), *change;

    for (size_t i = 0; i < COUNT(lists); i++) {
        change = change_of_entries(s, release, lists[i],
                                   i < 2 ? spec->values_path_prefix.text : STR(""));
        first = first ? first : change;
    }
    change = change_of_sets(s, release, &spec->set);
    first = first ? first : change;
    change = change_of_list(s, STR(""), &s->run->options->values_files);
    return first ? first : change;
}

/* ---- what is only known once values files are read */

/* A file that has changed, is not known otherwise, and is named in one of TEXTS. */
static const FileChange *change_in_texts(Since *s, const StrList *texts)
{
    for (size_t i = 0; i < s->changes.len; i++)
        for (size_t j = 0; j < texts->len; j++)
            if (str_find(texts->items[j], path_name(s->changes.items[i].path)) != STR_NONE)
                return &s->changes.items[i];
    return NULL;
}

static Error *look_closer(Since *s, const Release *release, const FileChange **out)
{
    DEFER(arena_free) Arena own = {0};
    Step step = {.run = s->run, .arena = &own, .release = release};
    StrList files = {0}, texts = {0}, watched = {0};

    environment_templates_watch(s->run->templates, &own, &watched);
    Error *err = release_values_inputs(&step, &files, &texts);
    environment_templates_watch(s->run->templates, NULL, NULL);
    TRY(err);
    *out = change_of_list(s, STR(""), &files);
    const FileChange *change = change_of_list(s, STR(""), &watched);
    *out = *out ? *out : change;
    if (!*out && texts.len)
        *out = change_in_texts(s, &texts);
    return NULL;
}

static bool leaves_some(const Since *s)
{
    for (size_t i = 0; i < s->changes.len; i++)
        if (!s->known[i])
            return true;
    return false;
}

/* ---- selecting */

static const FileChange *change_of_spec(const Since *s, const SpecFile *file)
{
    for (size_t i = 0; i < s->run->files.len; i++)
        if (s->run->files.items[i] == file)
            return s->spec[i];
    return NULL;
}

static void say(const Since *s, const Release *release, const FileChange *change)
{
    Str shown = path_relative(s->arena, s->here, change->path);
    Str title = release_title(s->arena, release);

    log_info("%.*s: %.*s is %s", STR_ARG(title), STR_ARG(shown), change->how);
}

static Error *find_changes(Since *s)
{
    ReleaseList *all = &s->run->releases;
    const FileChange **of = arena_array(s->arena, const FileChange *, all->len);

    for (size_t i = 0; i < s->run->files.len; i++)
        s->spec[i] = change_of_list(s, STR(""), &s->run->files.items[i]->inputs);
    for (size_t i = 0; i < all->len; i++) {
        const FileChange *own = change_of_release(s, all->items[i]);

        of[i] = own ? own : change_of_spec(s, all->items[i]->file);
    }
    bool closer = leaves_some(s), any = false;
    for (size_t i = 0; i < all->len; i++) {
        if (closer && !of[i] && all->items[i]->selected)
            TRY(look_closer(s, all->items[i], &of[i]));
        if (all->items[i]->selected && of[i])
            say(s, all->items[i], of[i]);
        all->items[i]->selected &= of[i] != NULL;
        any |= all->items[i]->selected;
    }
    if (!any)
        log_info("no release comes of files that have changed since %.*s",
                 STR_ARG(s->run->options->since));
    return NULL;
}

Error *since_select(Run *run)
{
    DEFER(arena_free) Arena scratch = {0};
    Since s = {.run = run, .arena = &scratch, .here = file_absolute(&scratch, ".")};
    const char *folder = run->files.len ? str_c(&scratch, run->files.items[0]->directory) : ".";

    TRY(error_wrap(changes_since(&scratch, folder, run->options->since, &s.changes), "--since"));
    s.known = arena_array(&scratch, bool, s.changes.len);
    s.spec = arena_array(&scratch, const FileChange *, run->files.len);
    return find_changes(&s);
}
