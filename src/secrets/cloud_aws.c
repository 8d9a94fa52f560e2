#include "secrets/clouds.h"

#include "base/json.h"
#include "base/redact.h"
#include "io/aws_sources.h"
#include "io/env.h"
#include "io/world.h"

enum { NS_PER_MS = 1000000 };

/* Who and where: what a request is signed with. */
typedef struct AwsPlace {
    AwsCredentials credentials;
    Str region;
} AwsPlace;

Str aws_region_of_arn(Str name)
{
    Str part = {"", 0};

    if (!str_starts(name, STR("arn:")))
        return part;
    for (int i = 0; i < 4; i++)
        if (!str_cut(&name, ':', &part))
            return (Str){"", 0};
    return part;
}

/* ---- roles */

typedef struct RoleRequest {
    Aws *aws;
    Str role;
} RoleRequest;

static Error *assume(Arena *a, const void *request, void **out)
{
    const RoleRequest *wanted = request;
    AwsCredentials own, *role = arena_new(a, AwsCredentials);

    TRY(aws_credentials(wanted->aws, a, &own));
    TRY(aws_assume_role(wanted->aws, a, &own, wanted->role, (Str){"", 0}, (Str){"", 0}, role));
    *out = role;
    return NULL;
}

static Error *find_credentials(Secrets *secrets, Arena *a, Aws *aws, Str profile, Str role,
                               AwsCredentials *out)
{
    static const SharedKind kind = {assume, NULL};
    void *credentials;

    if (!role.len)
        return aws_credentials(aws, a, out);
    Str key = str_format(a, "%.*s %.*s", STR_ARG(role), STR_ARG(profile));
    TRY(shared_get(secrets_shared(secrets), &kind, key, &(RoleRequest){aws, role}, &credentials));
    *out = *(const AwsCredentials *)credentials;
    return NULL;
}

static Error *find_place(Secrets *secrets, Arena *a, Str region, Str profile, Str role,
                         AwsPlace *out)
{
    Aws *aws;

    TRY(secrets_aws(secrets, profile, &aws));
    out->region = region;
    if (!region.len)
        TRY(aws_region(aws, a, &out->region));
    if (!out->region.len)
        return error_hint(error_new(ERROR_INPUT, "no region is given"),
                          "set AWS_REGION, or add ?region=NAME to the reference");
    TRY(find_credentials(secrets, a, aws, profile, role, &out->credentials));
    redact_add(out->credentials.secret);
    redact_add(out->credentials.token);
    return NULL;
}

/* ---- where services are */

/* "AWS_ENDPOINT_URL_SECRETS_MANAGER": SERVICE's own, or the one for all. */
static const char *given_endpoint(const char *service)
{
    static const struct {
        const char *service, *variable;
    } own[] = {
        {"secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"},
        {"ssm", "AWS_ENDPOINT_URL_SSM"},
        {"kms", "AWS_ENDPOINT_URL_KMS"},
        {"s3", "AWS_ENDPOINT_URL_S3"},
    };
    const char *names[] = {NULL, "AWS_ENDPOINT_URL"};

    for (size_t i = 0; i < COUNT(own); i++)
        if (str_is(str_from(service), own[i].service))
            names[0] = own[i].variable;
    return env_first(names[0] ? names : names + 1, names[0] ? 2 : 1);
}

static const char *domain_of(Str region)
{
    return str_starts(region, STR("cn-")) ? "amazonaws.com.cn" : "amazonaws.com";
}

static Str without_slash(const char *url)
{
    Str text = str_from(url);

    if (str_ends(text, STR("/")))
        text.len--;
    return text;
}

static Str service_url(Arena *a, const char *service, Str region)
{
    const char *given = given_endpoint(service);

    if (given)
        return str_join(a, without_slash(given), STR("/"));
    return str_format(a, "https://%s.%.*s.%s/", service, STR_ARG(region), domain_of(region));
}

Error *aws_call(Secrets *secrets, Arena *a, const AwsCall *call, Value *out)
{
    Buf body = {.arena = a};
    AwsPlace place;

    TRY(find_place(secrets, a, call->region, call->profile, call->role, &place));
    TRY(json_write(&body, call->body, (JsonStyle){0}));
    HttpRequest request = {.method = "POST",
                           .url = service_url(a, call->service, place.region),
                           .body = buf_str(&body),
                           .repeatable = true};
    http_add_header(a, &request.headers, "content-type", STR("application/x-amz-json-1.1"));
    http_add_header(a, &request.headers, "x-amz-target", str_from(call->target));
    sigv4_sign(
        a,
        &(SigV4){&place.credentials, call->service, place.region, world_real.now_ns() / NS_PER_MS},
        &request);
    return service_send(secrets_http(secrets), a, call->service, &request, out);
}

/* ---- S3 */

static Str object_url(Arena *a, const AwsObject *object, Str region)
{
    const char *given = given_endpoint("s3");
    Str key = uri_escape(a, object->key, true);
    Buf url = {.arena = a};

    if (given)
        buf_format(&url, "%.*s/%.*s", STR_ARG(without_slash(given)), STR_ARG(object->bucket));
    else if (str_find_char(object->bucket, '.') != STR_NONE)
        buf_format(&url, "https://s3.%.*s.%s/%.*s", STR_ARG(region), domain_of(region),
                   STR_ARG(object->bucket));
    else
        buf_format(&url, "https://%.*s.s3.%.*s.%s", STR_ARG(object->bucket), STR_ARG(region),
                   domain_of(region));
    buf_format(&url, "/%.*s", STR_ARG(key));
    if (object->version.len)
        buf_format(&url, "?versionId=%.*s", STR_ARG(uri_escape(a, object->version, false)));
    return buf_str(&url);
}

Error *aws_object(Secrets *secrets, Arena *a, const AwsObject *object, Str *out)
{
    AwsPlace place;

    TRY(find_place(secrets, a, object->region, object->profile, object->role, &place));
    HttpRequest request = {.method = "GET", .url = object_url(a, object, place.region)};
    sigv4_sign(a, &(SigV4){&place.credentials, "s3", place.region, world_real.now_ns() / NS_PER_MS},
               &request);
    return service_send_text(secrets_http(secrets), a, "s3", &request, out);
}
