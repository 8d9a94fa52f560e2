/*
 * awskms.c - ref+awskms://BASE64: what AWS KMS has encrypted, as base64 of URLs; with #/KEY, a
 * value in it. Settings: region, profile, role_arn, key, alg, context. Source: vals,
 * providers/awskms.
 */
#include "environments/lookups/aws.h"

#include "base/base64.h"

static Error *awskms_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str sealed, key = lookup_setting(a, ref, "key"), algorithm = lookup_setting(a, ref, "alg"),
                context = lookup_setting(a, ref, "context");
    ValueMap *request = value_map_new(a);
    Value answer, v;

    TRY(base64_url_decode(a, ref->path, &sealed));
    value_map_set_c(a, request, "CiphertextBlob", value_string(base64_encode(a, sealed)));
    if (key.len)
        value_map_set_c(a, request, "KeyId", value_string(key));
    if (algorithm.len)
        value_map_set_c(a, request, "EncryptionAlgorithm", value_string(algorithm));
    if (context.len) {
        TRY(lookup_parse(a, ref, context, &v));
        value_map_set_c(a, request, "EncryptionContext", v);
    }
    TRY(lookup_aws(a, ref, scope, "kms", "TrentService.Decrypt", value_of_map(request), &answer));
    return base64_decode(a, service_text(answer, "Plaintext"), out);
}

const Lookup lookup_awskms = {
    .scheme = "awskms",
    .help = "What AWS KMS has encrypted, or the value at a key of it.",
    .is_slow = true,
    .text = awskms_text,
};
