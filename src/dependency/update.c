/*
 * update.c - charts/ and Chart.lock of a chart's folder, and what helm says about them.
 */
#include "dependency/resolve.h"

#include "base/semver_constraint.h"
#include "io/file.h"

#include <string.h>

static Error *read_folder(Arena *a, const char *path, Declared *out)
{
    ChartFileList files = {0};

    if (file_kind(path) == FILE_MISSING)
        return error_new(ERROR_NOT_FOUND, "could not find %s", path);
    if (file_kind(path) != FILE_DIRECTORY)
        return error_new(ERROR_INPUT, "%s: only unpacked charts can be updated", path);
    TRY(chart_read_files(a, path, &files));
    return declared_read(a, path, &files, out);
}

/* ---- what helm says */

/* Whether an earlier item was from the same repository. */
static bool was_told(const ItemList *items, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (items->items[i].kind == ITEM_FETCHED &&
            str_equal(items->items[i].declared.repository,
                      items->items[number].declared.repository))
            return true;
    return false;
}

/* What became of the index at URL, as far as one of its charts shows. */
static void tell_index(const ItemList *items, Str url, Str shown, Buf *out)
{
    const Item *failed = NULL;

    for (size_t i = 0; i < items->len && !failed; i++)
        if (items->items[i].kind == ITEM_FETCHED && items->items[i].fault.len &&
            str_equal(items->items[i].declared.repository, url))
            failed = &items->items[i];
    if (!failed)
        buf_format(out, "...Successfully got an update from the \"%.*s\" chart repository\n",
                   STR_ARG(shown));
    else if (failed->is_unreachable)
        buf_format(out, "...Unable to get an update from the \"%.*s\" chart repository:\n\t%.*s\n",
                   STR_ARG(shown), STR_ARG(failed->fault));
}

static size_t tell_indexes(const DependencyOptions *o, const ItemList *items, bool known, Buf *out)
{
    size_t told = 0;

    for (size_t i = 0; i < items->len; i++) {
        const Item *item = &items->items[i];
        Str url = item->declared.repository;

        if (item->kind != ITEM_FETCHED || repository_is_oci(url) || item->is_known != known ||
            was_told(items, i))
            continue;
        if (!told++)
            buf_add_c(out, known ? "Hang tight while we grab the latest from your chart "
                                   "repositories...\n"
                                 : "Getting updates for unmanaged Helm repositories...\n");
        const Repository *r = known ? repositories_at(o->known, url) : NULL;
        tell_index(items, url, r ? r->name : remote_shown(out->arena, url), out);
    }
    if (told && known)
        buf_add_c(out, "Update Complete. ⎈Happy Helming!⎈\n");
    return told;
}

static void tell_download(const ItemList *items, size_t number, Buf *out)
{
    const Item *item = &items->items[number];
    Str shown = remote_shown(out->arena, item->declared.repository);

    if (item->kind == ITEM_IN_CHARTS) {
        buf_format(out,
                   "Dependency %.*s did not declare a repository. Assuming it exists in the charts "
                   "directory\n",
                   STR_ARG(item->declared.name));
        return;
    }
    if (item->kind == ITEM_LOCAL)
        return;
    for (size_t i = 0; i < number; i++)
        if (items->items[i].kind == ITEM_FETCHED &&
            str_equal(items->items[i].source.url, item->source.url)) {
            buf_format(out, "Already downloaded %.*s from repo %.*s\n",
                       STR_ARG(item->declared.name), STR_ARG(shown));
            return;
        }
    buf_format(out, "Downloading %.*s from repo %.*s\n", STR_ARG(item->declared.name),
               STR_ARG(shown));
    if (repository_is_oci(item->source.url))
        buf_format(out, "Pulled: %.*s:%.*s\nDigest: %.*s\n", STR_ARG(str_skip(item->source.url, 6)),
                   STR_ARG(item->source.version), STR_ARG(item->source.origin));
}

/* ---- charts/ */

static bool is_new(const ItemList *items, Str file)
{
    for (size_t i = 0; i < items->len; i++)
        if (items->items[i].file.len && str_equal(items->items[i].file, file))
            return true;
    return false;
}

static bool is_kept(const ItemList *items, Str chart)
{
    for (size_t i = 0; i < items->len; i++)
        if (items->items[i].kind == ITEM_IN_CHARTS &&
            str_equal(items->items[i].declared.name, chart))
            return true;
    return false;
}

/* Take the archive FILE of charts/ away, unless it is wanted or is no chart. */
static Error *remove_outdated(const ItemList *items, const char *charts, Str file, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = str_format(&scratch, "%s/%.*s", charts, STR_ARG(file)).ptr;
    ChartFileList files = {0};
    Declared d;

    if (is_new(items, file))
        return NULL;
    Error *err = chart_read_files(&scratch, path, &files);
    if (!err)
        err = declared_read(&scratch, path, &files, &d);
    if (err) {
        buf_format(out, "Could not verify %s for deletion: %s (Skipping)\n", path,
                   error_message(err));
        error_free(err);
        return NULL;
    }
    return is_kept(items, d.metadata.name) ? NULL : file_remove(path);
}

static Error *fill_charts(Arena *a, const Declared *d, const ItemList *items, Buf *out)
{
    const char *charts = str_format(a, "%s/charts", d->path).ptr;
    FileEntryList old;

    if (file_kind(charts) != FILE_MISSING && file_kind(charts) != FILE_DIRECTORY)
        return error_new(ERROR_INPUT, "\"%s\" is not a directory", charts);
    TRY(directory_make(charts));
    TRY(directory_read(a, charts, &old));
    for (size_t i = 0; i < items->len; i++)
        if (items->items[i].file.len)
            TRY(file_replace_public(
                str_format(a, "%s/%.*s", charts, STR_ARG(items->items[i].file)).ptr,
                items->items[i].archive));
    buf_add_c(out, "Deleting outdated charts\n");
    for (size_t i = 0; i < old.len; i++)
        if (!old.items[i].is_directory)
            TRY(remove_outdated(items, charts, old.items[i].name, out));
    return NULL;
}

/* What declares no repository must be in charts/ already. */
static Error *check_present(Arena *a, const Declared *d, ItemList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        Item *item = &items->items[i];
        const char *path =
            str_format(a, "%s/charts/%.*s", d->path, STR_ARG(item->declared.name)).ptr;
        ChartFileList files = {0};
        Declared there;

        if (item->kind != ITEM_IN_CHARTS)
            continue;
        if (file_kind(path) == FILE_MISSING)
            return error_new(ERROR_NOT_FOUND, "dependency \"%.*s\": directory %s not found",
                             STR_ARG(item->declared.name), path);
        TRY(chart_read_files(a, path, &files));
        TRY(declared_read(a, path, &files, &there));
        if (!semver_satisfies(there.metadata.version, item->declared.version))
            return error_new(ERROR_INPUT,
                             "dependency %.*s at version %.*s does not satisfy the constraint %.*s",
                             STR_ARG(item->declared.name), STR_ARG(there.metadata.version),
                             STR_ARG(item->declared.version));
        item->version = item->declared.version;
    }
    return NULL;
}

/* UNMANAGED: tell of repositories without a name, too. */
static Error *fetch_all(Arena *a, const DependencyOptions *o, const Declared *d, ItemList *items,
                        bool unmanaged, Buf *out)
{
    Error *err = check_present(a, d, items);

    if (!err)
        err = items_fetch(o, items);
    if (!o->skip_refresh && unmanaged)
        tell_indexes(o, items, false, out);
    if (!o->skip_refresh)
        tell_indexes(o, items, true, out);
    TRY(err);
    buf_format(out, "Saving %zu charts\n", items->len);
    for (size_t i = 0; i < items->len; i++)
        tell_download(items, i, out);
    return fill_charts(a, d, items, out);
}

/* ---- commands */

static Error *check_lock_place(Arena *a, const Declared *d)
{
    const char *path =
        str_format(a, "%s/%s", d->path, d->is_v1 ? "requirements.lock" : "Chart.lock").ptr;

    return file_is_link(path)
               ? error_new(ERROR_DENIED, "%s: is a link, and is not written to", path)
               : NULL;
}

static Error *update(Arena *a, const DependencyOptions *o, const Declared *d, Buf *out)
{
    DEFER(items_free) ItemList items = {0};
    ChartDependencyList wanted = {0}, lock = {0};
    Str digest;

    if (!d->metadata.declares_dependencies)
        return NULL;
    TRY(check_lock_place(a, d));
    TRY(items_make(a, o, d, &d->metadata.dependencies, &items));
    TRY(fetch_all(a, o, d, &items, true, out));
    items_wanted(a, &items, &wanted);
    items_lock(a, &items, &lock);
    TRY(declared_digest(a, &wanted, &lock, &digest));
    if (d->has_lock && str_equal(d->lock_digest, digest))
        return NULL;
    return declared_write_lock(a, d, &lock, digest);
}

Error *dependency_update(Arena *a, const DependencyOptions *options, const char *path, Buf *out)
{
    Declared d;

    TRY(read_folder(a, path, &d));
    return update(a, options, &d, out);
}

Error *declared_check_lock(Arena *a, const DependencyOptions *options, const Declared *d)
{
    ChartDependencyList wanted = {0};
    ItemList items;
    Str digest;

    TRY(items_make(a, options, d, &d->metadata.dependencies, &items));
    items_wanted(a, &items, &wanted);
    TRY(declared_digest(a, &wanted, &d->lock, &digest));
    if (!str_equal(digest, d->lock_digest) && d->is_v1)
        TRY(declared_digest_v2(a, &d->metadata.dependencies, &digest));
    if (str_equal(digest, d->lock_digest))
        return NULL;
    return error_hint(
        error_new(ERROR_INPUT,
                  d->is_v1 ? "%s: the lock file (requirements.lock) is out of sync with the "
                             "dependencies file (requirements.yaml)"
                           : "%s: the lock file (Chart.lock) is out of sync with the dependencies "
                             "file (Chart.yaml)",
                  d->path),
        "bring it up to date with: relfile chart dependency update %s", d->path);
}

Error *dependency_build(Arena *a, const DependencyOptions *options, const char *path, Buf *out)
{
    DEFER(items_free) ItemList items = {0};
    Declared d;

    TRY(read_folder(a, path, &d));
    if (!d.has_lock)
        return update(a, options, &d, out);
    TRY(declared_check_lock(a, options, &d));
    TRY(items_make(a, options, &d, &d.lock, &items));
    return fetch_all(a, options, &d, &items, false, out);
}
