/*
 * manifest.c - manifests and blobs, held against their digests. Source: OCI, image-spec.
 */
#include "base/digest.h"
#include "base/json.h"
#include "registry/client.h"

#include <string.h>

enum { MOST_REDIRECTS = 5, MOST_DESCRIPTORS = 1000 };

#define ACCEPT                                                                                     \
    REGISTRY_MANIFEST_TYPE ", application/vnd.oci.image.index.v1+json, "                           \
                           "application/vnd.docker.distribution.manifest.v2+json, "                \
                           "application/vnd.docker.distribution.manifest.list.v2+json"

Str registry_digest(Arena *a, Str data)
{
    return str_format(a, "sha256:%.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, data)));
}

Error *registry_check_digest(Str data, Str digest)
{
    DEFER(arena_free) Arena scratch = {0};
    bool is_long = str_starts(digest, STR("sha512:"));

    if (!registry_is_digest(digest))
        return error_new(ERROR_INPUT, "invalid digest \"%.*s\"",
                         STR_ARG(str_for_message(&scratch, digest, REGISTRY_SHOWN_BYTES)));
    Str is = digest_hex(&scratch, is_long ? DIGEST_SHA512 : DIGEST_SHA256, data);
    if (str_equal(is, str_skip(digest, 7)))
        return NULL;
    return error_new(ERROR_INPUT, "digest mismatch: wants %.*s, but it is %.*s%.*s",
                     STR_ARG(digest), 7, digest.ptr, STR_ARG(is));
}

static Error *parse_descriptor(const Value *value, RegistryDescriptor *out)
{
    if (!value || value->kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "a descriptor is missing");
    const Value *size = value_map_get_c(value->map, "size");
    const Value *annotations = value_map_get_c(value->map, "annotations");
    *out = (RegistryDescriptor){
        .media_type = value_map_string(value->map, "mediaType"),
        .digest = value_map_string(value->map, "digest"),
        .annotations = annotations && annotations->kind == VALUE_MAP ? annotations->map : NULL};
    if (!registry_is_digest(out->digest))
        return error_new(ERROR_INPUT, "a descriptor has no digest");
    if (!size || size->kind != VALUE_FLOAT || size->real < 0 || size->real > 1e15)
        return error_new(ERROR_INPUT, "%.*s has no size", STR_ARG(out->digest));
    out->size = (uint64_t)size->real;
    return NULL;
}

static Error *parse_descriptors(Arena *a, const ValueMap *map, const char *key,
                                RegistryDescriptors *out)
{
    const Value *list = value_map_get_c(map, key);

    if (!list || list->kind != VALUE_LIST)
        return NULL;
    if (list->list.len > MOST_DESCRIPTORS)
        return error_new(ERROR_INPUT, "has more than %d %s", MOST_DESCRIPTORS, key);
    for (size_t i = 0; i < list->list.len; i++) {
        RegistryDescriptor descriptor;

        TRY(parse_descriptor(&list->list.items[i], &descriptor));
        *vec_add(a, out) = descriptor;
    }
    return NULL;
}

static Error *parse(Arena *a, Str text, RegistryManifest *out)
{
    Value value;

    TRY(json_parse(a, NULL, text, &value));
    if (value.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "is no manifest");
    TRY(parse_descriptors(a, value.map, "manifests", &out->manifests));
    if (out->manifests.len)
        return NULL;
    TRY(parse_descriptor(value_map_get_c(value.map, "config"), &out->config));
    return parse_descriptors(a, value.map, "layers", &out->layers);
}

/* The text is what was asked for, as far as can be known. */
static Error *check(const RegistryReference *reference, const HttpResponse *response, Str digest)
{
    Str said = http_header(response, "docker-content-digest");

    if (reference->digest.len)
        return registry_check_digest(response->body, reference->digest);
    if (said.len && str_starts(said, STR("sha256:")) && !str_equal(said, digest))
        return registry_check_digest(response->body, said);
    return NULL;
}

Error *registry_read_manifest(Registry *registry, Arena *a, const RegistryReference *reference,
                              RegistryManifest *out)
{
    Str wanted = reference->digest.len ? reference->digest : reference->tag;
    Str shown = registry_reference_text(a, reference);
    HttpRequest request = {.method = "GET", .follow = MOST_REDIRECTS};
    RegistryManifest manifest = {0};
    HttpResponse response;

    request.url = str_format(a, "%.*s/v2/%.*s/manifests/%.*s",
                             STR_ARG(registry_origin(registry, a, reference->host)),
                             STR_ARG(reference->repository), STR_ARG(wanted));
    http_add_header(a, &request.headers, "Accept", STR(ACCEPT));
    TRY(registry_send(registry, a, reference->host, registry_scope(a, reference, "pull"), &request,
                      &response));
    if (response.status != 200)
        return error_wrap(registry_refused(a, reference->host, &request, &response), "oci://%.*s",
                          STR_ARG(shown));
    manifest.text = response.body;
    manifest.digest = registry_digest(a, response.body);
    TRY(error_wrap(check(reference, &response, manifest.digest), "oci://%.*s: manifest",
                   STR_ARG(shown)));
    TRY(error_wrap(parse(a, response.body, &manifest), "oci://%.*s: manifest", STR_ARG(shown)));
    *out = manifest;
    return NULL;
}

Error *registry_read_blob(Registry *registry, Arena *a, const RegistryReference *reference,
                          const RegistryDescriptor *blob, uint64_t most, Str *out)
{
    Str shown = registry_reference_text(a, reference);
    HttpRequest request = {.method = "GET", .follow = MOST_REDIRECTS};
    HttpResponse response;

    if (blob->size > most)
        return error_new(ERROR_INPUT, "oci://%.*s: %.*s has %llu bytes, more than %llu",
                         STR_ARG(shown), STR_ARG(blob->digest), (unsigned long long)blob->size,
                         (unsigned long long)most);
    request.most_bytes = blob->size + 1;
    request.url = str_format(a, "%.*s/v2/%.*s/blobs/%.*s",
                             STR_ARG(registry_origin(registry, a, reference->host)),
                             STR_ARG(reference->repository), STR_ARG(blob->digest));
    TRY(registry_send(registry, a, reference->host, registry_scope(a, reference, "pull"), &request,
                      &response));
    if (response.status != 200)
        return error_wrap(registry_refused(a, reference->host, &request, &response), "oci://%.*s",
                          STR_ARG(shown));
    if (response.body.len != blob->size)
        return error_new(ERROR_INPUT, "oci://%.*s: %.*s has %zu bytes, not %llu", STR_ARG(shown),
                         STR_ARG(blob->digest), response.body.len, (unsigned long long)blob->size);
    TRY(error_wrap(registry_check_digest(response.body, blob->digest), "oci://%.*s",
                   STR_ARG(shown)));
    *out = response.body;
    return NULL;
}
