/*
 * doppler.c - ref+doppler://PROJECT/CONFIG/NAME: a secret in Doppler; PROJECT and CONFIG may be
 * empty, and without NAME all secrets are meant, as JSON, or for a #/KEY. Settings: token,
 * address (or proto and host), project, config, no_verify_tls, include_doppler_defaults.
 * Source: vals, providers/doppler; Doppler, HTTP API.
 */
#include "environments/lookups/lookups.h"

#include "base/json.h"
#include "io/env.h"
#include "secrets/service.h"

static Str setting(Arena *a, const Reference *ref, const char *name, const char *variable)
{
    Str given = lookup_setting(a, ref, name);
    const char *value = env_get(variable);

    return given.len || !value ? given : str_from(value);
}

static Str address_of(Arena *a, const Reference *ref)
{
    Str address = lookup_setting(a, ref, "address"), host = lookup_setting(a, ref, "host"),
        proto = lookup_setting(a, ref, "proto");

    if (!address.len && host.len)
        return str_format(a, "%.*s://%.*s", STR_ARG(proto.len ? proto : STR("https")),
                          STR_ARG(host));
    address = setting(a, ref, "address", "DOPPLER_API_ADDR");
    return address.len ? address : STR("https://api.doppler.com");
}

/* What stands in the path before the name, each perhaps empty. */
typedef struct DopplerPlace {
    Str project, config, name;
} DopplerPlace;

static Error *place_of(Arena *a, const Reference *ref, DopplerPlace *out)
{
    Str rest = ref->path;
    bool more = str_cut(&rest, '/', &out->project);

    out->config = out->name = (Str){"", 0};
    if (more)
        more = str_cut(&rest, '/', &out->config);
    if (more)
        more = str_cut(&rest, '/', &out->name);
    if (more)
        return error_new(ERROR_INPUT, "a secret is named as PROJECT/CONFIG/NAME");
    if (!out->project.len)
        out->project = setting(a, ref, "project", "DOPPLER_PROJECT");
    if (!out->config.len)
        out->config = setting(a, ref, "config", "DOPPLER_ENVIRONMENT");
    return NULL;
}

static Error *ask(Arena *a, const Reference *ref, const LookupScope *scope,
                  const DopplerPlace *place, Value *out)
{
    DEFER(http_close) Http *own = NULL;
    Str token = setting(a, ref, "token", "DOPPLER_TOKEN");
    HttpRequest request = {.method = "GET"};
    Buf url = {.arena = a};

    if (!token.len)
        return error_hint(error_new(ERROR_DENIED, "there is no token for doppler"),
                          "set DOPPLER_TOKEN");
    buf_add(&url, address_of(a, ref));
    buf_add_c(&url, "/v3/configs/config/secrets?");
    service_add_field(&url, "project", place->project);
    buf_add_char(&url, '&');
    service_add_field(&url, "config", place->config);
    request.url = buf_str(&url);
    http_add_header(a, &request.headers, "accept", STR("application/json"));
    http_add_header(a, &request.headers, "authorization",
                    str_format(a, "Bearer %.*s", STR_ARG(token)));
    if (value_map_get_c(ref->settings, "no_verify_tls"))
        own = http_open(&(HttpOptions){.insecure = true});
    return service_send(own ? own : secrets_http(scope->secrets), a, "doppler", &request, out);
}

static bool is_default(Str name)
{
    return str_is(name, "DOPPLER_PROJECT") || str_is(name, "DOPPLER_CONFIG") ||
           str_is(name, "DOPPLER_ENVIRONMENT");
}

/* All secrets by their names. */
static Error *read_all(Arena *a, const Reference *ref, const LookupScope *scope,
                       const DopplerPlace *place, ValueMap **out)
{
    bool all = value_map_get_c(ref->settings, "include_doppler_defaults") != NULL;
    Value answer;

    TRY(ask(a, ref, scope, place, &answer));
    const Value *secrets = value_at(&answer, STR("secrets"));
    *out = value_map_new(a);
    for (size_t i = 0; secrets && secrets->kind == VALUE_MAP && i < secrets->map->len; i++) {
        const ValueEntry *entry = &secrets->map->entries[i];

        if (all || !is_default(entry->key))
            value_map_set(a, *out, entry->key,
                          value_string(service_text(entry->value, "computed")));
    }
    return NULL;
}

static Error *doppler_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    DopplerPlace place;
    ValueMap *all;

    TRY(place_of(a, ref, &place));
    TRY(read_all(a, ref, scope, &place, &all));
    *out = value_of_map(all);
    return NULL;
}

static Error *doppler_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Buf b = {.arena = a};
    DopplerPlace place;
    ValueMap *all;

    TRY(place_of(a, ref, &place));
    TRY(read_all(a, ref, scope, &place, &all));
    if (!place.name.len) {
        TRY(json_write(&b, value_of_map(all), (JsonStyle){0}));
        *out = buf_str(&b);
        return NULL;
    }
    const Value *v = value_map_get(all, place.name);
    if (!v)
        return error_new(ERROR_NOT_FOUND, "doppler: there is no secret \"%.*s\"",
                         STR_ARG(place.name));
    *out = v->string;
    return NULL;
}

const Lookup lookup_doppler = {
    .scheme = "doppler",
    .help = "A secret in Doppler.",
    .is_slow = true,
    .text = doppler_text,
    .map = doppler_map,
};
