/*
 * complete.c - a chart's dependencies in memory, for the releases of specs: nothing is written into
 * the folder of a chart that is only to be rendered.
 */
#include "dependency/resolve.h"

#include "base/semver_constraint.h"

/* "web-1.2.0.tgz" in charts/ is what D wants, if its name tells the truth, as helm's names do. */
static bool is_named(Str file, const ChartDependency *d)
{
    Str rest = file;

    if (!str_starts(rest, d->name) || !str_ends(rest, STR(".tgz")))
        return false;
    rest = str_skip(rest, d->name.len);
    if (!str_starts(rest, STR("-")) || rest.len < 5)
        return false;
    return semver_satisfies(str_slice(rest, 1, rest.len - 4), d->version);
}

/* A folder in charts/ is of D's name and version. */
static bool is_folder_of(Arena *a, const ChartFile *file, const ChartDependency *d)
{
    ChartMetadata metadata = {0};
    Error *err = metadata_read(a, "Chart.yaml", file->data, &metadata);
    bool fits =
        !err && str_equal(metadata.name, d->name) && semver_satisfies(metadata.version, d->version);

    error_free(err);
    return fits;
}

static bool is_present(Arena *a, const ChartFileList *files, const ChartDependency *d)
{
    for (size_t i = 0; i < files->len; i++) {
        Str rest = files->items[i].name, folder;

        if (!str_starts(rest, STR("charts/")))
            continue;
        rest = str_skip(rest, 7);
        bool is_inner = str_cut(&rest, '/', &folder);
        if (!is_inner && is_named(folder, d))
            return true;
        if (is_inner && str_is(rest, "Chart.yaml") && is_folder_of(a, &files->items[i], d))
            return true;
    }
    return false;
}

/* Of the same name, but not wanted any more: "web-1.1.0.tgz". */
static bool is_outdated(Str file, Str name)
{
    Str rest = file;

    if (!str_starts(rest, STR("charts/")) || !str_ends(rest, STR(".tgz")))
        return false;
    rest = str_slice(rest, 7, rest.len - 4);
    if (!str_starts(rest, name) || rest.len < name.len + 2 || rest.ptr[name.len] != '-')
        return false;
    return semver_valid(str_skip(rest, name.len + 1));
}

static void replace(Arena *a, const Item *item, ChartFileList *files)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->len; i++)
        if (!is_outdated(files->items[i].name, item->declared.name))
            files->items[kept++] = files->items[i];
    files->len = kept;
    *vec_add(a, files) =
        (ChartFile){str_format(a, "charts/%.*s", STR_ARG(item->file)), str_copy(a, item->archive)};
}

static Error *fetch_missing(Arena *a, const DependencyOptions *o, const Declared *d,
                            const ChartDependencyList *missing, ChartFileList *files)
{
    DEFER(items_free) ItemList items = {0};

    TRY(items_make(a, o, d, missing, &items));
    TRY(items_fetch(o, &items));
    for (size_t i = 0; i < items.len; i++)
        if (items.items[i].file.len)
            replace(a, &items.items[i], files);
    return NULL;
}

/* What the lock says of the dependency number INDEX, or else what is declared. */
static const ChartDependency *locked(const Declared *d, size_t index)
{
    return d->has_lock && index < d->lock.len ? &d->lock.items[index]
                                              : &d->metadata.dependencies.items[index];
}

Error *dependency_complete(Arena *a, const DependencyOptions *options, const char *path,
                           ChartFileList *files)
{
    ChartDependencyList missing = {0};
    Declared d;

    TRY(declared_read(a, path, files, &d));
    for (size_t i = 0; i < d.metadata.dependencies.len; i++) {
        const ChartDependency *wanted = &d.metadata.dependencies.items[i];

        if (wanted->repository.len && !is_present(a, files, wanted))
            *vec_add(a, &missing) = *locked(&d, i);
    }
    if (!missing.len)
        return NULL;
    if (d.has_lock)
        TRY(declared_check_lock(a, options, &d));
    return fetch_missing(a, options, &d, &missing, files);
}
