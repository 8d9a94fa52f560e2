/*
 * gcs.c - ref+gcs://BUCKET/KEY: an object in Google's Cloud Storage; with #/KEY, a value in it.
 * Settings: generation. Source: vals, providers/gcs.
 */
#include "environments/lookups/lookups.h"

#include "io/env.h"
#include "io/sigv4.h"
#include "secrets/clouds.h"

static Error *gcs_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    const char *given = env_get("STORAGE_EMULATOR_HOST");
    Str key = ref->path, bucket, generation = lookup_setting(a, ref, "generation");
    Str base = STR("https://storage.googleapis.com");

    if (!str_cut(&key, '/', &bucket) || !bucket.len || !key.len)
        return error_new(ERROR_INPUT, "an object is named as BUCKET/KEY");
    if (given && *given)
        base = str_format(
            a, "%s%s", str_find(str_from(given), STR("://")) == STR_NONE ? "http://" : "", given);
    if (str_ends(base, STR("/")))
        base.len--;
    Str url =
        str_format(a, "%.*s/storage/v1/b/%.*s/o/%.*s?alt=media%s%.*s", STR_ARG(base),
                   STR_ARG(uri_escape(a, bucket, false)), STR_ARG(uri_escape(a, key, false)),
                   generation.len ? "&generation=" : "", STR_ARG(uri_escape(a, generation, false)));
    return gcp_read(scope->secrets, a, url, out);
}

const Lookup lookup_gcs = {
    .scheme = "gcs",
    .help = "An object in Google's Cloud Storage, or the value at a key of it.",
    .is_slow = true,
    .text = gcs_text,
};
