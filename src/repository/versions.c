/*
 * versions.c - which versions of a chart there are, and which of them is meant.
 * Source: helm, pkg/repo/v1/index.go, SortEntries and Get.
 */
#include "repository/index.h"

#include "base/semver_constraint.h"
#include "base/url.h"
#include "io/log.h"

#include <stdlib.h>
#include <string.h>

enum { NEAREST = 5 };

/* ---- newest first */

typedef struct Sorted {
    ChartVersion version;
    Semver number;
    size_t position;
} Sorted;

static int compare_sorted(const void *a, const void *b)
{
    const Sorted *one = a, *other = b;
    int order = semver_compare(&other->number, &one->number);

    if (order)
        return order;
    return one->position < other->position ? -1 : one->position > other->position;
}

static void sort_versions(ChartVersionList *list)
{
    DEFER(arena_free) Arena scratch = {0};
    Sorted *sorted = arena_array(&scratch, Sorted, list->len);

    for (size_t i = 0; i < list->len; i++) {
        sorted[i] = (Sorted){.version = list->items[i], .position = i};
        error_free(semver_parse(list->items[i].version, &sorted[i].number)); // it was looked at
    }
    if (list->len)
        qsort(sorted, list->len, sizeof(*sorted), compare_sorted);
    for (size_t i = 0; i < list->len; i++)
        list->items[i] = sorted[i].version;
}

/* ---- the index */

Str index_resolve(Arena *a, Str base, Str reference)
{
    size_t mark = str_find_char(base, '?'), own = str_find_char(reference, '?');
    Str query = mark == STR_NONE ? (Str){"", 0} : str_skip(base, mark);
    Str path = mark == STR_NONE ? base : str_slice(base, 0, mark);

    if (!str_ends(path, STR("/")))
        path = str_join(a, path, STR("/"));
    Str whole = url_resolve(a, path, reference);
    if (!query.len || str_equal(whole, reference) || !url_same_host(whole, path))
        return whole;
    return str_join(a, str_slice(whole, 0, own == STR_NONE ? whole.len : str_find_char(whole, '?')),
                    query);
}

static Error *fetch_index(Remote *remote, Arena *a, const Repository *repository, RemoteFile *out,
                          Str *name)
{
    RemoteRequest request = {.url = index_resolve(a, repository->url, STR("index.yaml")),
                             .access = &repository->access,
                             .age = repository->no_check ? REMOTE_FIXED : REMOTE_CURRENT,
                             .packed = true};

    *name = remote_shown(a, request.url);
    Error *err = remote_file(remote, a, &request, out);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND)
        return error_hint(err, "is this the URL of a chart repository? Its index.yaml is there");
    return err;
}

Error *repository_versions(Remote *remote, Arena *a, const Repository *repository, Str chart,
                           ChartVersionList *out)
{
    RemoteFile file;
    bool found;
    Str name;

    TRY(fetch_index(remote, a, repository, &file, &name));
    TRY(index_read(a, file.path, name, chart, out, &found));
    if (!found || !out->len)
        return error_new(ERROR_NOT_FOUND, "%.*s: has no %schart \"%.*s\"", STR_ARG(name),
                         found ? "usable version of " : "", STR_ARG(chart));
    sort_versions(out);
    return NULL;
}

Error *repository_check(Remote *remote, const Repository *repository)
{
    DEFER(arena_free) Arena scratch = {0};
    ChartVersionList none;
    RemoteFile file;
    bool found;
    Str name;

    TRY(fetch_index(remote, &scratch, repository, &file, &name));
    return index_read(&scratch, file.path, name, (Str){"", 0}, &none, &found);
}

/* ---- choosing */

/* The version that CONSTRAINT is about: the first number in it, as far as there is one. */
static Semver about(Str constraint)
{
    Semver v = {0};
    size_t i = 0;

    while (i < constraint.len && !(constraint.ptr[i] >= '0' && constraint.ptr[i] <= '9'))
        i++;
    size_t end = i;
    while (end < constraint.len && ((constraint.ptr[end] >= '0' && constraint.ptr[end] <= '9') ||
                                    constraint.ptr[end] == '.'))
        end++;
    while (end > i && constraint.ptr[end - 1] == '.')
        end--;
    error_free(semver_parse(str_slice(constraint, i, end), &v));
    return v;
}

/* The versions around the one that would have been right, newest first. */
static Error *none_fits(const ChartVersionList *versions, Str what, Str constraint)
{
    DEFER(arena_free) Arena scratch = {0};
    Semver wanted = about(constraint), v;
    Buf b = {.arena = &scratch};
    size_t from = 0;

    while (from < versions->len) {
        error_free(semver_parse(versions->items[from].version, &v));
        if (semver_compare(&v, &wanted) < 0)
            break;
        from++;
    }
    from = from > NEAREST / 2 ? from - NEAREST / 2 : 0;
    if (from + NEAREST > versions->len)
        from = versions->len > NEAREST ? versions->len - NEAREST : 0;
    for (size_t i = from; i < versions->len && i < from + NEAREST; i++)
        buf_format(&b, "%s%.*s", b.len ? ", " : "", STR_ARG(versions->items[i].version));
    Error *err =
        constraint.len
            ? error_new(ERROR_NOT_FOUND, "chart \"%.*s\": no version satisfies \"%.*s\"",
                        STR_ARG(what), STR_ARG(constraint))
            : error_new(ERROR_NOT_FOUND, "chart \"%.*s\": has pre-releases only", STR_ARG(what));
    return error_hint(err, "of %zu, the nearest are %.*s", versions->len, STR_ARG(buf_str(&b)));
}

static bool has_operator(Str constraint)
{
    size_t end = 0;

    for (size_t i = 0; i < constraint.len; i++)
        if (strchr("^~<>=!*", constraint.ptr[i]))
            return true;
    if (str_find(constraint, STR("||")) != STR_NONE || str_find(constraint, STR(" - ")) != STR_NONE)
        return true;
    while (end < constraint.len && constraint.ptr[end] != '-' && constraint.ptr[end] != '+')
        end++;
    Str core = str_slice(constraint, 0, end);
    return str_find_char(core, 'x') != STR_NONE || str_find_char(core, 'X') != STR_NONE;
}

Error *repository_choose(const ChartVersionList *versions, Str what, Str constraint, bool devel,
                         const ChartVersion **out)
{
    DEFER(arena_free) Arena scratch = {0};
    SemverConstraint *allowed;
    Str text = constraint.len ? constraint : devel ? STR(">0.0.0-0") : STR("*");

    TRY(error_wrap(semver_constraint_parse(&scratch, text, &allowed), "chart \"%.*s\"",
                   STR_ARG(what)));
    for (size_t i = 0; constraint.len && i < versions->len; i++)
        if (str_equal(versions->items[i].version, constraint)) {
            *out = &versions->items[i];
            return NULL;
        }
    for (size_t i = 0; i < versions->len; i++) {
        Semver v;

        error_free(semver_parse(versions->items[i].version, &v));
        if (!semver_constraint_allows(allowed, &v))
            continue;
        *out = &versions->items[i];
        if (constraint.len && !has_operator(constraint))
            log_warn("chart \"%.*s\" has no version \"%.*s\"; %.*s is taken", STR_ARG(what),
                     STR_ARG(constraint), STR_ARG((*out)->version));
        return NULL;
    }
    return none_fits(versions, what, constraint);
}
