/*
 * url.c - URLs as maps. Source: sprig, url.go; helm, pkg/engine/engine.go, for getHostByName.
 */
#include "base/url.h"

#include "templating/functions/sets.h"
#include "templating/functions/text.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static Error *run_parse(const TemplateCall *call, Value *out)
{
    Arena *a = call->arena;
    ValueMap *map = value_map_new(a);
    Url url;

    TRY(error_wrap(url_parse(a, call->args[0].string, &url), "unable to parse url"));
    value_map_set_c(a, map, "scheme", value_string(url.scheme));
    value_map_set_c(a, map, "host", value_string(url.host));
    value_map_set_c(a, map, "hostname", value_string(url_hostname(&url)));
    value_map_set_c(a, map, "path", value_string(url.path));
    value_map_set_c(a, map, "query", value_string(url.query));
    value_map_set_c(a, map, "opaque", value_string(url.opaque));
    value_map_set_c(a, map, "fragment", value_string(url.fragment));
    value_map_set_c(a, map, "userinfo", value_string(url_userinfo(a, &url)));
    *out = value_of_map(map);
    return NULL;
}

/* The text at KEY, which may be missing. */
static Error *text_at(const ValueMap *map, const char *key, Str *out)
{
    const Value *found = value_map_get_c(map, key);

    *out = (Str){"", 0};
    if (!found)
        return NULL;
    if (found->kind != VALUE_STRING)
        return FAIL("unable to parse %s key, must be of type string, but %s found", key,
                    value_go_type(*found));
    *out = found->string;
    return NULL;
}

/* "me:secret" as the user and password of URL. */
static Error *set_userinfo(Arena *a, Str userinfo, Url *url)
{
    Url parsed;
    Str text = str_join(a, STR("proto://"), str_join(a, userinfo, STR("@host")));

    TRY(error_wrap(url_parse(a, text, &parsed), "unable to parse userinfo in dict"));
    url->has_user = parsed.has_user;
    url->user = parsed.user;
    url->has_password = parsed.has_password;
    url->password = parsed.password;
    return NULL;
}

static Error *run_join(const TemplateCall *call, Value *out)
{
    const ValueMap *map = call->args[0].map;
    Str userinfo, text;
    Url url = {0};

    TRY(text_at(map, "scheme", &url.scheme));
    TRY(text_at(map, "host", &url.host));
    TRY(text_at(map, "path", &url.path));
    TRY(text_at(map, "query", &url.query));
    TRY(text_at(map, "opaque", &url.opaque));
    TRY(text_at(map, "fragment", &url.fragment));
    TRY(text_at(map, "userinfo", &userinfo));
    if (userinfo.len)
        TRY(set_userinfo(call->arena, userinfo, &url));
    text = url_text(call->arena, &url);
    TRY(text_check(call, text.len));
    *out = value_string(text);
    return NULL;
}

/* Of several addresses Go takes any, this the system's first. Nothing where that is not allowed. */
static Error *run_host_by_name(const TemplateCall *call, Value *out)
{
    const World *world = template_world(call);
    Str address = STR("");

    if (world->host)
        TRY(world->host(call->arena, call->args[0].string, &address));
    *out = value_string(address);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"getHostByName", "s", "getHostByName NAME",
     "An address of host NAME with --enable-dns; else nothing.", run_host_by_name},
    {"urlJoin", "m", "urlJoin MAP", "The URL of a map such as urlParse makes.", run_join},
    {"urlParse", "s", "urlParse URL", "A map of URL's scheme, host, path and so on.", run_parse},
};

const TemplateFunctionSet template_functions_url = {
    .name = "URLs",
    .source = "sprig, url.go; helm, pkg/engine/engine.go, for getHostByName",
    .functions = functions,
    .len = COUNT(functions),
};
