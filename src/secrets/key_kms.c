/*
 * key_kms.c - data keys wrapped by Amazon's Key Management Service. Source: sops, kms/keysource.go.
 */
#include "secrets/keys.h"

#include "base/base64.h"
#include "secrets/clouds.h"

/* REQUEST with what KEY's `context` says: the same must be given that it was wrapped with. */
static void add_context(Arena *a, ValueMap *request, const ValueMap *key)
{
    const Value *context = value_map_get_c(key, "context");

    if (context && context->kind == VALUE_MAP && context->map && context->map->len)
        value_map_set_c(a, request, "EncryptionContext", *context);
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Str arn = value_map_string(key, "arn");
    ValueMap *request = value_map_new(a);
    Value answer;

    value_map_set_c(a, request, "CiphertextBlob", value_string(value_map_string(key, "enc")));
    value_map_set_c(a, request, "KeyId", value_string(arn));
    add_context(a, request, key);
    TRY(error_hint(aws_call(secrets, a,
                            &(AwsCall){.service = "kms",
                                       .target = "TrentService.Decrypt",
                                       .region = aws_region_of_arn(arn),
                                       .profile = value_map_string(key, "aws_profile"),
                                       .role = value_map_string(key, "role"),
                                       .body = value_of_map(request)},
                            &answer),
                   "log in to AWS as somebody who may use kms:Decrypt on %.*s", STR_ARG(arn)));
    return base64_decode(a, service_text(answer, "Plaintext"), out);
}

static Error *wrap(Secrets *secrets, Arena *a, const ValueMap *key, Str secret, Str *enc)
{
    Str arn = value_map_string(key, "arn");
    ValueMap *request = value_map_new(a);
    Value answer;

    value_map_set_c(a, request, "KeyId", value_string(arn));
    value_map_set_c(a, request, "Plaintext", value_string(base64_encode(a, secret)));
    TRY(error_hint(aws_call(secrets, a,
                            &(AwsCall){.service = "kms",
                                       .target = "TrentService.Encrypt",
                                       .region = aws_region_of_arn(arn),
                                       .body = value_of_map(request)},
                            &answer),
                   "log in to AWS as somebody who may use kms:Encrypt on %.*s", STR_ARG(arn)));
    *enc = service_text(answer, "CiphertextBlob");
    return NULL;
}

/* An ARN, or an alias: whatever is no name of the others'. */
static Error *parse(Arena *a, Str name, ValueMap *key, bool *found)
{
    *found = !str_starts(name, STR("https://")) && !str_starts(name, STR("http://")) &&
             !str_starts(name, STR("projects/"));
    if (*found)
        value_map_set_c(a, key, "arn", value_string(name));
    return NULL;
}

const SopsKey sops_key_kms = {
    .name = "kms", .field = "arn", .unwrap = unwrap, .wrap = wrap, .parse = parse};
