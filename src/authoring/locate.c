/*
 * locate.c - where charts are. Source: helm, pkg/action/install.go, LocateChart.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "io/file.h"
#include "repository/repository.h"

/* The chart NAME is in a repository, a registry, or at a URL. */
static Error *fetch(Arena *a, const ChartLocation *l, Str name, const char **out)
{
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){.offline = l->offline});
    RemoteAccess access = {.user = l->user,
                           .password = l->password,
                           .ca_file = l->ca_file,
                           .cert_file = l->cert_file,
                           .key_file = l->key_file,
                           .insecure = l->insecure,
                           .plain_http = l->plain_http};
    bool said = l->user.len || l->ca_file || l->cert_file || l->insecure || l->plain_http;
    RepositoryList known;
    ChartQuery query = {.chart = name,
                        .version = l->version,
                        .url = l->repository,
                        .known = &known,
                        .access = said ? &access : NULL,
                        .pass_credentials = l->passes_credentials,
                        .devel = l->devel};
    ChartSource source;

    TRY(repositories_read(a, &known));
    TRY(repository_locate(remote, a, &query, &source));
    *out = source.path;
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
    return fetch(a, location, trimmed, out);
}
