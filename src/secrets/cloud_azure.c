#include "secrets/clouds.h"

#include "base/json.h"
#include "base/redact.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "secrets/cloud_token.h"

enum { CLI_TIMEOUT_MS = 60000 };

static const char resource[] = "https://vault.azure.net";

static Str variable(const char *name)
{
    const char *value = env_get(name);

    return str_from(value ? value : "");
}

static Str authority_url(Arena *a)
{
    Str host = variable("AZURE_AUTHORITY_HOST");

    if (!host.len)
        host = STR("https://login.microsoftonline.com");
    if (str_ends(host, STR("/")))
        host.len--;
    return str_format(a, "%.*s/%.*s/oauth2/v2.0/token", STR_ARG(host),
                      STR_ARG(variable("AZURE_TENANT_ID")));
}

static Buf client_form(Arena *a)
{
    Buf form = {.arena = a};

    service_add_field(&form, "grant_type", STR("client_credentials"));
    service_add_field(&form, "client_id", variable("AZURE_CLIENT_ID"));
    service_add_field(&form, "scope", str_format(a, "%s/.default", resource));
    return form;
}

/* Each way sets *FOUND where it is set up; if it is, but does not work, that is an error. */
typedef Error *FindToken(Http *http, Arena *a, bool *found, Str *out);

static Error *from_environment(Http *http, Arena *a, bool *found, Str *out)
{
    Str secret = variable("AZURE_CLIENT_SECRET");
    Buf form = client_form(a);

    *found = secret.len && variable("AZURE_TENANT_ID").len && variable("AZURE_CLIENT_ID").len;
    if (!*found)
        return NULL;
    service_add_field(&form, "client_secret", secret);
    return token_ask(http, a, "azure", authority_url(a), buf_str(&form), out);
}

static Error *from_workload(Http *http, Arena *a, bool *found, Str *out)
{
    Str path = variable("AZURE_FEDERATED_TOKEN_FILE"), token;
    Buf form = client_form(a);

    *found = path.len && variable("AZURE_TENANT_ID").len && variable("AZURE_CLIENT_ID").len;
    if (!*found)
        return NULL;
    TRY(file_read(a, str_c(a, path), &token));
    service_add_field(&form, "client_assertion_type",
                      STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    service_add_field(&form, "client_assertion", str_trim(token));
    return token_ask(http, a, "azure", authority_url(a), buf_str(&form), out);
}

static Error *from_machine(Http *http, Arena *a, bool *found, Str *out)
{
    Str endpoint = variable("IDENTITY_ENDPOINT"), client = variable("AZURE_CLIENT_ID"),
        host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    Buf query = {.arena = a};

    (void)http;
    service_add_field(&query, "resource", str_from(resource));
    if (client.len)
        service_add_field(&query, "client_id", client);
    *found = true;
    if (endpoint.len && variable("IDENTITY_HEADER").len)
        return token_ask_machine(a, "azure",
                                 str_format(a, "%.*s?api-version=2019-08-01&%.*s",
                                            STR_ARG(endpoint), STR_ARG(buf_str(&query))),
                                 "x-identity-header", variable("IDENTITY_HEADER"), out);
    if (!host.len)
        host = STR("http://169.254.169.254");
    Error *err = token_ask_machine(
        a, "azure",
        str_format(a, "%.*s/metadata/identity/oauth2/token?api-version=2018-02-01&%.*s",
                   STR_ARG(host), STR_ARG(buf_str(&query))),
        "metadata", STR("true"), out);
    *found = !err || error_kind_of(err) != ERROR_UNAVAILABLE;
    if (*found)
        return err;
    error_free(err); // this machine is not in Azure
    return NULL;
}

static Error *from_program(Http *http, Arena *a, bool *found, Str *out)
{
    const char *argv[] = {"az",   "account",    "get-access-token", "-o",
                          "json", "--resource", resource,           NULL};
    ProcessResult result;
    Value answer;

    (void)http;
    Error *err =
        process_run(a, &(ProcessRequest){.argv = argv, .timeout_ms = CLI_TIMEOUT_MS}, &result);
    *found = !err || error_kind_of(err) != ERROR_NOT_FOUND;
    if (!*found) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    if (result.status)
        return error_new(ERROR_DENIED, "az: %.*s",
                         STR_ARG(str_for_message(a, str_trim(result.err), 300)));
    TRY(json_parse(a, "az", result.out, &answer));
    *out = service_text(answer, "accessToken");
    redact_add(*out);
    return out->len ? NULL : error_new(ERROR_DENIED, "az: gives no token");
}

static const struct {
    const char *name; /* in AZKV_AUTH; NULL: not there */
    FindToken *find;
} ways[] = {
    {NULL, from_environment},
    {"workload", from_workload},
    {"managed", from_machine},
    {"cli", from_program},
};

static Error *find_token(Arena *a, const void *request, void **out)
{
    Http *http = secrets_http(*(Secrets *const *)request);
    Str only = variable("AZKV_AUTH"), *token = arena_new(a, Str);
    bool all = !only.len || str_is(only, "default"), found = false;

    *out = token;
    for (size_t i = 0; i < COUNT(ways) && !found; i++)
        if (all || (ways[i].name && str_is(only, ways[i].name)))
            TRY(ways[i].find(http, a, &found, token));
    if (found)
        return NULL;
    return error_hint(error_new(ERROR_DENIED, "no credentials for Azure: there are none in the "
                                              "environment, of this machine, or of az"),
                      "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run `az "
                      "login`");
}

Error *azure_vault_call(Secrets *secrets, Arena *a, const char *method, Str url, Value body,
                        Value *out)
{
    static const SharedKind kind = {find_token, NULL};
    HttpRequest request = {.method = method, .url = url, .repeatable = true};
    Buf text = {.arena = a};
    void *token;

    TRY(shared_get(secrets_shared(secrets), &kind, STR("azure"), &secrets, &token));
    http_add_header(a, &request.headers, "authorization",
                    str_join(a, STR("Bearer "), *(const Str *)token));
    if (body.kind != VALUE_NULL) {
        TRY(json_write(&text, body, (JsonStyle){0}));
        request.body = buf_str(&text);
        http_add_header(a, &request.headers, "content-type", STR("application/json"));
    }
    return service_send(secrets_http(secrets), a, "azure", &request, out);
}
