/*
 * auth.c - what a registry asks for before it lets us in: a password, or a token that another
 * server gives for the password.
 *
 * Which server that is the registry says. It is believed only if that is the registry's own host,
 * or one of its domain, and the way there encrypted: or else a registry, or whoever stands between,
 * could send our password anywhere. RELFILE_TOKEN_HOSTS names others that are trusted.
 * Source: docker, distribution, spec/auth; OCI distribution-spec.
 */
#include "base/base64.h"
#include "base/json.h"
#include "base/url.h"
#include "io/env.h"
#include "io/sigv4.h"
#include "registry/client.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A "WWW-Authenticate" header. */
typedef struct Challenge {
    Str scheme;
    Str realm, service, scope;
} Challenge;

static bool is_token_char(char c)
{
    return isalnum((unsigned char)c) || strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_space_or_comma(char c)
{
    return c == ' ' || c == '\t' || c == ',';
}

/* A value in quotes, or without, off the front of *REST. */
static Str take_value(Arena *a, Str *rest)
{
    Buf b = {.arena = a};

    if (!str_starts(*rest, STR("\"")))
        return str_take_while(rest, is_token_char);
    *rest = str_skip(*rest, 1);
    while (rest->len && rest->ptr[0] != '"') {
        if (rest->ptr[0] == '\\' && rest->len > 1)
            *rest = str_skip(*rest, 1);
        buf_add_char(&b, rest->ptr[0]);
        *rest = str_skip(*rest, 1);
    }
    if (rest->len)
        *rest = str_skip(*rest, 1);
    return buf_str(&b);
}

static Challenge challenge_parse(Arena *a, Str header)
{
    Challenge challenge = {.scheme = str_take_while(&header, is_token_char)};

    for (;;) {
        str_take_while(&header, is_space_or_comma);
        Str name = str_take_while(&header, is_token_char);
        if (!name.len || !str_starts(header, STR("=")))
            return challenge;
        header = str_skip(header, 1);
        Str value = take_value(a, &header);
        if (str_is(name, "realm"))
            challenge.realm = value;
        else if (str_is(name, "service"))
            challenge.service = value;
        else if (str_is(name, "scope"))
            challenge.scope = value;
    }
}

static bool is_scheme(Str scheme, const char *name)
{
    return scheme.len == strlen(name) && strncasecmp(scheme.ptr, name, scheme.len) == 0;
}

/* The challenge in RESPONSE of SCHEME; its scheme is empty where there is none. */
static Challenge challenge_find(Arena *a, const HttpResponse *response, const char *scheme)
{
    for (size_t i = 0; i < response->headers.len; i++) {
        const HttpHeader *header = &response->headers.items[i];

        if (!is_scheme(header->name, "www-authenticate"))
            continue;
        Challenge challenge = challenge_parse(a, header->value);
        if (is_scheme(challenge.scheme, scheme))
            return challenge;
    }
    return (Challenge){0};
}

/* ---- which token services are believed */

static bool is_address(Str host)
{
    if (str_find_char(host, ':') != STR_NONE)
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (!isdigit((unsigned char)host.ptr[i]) && host.ptr[i] != '.')
            return false;
    return true;
}

/* "example.com" of "registry.eu.example.com"; all of it where that has no dot. */
static Str domain_of(Str host)
{
    size_t dots = 0;

    for (size_t i = host.len; i > 0; i--)
        if (host.ptr[i - 1] == '.' && ++dots == 2)
            return str_skip(host, i);
    return host;
}

static bool is_named_trusted(Str host)
{
    const char *named = env_get("RELFILE_TOKEN_HOSTS");
    Str rest = str_from(named ? named : ""), one;
    bool more;

    do {
        more = str_cut(&rest, ',', &one);
        if (str_equal(str_trim(one), host))
            return true;
    } while (more);
    return false;
}

static bool is_trusted(Arena *a, Str registry, Str realm)
{
    Str ours = str_lower(a, registry), other = str_lower(a, realm);

    if (str_equal(ours, other) || is_named_trusted(other))
        return true;
    if (is_address(ours) || is_address(other))
        return false;
    Str domain = domain_of(ours);
    // a "domain" as short as co.uk belongs to nobody
    return str_find_char(domain, '.') != STR_NONE && domain.len > strlen("xx.xx") + 1 &&
           str_equal(domain, domain_of(other));
}

/* ERROR_DENIED unless REALM may be told who we are. */
static Error *check_realm(const Registry *registry, Arena *a, Str host, Str realm)
{
    Url url, own = {.host = host};
    Str shown = http_url_shown(a, realm);

    TRY(error_wrap(url_parse(a, realm, &url), "token service of %.*s", STR_ARG(host)));
    if (!str_is(url.scheme, "https") &&
        !(str_is(url.scheme, "http") && registry->options.plain_http))
        return error_new(ERROR_DENIED, "%.*s: sends us for a token to %.*s, which is not encrypted",
                         STR_ARG(host), STR_ARG(shown));
    if (url.has_user)
        return error_new(ERROR_DENIED, "%.*s: sends us for a token to %.*s as somebody else",
                         STR_ARG(host), STR_ARG(shown));
    if (is_trusted(a, url_hostname(&own), url_hostname(&url)))
        return NULL;
    return error_hint(
        error_new(ERROR_DENIED, "%.*s: sends us with our password to another host: %.*s",
                  STR_ARG(host), STR_ARG(shown)),
        "if that is its token service: RELFILE_TOKEN_HOSTS=%.*s", STR_ARG(url_hostname(&url)));
}

/* ---- tokens */

static Str with_query(Arena *a, const Challenge *challenge, Str scope, Str user)
{
    Buf b = {.arena = a};
    const struct {
        const char *name;
        Str value;
    } parts[] = {{"service", challenge->service}, {"scope", scope}, {"account", user}};
    bool first = str_find_char(challenge->realm, '?') == STR_NONE;

    buf_add(&b, challenge->realm);
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!parts[i].value.len)
            continue;
        buf_format(&b, "%c%s=%.*s", first ? '?' : '&', parts[i].name,
                   STR_ARG(uri_escape(a, parts[i].value, false)));
        first = false;
    }
    return buf_str(&b);
}

/* For an identity token: OAuth 2. */
static void make_refresh(Arena *a, const Challenge *challenge, Str scope, Str refresh,
                         HttpRequest *request)
{
    request->method = "POST";
    request->url = challenge->realm;
    request->body = str_format(
        a, "grant_type=refresh_token&service=%.*s&client_id=relfile&scope=%.*s&refresh_token=%.*s",
        STR_ARG(uri_escape(a, challenge->service, false)), STR_ARG(uri_escape(a, scope, false)),
        STR_ARG(uri_escape(a, refresh, false)));
    http_add_header(a, &request->headers, "Content-Type", STR("application/x-www-form-urlencoded"));
}

static Error *parse_token(Arena *a, Str host, Str text, Str *out)
{
    Value value;
    Error *err = json_parse(a, NULL, text, &value);
    bool is_map = !err && value.kind == VALUE_MAP;

    error_free(err); // it would show what it reads
    Str token = is_map ? value_map_string(value.map, "token") : (Str){0};
    if (is_map && !token.len)
        token = value_map_string(value.map, "access_token");
    if (!token.len)
        return error_new(ERROR_DENIED, "%.*s: its token service gives no token", STR_ARG(host));
    for (size_t i = 0; i < token.len; i++)
        if ((unsigned char)token.ptr[i] <= ' ' || token.ptr[i] == '\x7f')
            return error_new(ERROR_DENIED, "%.*s: its token service gives no usable token",
                             STR_ARG(host));
    *out = str_format(a, "Bearer %.*s", STR_ARG(token));
    return NULL;
}

static bool is_somebody(const RegistryLogin *login)
{
    return login->password.len || login->refresh.len;
}

static Error *ask_for_token(Registry *registry, Arena *a, Str host, Str scope,
                            const Challenge *challenge, const RegistryLogin *login, Str *out)
{
    HttpRequest request = {.method = "GET", .most_bytes = REGISTRY_MOST_JSON, .repeatable = true};
    HttpResponse response;
    Str wanted = scope.len ? scope : challenge->scope;

    if (is_somebody(login))
        TRY(check_realm(registry, a, host, challenge->realm));
    if (login->refresh.len) {
        make_refresh(a, challenge, wanted, login->refresh, &request);
    } else {
        request.url = with_query(a, challenge, wanted, login->user);
        request.user = login->user;
        request.password = login->password;
    }
    TRY(error_wrap(http_send(registry->http, a, &request, &response), "token for %.*s",
                   STR_ARG(host)));
    if (response.status != 200)
        return registry_refused(a, host, &request, &response);
    return parse_token(a, host, response.body, out);
}

Error *registry_authorize(Registry *registry, Arena *a, Str host, Str scope,
                          const HttpResponse *response, Str *out)
{
    Challenge bearer = challenge_find(a, response, "bearer");
    Challenge basic = challenge_find(a, response, "basic");
    RegistryLogin login;

    *out = (Str){"", 0};
    TRY(registry_find_login(registry, a, host, &login));
    if (login.access.len) {
        *out = str_format(a, "Bearer %.*s", STR_ARG(login.access));
        return NULL;
    }
    if (bearer.realm.len)
        return ask_for_token(registry, a, host, scope, &bearer, &login, out);
    if (basic.scheme.len && login.password.len) {
        Str both = str_format(a, "%.*s:%.*s", STR_ARG(login.user), STR_ARG(login.password));

        *out = str_format(a, "Basic %.*s", STR_ARG(base64_encode(a, both)));
    }
    return NULL;
}
