/*
 * list.c - what a chart depends on, and whether it is there. Source: helm,
 * pkg/action/dependency.go.
 */
#include "dependency/declared.h"

#include "base/glob.h"
#include "base/path.h"
#include "base/semver_constraint.h"
#include "base/utf8.h"
#include "io/file.h"

enum { COLUMNS = 4 };

/* A chart in charts/, as far as it can be read. */
typedef struct Present {
    Str file; /* of the archive or folder */
    bool is_directory, is_chart;
    Str name, version;
} Present;

typedef VEC(Present) PresentList;

static Error *read_present(Arena *a, const char *charts, PresentList *out)
{
    FileEntryList entries;

    if (file_kind(charts) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(a, charts, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        const char *path = str_format(a, "%s/%.*s", charts, STR_ARG(entries.items[i].name)).ptr;
        Present *p = vec_add(a, out);
        ChartFileList files = {0};
        Declared d;

        *p =
            (Present){.file = entries.items[i].name, .is_directory = entries.items[i].is_directory};
        if (!p->is_directory && !str_ends(p->file, STR(".tgz")))
            continue;
        Error *err = chart_read_files(a, path, &files);
        if (!err)
            err = declared_read(a, path, &files, &d);
        p->is_chart = !err;
        if (!err) {
            p->name = d.metadata.name;
            p->version = d.metadata.version;
        }
        error_free(err);
    }
    return NULL;
}

static const char *status_of_version(const ChartDependency *d, Str version, const char *fine)
{
    DEFER(arena_free) Arena scratch = {0};
    SemverConstraint *constraint;

    if (str_equal(version, d->version))
        return fine;
    Error *err = semver_constraint_parse(&scratch, d->version, &constraint);
    if (err || !semver_valid(version)) {
        error_free(err);
        return "invalid version";
    }
    return semver_satisfies(version, d->version) ? fine : "wrong version";
}

static const char *status_of_archive(const ChartDependency *d, const Present *p)
{
    if (!p->is_chart)
        return "corrupt";
    return str_equal(p->name, d->name) ? status_of_version(d, p->version, "ok") : "misnamed";
}

/* "web-1.2.0.tgz" with a version that is one, three numbers and all. */
static bool has_strict_version(Str file, Str name)
{
    Str version = str_slice(file, name.len + 1, file.len - 4);
    DEFER(arena_free) Arena scratch = {0};
    Semver v;
    Error *err = semver_parse(version, &v);
    bool strict = !err && str_equal(semver_text(&scratch, &v), version);

    error_free(err);
    return strict;
}

static bool is_archive_of(const Present *p, Str name)
{
    return p->file.len > name.len + 4 && str_starts(p->file, name) &&
           p->file.ptr[name.len] == '-' && str_ends(p->file, STR(".tgz"));
}

static const char *status_of(const ChartDependency *d, const PresentList *present)
{
    const Present *only = NULL, *strict = NULL;
    size_t archives = 0, versions = 0;

    for (size_t i = 0; i < present->len; i++) {
        const Present *p = &present->items[i];

        if (!is_archive_of(p, d->name))
            continue;
        archives++;
        only = p;
        if (has_strict_version(p->file, d->name)) {
            versions++;
            strict = p;
        }
    }
    if (archives == 1)
        return status_of_archive(d, only);
    if (archives > 1 && versions == 1)
        return status_of_archive(d, strict);
    if (archives > 1 && versions > 1)
        return "too many matches";
    for (size_t i = present->len; i-- > 0;)
        if (present->items[i].is_chart && str_equal(present->items[i].name, d->name))
            return status_of_version(d, present->items[i].version, "unpacked");
    return "missing";
}

/* ---- the table */

/* TEXT in at most WIDTH letters, the last of which are then "...". Source: uitable. */
static Str shortened(Arena *a, Str text, size_t width)
{
    if (!width || utf8_count(text) <= width)
        return text;
    size_t end = 0;
    for (size_t letters = 0; end < text.len && letters + 3 < width; letters++) {
        end++;
        while (end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
            end++;
    }
    return str_join(a, str_slice(text, 0, end), STR("..."));
}

static void print_table(Arena *a, const Declared *d, const PresentList *present, size_t width,
                        Buf *out)
{
    size_t count = d->metadata.dependencies.len + 1, widths[COLUMNS] = {0};
    Str(*rows)[COLUMNS] = arena_alloc(a, count, sizeof(*rows), _Alignof(Str));

    rows[0][0] = STR("NAME");
    rows[0][1] = STR("VERSION");
    rows[0][2] = STR("REPOSITORY");
    rows[0][3] = STR("STATUS");
    for (size_t i = 1; i < count; i++) {
        const ChartDependency *one = &d->metadata.dependencies.items[i - 1];

        rows[i][0] = one->name;
        rows[i][1] = one->version;
        rows[i][2] = one->repository;
        rows[i][3] = str_from(status_of(one, present));
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            rows[i][j] = shortened(a, rows[i][j], width);
            size_t len = utf8_count(rows[i][j]);
            widths[j] = len > widths[j] ? len : widths[j];
        }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            buf_add(out, rows[i][j]);
            buf_fill(out, ' ', widths[j] - utf8_count(rows[i][j]));
            buf_add_c(out, j + 1 < COLUMNS ? "\t" : "\n");
        }
}

static void print_undeclared(const Declared *d, const char *charts, const PresentList *present,
                             Buf *out)
{
    for (size_t i = 0; i < present->len; i++) {
        const Present *p = &present->items[i];
        bool found = false;

        if (!p->is_directory && !str_ends(p->file, STR(".tgz")))
            continue;
        for (size_t j = 0; p->is_chart && j < d->metadata.dependencies.len; j++)
            found |= str_equal(d->metadata.dependencies.items[j].name, p->name);
        if (!found)
            buf_format(out, "WARNING: \"%s/%.*s\" is not %s.\n", charts, STR_ARG(p->file),
                       p->is_chart ? "in Chart.yaml" : "a chart");
    }
}

Error *dependency_list(Arena *a, const char *path, size_t column_width, Buf *out)
{
    const char *charts = path_join(a, str_from(path), STR("charts")).ptr;
    ChartFileList files = {0};
    PresentList present = {0};
    Declared d;

    TRY(chart_read_files(a, path, &files));
    TRY(declared_read(a, path, &files, &d));
    if (!d.metadata.declares_dependencies) {
        buf_format(out, "WARNING: no dependencies at %s\n", charts);
        return NULL;
    }
    TRY(read_present(a, charts, &present));
    print_table(a, &d, &present, column_width, out);
    buf_add_char(out, '\n');
    print_undeclared(&d, charts, &present, out);
    return NULL;
}
