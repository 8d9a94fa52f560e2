/*
 * directory.c - charts in a folder. Links are followed, as helm follows them.
 * Source: helm, pkg/chart/v2/loader/directory.go and internal/sympath.
 */
#include "chart/ignore.h"
#include "chart/sources/sources.h"

#include "io/file.h"

enum { DEEPEST_FOLDER = 100 };

/* A walk through the folder of a chart. */
typedef struct Walk {
    Arena *arena;
    const char *top;
    IgnoreRules rules;
    ChartFileList *files;
    ChartBudget *budget;
    size_t left; /* bytes that may still come */
} Walk;

static Error *add_file(Walk *w, const char *path, Str name, bool is_regular)
{
    Str data;

    if (!is_regular && file_kind(path) != FILE_REGULAR)
        return error_hint(error_new(ERROR_INPUT,
                                    "%s: a chart cannot have a file of this kind, or a broken link",
                                    path),
                          "links must lead to files and folders, and not back to one above them");
    Error *err = w->budget->maps ? file_read_mapped(w->arena, path, w->left, &data)
                                 : file_read_limited(w->arena, path, w->left, &data);
    if (err && error_kind_of(err) == ERROR_INPUT)
        return error_wrap(err, "the chart is larger than %zu bytes", CHART_MOST_BYTES);
    TRY(err);
    w->left -= data.len;
    w->budget->bytes -= data.len;
    if (str_starts(data, STR("\xEF\xBB\xBF")))
        data = str_skip(data, 3);
    *vec_add(w->arena, w->files) = (ChartFile){name, data};
    return NULL;
}

/* Whether it is ignored or not, whatever is seen counts: links can make a small folder endless. */
static Error *count(Walk *w, size_t entries)
{
    if (entries > w->budget->files)
        return error_hint(error_new(ERROR_INPUT, "%s: the chart has over %d files and folders",
                                    w->top, CHART_MOST_FILES),
                          "a link may lead back to a folder above it");
    w->budget->files -= entries;
    return NULL;
}

/* What is in the folder PREFIX (with a slash at its end, or empty) of the chart. */
static Error *walk(Walk *w, Str prefix, int depth)
{
    const char *folder = str_format(w->arena, "%s/%.*s", w->top, STR_ARG(prefix)).ptr;
    FileEntryList entries;

    if (depth > DEEPEST_FOLDER)
        return error_hint(error_new(ERROR_INPUT, "%s: folders nest too deep", folder),
                          "a link may lead back to a folder above it");
    TRY(directory_read(w->arena, folder, &entries));
    TRY(count(w, entries.len));
    for (size_t i = 0; i < entries.len; i++) {
        Str name = str_join(w->arena, prefix, entries.items[i].name);

        if (ignore_matches(&w->rules, name, entries.items[i].is_directory))
            continue;
        if (entries.items[i].is_directory)
            TRY(walk(w, str_join(w->arena, name, STR("/")), depth + 1));
        else
            TRY(add_file(w, str_format(w->arena, "%s/%.*s", w->top, STR_ARG(name)).ptr, name,
                         entries.items[i].is_regular));
    }
    return NULL;
}

Error *source_read_directory(Arena *a, const char *path, ChartBudget *budget, ChartFileList *out)
{
    const char *ignore_file = str_format(a, "%s/.helmignore", path).ptr;
    Walk w = {.arena = a, .top = path, .files = out, .budget = budget, .left = CHART_MOST_BYTES};

    if (file_kind(ignore_file) != FILE_MISSING) {
        Str text;

        TRY(file_read(a, ignore_file, &text));
        TRY(ignore_read(a, ignore_file, text, &w.rules));
    }
    ignore_add_defaults(a, &w.rules);
    return walk(&w, (Str){"", 0}, 0);
}
