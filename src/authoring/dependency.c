/*
 * dependency.c - `relfile chart dependency`. Source: helm, pkg/cmd/dependency*.go.
 */
#include "authoring/locate.h"

#include "base/path.h"
#include "dependency/dependency.h"

Error *authoring_dependency(const AuthoringOptions *options, DependencyVerb verb, const char *path,
                            Buf *out)
{
    const ChartLocation *l = &options->location;
    DEFER(remote_close)
    Remote *remote =
        remote_open(&(RemoteOptions){.offline = l->offline, .no_check = options->skip_refresh});
    const char *folder = path_clean(out->arena, str_from(path)).ptr;
    ChartQuery query;

    if (verb == DEPENDENCY_LIST)
        return dependency_list(out->arena, folder, options->column_width, out);
    TRY(authoring_query(out->arena, l, "", &query));
    DependencyOptions how = {.remote = remote,
                             .known = query.known,
                             .access = query.access,
                             .verify = l->verify,
                             .keyring = l->keyring,
                             .cosign_key = l->access.cosign_key,
                             .skip_refresh = options->skip_refresh || l->offline};
    if (verb == DEPENDENCY_BUILD)
        return dependency_build(out->arena, &how, folder, out);
    return dependency_update(out->arena, &how, folder, out);
}
