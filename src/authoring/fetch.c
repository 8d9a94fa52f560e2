/*
 * fetch.c - `chart pull`: a chart, from wherever it is, as an archive or a folder of one's own.
 * Source: helm, pkg/action/pull.go; pkg/chart/v2/util/expand.go.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "io/archive.h"
#include "io/file.h"
#include "io/tree.h"
#include "registry/registry.h"

#include <errno.h>
#include <sys/stat.h>

enum { MOST_FILES = 100000 };

#define MOST_BYTES ((size_t)256 << 20)

static Str folder_of(const char *given)
{
    return given && *given ? str_from(given) : STR(".");
}

/* The name that helm gives the archive: that of the URL, or of the chart in a registry. */
static Str archive_name(Arena *a, const ChartSource *source, const Chart *chart)
{
    Str name = repository_file_name(a, source);

    if (!repository_is_oci(source->url) && str_ends(name, STR(".tgz")))
        return name;
    return str_join(a, chart_full_name(a, chart), STR(".tgz"));
}

/* What was downloaded is no secret. */
static Error *open_to_all(const char *path, mode_t mode)
{
    return chmod(path, mode) < 0 ? error_os(errno, "%s", path) : NULL;
}

static Error *write_file(const char *path, Str data)
{
    TRY(file_replace_unsynced(path, data));
    return open_to_all(path, 0644);
}

/* What becomes a part of a path. */
static Error *check_name(Str name)
{
    if (name.len && !str_is(name, ".") && !str_is(name, "..") &&
        str_find_char(name, '/') == STR_NONE && str_find_char(name, '\0') == STR_NONE)
        return NULL;
    return error_new(ERROR_INPUT, "the chart's name cannot be that of a file");
}

static Error *write_files(Arena *a, const char *archive, Str data, Str folder)
{
    ArchiveEntryList entries = {0};

    TRY(archive_read_tar(a, archive, data, (ArchiveLimits){MOST_BYTES, MOST_FILES}, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str rest = entries.items[i].path, top;

        // that it stays below the folder was seen when the chart was loaded
        if (!str_cut(&rest, '/', &top) || !rest.len)
            continue;
        TRY(file_replace_unsynced(
            str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path_clean(a, rest))).ptr,
            entries.items[i].data));
    }
    return NULL;
}

/* Beside first, so that there is all of the folder or none. */
static Error *untar(Arena *a, const char *archive, Str data, Str folder, const Chart *chart)
{
    Str to = str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(chart_name(chart)));
    const char *beside;

    TRY(check_name(chart_name(chart)));
    if (file_exists(to.ptr))
        return error_new(ERROR_CONFLICT, "%.*s: is there already", STR_ARG(to));
    TRY(tree_make_temporary(a, str_c(a, folder), &beside));
    Error *err = write_files(a, archive, data, str_from(beside));
    if (!err)
        err = open_to_all(beside, 0755);
    if (!err)
        err = tree_move(beside, to.ptr);
    if (err)
        error_free(tree_remove(beside));
    return err;
}

static Error *write_archive(Arena *a, Str folder, Str name, Str data)
{
    TRY(check_name(name));
    TRY(directory_make(str_c(a, folder)));
    return write_file(str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name)).ptr, data);
}

/* What helm says of a registry's chart. */
static void tell(Arena *a, const ChartSource *source, Buf *out)
{
    RegistryReference reference;

    Error *err = registry_reference_parse(a, source->url, &reference);
    if (!err) {
        if (!reference.tag.len && source->version.len && !reference.digest.len)
            reference.tag = registry_tag_of(a, source->version);
        buf_format(out, "Pulled: %.*s\nDigest: %.*s\n",
                   STR_ARG(registry_reference_text(a, &reference)), STR_ARG(source->origin));
    }
    error_free(err);
}

static Error *write_chart(Arena *a, const AuthoringOptions *options, Str folder, Str archive,
                          Str data, const Chart *chart)
{
    Str below = folder_of(options->untar_dir);

    if (!options->untar)
        return write_archive(a, folder, archive, data);
    if (!path_is_absolute(below))
        below = path_join(a, folder, below);
    return untar(a, str_c(a, archive), data, below, chart);
}

/* Where there is none, a chart that need not be proved is taken without, and helm says so. */
static Error *fetch_provenance(Remote *remote, Arena *a, const ChartSource *source,
                               const char *name, Str *out, Buf *said)
{
    Error *err = repository_provenance(remote, a, source, out);

    if (err && !source->verify && error_kind_of(err) == ERROR_NOT_FOUND) {
        buf_format(said, "WARNING: Verification not found for %s: %s\n", name, error_message(err));
        error_free(err);
        err = NULL;
        *out = (Str){0};
    }
    return err;
}

static Error *pull(Remote *remote, Shared *shared, const AuthoringOptions *options, Arena *a,
                   const char *name, Buf *out)
{
    ChartSource source;
    const Chart *chart;
    Str data, text = {0}, folder = folder_of(options->destination);

    TRY(authoring_find(remote, a, &options->location, name, &source));
    source.request.age = REMOTE_CURRENT;
    TRY(repository_fetch(remote, a, &source));
    TRY(error_wrap(chart_load(shared, source.path, &chart), "%.*s",
                   STR_ARG(remote_shown(a, source.url))));
    TRY(file_read(a, source.path, &data));
    Str archive = archive_name(a, &source, chart);
    if (options->provenance || source.verify) // if it cannot be had, there is nothing
        TRY(fetch_provenance(remote, a, &source, name, &text, out));
    TRY(write_chart(a, options, folder, archive, data, chart));
    if (text.ptr)
        TRY(write_archive(a, folder, str_join(a, archive, STR(".prov")), text));
    if (repository_is_oci(source.url))
        tell(a, &source, out);
    if (source.verify)
        provenance_tell(&source.proved, out);
    return NULL;
}

Error *authoring_pull(const AuthoringOptions *options, const char *chart, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    DEFER(remote_close) Remote *remote = authoring_remote(&options->location);

    return pull(remote, shared, options, &scratch, chart, out);
}
