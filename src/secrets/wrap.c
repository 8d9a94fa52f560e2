#include "secrets/wrap.h"

#include "base/base64.h"
#include "secrets/age.h"
#include "secrets/clouds.h"
#include "secrets/keys.h"

static Error *wrap_kms(Secrets *secrets, Arena *a, Str name, Str key, Str *out)
{
    ValueMap *request = value_map_new(a);
    Value answer;

    value_map_set_c(a, request, "KeyId", value_string(name));
    value_map_set_c(a, request, "Plaintext", value_string(base64_encode(a, key)));
    TRY(error_hint(aws_call(secrets, a,
                            &(AwsCall){.service = "kms",
                                       .target = "TrentService.Encrypt",
                                       .region = aws_region_of_arn(name),
                                       .body = value_of_map(request)},
                            &answer),
                   "log in to AWS as somebody who may use kms:Encrypt on %.*s", STR_ARG(name)));
    *out = service_text(answer, "CiphertextBlob");
    return NULL;
}

Error *secrets_wrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str key, Str *out)
{
    return kind == WRAP_AGE ? age_seal(a, name, key, out) : wrap_kms(secrets, a, name, key, out);
}

Error *secrets_unwrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str wrapped, Str *out)
{
    const SopsKey *type = kind == WRAP_AGE ? &sops_key_age : &sops_key_kms;
    ValueMap *key = value_map_new(a);

    value_map_set_c(a, key, type->field, value_string(name));
    value_map_set_c(a, key, "enc", value_string(wrapped));
    return type->unwrap(secrets, a, key, out);
}
