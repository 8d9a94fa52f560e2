/*
 * cosign.c - signatures that cosign has put beside a chart: under the tag "sha256-….sig", each a
 * payload, which names the manifest's digest, and what was made of it with the key.
 * Source: cosign, specs/SIGNATURE_SPEC.md.
 */
#include "registry/client.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/signature.h"

#define PAYLOAD_TYPE "application/vnd.dev.cosign.simplesigning.v1+json"
#define SIGNATURE_ANNOTATION "dev.cosignproject.cosign/signature"

enum { MOST_PAYLOAD = 1 << 20 };

static const Value *part(const Value *value, const char *key)
{
    return value && value->kind == VALUE_MAP ? value_map_get_c(value->map, key) : NULL;
}

/* Whether PAYLOAD says that the manifest with DIGEST is meant. */
static bool names_digest(Arena *a, Str payload, Str digest)
{
    Value value;
    Error *err = json_parse(a, NULL, payload, &value);
    bool parsed = !err;

    error_free(err);
    if (!parsed)
        return false;
    const Value *critical = part(&value, "critical");
    const Value *said = part(part(critical, "image"), "docker-manifest-digest");
    const Value *type = part(critical, "type");
    return said && said->kind == VALUE_STRING && str_equal(said->string, digest) && type &&
           value_is_string(*type, "cosign container image signature");
}

/* Whether LAYER is a signature of DIGEST by the key. */
static Error *check_layer(Registry *registry, Arena *a, const RegistryReference *reference,
                          const RegistryDescriptor *layer, Str digest, Str key_pem, bool *out)
{
    Str payload, signature,
        text = layer->annotations ? value_map_string(layer->annotations, SIGNATURE_ANNOTATION)
                                  : (Str){0};

    *out = false;
    if (!str_is(layer->media_type, PAYLOAD_TYPE) || !text.len)
        return NULL;
    Error *err = base64_decode(a, text, &signature);
    if (err) {
        error_free(err);
        return NULL;
    }
    TRY(registry_read_blob(registry, a, reference, layer, MOST_PAYLOAD, &payload));
    TRY(signature_verify(key_pem, payload, signature, out));
    *out = *out && names_digest(a, payload, digest);
    return NULL;
}

static Error *read_signatures(Registry *registry, Arena *a, const RegistryReference *reference,
                              Str digest, RegistryReference *place, RegistryManifest *out)
{
    Str shown = registry_reference_text(a, reference);

    *place = *reference;
    place->digest = (Str){"", 0};
    place->tag = str_format(a, "%.*s-%.*s.sig", 6, digest.ptr, STR_ARG(str_skip(digest, 7)));
    Error *err = registry_read_manifest(registry, a, place, out);
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return error_new(ERROR_DENIED, "oci://%.*s: has no signature", STR_ARG(shown));
}

Error *registry_verify(Registry *registry, Arena *a, const RegistryReference *reference, Str digest,
                       Str key_pem)
{
    RegistryReference place;
    RegistryManifest manifest;

    TRY(registry_is_digest(digest)
            ? NULL
            : error_new(ERROR_INPUT, "invalid digest \"%.*s\"", STR_ARG(digest)));
    TRY(read_signatures(registry, a, reference, digest, &place, &manifest));
    for (size_t i = 0; i < manifest.layers.len; i++) {
        bool good;

        TRY(check_layer(registry, a, &place, &manifest.layers.items[i], digest, key_pem, &good));
        if (good)
            return NULL;
    }
    return error_new(ERROR_DENIED, "oci://%.*s: no signature is of this key and for %.*s",
                     STR_ARG(registry_reference_text(a, reference)), STR_ARG(digest));
}
