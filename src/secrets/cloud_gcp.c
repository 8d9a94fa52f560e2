#include "secrets/clouds.h"

#include "base/json.h"
#include "base/path.h"
#include "io/env.h"
#include "io/file.h"
#include "io/world.h"
#include "secrets/cloud_token.h"

enum { NS_PER_SECOND = 1000000000, TOKEN_SECONDS = 3600 };

static const char scope[] = "https://www.googleapis.com/auth/cloud-platform";
static const char usual_token_url[] = "https://oauth2.googleapis.com/token";

/* ---- credentials as a file has them */

/* Where tokens are to be had: what the file says. */
static Str token_url(Value file, const char *name)
{
    Str url = service_text(file, name);

    return url.len ? url : str_from(usual_token_url);
}

static Error *from_service_account(Http *http, Arena *a, Value file, Str *out)
{
    ValueMap *claims = value_map_new(a);
    int64_t now = world_real.now_ns() / NS_PER_SECOND;
    Str url = token_url(file, "token_uri"), token;
    Buf form = {.arena = a};

    value_map_set_c(a, claims, "iss", value_string(service_text(file, "client_email")));
    value_map_set_c(a, claims, "scope", value_c(scope));
    value_map_set_c(a, claims, "aud", value_string(url));
    value_map_set_c(a, claims, "iat", value_int(now));
    value_map_set_c(a, claims, "exp", value_int(now + TOKEN_SECONDS));
    TRY(token_make(a, service_text(file, "private_key"), value_of_map(claims), &token));
    service_add_field(&form, "grant_type", STR("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    service_add_field(&form, "assertion", token);
    return token_ask(http, a, "google", url, buf_str(&form), out);
}

static Error *from_user(Http *http, Arena *a, Value file, Str *out)
{
    Buf form = {.arena = a};

    service_add_field(&form, "grant_type", STR("refresh_token"));
    service_add_field(&form, "client_id", service_text(file, "client_id"));
    service_add_field(&form, "client_secret", service_text(file, "client_secret"));
    service_add_field(&form, "refresh_token", service_text(file, "refresh_token"));
    return token_ask(http, a, "google", token_url(file, "token_uri"), buf_str(&form), out);
}

/* The token of another identity provider, in a file: as text, or in JSON. */
static Error *subject_token(Arena *a, Value file, Str *out)
{
    const Value *source = value_at(&file, STR("credential_source"));
    Str path = source ? service_text(*source, "file") : (Str){"", 0}, text;
    const Value *field = source ? value_at(source, STR("format.subject_token_field_name")) : NULL;
    Value v;

    if (!path.len)
        return error_new(ERROR_INPUT, "the other identity provider's token must be in a file");
    TRY(file_read(a, str_c(a, path), &text));
    *out = str_trim(text);
    if (!field || field->kind != VALUE_STRING)
        return NULL;
    TRY(json_parse(a, str_c(a, path), text, &v));
    *out = service_text(v, str_c(a, field->string));
    return NULL;
}

/* TOKEN's owner as the service account that URL is of. */
static Error *impersonate(Http *http, Arena *a, Str url, Str token, Str *out)
{
    HttpRequest request = {.method = "POST",
                           .url = url,
                           .body = str_format(a, "{\"scope\":[\"%s\"]}", scope),
                           .repeatable = true};
    Value answer;

    http_add_header(a, &request.headers, "content-type", STR("application/json"));
    http_add_header(a, &request.headers, "authorization", str_join(a, STR("Bearer "), token));
    TRY(service_send(http, a, "google", &request, &answer));
    *out = service_text(answer, "accessToken");
    return out->len ? NULL : error_new(ERROR_DENIED, "google: gives no token");
}

static Error *from_other_provider(Http *http, Arena *a, Value file, Str *out)
{
    Str subject, url = service_text(file, "service_account_impersonation_url");
    Buf form = {.arena = a};

    TRY(subject_token(a, file, &subject));
    service_add_field(&form, "grant_type", STR("urn:ietf:params:oauth:grant-type:token-exchange"));
    service_add_field(&form, "audience", service_text(file, "audience"));
    service_add_field(&form, "scope", str_from(scope));
    service_add_field(&form, "requested_token_type",
                      STR("urn:ietf:params:oauth:token-type:access_token"));
    service_add_field(&form, "subject_token_type", service_text(file, "subject_token_type"));
    service_add_field(&form, "subject_token", subject);
    TRY(token_ask(http, a, "google", token_url(file, "token_url"), buf_str(&form), out));
    return url.len ? impersonate(http, a, url, *out, out) : NULL;
}

static Error *from_text(Http *http, Arena *a, const char *name, Str text, Str *out)
{
    Value file;

    Error *err = json_parse(a, NULL, text, &file);
    if (err) { // its message may have a part of the key
        error_free(err);
        return error_new(ERROR_INPUT, "%s: is no JSON", name);
    }
    Str type = service_text(file, "type");
    if (str_is(type, "service_account"))
        return error_wrap(from_service_account(http, a, file, out), "%s", name);
    if (str_is(type, "authorized_user"))
        return error_wrap(from_user(http, a, file, out), "%s", name);
    if (str_is(type, "external_account"))
        return error_wrap(from_other_provider(http, a, file, out), "%s", name);
    return error_new(ERROR_INPUT, "%s: credentials of type \"%.*s\" are not known", name,
                     STR_ARG(str_for_message(a, type, 100)));
}

static Error *from_file(Http *http, Arena *a, Str path, Str *out)
{
    Str text;

    TRY(file_read(a, str_c(a, path), &text));
    return from_text(http, a, str_c(a, path), text, out);
}

/* ---- the chain */

static Error *from_machine(Arena *a, Str *out)
{
    const char *given = env_get("GCE_METADATA_HOST");
    Str url = str_format(a, "http://%s/computeMetadata/v1/instance/service-accounts/default/token",
                         given && *given ? given : "metadata.google.internal");
    Error *err = token_ask_machine(a, "google", url, "metadata-flavor", STR("Google"), out);

    if (!err)
        return NULL;
    error_free(err);
    return error_hint(error_new(ERROR_DENIED, "no credentials for Google Cloud: there are none in "
                                              "the environment, of gcloud, or of this machine"),
                      "set GOOGLE_APPLICATION_CREDENTIALS to a file, or run `gcloud auth "
                      "application-default login`");
}

static Str usual_file(Arena *a)
{
    const char *config = env_get("CLOUDSDK_CONFIG"), *home = env_get("HOME");
    Str folder = config && *config
                     ? str_from(config)
                     : path_join(a, str_from(home ? home : "/"), STR(".config/gcloud"));

    return path_join(a, folder, STR("application_default_credentials.json"));
}

static Error *find_token(Arena *a, const void *request, void **out)
{
    Http *http = secrets_http(*(Secrets *const *)request);
    const char *token = env_get("GOOGLE_OAUTH_ACCESS_TOKEN"), *text = env_get("GOOGLE_CREDENTIALS"),
               *file = env_get("GOOGLE_APPLICATION_CREDENTIALS");
    Str *found = arena_new(a, Str), usual = usual_file(a);

    *out = found;
    if (token && *token) {
        *found = str_from(token);
        return NULL;
    }
    if (text && *text)
        return str_starts(str_trim(str_from(text)), STR("{"))
                   ? from_text(http, a, "GOOGLE_CREDENTIALS", str_from(text), found)
                   : from_file(http, a, str_from(text), found);
    if (file && *file)
        return from_file(http, a, str_from(file), found);
    if (file_kind(str_c(a, usual)) != FILE_MISSING)
        return from_file(http, a, usual, found);
    return from_machine(a, found);
}

static Error *add_token(Secrets *secrets, Arena *a, HttpRequest *request)
{
    static const SharedKind kind = {find_token, NULL};
    void *token;

    TRY(shared_get(secrets_shared(secrets), &kind, STR("google"), &secrets, &token));
    http_add_header(a, &request->headers, "authorization",
                    str_join(a, STR("Bearer "), *(const Str *)token));
    return NULL;
}

Error *gcp_call(Secrets *secrets, Arena *a, const char *method, Str url, Value body, Value *out)
{
    HttpRequest request = {.method = method, .url = url, .repeatable = true};
    Buf text = {.arena = a};

    TRY(add_token(secrets, a, &request));
    if (body.kind != VALUE_NULL) {
        TRY(json_write(&text, body, (JsonStyle){0}));
        request.body = buf_str(&text);
        http_add_header(a, &request.headers, "content-type", STR("application/json"));
    }
    return service_send(secrets_http(secrets), a, "google", &request, out);
}

Error *gcp_read(Secrets *secrets, Arena *a, Str url, Str *out)
{
    HttpRequest request = {.method = "GET", .url = url};

    TRY(add_token(secrets, a, &request));
    return service_send_text(secrets_http(secrets), a, "google", &request, out);
}
