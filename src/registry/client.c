/*
 * client.c - requests to a registry.
 */
#include "registry/client.h"

#include "base/json.h"
#include "base/url.h"

#include <stdlib.h>
#include <string.h>

/* A chart's archive may be large, and the line slow. */
enum { TIMEOUT_MS = 10 * 60 * 1000 };

Registry *registry_open(const RegistryOptions *options)
{
    Arena memory = {0};
    Registry *registry = arena_new(&memory, Registry);

    *registry = (Registry){.options = *options, .memory = memory};
    registry->http = http_open(&(HttpOptions){.ca_file = options->ca_file,
                                              .cert = options->cert,
                                              .key = options->key,
                                              .insecure = options->insecure,
                                              .timeout_ms = TIMEOUT_MS,
                                              .most_bytes = REGISTRY_MOST_BLOB});
    pthread_mutex_init(&registry->turn, NULL);
    return registry;
}

void registry_close(Registry **registry)
{
    if (!*registry)
        return;
    http_close(&(*registry)->http);
    pthread_mutex_destroy(&(*registry)->turn);
    Arena memory = (*registry)->memory;
    *registry = NULL;
    arena_free(&memory);
}

Str registry_origin(const Registry *registry, Arena *a, Str host)
{
    if (str_is(host, "docker.io"))
        host = STR("registry-1.docker.io");
    return str_format(a, "%s://%.*s", registry->options.plain_http ? "http" : "https",
                      STR_ARG(host));
}

Str registry_scope(Arena *a, const RegistryReference *reference, const char *actions)
{
    return str_format(a, "repository:%.*s:%s", STR_ARG(reference->repository), actions);
}

/* ---- what let us in before */

static RegistryPass *pass_find(Registry *registry, Str host, Str scope)
{
    for (size_t i = 0; i < registry->passes.len; i++) {
        RegistryPass *pass = &registry->passes.items[i];

        if (str_equal(pass->host, host) && str_equal(pass->scope, scope))
            return pass;
    }
    return NULL;
}

static Str pass_get(Registry *registry, Arena *a, Str host, Str scope)
{
    pthread_mutex_lock(&registry->turn);
    const RegistryPass *pass = pass_find(registry, host, scope);
    Str authorization = pass ? str_copy(a, pass->authorization) : (Str){"", 0};
    pthread_mutex_unlock(&registry->turn);
    return authorization;
}

static void pass_keep(Registry *registry, Str host, Str scope, Str authorization)
{
    pthread_mutex_lock(&registry->turn);
    Arena *a = &registry->memory;
    RegistryPass *pass = pass_find(registry, host, scope);
    if (!pass) {
        pass = vec_add(a, &registry->passes);
        *pass = (RegistryPass){.host = str_copy(a, host), .scope = str_copy(a, scope)};
    }
    pass->authorization = str_copy(a, authorization);
    pthread_mutex_unlock(&registry->turn);
}

/* ---- sending */

static Error *send_as(Registry *registry, Arena *a, const HttpRequest *request, Str authorization,
                      HttpResponse *out)
{
    HttpRequest sent = *request;

    sent.headers = (HttpHeaders){0};
    for (size_t i = 0; i < request->headers.len; i++)
        *vec_add(a, &sent.headers) = request->headers.items[i];
    http_add_header(a, &sent.headers, "User-Agent", STR("relfile/" RELFILE_VERSION));
    if (authorization.len)
        http_add_header(a, &sent.headers, "Authorization", authorization);
    Error *err = http_send(registry->http, a, &sent, out);
    if (err && strstr(error_message(err), "wrong version number"))
        return error_hint(err, "if the registry has no TLS: --plain-http, or plainHttp: true");
    return err;
}

Error *registry_send(Registry *registry, Arena *a, Str host, Str scope, HttpRequest *request,
                     HttpResponse *out)
{
    Str authorization = pass_get(registry, a, host, scope);

    if (!request->most_bytes)
        request->most_bytes = REGISTRY_MOST_JSON;
    TRY(send_as(registry, a, request, authorization, out));
    if (out->status != 401)
        return NULL;
    TRY(registry_authorize(registry, a, host, scope, out, &authorization));
    if (!authorization.len)
        return NULL;
    TRY(send_as(registry, a, request, authorization, out));
    if (out->status != 401)
        pass_keep(registry, host, scope, authorization);
    return NULL;
}

/* ---- answers */

/* "MANIFEST_UNKNOWN: manifest unknown"; empty where the answer does not say. */
static Str complaint(Arena *a, Str body)
{
    Value value;
    Error *err = json_parse(a, NULL, body, &value);
    bool is_map = !err && value.kind == VALUE_MAP;

    error_free(err);
    const Value *errors = is_map ? value_map_get_c(value.map, "errors") : NULL;
    if (!errors || errors->kind != VALUE_LIST || !errors->list.len ||
        errors->list.items[0].kind != VALUE_MAP)
        return (Str){"", 0};
    const ValueMap *first = errors->list.items[0].map;
    Str message = value_map_string(first, "message"), code = value_map_string(first, "code");
    return str_for_message(a, message.len ? message : code, REGISTRY_SHOWN_BYTES);
}

static Error *add_hint(Str host, int status, Error *err)
{
    if (status == 401)
        return error_hint(err, "log in: relfile chart registry login %.*s", STR_ARG(host));
    if (status == 403)
        return error_hint(err, "who is logged in may not do this; or the chart does not exist");
    return err;
}

Error *registry_refused(Arena *a, Str host, const HttpRequest *request,
                        const HttpResponse *response)
{
    HttpResponse shown = *response;

    shown.body = complaint(a, response->body);
    return add_hint(host, response->status, http_refused(request, &shown));
}

/* "443" where the URL names none. */
static Str port_of(const Url *url)
{
    Str name = url_hostname(url);
    size_t used = name.len + (str_starts(url->host, STR("[")) ? 2 : 0);

    if (url->host.len > used + 1)
        return str_skip(url->host, used + 1);
    return str_is(url->scheme, "http") ? STR("80") : STR("443");
}

Error *registry_next_url(const Registry *registry, Arena *a, Str host, Str url, Str location,
                         Str *out)
{
    Url from, to;
    Str origin = registry_origin(registry, a, host), rest = location;

    TRY(url_parse(a, url, &from));
    TRY(error_wrap(url_parse(a, location, &to), "%.*s", STR_ARG(host)));
    if (str_starts(location, STR("//")) || (!to.host.len && !str_starts(location, STR("/"))))
        return error_new(ERROR_INPUT, "%.*s: sends us on to \"%.*s\", which is no place",
                         STR_ARG(host),
                         STR_ARG(str_for_message(a, location, REGISTRY_SHOWN_BYTES)));
    if (to.host.len) {
        // a proxy may have taken the encryption off, and the registry not know of it
        Str usual = str_is(to.scheme, "http") ? STR("80") : STR("443");
        bool unaware = !str_equal(from.scheme, to.scheme) && str_equal(port_of(&to), usual);

        if (!str_equal(url_hostname(&from), url_hostname(&to)) ||
            !(unaware || str_equal(port_of(&from), port_of(&to))))
            return error_new(ERROR_DENIED, "%.*s: sends us on to another server: %.*s",
                             STR_ARG(host), STR_ARG(http_url_shown(a, location)));
        rest = str_skip(location, str_find(location, STR("://")) + 3);
        size_t slash = str_find_char(rest, '/');
        rest = slash == STR_NONE ? STR("/") : str_skip(rest, slash);
    }
    *out = str_join(a, origin, rest);
    return NULL;
}
