/*
 * package.c - `relfile chart package`: a chart's folder as an archive. The same files make the same
 * bytes: all of them were changed at the time that SOURCE_DATE_EPOCH says, or in 1970.
 * Source: helm, pkg/action/package.go and pkg/chart/v2/util/save.go.
 */
#include "authoring/authoring.h"

#include "base/json.h"
#include "base/number.h"
#include "base/path.h"
#include "base/semver.h"
#include "base/yaml.h"
#include "io/archive.h"
#include "io/env.h"
#include "io/file.h"
#include "io/gzip.h"
#include "provenance/provenance.h"

/* ---- what must not go into it */

/* A link that names a place on this machine would take what is there into the archive; links from
 * one chart to another, which are relative, are followed as helm follows them. */
static Error *check_link(Arena *a, const char *path)
{
    Str target;

    if (!file_is_link(path))
        return NULL;
    TRY(file_link_target(a, path, &target));
    if (!path_is_absolute(target))
        return NULL;
    return error_new(ERROR_DENIED, "%s: is a link to %.*s, which is not packed", path,
                     STR_ARG(target));
}

/* NAME and the folders that it is in. */
static Error *check_links_to(Arena *a, const char *folder, Str name)
{
    for (size_t i = 0; i <= name.len; i++)
        if (i == name.len || name.ptr[i] == '/')
            TRY(check_link(a, str_format(a, "%s/%.*s", folder, (int)i, name.ptr).ptr));
    return NULL;
}

static Error *check_links(Arena *a, const char *folder, const ChartParts *parts)
{
    static const char *const own[] = {"Chart.yaml", "Chart.lock", "values.yaml",
                                      "values.schema.json", "requirements.yaml"};
    const char *charts = str_format(a, "%s/charts", folder).ptr;
    FileEntryList inside = {0};

    for (size_t i = 0; i < COUNT(own); i++)
        TRY(check_links_to(a, folder, str_from(own[i])));
    for (size_t i = 0; i < parts->templates->len; i++)
        TRY(check_links_to(a, folder, parts->templates->items[i].name));
    for (size_t i = 0; i < parts->files->len; i++)
        TRY(check_links_to(a, folder, parts->files->items[i].name));
    if (file_kind(charts) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(a, charts, &inside));
    for (size_t i = 0; i < inside.len; i++)
        TRY(check_links_to(a, charts, inside.items[i].name));
    return check_link(a, charts);
}

/* ---- what goes into it */

static void add(Arena *a, ArchiveEntryList *out, Str base, const char *name, Str data)
{
    *vec_add(a, out) = (ArchiveEntry){str_format(a, "%.*s/%s", STR_ARG(base), name), data};
}

static void add_files(Arena *a, ArchiveEntryList *out, Str base, const ChartFileList *files)
{
    for (size_t i = 0; i < files->len; i++)
        add(a, out, base, str_c(a, files->items[i].name), files->items[i].data);
}

/* Chart.yaml as helm writes it: without the dependencies that v1 has in a file of its own. */
static Error *metadata_text(Arena *a, Value metadata, Str *out)
{
    Buf b = {.arena = a};

    if (str_is(value_map_string(metadata.map, "apiVersion"), "v1"))
        value_map_remove(metadata.map, STR("dependencies"));
    TRY(yaml_write(&b, metadata, YAML_WRITE_HELM));
    *out = buf_str(&b);
    return NULL;
}

static Error *check_schema(Arena *a, Str schema)
{
    Value v;

    return error_wrap(json_parse(a, "values.schema.json", schema, &v),
                      "invalid JSON in values.schema.json");
}

static Error *add_chart(Arena *a, const Chart *chart, Value metadata, Str folder,
                        ArchiveEntryList *out)
{
    ChartParts parts = chart_parts(a, chart);
    Str base = folder.len ? str_format(a, "%.*s/charts/%.*s", STR_ARG(folder),
                                       STR_ARG(value_map_string(metadata.map, "name")))
                          : value_map_string(metadata.map, "name");
    Str text;

    TRY(metadata_text(a, metadata, &text));
    add(a, out, base, "Chart.yaml", text);
    if (parts.lock.ptr && str_is(value_map_string(metadata.map, "apiVersion"), "v2"))
        add(a, out, base, "Chart.lock", parts.lock);
    if (parts.values.ptr)
        add(a, out, base, "values.yaml", parts.values);
    if (parts.schema.ptr) {
        TRY(check_schema(a, parts.schema));
        add(a, out, base, "values.schema.json", parts.schema);
    }
    add_files(a, out, base, parts.templates);
    add_files(a, out, base, parts.files);
    for (size_t i = 0; i < parts.dependency_count; i++)
        TRY(add_chart(a, parts.dependencies[i], chart_parts(a, parts.dependencies[i]).metadata,
                      base, out));
    return NULL;
}

/* ---- the archive */

static Error *find_time(int64_t *out)
{
    const char *text = env_get("SOURCE_DATE_EPOCH");

    *out = 0;
    if (!text || !*text)
        return NULL;
    if (number_parse_int(str_from(text), 10, out) != NUMBER_OK || *out < 0)
        return error_new(ERROR_USAGE, "SOURCE_DATE_EPOCH: \"%s\" is no number of seconds", text);
    return NULL;
}

/* METADATA with the versions that the options say. */
static Error *set_versions(Arena *a, const AuthoringOptions *o, Value metadata)
{
    if (o->chart_version.len)
        value_map_set_c(a, metadata.map, "version", value_string(o->chart_version));
    if (o->app_version.len)
        value_map_set_c(a, metadata.map, "appVersion", value_string(o->app_version));
    Str version = value_map_string(metadata.map, "version");
    return semver_valid(version)
               ? NULL
               : error_new(ERROR_INPUT, "\"%.*s\" is no version", STR_ARG(version));
}

static Error *pack(Arena *a, const Chart *chart, Value metadata, Str *out)
{
    ArchiveEntryList entries = {0};
    int64_t seconds;

    TRY(find_time(&seconds));
    TRY(add_chart(a, chart, metadata, (Str){"", 0}, &entries));
    *out = gzip_pack(a, archive_write_tar(a, &entries, seconds));
    return NULL;
}

Error *authoring_package(const AuthoringOptions *options, const char *path, Buf *out)
{
    DEFER(shared_free) Shared *shared = shared_new();
    Arena *a = out->arena;
    const Chart *chart;
    Str archive, target, text;

    if (options->sign && !options->key)
        return error_new(ERROR_USAGE, "--key is required for signing a package");
    if (file_kind(path) != FILE_DIRECTORY)
        return error_new(ERROR_NOT_FOUND, "%s: there is no such folder", path);
    if (options->dependency_update)
        TRY(authoring_dependency(options, DEPENDENCY_UPDATE, path, out));
    TRY(chart_load(shared, path, &chart));
    TRY(chart_check_dependencies(a, chart));
    ChartParts parts = chart_parts(a, chart);
    TRY(check_links(a, path, &parts));
    Value metadata = parts.metadata;
    TRY(set_versions(a, options, metadata));
    TRY(pack(a, chart, metadata, &archive));
    Str name = str_format(a, "%.*s-%.*s.tgz", STR_ARG(value_map_string(metadata.map, "name")),
                          STR_ARG(value_map_string(metadata.map, "version")));
    Str folder = str_from(options->destination ? options->destination : ".");
    if (str_is(folder, "."))
        folder = file_absolute(a, ".");
    target = path_join(a, folder, name);
    TRY(directory_make(str_c(a, folder)));
    TRY(file_replace(str_c(a, target), archive));
    if (options->sign) {
        TRY(metadata_text(a, metadata, &text));
        TRY(provenance_sign(
            a, &(ProvenanceKey){options->key, options->location.keyring, options->passphrase_file},
            name, archive, text, &text));
        TRY(file_replace(str_format(a, "%.*s.prov", STR_ARG(target)).ptr, text));
    }
    buf_format(out, "Successfully packaged chart and saved it to: %.*s\n", STR_ARG(target));
    return NULL;
}

/* ---- verifying */

Error *authoring_verify(const AuthoringOptions *options, const char *path, Buf *out)
{
    Provenance proved;

    TRY(provenance_check_file(out->arena, options->location.keyring, path, &proved));
    provenance_tell(&proved, out);
    return NULL;
}
