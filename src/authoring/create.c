/*
 * create.c - `relfile chart create` and `relfile chart test-values`.
 * Source of --starter: helm, pkg/cmd/create.go and pkg/chart/v2/util/create.go.
 */
#include "authoring/locate.h"
#include "authoring/starter.h"
#include "authoring/values.h"

#include "base/path.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"

/* ---- create */

/* TEXT with the chart's NAME in it. */
static Str named(Arena *a, Str text, Str name)
{
    static const Str mark = STR_INIT("<CHARTNAME>");
    Buf b = {.arena = a};

    for (size_t at = str_find(text, mark); at != STR_NONE; at = str_find(text, mark)) {
        buf_add(&b, str_slice(text, 0, at));
        buf_add(&b, name);
        text = str_skip(text, at + mark.len);
    }
    buf_add(&b, text);
    return buf_str(&b);
}

/* Source: helm, pkg/chart/v2/util/create.go, validateChartName. */
static Error *check_name(Str name)
{
    enum { LONGEST = 250 };
    bool fine = name.len > 0 && name.len <= LONGEST;

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        fine &= letter || c == '.' || c == '_' || c == '-';
    }
    if (fine && !str_is(name, ".") && !str_is(name, ".."))
        return NULL;
    return error_new(ERROR_USAGE,
                     "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"");
}

static Error *write_file(Arena *a, Str folder, Str name, Str path, Str text)
{
    const char *file = path_join(a, folder, path).ptr;

    if (file_exists(file))
        log_warn("file \"%s\" already exists, overwriting", file);
    return file_replace(file, named(a, text, name));
}

/* The folder of the starter that is called NAME. Source: helm, helmpath. */
static const char *starter_path(Arena *a, const char *name)
{
    const char *data = env_get("HELM_DATA_HOME"), *xdg = env_get("XDG_DATA_HOME");
    const char *home = env_get("HOME");
    Str root = str_format(a, "%s/.local/share/helm", home ? home : "");

    if (path_is_absolute(str_from(name)))
        return name;
    if (data && *data)
        root = str_from(data);
    else if (xdg && *xdg)
        root = str_format(a, "%s/helm", xdg);
    return str_format(a, "%.*s/starters/%s", STR_ARG(root), name).ptr;
}

/* Chart.yaml of a starter says its own name. */
static Str renamed(Arena *a, Str text, Str name)
{
    Buf b = {.arena = a};
    Str line;

    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '\n', &line);
        if (str_starts(line, STR("name:")))
            buf_format(&b, "name: %.*s", STR_ARG(name));
        else
            buf_add(&b, line);
        if (more)
            buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

static Error *copy_starter(Arena *a, const char *path, Str folder, Str name)
{
    ChartFileList files = {0};

    TRY(chart_read_files(a, path, &files));
    for (size_t i = 0; i < files.len; i++) {
        Str text = files.items[i].data;

        if (str_is(files.items[i].name, "Chart.yaml"))
            text = renamed(a, text, name);
        TRY(write_file(a, folder, name, files.items[i].name, text));
    }
    return NULL;
}

Error *authoring_create(const AuthoringOptions *options, const char *path, Buf *out)
{
    Arena *a = out->arena;
    Str folder = path_clean(a, str_from(path)), name = path_name(folder);

    TRY(check_name(name));
    if (file_kind(str_c(a, folder)) == FILE_REGULAR)
        return error_new(ERROR_INPUT, "%.*s: there is a file of that name", STR_ARG(folder));
    if (options->starter)
        TRY(copy_starter(a, starter_path(a, options->starter), folder, name));
    for (size_t i = 0; !options->starter && i < starter_file_count; i++)
        TRY(write_file(a, folder, name, str_from(starter_files[i].path),
                       str_from(starter_files[i].text)));
    TRY(directory_make(path_join(a, folder, STR("charts")).ptr));
    buf_format(out, "Creating %s\n", path);
    return NULL;
}

/* ---- test-values */

static Error *check_objects(const ManifestList *manifests)
{
    for (size_t i = 0; i < manifests->len; i++)
        TRY(manifest_check_object(&manifests->items[i]));
    return NULL;
}

/* Render the chart with the values of FILE; NULL: its own. */
static Error *try_values(Arena *a, const AuthoringOptions *o, const Chart *chart, const char *file,
                         size_t *count)
{
    ValueMap *values;
    ChartOutput output;
    Str text;

    TRY(authoring_values(a, &o->values, &values));
    if (file) {
        TRY(file_read(a, file, &text));
        TRY(chart_values_add(a, file, text, values));
    }
    ChartRelease release = {.name = STR("test-release"),
                            .namespace = authoring_namespace(o),
                            .values = values,
                            .capabilities = {.kube_version = o->kube_version}};
    TRY(chart_render(a, chart, &release, &output));
    TRY(check_objects(&output.manifests));
    TRY(check_objects(&output.hooks));
    *count = output.manifests.len + output.hooks.len;
    return NULL;
}

static bool test_one(const AuthoringOptions *o, const Chart *chart, const char *file,
                     const char *title, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t count = 0;
    Error *err = try_values(&scratch, o, chart, file, &count);

    if (!err) {
        buf_format(out, "%s: %zu object%s, fine\n", title, count, count == 1 ? "" : "s");
        return true;
    }
    Place place = error_place(err);
    buf_format(out, "%s: ", title);
    if (place.file)
        buf_format(out, "%s:%d:%d: ", place.file, place.line, place.column);
    buf_format(out, "%s\n", error_message(err));
    error_free(err);
    return false;
}

Error *authoring_test_values(const AuthoringOptions *options, const char *chart, Buf *out,
                             bool *failed)
{
    DEFER(shared_free) Shared *shared = shared_new();
    Arena *a = out->arena;
    FileEntryList files = {0};
    const Chart *loaded;
    const char *path;

    TRY(authoring_locate(a, &options->location, chart, &path));
    TRY(chart_load(shared, path, &loaded));
    const char *folder = str_format(a, "%s/ci", path).ptr;
    if (file_kind(folder) == FILE_DIRECTORY)
        TRY(directory_read(a, folder, &files));
    *failed = !test_one(options, loaded, NULL, "values.yaml", out);
    for (size_t i = 0; i < files.len; i++) {
        Str name = files.items[i].name;

        if (files.items[i].is_directory ||
            !(str_ends(name, STR("-values.yaml")) || str_is(name, "values.yaml")))
            continue;
        const char *title = str_format(a, "ci/%.*s", STR_ARG(name)).ptr;
        *failed |= !test_one(options, loaded, str_format(a, "%s/%.*s", folder, STR_ARG(name)).ptr,
                             title, out);
    }
    return NULL;
}
