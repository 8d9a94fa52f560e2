/*
 * locate.c - where charts are. Source: helm, pkg/action/install.go, LocateChart.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "io/file.h"

Error *authoring_locate(Arena *a, const ChartLocation *location, const char *name, const char **out)
{
    Str trimmed = str_trim(str_from(name));
    const char *path = str_c(a, trimmed);

    if (!location->repository.len && file_kind(path) != FILE_MISSING) {
        *out = path;
        return NULL;
    }
    if (path_is_absolute(trimmed) || str_starts(trimmed, STR(".")))
        return error_new(ERROR_NOT_FOUND, "path \"%s\" not found", path);
    return error_hint(error_new(ERROR_NOT_FOUND, "there is no chart at \"%s\"", path),
                      "a chart is a folder with a Chart.yaml, or an archive of one");
}
