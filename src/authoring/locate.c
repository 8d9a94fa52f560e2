/*
 * locate.c - where charts are. Source: helm, pkg/action/install.go, LocateChart.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "io/file.h"

Remote *authoring_remote(const ChartLocation *location)
{
    return remote_open(&(RemoteOptions){.offline = location->offline});
}

Error *authoring_query(Arena *a, const ChartLocation *location, const char *name, ChartQuery *out)
{
    RepositoryList *known = arena_new(a, RepositoryList);
    const RemoteAccess *access = &location->access;
    bool own = access->user.len || access->ca_file || access->cert_file || access->insecure ||
               access->plain_http || access->registry_config;

    TRY(repositories_read(a, location->repository_config, known));
    *out = (ChartQuery){.chart = str_from(name),
                        .version = location->version,
                        .url = location->repository,
                        .known = known,
                        .access = own ? access : NULL,
                        .pass_credentials = location->passes_credentials,
                        .devel = location->devel,
                        .verify = location->verify,
                        .keyring = location->keyring,
                        .cosign_key = access->cosign_key};
    return NULL;
}

Error *authoring_find(Remote *remote, Arena *a, const ChartLocation *location, const char *name,
                      ChartSource *out)
{
    ChartQuery query;

    TRY(authoring_query(a, location, name, &query));
    return repository_find(remote, a, &query, out);
}

/* The chart NAME is in a repository, a registry, or at a URL. */
static Error *fetch(Arena *a, const ChartLocation *location, const char *name, const char **out)
{
    DEFER(remote_close) Remote *remote = authoring_remote(location);
    ChartSource source;

    TRY(authoring_find(remote, a, location, name, &source));
    TRY(repository_fetch(remote, a, &source));
    *out = str_c(a, str_from(source.path));
    return NULL;
}

/* What is here is signed by a file beside it, if at all. */
static Error *check_local(Arena *a, const ChartLocation *location, const char *path)
{
    Provenance proved;

    if (location->access.cosign_key)
        return error_new(ERROR_DENIED, "%s: only charts in registries have signatures of cosign",
                         path);
    return location->verify ? provenance_check_file(a, location->keyring, path, &proved) : NULL;
}

Error *authoring_locate(Arena *a, const ChartLocation *location, const char *name, const char **out)
{
    Str trimmed = str_trim(str_from(name));
    const char *path = str_c(a, trimmed);

    if (!location->repository.len && file_kind(path) != FILE_MISSING) {
        *out = path;
        return check_local(a, location, path);
    }
    if (path_is_absolute(trimmed) || str_starts(trimmed, STR(".")))
        return error_new(ERROR_NOT_FOUND, "path \"%s\" not found", path);
    return fetch(a, location, path, out);
}
