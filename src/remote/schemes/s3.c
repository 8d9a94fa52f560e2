/*
 * s3.c - objects in buckets: "s3://BUCKET/KEY?region=…&version=…&endpoint=…&profile=…", or
 * "s3::https://HOST/…" with Amazon's hosts, or one's own and the bucket in the path.
 * Source: helmfile, pkg/remote/remote.go, ParseS3Url; go-getter 1, get_s3.go.
 */
#include "remote/schemes.h"

#include "base/url.h"
#include "base/xml.h"
#include "io/aws.h"
#include "io/s3.h"
#include "io/world.h"

enum { NS_PER_MS = 1000000, SHOWN_BYTES = 300 };

/* What the URL says. */
typedef struct Object {
    S3Place place;
    Str key, version, profile;
} Object;

/* The bucket off the front of *PATH, which begins with a slash. */
static Str take_bucket(Str *path)
{
    Str bucket;

    if (str_starts(*path, STR("/")))
        *path = str_skip(*path, 1);
    if (!str_cut(path, '/', &bucket))
        *path = (Str){"", 0};
    return bucket;
}

/* "s3.amazonaws.com", "s3-REGION.…", "BUCKET.s3-REGION.…", "BUCKET.s3.REGION.…", or another. */
static void read_host(Arena *a, Str scheme, Str host, Str path, Object *out)
{
    static const Str amazon = STR_INIT(".amazonaws.com");
    Str rest = host, first;

    out->key = path;
    if (!str_ends(host, amazon)) {
        out->place.endpoint = str_format(a, "%.*s://%.*s", STR_ARG(scheme), STR_ARG(host));
        out->place.path_style = STR("true");
        out->place.bucket = take_bucket(&out->key);
        return;
    }
    rest.len -= amazon.len;
    bool dotted = str_cut(&rest, '.', &first);
    bool is_service = str_is(first, "s3") || str_starts(first, STR("s3-"));
    if (is_service) {
        out->place.bucket = take_bucket(&out->key);
        out->place.region = dotted                          ? rest
                            : str_starts(first, STR("s3-")) ? str_skip(first, 3)
                                                            : STR("us-east-1");
        return;
    }
    out->place.bucket = first;
    out->key = str_starts(path, STR("/")) ? str_skip(path, 1) : path;
    if (str_starts(rest, STR("s3.")) || str_starts(rest, STR("s3-")))
        out->place.region = str_skip(rest, 3);
    else
        out->place.region = STR("us-east-1");
}

static Error *read_url(Fetch *fetch, Object *out)
{
    Arena *a = fetch->arena;
    Str text = fetch->request->url;
    Url url;

    if (str_starts(text, STR("s3::")))
        text = str_skip(text, 4);
    TRY(url_parse(a, text, &url));
    *out = (Object){.place = {.endpoint = s3_usual_endpoint()}};
    if (str_is(url.scheme, "s3")) {
        out->place.bucket = url.host;
        out->key = str_starts(url.path, STR("/")) ? str_skip(url.path, 1) : url.path;
    } else {
        read_host(a, url.scheme, url.host, url.path, out);
    }
    Str region = url_take_parameter(a, &url.query, "region");
    Str endpoint = url_take_parameter(a, &url.query, "endpoint");
    out->version = url_take_parameter(a, &url.query, "version");
    out->profile = url_take_parameter(a, &url.query, "profile");
    if (region.len)
        out->place.region = region;
    if (endpoint.len)
        out->place.endpoint = endpoint;
    TRY(s3_check_bucket(out->place.bucket));
    if (!out->key.len || str_ends(out->key, STR("/")))
        return error_new(ERROR_INPUT, "%.*s: names no object of the bucket",
                         STR_ARG(remote_shown(a, fetch->request->url)));
    return NULL;
}

static Error *refused(Fetch *fetch, const HttpRequest *request, const HttpResponse *response)
{
    Arena *a = fetch->arena;
    Str code = str_for_message(a, xml_text(a, response->body, "Code"), SHOWN_BYTES);
    Str message = str_for_message(a, xml_text(a, response->body, "Message"), SHOWN_BYTES);
    HttpResponse shown = *response;

    shown.body = code.len && message.len
                     ? str_format(a, "%.*s: %.*s", STR_ARG(code), STR_ARG(message))
                     : code;
    return error_wrap(http_refused(request, &shown), "%.*s",
                      STR_ARG(remote_shown(a, fetch->request->url)));
}

static Error *ask(Fetch *fetch, Http *http, Aws *aws, const Object *object, HttpRequest *request,
                  HttpResponse *response)
{
    Arena *a = fetch->arena;
    Str key = uri_escape(a, object->key, true), version = uri_escape(a, object->version, false);
    AwsCredentials credentials;

    *request = (HttpRequest){.method = "GET"};
    request->url = str_format(a, "%.*s%.*s%s%.*s", STR_ARG(s3_base_url(a, &object->place)),
                              STR_ARG(key), version.len ? "?versionId=" : "", STR_ARG(version));
    TRY(aws_credentials(aws, a, &credentials));
    if (fetch->tag.len)
        http_add_header(a, &request->headers, "if-none-match", fetch->tag);
    sigv4_sign(a,
               &(SigV4){&credentials, "s3", object->place.region, world_real.now_ns() / NS_PER_MS},
               request);
    return fetch_body(fetch, http, request, response);
}

static Error *fetch_object(Fetch *fetch, Http *http, Aws *aws, Object *object)
{
    Arena *a = fetch->arena;
    HttpRequest request;
    HttpResponse response;

    if (!object->place.region.len)
        TRY(aws_region(aws, a, &object->place.region));
    if (!object->place.region.len)
        object->place.region = STR("us-east-1");
    TRY(ask(fetch, http, aws, object, &request, &response));
    Str region = http_header(&response, "x-amz-bucket-region");
    if (response.status >= 300 && response.status != 304 && region.len &&
        !str_equal(region, object->place.region)) {
        object->place.region = region; // it says where the bucket really is
        TRY(ask(fetch, http, aws, object, &request, &response));
    }
    fetch->same = response.status == 304 && fetch->tag.len;
    if (fetch->same)
        return NULL;
    if (response.status != 200)
        return refused(fetch, &request, &response);
    fetch->tag = http_header(&response, "etag");
    return NULL;
}

static Error *fetch_file(Fetch *fetch)
{
    Object object;
    Http *http;

    TRY(read_url(fetch, &object));
    if (fetch->request->provenance)
        object.key = str_join(fetch->arena, object.key, STR(".prov"));
    TRY(fetch_http(fetch, &http));
    Aws *aws = aws_open(fetch->arena, object.profile, http);
    Error *err = fetch_object(fetch, http, aws, &object);
    aws_close(&aws);
    return err;
}

static const char *const prefixes[] = {"s3://", "s3::", NULL};

const RemoteScheme remote_scheme_s3 = {.prefixes = prefixes, .file = fetch_file};
