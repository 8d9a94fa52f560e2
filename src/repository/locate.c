/*
 * locate.c - from what a user calls a chart to the file that has it.
 * Source: helm, pkg/downloader/chart_downloader.go, ResolveChartVersion.
 */
#include "repository/index.h"

#include "base/nearest.h"
#include "base/path.h"
#include "base/semver.h"
#include "base/semver_constraint.h"
#include "base/url.h"
#include "io/file.h"

#include <stdlib.h>

/* Those who may see credentials: the repository's own host, unless it says otherwise. */
static const RemoteAccess *access_for(Arena *a, const Repository *repository, Str url)
{
    RemoteAccess *access = arena_new(a, RemoteAccess);

    *access = repository->access;
    if (!repository->pass_credentials && !url_same_host(repository->url, url)) {
        access->user = access->password = (Str){"", 0};
        access->cert_file = access->key_file = NULL;
    }
    return access;
}

/* What an index says must not lead to this machine's files. */
static Error *check_url(Str index, Str url)
{
    if (str_starts(url, STR("https://")) || str_starts(url, STR("http://")) ||
        repository_is_oci(url))
        return NULL;
    return error_new(ERROR_INPUT, "%.*s: names a chart at \"%.*s\", which cannot be fetched",
                     STR_ARG(index), STR_ARG(url));
}

static bool is_hex_digest(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              ((text.ptr[i] | 0x20) >= 'a' && (text.ptr[i] | 0x20) <= 'f')))
            return false;
    return text.len == 64;
}

/* ---- registries */

/* The parts of "oci://host/path/web:1.2.0@sha256:…". */
static void split_reference(Str chart, Str *name, Str *tag, Str *digest)
{
    size_t at = str_find(chart, STR("@sha256:")), slash, colon;

    *digest = at == STR_NONE ? (Str){"", 0} : str_skip(chart, at + 1);
    *name = at == STR_NONE ? chart : str_slice(chart, 0, at);
    slash = str_find_last(*name, STR("/"));
    colon = str_find_last(*name, STR(":"));
    *tag = (Str){"", 0};
    if (colon == STR_NONE || slash == STR_NONE || colon < slash)
        return;
    *tag = str_skip(*name, colon + 1);
    *name = str_slice(*name, 0, colon);
}

static int compare_newest(const void *a, const void *b)
{
    Semver one, other;

    error_free(semver_parse(*(const Str *)a, &one));
    error_free(semver_parse(*(const Str *)b, &other));
    return semver_compare(&other, &one);
}

static Error *choose_tag(Remote *remote, Arena *a, RemoteRequest *request, Str constraint,
                         bool devel)
{
    ChartVersionList versions = {0};
    const ChartVersion *chosen;
    StrList tags = {0}, numbers = {0};

    if (str_is(constraint, "latest")) // a tag of images, which helm does not take either
        return error_hint(error_new(ERROR_INPUT,
                                    "%.*s: the version of a chart in a registry must be semver "
                                    "compliant: latest is not",
                                    STR_ARG(remote_shown(a, request->url))),
                          "leave it out for the newest release");
    TRY(remote_versions(remote, a, request, &tags));
    for (size_t i = 0; i < tags.len; i++)
        if (semver_valid(tags.items[i]))
            *vec_add(a, &numbers) = tags.items[i];
    if (numbers.len)
        qsort(numbers.items, numbers.len, sizeof(*numbers.items), compare_newest);
    for (size_t i = 0; i < numbers.len; i++)
        *vec_add(a, &versions) = (ChartVersion){.version = numbers.items[i]};
    Str what = remote_shown(a, request->url);
    if (!versions.len)
        return error_new(ERROR_NOT_FOUND, "%.*s: has no versions", STR_ARG(what));
    TRY(repository_choose(&versions, what, constraint, devel, &chosen));
    request->version = chosen->version;
    return NULL;
}

static Error *find_in_registry(Remote *remote, Arena *a, const ChartQuery *query, Str chart,
                               const RemoteAccess *access, ChartSource *out)
{
    RemoteRequest request = {.access = access, .digest = query->digest};
    Str tag, digest, version = query->version;

    split_reference(chart, &request.url, &tag, &digest);
    if (!version.len)
        version = tag;
    if (digest.len || str_find(version, STR("sha256:")) != STR_NONE) {
        size_t at = str_find(version, STR("sha256:"));

        request.version = digest.len ? digest : str_skip(version, at);
        version = at == STR_NONE ? version : (Str){"", 0};
        if (version.len && semver_valid(version)) // both, and they must mean the same
            request.version =
                str_format(a, "%.*s@%.*s", STR_ARG(version), STR_ARG(request.version));
    } else if (version.len && semver_valid(version)) {
        request.version = version;
    } else {
        TRY(choose_tag(remote, a, &request, version, query->devel));
        version = request.version;
    }
    *out =
        (ChartSource){.url = request.url, .version = version, .request = request, .access = access};
    return NULL;
}

/* ---- indexes */

static Error *find_in_index(Remote *remote, Arena *a, const ChartQuery *query,
                            const Repository *repository, Str chart, ChartSource *out)
{
    Str index = remote_shown(a, repository->url);
    Str what = repository->name.len
                   ? str_format(a, "%.*s/%.*s", STR_ARG(repository->name), STR_ARG(chart))
                   : chart;
    ChartVersionList versions;
    const ChartVersion *chosen;

    TRY(repository_versions(remote, a, repository, chart, &versions));
    TRY(error_wrap(repository_choose(&versions, what, query->version, query->devel, &chosen),
                   "%.*s", STR_ARG(index)));
    if (!chosen->urls.len)
        return error_new(ERROR_INPUT, "%.*s: chart \"%.*s\" %.*s has no downloadable URLs",
                         STR_ARG(index), STR_ARG(what), STR_ARG(chosen->version));
    if (chosen->digest.len && !is_hex_digest(chosen->digest))
        return error_new(ERROR_INPUT, "%.*s: chart \"%.*s\" %.*s has a digest that is no SHA-256",
                         STR_ARG(index), STR_ARG(what), STR_ARG(chosen->version));
    Str url = index_resolve(a, repository->url, chosen->urls.items[0]);
    TRY(check_url(index, url));
    const RemoteAccess *access = access_for(a, repository, url);
    if (repository_is_oci(url)) {
        ChartQuery there = {.version = chosen->version, .digest = query->digest};

        return find_in_registry(remote, a, &there, url, access, out);
    }
    Str digest = query->digest.len ? query->digest : str_lower(a, chosen->digest);
    *out = (ChartSource){.url = url,
                         .version = chosen->version,
                         .digest = digest,
                         .access = access,
                         .request = {.url = url,
                                     .digest = digest,
                                     .access = access,
                                     .age = digest.len ? REMOTE_FIXED : REMOTE_CURRENT}};
    return NULL;
}

static Error *unknown_repository(const RepositoryList *known, Str name)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t count = known ? known->len : 0;
    const char **names = arena_array(&scratch, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = str_c(&scratch, known->items[i].name);
    Error *err = error_new(ERROR_NOT_FOUND, "repo %.*s not found", STR_ARG(name));
    err = nearest_hint(err, name, names, count);
    return error_hint(err,
                      "name it in the spec's \"repositories:\", or for all specs with: helm "
                      "repo add %.*s URL",
                      STR_ARG(name));
}

/* What is said for the chart counts where nothing is known of its repository. */
static void add_access(const ChartQuery *query, Repository *repository)
{
    static const RemoteAccess nothing;
    const RemoteAccess *said = query->access ? query->access : &nothing;
    RemoteAccess *access = &repository->access;

    access->insecure |= query->insecure || said->insecure;
    access->plain_http |= query->plain_http || said->plain_http;
    repository->pass_credentials |= query->pass_credentials;
    if (!access->user.len) {
        access->user = said->user;
        access->password = said->password;
    }
    if (!access->ca_file)
        access->ca_file = said->ca_file;
    if (!access->cert_file) {
        access->cert_file = said->cert_file;
        access->key_file = said->key_file;
    }
}

static Error *find_named(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
{
    Str chart = query->chart, name;
    static const RepositoryList none;
    const RepositoryList *known = query->known ? query->known : &none;

    if (!str_cut(&chart, '/', &name))
        return error_hint(error_new(ERROR_NOT_FOUND,
                                    "chart \"%.*s\": there is no such file or "
                                    "folder, and it names no repository",
                                    STR_ARG(name)),
                          "a chart of a repository is called REPOSITORY/CHART");
    const Repository *found = repositories_named(known, name);
    if (!found)
        return unknown_repository(known, name);
    Repository *repository = arena_new(a, Repository); // its access stays in OUT
    *repository = *found;
    add_access(query, repository);
    if (repository_is_oci(repository->url))
        TRY(find_in_registry(remote, a, query,
                             str_format(a, "%.*s/%.*s", STR_ARG(repository->url), STR_ARG(chart)),
                             &repository->access, out));
    else
        TRY(find_in_index(remote, a, query, repository, chart, out));
    out->verify = repository->verify;
    out->keyring = repository->keyring;
    return NULL;
}

/* A URL of its own is for the repository that it is in, if one is known. */
static const RemoteAccess *access_of_url(Arena *a, const ChartQuery *query, Str url)
{
    RemoteAccess *plain = arena_new(a, RemoteAccess);

    if (query->access)
        return query->access;
    for (size_t i = 0; query->known && i < query->known->len; i++) {
        const Repository *r = &query->known->items[i];

        if (str_starts(url, r->url) && url_same_host(r->url, url))
            return access_for(a, r, url);
    }
    *plain = (RemoteAccess){.insecure = query->insecure, .plain_http = query->plain_http};
    return plain;
}

static Error *find(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
{
    Str chart = query->chart;

    if (repository_is_oci(chart))
        return find_in_registry(remote, a, query, chart, access_of_url(a, query, chart), out);
    if (query->url.len) {
        Repository repository = {.url = query->url, .pass_credentials = query->pass_credentials};

        if (query->access)
            repository.access = *query->access;
        if (repository_is_oci(query->url))
            return find_in_registry(remote, a, query,
                                    str_format(a, "%.*s/%.*s", STR_ARG(query->url), STR_ARG(chart)),
                                    query->access, out);
        return find_in_index(remote, a, query, &repository, chart, out);
    }
    if (str_find(chart, STR("://")) == STR_NONE)
        return find_named(remote, a, query, out);
    const RemoteAccess *access = access_of_url(a, query, chart);
    *out = (ChartSource){
        .url = chart,
        .digest = query->digest,
        .access = access,
        .request = {
            .url = chart, .digest = query->digest, .access = access, .age = REMOTE_CURRENT}};
    return NULL;
}

/* What is asked for must be done: a check that is not made must not look like one that was passed.
 */
static Error *add_checks(Arena *a, const ChartQuery *query, ChartSource *out)
{
    const char *key = query->cosign_key;

    out->verify = query->verify || (out->verify && !query->trusted);
    if (query->keyring)
        out->keyring = query->keyring;
    if (!key && out->access)
        key = out->access->cosign_key;
    if (!key)
        return NULL;
    if (!repository_is_oci(out->url))
        return error_new(ERROR_DENIED, "%.*s: only charts in registries have signatures of cosign",
                         STR_ARG(remote_shown(a, out->url)));
    RemoteAccess *access = arena_new(a, RemoteAccess);
    if (out->access)
        *access = *out->access;
    access->cosign_key = key;
    out->access = out->request.access = access;
    return NULL;
}

Error *repository_find(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
{
    TRY(find(remote, a, query, out));
    return add_checks(a, query, out);
}

Str repository_file_name(Arena *a, const ChartSource *source)
{
    Str url = source->url;
    size_t mark = str_find_char(url, '?');

    if (!repository_is_oci(url))
        return url_unescape(a, path_name(mark == STR_NONE ? url : str_slice(url, 0, mark)));
    return source->version.len
               ? str_format(a, "%.*s-%.*s.tgz", STR_ARG(path_name(url)), STR_ARG(source->version))
               : (Str){"", 0};
}

Error *repository_provenance(Remote *remote, Arena *a, const ChartSource *source, Str *out)
{
    RemoteRequest request = source->request;
    RemoteFile file;

    request.provenance = true;
    request.digest = (Str){"", 0};
    TRY(remote_file(remote, a, &request, &file));
    return file_read(a, file.path, out);
}

static Error *verify(Remote *remote, Arena *a, ChartSource *source)
{
    Str archive, text;
    Error *err = repository_provenance(remote, a, source, &text);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND)
        err = error_as(err, ERROR_DENIED);
    TRY(error_wrap(err, "failed to fetch provenance"));
    TRY(file_read(a, source->path, &archive));
    return provenance_check(a, source->keyring, repository_file_name(a, source), archive, text,
                            &source->proved);
}

Error *repository_fetch(Remote *remote, Arena *a, ChartSource *source)
{
    RemoteFile file;

    TRY(remote_file(remote, a, &source->request, &file));
    source->path = file.path;
    source->origin = repository_is_oci(source->url) ? file.origin : (Str){"", 0};
    if (!source->digest.len)
        source->digest = file.digest;
    return source->verify ? error_wrap(verify(remote, a, source), "%.*s",
                                       STR_ARG(remote_shown(a, source->url)))
                          : NULL;
}

Error *repository_locate(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
{
    TRY(repository_find(remote, a, query, out));
    return repository_fetch(remote, a, out);
}
