/*
 * archive.c - charts packed by `helm package`: a gzipped tar with one folder in it.
 * Source: helm, pkg/chart/loader/archive/archive.go, whose checks of paths these are.
 */
#include "chart/sources/sources.h"

#include "base/path.h"
#include "io/archive.h"
#include "io/file.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* PATH with "/" between its parts, wherever it was packed. */
static Str with_slashes(Arena *a, Str path)
{
    char *copy;

    if (str_find_char(path, '\\') == STR_NONE)
        return path;
    copy = arena_text(a, path.len);
    for (size_t i = 0; i < path.len; i++)
        copy[i] = path.ptr[i] == '\\' ? '/' : path.ptr[i];
    return (Str){copy, path.len};
}

static bool names_drive(Str path)
{
    return path.len > 2 && path.ptr[1] == ':' && path.ptr[2] == '/' &&
           (path.ptr[0] | 0x20) >= 'a' && (path.ptr[0] | 0x20) <= 'z';
}

/* The path below the archive's one folder. */
static Error *inner_path(Arena *a, const char *name, Str path, Str *out)
{
    Str rest = with_slashes(a, path), folder;

    if (!str_cut(&rest, '/', &folder))
        rest = (Str){"", 0};
    if (rest.len && rest.ptr[0] == '/')
        return FAIL("%s: chart illegally contains absolute paths", name);
    rest = path_clean(a, rest);
    if (str_is(rest, "."))
        return FAIL("%s: chart illegally contains content outside the base directory: \"%.*s\"",
                    name, STR_ARG(path));
    if (str_starts(rest, STR("..")))
        return FAIL("%s: chart illegally references parent directory", name);
    if (names_drive(rest) || str_find_char(rest, '\0') != STR_NONE)
        return FAIL("%s: chart contains illegally named files", name);
    if (str_is(folder, "Chart.yaml"))
        return FAIL("%s: chart yaml not in base directory", name);
    *out = rest;
    return NULL;
}

static Str without_mark(Str data)
{
    static const Str mark = STR_INIT("\xEF\xBB\xBF");

    return str_starts(data, mark) ? str_skip(data, mark.len) : data;
}

Error *source_unpack(Arena *a, const char *path, Str archive, ChartFileList *out)
{
    ArchiveEntryList entries = {0};

    if (archive.len < 2 || archive.ptr[0] != '\x1f' || archive.ptr[1] != '\x8b')
        return error_hint(FAIL("%s does not appear to be a gzipped archive", path),
                          "a chart is a folder with a Chart.yaml, or a .tgz of one");
    TRY(archive_read_tar(a, path, archive, (ArchiveLimits){CHART_MOST_BYTES, CHART_MOST_FILES},
                         &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str name;

        TRY(inner_path(a, path, entries.items[i].path, &name));
        *vec_add(a, out) = (ChartFile){name, without_mark(entries.items[i].data)};
    }
    return out->len ? NULL : FAIL("%s: no files in chart archive", path);
}

Error *source_read(Arena *a, const char *path, ChartFileList *out)
{
    Str archive;

    if (file_kind(path) == FILE_DIRECTORY)
        return source_read_directory(a, path, out);
    TRY(file_read_limited(a, path, CHART_MOST_BYTES, &archive));
    return source_unpack(a, path, archive, out);
}
