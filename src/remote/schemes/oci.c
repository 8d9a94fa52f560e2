/*
 * oci.c - charts in OCI registries: "oci://ghcr.io/acme/web", with a tag or digest as version.
 */
#include "remote/schemes.h"

#include "io/file.h"
#include "registry/registry.h"

RegistryOptions remote_registry_options(const RemoteAccess *access)
{
    return (RegistryOptions){.user = access->user,
                             .password = access->password,
                             .ca_file = access->ca_file,
                             .cert = access->cert_file,
                             .key = access->key_file,
                             .config = access->registry_config,
                             .insecure = access->insecure,
                             .plain_http = access->plain_http};
}

static Error *open_registry(Arena *a, const void *request, void **out)
{
    RegistryOptions options = remote_registry_options(request);

    // it outlives the request
    options.user = str_copy(a, options.user);
    options.password = str_copy(a, options.password);
    options.ca_file = options.ca_file ? str_c(a, str_from(options.ca_file)) : NULL;
    options.cert = options.cert ? str_c(a, str_from(options.cert)) : NULL;
    options.key = options.key ? str_c(a, str_from(options.key)) : NULL;
    options.config = options.config ? str_c(a, str_from(options.config)) : NULL;
    *out = registry_open(&options);
    return NULL;
}

static void close_registry(void *thing)
{
    Registry *registry = thing;

    registry_close(&registry);
}

/* The client for the request's access: tokens and connections are kept for the next. */
static Error *find_registry(Fetch *fetch, Registry **out)
{
    static const SharedKind kind = {open_registry, close_registry};
    static const RemoteAccess usual;
    const RemoteAccess *access = fetch->request->access ? fetch->request->access : &usual;
    void *registry;

    TRY(fetch_shared(fetch, &kind, access, &registry));
    *out = registry;
    return NULL;
}

/* What is at the URL, in the version asked for: a version, a constraint, a digest, or some of them
 * with "@" between. */
static Error *read_reference(Fetch *fetch, Registry *registry, RegistryReference *out)
{
    Str version = fetch->request->version, digest = version;

    TRY(registry_reference_parse(fetch->arena, fetch->request->url, out));
    size_t at = str_find_last(version, STR("@"));
    if (at != STR_NONE) {
        digest = str_skip(version, at + 1);
        version.len = at;
    }
    if (str_starts(digest, STR("sha256:")) || str_starts(digest, STR("sha512:"))) {
        out->digest = digest;
        version.len = at == STR_NONE ? 0 : at;
    }
    TRY(registry_reference_check(fetch->arena, out));
    return registry_find_version(registry, fetch->arena, version, out);
}

static Error *verify(Fetch *fetch, Registry *registry, const RegistryReference *reference,
                     Str digest)
{
    const RemoteAccess *access = fetch->request->access;
    Str key;

    if (!access || !access->cosign_key)
        return NULL;
    TRY(file_read_limited(fetch->arena, access->cosign_key, 1 << 20, &key));
    return registry_verify(registry, fetch->arena, reference, digest, key);
}

static Error *fetch_file(Fetch *fetch)
{
    Arena *a = fetch->arena;
    RegistryReference reference;
    RegistryChart chart;
    Registry *registry;
    Str digest;

    TRY(find_registry(fetch, &registry));
    TRY(read_reference(fetch, registry, &reference));
    if (fetch->tag.len) { // what a tag means may have changed
        TRY(registry_resolve(registry, a, &reference, &digest));
        fetch->same = str_equal(digest, fetch->tag);
        if (fetch->same)
            return NULL;
    }
    TRY(registry_pull(registry, a, &reference, &chart));
    TRY(verify(fetch, registry, &reference, chart.digest));
    if (fetch->request->provenance && !chart.provenance.len)
        return error_new(ERROR_NOT_FOUND, "oci://%.*s: has no provenance",
                         STR_ARG(registry_reference_text(a, &reference)));
    fetch->tag = chart.digest;
    return draft_add(fetch->draft, fetch->request->provenance ? chart.provenance : chart.archive);
}

static Error *list_versions(Fetch *fetch, StrList *out)
{
    RegistryReference reference;
    Registry *registry;

    TRY(find_registry(fetch, &registry));
    TRY(registry_reference_parse(fetch->arena, fetch->request->url, &reference));
    return registry_versions(registry, fetch->arena, &reference, out);
}

static const char *const prefixes[] = {"oci://", NULL};

const RemoteScheme remote_scheme_oci = {
    .prefixes = prefixes, .file = fetch_file, .versions = list_versions};
