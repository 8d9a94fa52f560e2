/*
 * aws_remote.c - credentials that a service gives: STS, a container's agent, an instance's
 * metadata.
 */
#include "io/aws_sources.h"

#include "base/json.h"
#include "base/time_layout.h"
#include "base/xml.h"
#include "io/env.h"
#include "io/file.h"
#include "io/world.h"

enum { NS_PER_MS = 1000000, MS_PER_SECOND = 1000 };

static Error *parse_expiry(Arena *a, Str text, int64_t *out)
{
    Time time;

    TRY(time_parse(a, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, &time));
    *out = time.seconds * MS_PER_SECOND;
    return NULL;
}

static Error *check_complete(const char *from, const AwsCredentials *credentials)
{
    if (credentials->key.len && credentials->secret.len)
        return NULL;
    return error_new(ERROR_DENIED, "%s: gives no credentials", from);
}

Error *aws_parse_json(Arena *a, const char *from, Str text, const char *const names[4],
                      AwsCredentials *out)
{
    AwsCredentials found = {0};
    Value value;

    TRY(json_parse(a, from, text, &value));
    const Value *role =
        value.kind == VALUE_MAP ? value_map_get_c(value.map, "roleCredentials") : NULL;
    const ValueMap *map = role && role->kind == VALUE_MAP ? role->map : value.map;
    if (value.kind != VALUE_MAP)
        return check_complete(from, &found);
    found = (AwsCredentials){.key = value_map_string(map, names[0]),
                             .secret = value_map_string(map, names[1]),
                             .token = value_map_string(map, names[2])};
    const Value *expiry = value_map_get_c(map, names[3]);
    if (expiry && expiry->kind == VALUE_FLOAT)
        found.expires_ms = (int64_t)expiry->real; // single sign-on: milliseconds since 1970
    else if (expiry && expiry->kind == VALUE_STRING && expiry->string.len)
        TRY(error_wrap(parse_expiry(a, expiry->string, &found.expires_ms), "%s", from));
    *out = found;
    return check_complete(from, out);
}

/* ---- STS */

static Str sts_url(Aws *aws, Arena *a)
{
    static const char *const variables[] = {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"};
    static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
    const char *endpoint = env_first(variables, COUNT(variables));
    const char *region = env_first(regions, COUNT(regions));
    Str named = region || !aws->sections
                    ? str_from(region ? region : "")
                    : aws_setting(aws, str_join(a, STR("profile "), aws->profile), "region");

    if (endpoint)
        return str_format(a, "%s/", endpoint);
    if (!named.len)
        named = STR("us-east-1");
    return str_format(a, "https://sts.%.*s.amazonaws.com%s/", STR_ARG(named),
                      str_starts(named, STR("cn-")) ? ".cn" : "");
}

static Str session_name(Str given)
{
    return given.len ? given : STR("relfile");
}

static void add_field(Arena *a, Buf *form, const char *name, Str value)
{
    Str escaped = uri_escape(a, value, false);

    buf_format(form, "%s%s=%.*s", form->len ? "&" : "", name, STR_ARG(escaped));
}

/* Ask for what FORM says, as AS if that is not NULL. */
static Error *ask_sts(Aws *aws, Arena *a, const Buf *form, const AwsCredentials *as,
                      AwsCredentials *out)
{
    HttpRequest request = {
        .method = "POST", .url = sts_url(aws, a), .body = buf_str(form), .repeatable = true};
    HttpResponse response;

    http_add_header(a, &request.headers, "content-type", STR("application/x-www-form-urlencoded"));
    if (as) {
        Str region = STR("us-east-1"), host = str_skip(request.url, sizeof("https://sts.") - 1);
        if (str_starts(request.url, STR("https://sts.")) && str_find_char(host, '.') != STR_NONE)
            region = str_slice(host, 0, str_find_char(host, '.'));
        sigv4_sign(a, &(SigV4){as, "sts", region, world_real.now_ns() / NS_PER_MS}, &request);
    }
    TRY(http_send(aws->http, a, &request, &response));
    Str xml = response.body;
    if (response.status != 200) {
        Str code = xml_text(a, xml, "Code"), message = xml_text(a, xml, "Message");
        if (!code.len)
            return http_refused(&request, &response);
        message = str_for_message(a, message, 300);
        return error_new(ERROR_DENIED, "STS: %.*s: %.*s", STR_ARG(code), STR_ARG(message));
    }
    *out = (AwsCredentials){.key = xml_text(a, xml, "AccessKeyId"),
                            .secret = xml_text(a, xml, "SecretAccessKey"),
                            .token = xml_text(a, xml, "SessionToken")};
    TRY(check_complete("STS", out));
    return error_wrap(parse_expiry(a, xml_text(a, xml, "Expiration"), &out->expires_ms), "STS");
}

Error *aws_from_web_identity(Aws *aws, Arena *a, Str role, Str token_file, Str session,
                             AwsCredentials *out)
{
    Buf form = {.arena = a};
    Str token;

    TRY(file_read(a, str_c(a, token_file), &token));
    add_field(a, &form, "Action", STR("AssumeRoleWithWebIdentity"));
    add_field(a, &form, "Version", STR("2011-06-15"));
    add_field(a, &form, "RoleArn", role);
    add_field(a, &form, "RoleSessionName", session_name(session));
    add_field(a, &form, "WebIdentityToken", str_trim(token));
    return error_wrap(ask_sts(aws, a, &form, NULL, out), "role %.*s", STR_ARG(role));
}

Error *aws_assume_role(Aws *aws, Arena *a, const AwsCredentials *as, Str role, Str external_id,
                       Str session, AwsCredentials *out)
{
    Buf form = {.arena = a};

    add_field(a, &form, "Action", STR("AssumeRole"));
    add_field(a, &form, "Version", STR("2011-06-15"));
    add_field(a, &form, "RoleArn", role);
    add_field(a, &form, "RoleSessionName", session_name(session));
    if (external_id.len)
        add_field(a, &form, "ExternalId", external_id);
    return error_wrap(ask_sts(aws, a, &form, as, out), "role %.*s", STR_ARG(role));
}

/* ---- this machine's own */

static const char *const metadata_names[] = {"AccessKeyId", "SecretAccessKey", "Token",
                                             "Expiration"};

static Error *container_token(Arena *a, Str *out)
{
    const char *token = env_get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    const char *file = env_get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    Str text;

    *out = str_from(token ? token : "");
    if (!file || !*file)
        return NULL;
    TRY(file_read(a, file, &text));
    *out = str_trim(text);
    return NULL;
}

Error *aws_from_container(Aws *aws, Arena *a, bool *found, AwsCredentials *out)
{
    const char *relative = env_get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = env_get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    HttpRequest request = {.method = "GET"};
    HttpResponse response;
    Str token;

    *found = (relative && *relative) || (full && *full);
    if (!*found)
        return NULL;
    request.url =
        relative && *relative ? str_format(a, "http://169.254.170.2%s", relative) : str_from(full);
    TRY(container_token(a, &token));
    if (token.len)
        http_add_header(a, &request.headers, "authorization", token);
    TRY(error_wrap(http_send(aws->near, a, &request, &response), "the container's role"));
    if (response.status != 200)
        return error_wrap(http_refused(&request, &response), "the container's role");
    return aws_parse_json(a, "the container's role", response.body, metadata_names, out);
}

static Error *get_metadata(Aws *aws, Arena *a, Str session, Str path, HttpResponse *out)
{
    const char *endpoint = env_get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    Str base = str_from(endpoint && *endpoint ? endpoint : "http://169.254.169.254");
    HttpRequest request = {.method = session.len ? "GET" : "PUT", .repeatable = true};

    if (str_ends(base, STR("/")))
        base.len--;
    request.url = str_format(a, "%.*s/latest/%.*s", STR_ARG(base), STR_ARG(path));
    if (session.len)
        http_add_header(a, &request.headers, "x-aws-ec2-metadata-token", session);
    else
        http_add_header(a, &request.headers, "x-aws-ec2-metadata-token-ttl-seconds", STR("300"));
    TRY(http_send(aws->near, a, &request, out));
    return out->status == 200 ? NULL : http_refused(&request, out);
}

Error *aws_from_instance(Aws *aws, Arena *a, bool *found, AwsCredentials *out)
{
    static const Str roles = STR_INIT("meta-data/iam/security-credentials/");
    HttpResponse session, role, credentials;

    *found = false;
    if (env_is_true("AWS_EC2_METADATA_DISABLED"))
        return NULL;
    Error *err = get_metadata(aws, a, (Str){0}, STR("api/token"), &session);
    if (err) { // this is no instance
        error_free(err);
        return NULL;
    }
    err = get_metadata(aws, a, session.body, roles, &role);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) { // an instance without a role
        error_free(err);
        return NULL;
    }
    TRY(err);
    *found = true;
    TRY(get_metadata(aws, a, session.body, str_join(a, roles, str_trim(role.body)), &credentials));
    return aws_parse_json(a, "the instance's role", credentials.body, metadata_names, out);
}
