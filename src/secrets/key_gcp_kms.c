/*
 * key_gcp_kms.c - data keys wrapped by Google's Key Management Service.
 * Source: sops, gcpkms/keysource.go.
 */
#include "secrets/keys.h"

#include "base/base64.h"
#include "io/env.h"
#include "secrets/clouds.h"

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    const char *given = env_get("SOPS_GCP_KMS_ENDPOINT"),
               *universe = env_get("SOPS_GCP_KMS_UNIVERSE_DOMAIN");
    Str name = value_map_string(key, "resource_id"), endpoint;
    ValueMap *request = value_map_new(a);
    Value answer;

    if (given && *given)
        endpoint = str_format(
            a, "%s%s", str_find(str_from(given), STR("://")) == STR_NONE ? "https://" : "", given);
    else
        endpoint = str_format(a, "https://cloudkms.%s",
                              universe && *universe ? universe : "googleapis.com");
    value_map_set_c(a, request, "ciphertext", value_string(value_map_string(key, "enc")));
    Str url = str_format(a, "%.*s/v1/%.*s:decrypt", STR_ARG(endpoint), STR_ARG(name));
    TRY(error_hint(gcp_call(secrets, a, "POST", url, value_of_map(request), &answer),
                   "log in to Google Cloud as somebody who may decrypt with %.*s", STR_ARG(name)));
    return base64_decode(a, service_text(answer, "plaintext"), out);
}

const SopsKey sops_key_gcp_kms = {.name = "gcp_kms", .field = "resource_id", .unwrap = unwrap};
