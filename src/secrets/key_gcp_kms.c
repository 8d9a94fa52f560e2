/*
 * key_gcp_kms.c - data keys wrapped by Google's Key Management Service.
 * Source: sops, gcpkms/keysource.go.
 */
#include "secrets/keys.h"

#include "base/base64.h"
#include "io/env.h"
#include "secrets/clouds.h"

static Str endpoint(Arena *a)
{
    const char *given = env_get("SOPS_GCP_KMS_ENDPOINT"),
               *universe = env_get("SOPS_GCP_KMS_UNIVERSE_DOMAIN");

    if (given && *given)
        return str_format(
            a, "%s%s", str_find(str_from(given), STR("://")) == STR_NONE ? "https://" : "", given);
    return str_format(a, "https://cloudkms.%s",
                      universe && *universe ? universe : "googleapis.com");
}

/* VERB is "encrypt" or "decrypt", with TEXT in FIELD. */
static Error *call(Secrets *secrets, Arena *a, const ValueMap *key, const char *verb,
                   const char *field, Str text, Value *answer)
{
    Str name = value_map_string(key, "resource_id"), at = endpoint(a);
    ValueMap *request = value_map_new(a);

    value_map_set_c(a, request, field, value_string(text));
    Str url = str_format(a, "%.*s/v1/%.*s:%s", STR_ARG(at), STR_ARG(name), verb);
    return error_hint(gcp_call(secrets, a, "POST", url, value_of_map(request), answer),
                      "log in to Google Cloud as somebody who may %s with %.*s", verb,
                      STR_ARG(name));
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Value answer;

    TRY(call(secrets, a, key, "decrypt", "ciphertext", value_map_string(key, "enc"), &answer));
    return base64_decode(a, service_text(answer, "plaintext"), out);
}

static Error *wrap(Secrets *secrets, Arena *a, const ValueMap *key, Str secret, Str *enc)
{
    Value answer;

    TRY(call(secrets, a, key, "encrypt", "plaintext", base64_encode(a, secret), &answer));
    *enc = service_text(answer, "ciphertext");
    return NULL;
}

/* projects/P/locations/L/keyRings/R/cryptoKeys/K */
static Error *parse(Arena *a, Str name, ValueMap *key, bool *found)
{
    *found = str_starts(name, STR("projects/"));
    if (*found)
        value_map_set_c(a, key, "resource_id", value_string(name));
    return NULL;
}

const SopsKey sops_key_gcp_kms = {
    .name = "gcp_kms", .field = "resource_id", .unwrap = unwrap, .wrap = wrap, .parse = parse};
