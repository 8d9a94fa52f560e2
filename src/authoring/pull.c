/*
 * pull.c - `relfile chart pull`: a chart's archive into a folder, or what is in it.
 * Source: helm, pkg/action/pull.go and pkg/chart/v2/util/expand.go.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "base/url.h"
#include "base/yaml.h"
#include "io/file.h"

/* What helm calls the file. */
static Str file_name(Arena *a, const ChartSource *source)
{
    Str url = source->url;
    size_t mark = str_find_char(url, '?');

    if (repository_is_oci(url))
        return str_format(a, "%.*s-%.*s.tgz", STR_ARG(path_name(url)), STR_ARG(source->version));
    return url_unescape(a, path_name(mark == STR_NONE ? url : str_slice(url, 0, mark)));
}

static bool is_plain_name(Str name)
{
    return name.len && !str_is(name, ".") && !str_is(name, "..") &&
           str_find_char(name, '/') == STR_NONE && str_find_char(name, '\\') == STR_NONE &&
           str_find_char(name, '\0') == STR_NONE;
}

/* The name of the chart that FILES are, which becomes a folder's. */
static Error *name_of(Arena *a, const char *archive, const ChartFileList *files, Str *out)
{
    Value v = value_null();

    for (size_t i = 0; i < files->len; i++)
        if (str_is(files->items[i].name, "Chart.yaml"))
            TRY(yaml_parse(a, "Chart.yaml", files->items[i].data, YAML_HELM, &v));
    *out = v.kind == VALUE_MAP ? value_map_string(v.map, "name") : (Str){"", 0};
    if (is_plain_name(*out))
        return NULL;
    return error_new(ERROR_INPUT, "%s: the chart's name \"%.*s\" cannot be that of a folder",
                     archive, STR_ARG(str_for_message(a, *out, 100)));
}

/* Where it goes, which must not be there yet. */
static Error *unpack(Arena *a, const AuthoringOptions *o, Str chart, const char *archive)
{
    Str below = str_from(o->untar_folder ? o->untar_folder : ".");
    Str folder = path_join(a, str_from(o->destination ? o->destination : "."), below), name;
    const char *taken = path_join(a, folder, path_name(chart)).ptr;
    ChartFileList files = {0};

    TRY(chart_read_files(a, archive, &files));
    TRY(name_of(a, archive, &files, &name));
    const char *target = path_join(a, folder, name).ptr;
    if (file_exists(taken) || file_exists(target))
        return error_new(ERROR_CONFLICT,
                         "a file or directory with the name %s already exists: nothing is unpacked",
                         file_exists(taken) ? taken : target);
    for (size_t i = 0; i < files.len; i++)
        TRY(file_replace(str_format(a, "%s/%.*s", target, STR_ARG(files.items[i].name)).ptr,
                         files.items[i].data));
    return NULL;
}

static Error *copy(Arena *a, const char *from, const char *folder, Str name)
{
    Str data;

    if (!is_plain_name(name))
        return error_new(ERROR_INPUT, "\"%.*s\" cannot be the name of a file", STR_ARG(name));
    TRY(file_read(a, from, &data));
    return file_replace(path_join(a, str_from(folder), name).ptr, data);
}

/* The file that says who made the chart, beside it. */
static Error *save_provenance(Arena *a, Remote *remote, const ChartSource *source,
                              const char *folder, Str name)
{
    RemoteRequest request = source->request;
    RemoteFile file;

    request.provenance = true;
    request.digest = (Str){"", 0};
    TRY(remote_file(remote, a, &request, &file));
    return copy(a, file.path, folder, str_join(a, name, STR(".prov")));
}

Error *authoring_pull(const AuthoringOptions *options, const char *chart, Buf *out)
{
    const ChartLocation *l = &options->location;
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){.offline = l->offline});
    const char *folder = options->destination ? options->destination : ".";
    Arena *a = out->arena;
    Str name = str_from(chart);
    ChartSource source;
    ChartQuery query;

    TRY(authoring_query(a, l, name, &query));
    TRY(repository_locate(remote, a, &query, &source));
    if (repository_is_oci(source.url))
        buf_format(out, "Pulled: %.*s:%.*s\nDigest: %.*s\n", STR_ARG(str_skip(source.url, 6)),
                   STR_ARG(source.version), STR_ARG(source.origin));
    if (options->provenance && !options->untar)
        TRY(save_provenance(a, remote, &source, folder, file_name(a, &source)));
    if (options->untar)
        return unpack(a, options, name, source.path);
    return copy(a, source.path, folder, file_name(a, &source));
}
