/*
 * s3.c - ref+s3://BUCKET/KEY: an object in S3; with #/KEY, a value in it.
 * Settings: region, profile, role_arn, version (or version_id). Source: vals, providers/s3.
 */
#include "environments/lookups/lookups.h"

#include "secrets/clouds.h"

static Error *s3_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str key = ref->path, bucket, version = lookup_setting(a, ref, "version");

    if (!str_cut(&key, '/', &bucket) || !bucket.len || !key.len)
        return error_new(ERROR_INPUT, "an object is named as BUCKET/KEY");
    return aws_object(
        scope->secrets, a,
        &(AwsObject){.bucket = bucket,
                     .key = key,
                     .version = version.len ? version : lookup_setting(a, ref, "version_id"),
                     .region = lookup_setting(a, ref, "region"),
                     .profile = lookup_setting(a, ref, "profile"),
                     .role = lookup_setting(a, ref, "role_arn")},
        out);
}

const Lookup lookup_s3 = {
    .scheme = "s3",
    .help = "An object in S3, or the value at a key of it.",
    .is_slow = true,
    .text = s3_text,
};
