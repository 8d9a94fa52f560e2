/*
 * registry.c - `chart push`, `chart registry login` and `logout`.
 * Source: helm, pkg/pusher/ocipusher.go; pkg/cmd/registry_login.go.
 */
#include "authoring/authoring.h"

#include "base/time_layout.h"
#include "io/file.h"
#include "registry/registry.h"
#include "remote/remote.h"

#include <errno.h>
#include <sys/stat.h>

/* When the archive was made. */
static Error *date_of(Arena *a, const char *path, Str *out)
{
    struct stat at;

    if (stat(path, &at) < 0)
        return error_os(errno, "%s", path);
    *out = time_format(a, (Time){.seconds = at.st_mtime}, STR("2006-01-02T15:04:05Z07:00"));
    return NULL;
}

static Error *read_push(Arena *a, Shared *shared, const char *path, RegistryPush *out,
                        const Chart **chart)
{
    const char *provenance = str_format(a, "%s.prov", path).ptr;

    if (file_kind(path) == FILE_DIRECTORY)
        return error_hint(
            error_new(ERROR_INPUT, "%s: is a folder; only archives can be pushed", path),
            "pack it first: relfile chart package %s", path);
    TRY(file_read(a, path, &out->archive));
    TRY(chart_load(shared, path, chart));
    TRY(chart_metadata_json(a, *chart, &out->metadata));
    if (file_kind(provenance) != FILE_MISSING)
        TRY(file_read(a, provenance, &out->provenance));
    return date_of(a, path, &out->created);
}

static Error *reference_of(Arena *a, const char *url, const Chart *chart, RegistryReference *out)
{
    Str base = str_from(url);

    if (!registry_is_reference(base))
        return error_hint(error_new(ERROR_USAGE, "%s: is no registry", url),
                          "oci://HOST/PATH, to which the chart's name is added");
    while (str_ends(base, STR("/")))
        base.len--;
    if (chart_version(chart).len == 0)
        return error_new(ERROR_INPUT, "the chart has no version");
    return registry_reference_parse(a,
                                    str_format(a, "%.*s/%.*s:%.*s", STR_ARG(base),
                                               STR_ARG(chart_name(chart)),
                                               STR_ARG(chart_version(chart))),
                                    out);
}

Error *authoring_push(const AuthoringOptions *options, const char *path, const char *url, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    RegistryOptions access = remote_registry_options(&options->location.access);
    DEFER(registry_close) Registry *registry = registry_open(&access);
    RegistryReference reference;
    RegistryPush push = {0};
    const Chart *chart;
    Str digest;

    TRY(read_push(&scratch, shared, path, &push, &chart));
    TRY(reference_of(&scratch, url, chart, &reference));
    TRY(registry_push(registry, &scratch, &reference, &push, &digest));
    buf_format(out, "Pushed: %.*s\nDigest: %.*s\n",
               STR_ARG(registry_reference_text(&scratch, &reference)), STR_ARG(digest));
    return NULL;
}

Error *authoring_login(const AuthoringOptions *options, const char *host, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    RegistryOptions access = remote_registry_options(&options->location.access);
    DEFER(registry_close) Registry *registry = registry_open(&access);

    TRY(registry_login(registry, &scratch, str_from(host)));
    buf_add_c(out, "Login Succeeded\n");
    return NULL;
}

Error *authoring_logout(const AuthoringOptions *options, const char *host, Buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    RegistryOptions access = remote_registry_options(&options->location.access);
    DEFER(registry_close) Registry *registry = registry_open(&access);
    Error *err = registry_logout(registry, &scratch, str_from(host));

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err); // who is not logged in is logged out
        err = NULL;
    }
    TRY(err);
    buf_format(out, "Removing login credentials for %s\n", host);
    return NULL;
}
