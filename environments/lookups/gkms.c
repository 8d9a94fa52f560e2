/*
 * gkms.c - ref+gkms://BASE64: what Google has encrypted with its Key Management Service, as base64
 * of URLs; with #/KEY, a value in it. Settings: project, location, keyring, crypto_key. Source:
 * vals, providers/gkms.
 */
#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "io/env.h"
#include "io/sigv4.h"
#include "secrets/clouds.h"

static Error *gkms_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    static const char *const names[] = {"project", "location", "keyring", "crypto_key"};
    static const char *const steps[] = {"projects", "locations", "keyRings", "cryptoKeys"};
    const char *endpoint = env_get("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS");
    Str base = str_from(endpoint && *endpoint ? endpoint : "https://cloudkms.googleapis.com/");
    ValueMap *body = value_map_new(a);
    Buf url = {.arena = a};
    Str sealed;
    Value answer;

    TRY(base64_url_decode(a, ref->path, &sealed));
    buf_add(&url, str_ends(base, STR("/")) ? str_slice(base, 0, base.len - 1) : base);
    buf_add_c(&url, "/v1");
    for (size_t i = 0; i < COUNT(names); i++) {
        Str value = lookup_setting(a, ref, names[i]);

        if (!value.len)
            return error_new(ERROR_INPUT, "the key is named by project, location, keyring and "
                                          "crypto_key");
        buf_format(&url, "/%s/%.*s", steps[i], STR_ARG(uri_escape(a, value, false)));
    }
    buf_add_c(&url, ":decrypt");
    value_map_set_c(a, body, "ciphertext", value_string(base64_encode(a, sealed)));
    TRY(gcp_call(scope->secrets, a, "POST", buf_str(&url), value_of_map(body), &answer));
    return base64_decode(a, service_text(answer, "plaintext"), out);
}

const Lookup lookup_gkms = {
    .scheme = "gkms",
    .help = "What Google's Key Management Service has encrypted.",
    .is_slow = true,
    .text = gkms_text,
};
