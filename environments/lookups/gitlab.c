/*
 * gitlab.c - ref+gitlab://HOST/PROJECT/NAME, …/projects/ID/NAME, …/groups/ID/NAME: a variable of
 * GitLab's CI/CD; with #/KEY, a value in it. Settings: scheme, api_version, ssl_verify=false. The
 * token is GITLAB_TOKEN. Source: vals, providers/gitlab.
 */
#include "environments/lookups/lookups.h"

#include "io/env.h"
#include "secrets/service.h"

static Error *url_of(Arena *a, const Reference *ref, Str *out)
{
    Str scheme = lookup_setting(a, ref, "scheme"), api = lookup_setting(a, ref, "api_version");
    Str rest = ref->path, parts[4];
    size_t len = 0;
    bool more = true;

    for (; more && len < COUNT(parts); len++)
        more = str_cut(&rest, '/', &parts[len]);
    bool kind = len == 4 && (str_is(parts[1], "projects") || str_is(parts[1], "groups"));
    if (more || (len != 3 && !kind))
        return error_new(ERROR_INPUT, "a variable is named as HOST/PROJECT/NAME, "
                                      "HOST/projects/ID/NAME or HOST/groups/ID/NAME");
    *out =
        str_format(a, "%.*s://%.*s/api/%.*s/%.*s/%.*s/variables/%.*s",
                   STR_ARG(scheme.len ? scheme : STR("https")), STR_ARG(parts[0]),
                   STR_ARG(api.len ? api : STR("v4")), STR_ARG(kind ? parts[1] : STR("projects")),
                   STR_ARG(parts[len - 2]), STR_ARG(parts[len - 1]));
    return NULL;
}

static Error *gitlab_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    DEFER(http_close) Http *own = NULL;
    HttpRequest request = {.method = "GET"};
    const char *token = env_get("GITLAB_TOKEN");
    Value answer;

    TRY(url_of(a, ref, &request.url));
    if (!token || !*token)
        return error_hint(error_new(ERROR_DENIED, "there is no token for gitlab"),
                          "set GITLAB_TOKEN");
    http_add_header(a, &request.headers, "private-token", str_from(token));
    if (str_is(lookup_setting(a, ref, "ssl_verify"), "false"))
        own = http_open(&(HttpOptions){.insecure = true});
    TRY(service_send(own ? own : secrets_http(scope->secrets), a, "gitlab", &request, &answer));
    *out = service_text(answer, "value");
    return NULL;
}

const Lookup lookup_gitlab = {
    .scheme = "gitlab",
    .help = "A CI/CD variable of a project or group in GitLab.",
    .is_slow = true,
    .text = gitlab_text,
};
