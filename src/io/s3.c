#include "io/s3.h"

#include "io/env.h"

#include <string.h>

Str s3_usual_endpoint(void)
{
    static const char *const names[] = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"};
    const char *endpoint = env_first(names, COUNT(names));

    return str_from(endpoint ? endpoint : "");
}

Error *s3_check_bucket(Str bucket)
{
    if (!bucket.len)
        return error_hint(error_new(ERROR_INPUT, "the name of a bucket is missing"),
                          "s3://BUCKET/PREFIX?region=REGION");
    for (size_t i = 0; i < bucket.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
                    bucket.ptr[i]))
            return error_new(ERROR_INPUT, "\"%.*s\" is no name of a bucket", STR_ARG(bucket));
    return NULL;
}

/* Servers of one's own seldom have a name for each bucket, and certificates none for one with dots.
 */
static bool is_path_style(const S3Place *place)
{
    if (place->path_style.len)
        return str_is(place->path_style, "true");
    return place->endpoint.len || str_find_char(place->bucket, '.') != STR_NONE;
}

Str s3_base_url(Arena *a, const S3Place *place)
{
    bool china = str_starts(place->region, STR("cn-")), path_style = is_path_style(place);
    Str endpoint = place->endpoint, scheme = STR("https://");

    if (!endpoint.len)
        endpoint = str_format(a, "https://s3.%.*s.amazonaws.com%s", STR_ARG(place->region),
                              china ? ".cn" : "");
    size_t start = str_find(endpoint, STR("://"));
    if (start != STR_NONE) {
        scheme = str_slice(endpoint, 0, start + 3);
        endpoint = str_skip(endpoint, start + 3);
    }
    if (str_ends(endpoint, STR("/")))
        endpoint.len--;
    if (path_style)
        return str_format(a, "%.*s%.*s/%.*s/", STR_ARG(scheme), STR_ARG(endpoint),
                          STR_ARG(place->bucket));
    return str_format(a, "%.*s%.*s.%.*s/", STR_ARG(scheme), STR_ARG(place->bucket),
                      STR_ARG(endpoint));
}
