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
    RemoteAccess *access = arena_new(a, RemoteAccess);
    bool own = location->user.len || location->ca_file || location->cert_file ||
               location->insecure || location->plain_http || location->registry_config ||
               location->cosign_key;
    ChartQuery query = {.chart = str_from(name),
                        .version = location->version,
                        .url = location->repository,
                        .known = known,
                        .pass_credentials = location->passes_credentials,
                        .devel = location->devel};

    *access = (RemoteAccess){.user = location->user,
                             .password = location->password,
                             .ca_file = location->ca_file,
                             .cert_file = location->cert_file,
                             .key_file = location->key_file,
                             .registry_config = location->registry_config,
                             .cosign_key = location->cosign_key,
                             .insecure = location->insecure,
                             .plain_http = location->plain_http};
    query.access = own ? access : NULL;
    TRY(repositories_read(a, known));
    *out = query;
    return NULL;
}

Error *authoring_find(Remote *remote, Arena *a, const ChartLocation *location, const char *name,
                      ChartSource *out)
{
    ChartQuery query;

    // a check that is not made must not look like one that was passed
    if (location->verify)
        return error_new(ERROR_DENIED, "%s: the provenance of charts from elsewhere is not checked",
                         name);
    TRY(authoring_query(a, location, name, &query));
    return repository_find(remote, a, &query, out);
}

/* The chart NAME is in a repository, a registry, or at a URL. */
static Error *fetch(Arena *a, const ChartLocation *location, const char *name, const char **out)
{
    DEFER(remote_close) Remote *remote = authoring_remote(location);
    ChartSource source;
    RemoteFile file;

    TRY(authoring_find(remote, a, location, name, &source));
    TRY(remote_file(remote, a, &source.request, &file));
    *out = str_c(a, str_from(file.path));
    return NULL;
}

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
    return fetch(a, location, path, out);
}
