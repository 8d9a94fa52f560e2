/*
 * onepasswordconnect.c - ref+onepasswordconnect://VAULT/ITEM#/[SECTION.]FIELD: a field of an item
 * that a 1Password Connect server has; each by its name or its id. OP_CONNECT_HOST and
 * OP_CONNECT_TOKEN say which. Source: vals, providers/onepasswordconnect; 1Password, Connect API.
 */
#include "environments/lookups/lookups.h"

#include "base/yaml.h"
#include "io/env.h"
#include "secrets/service.h"

static const char who[] = "onepasswordconnect";

typedef struct Connect {
    Arena *arena;
    Http *http;
    Str host, token;
} Connect;

static Error *get(const Connect *c, Str path, Value *out)
{
    Arena *a = c->arena;
    HttpRequest request = {.method = "GET",
                           .url = str_format(a, "%.*s%.*s", STR_ARG(c->host), STR_ARG(path))};

    http_add_header(a, &request.headers, "authorization",
                    str_format(a, "Bearer %.*s", STR_ARG(c->token)));
    return service_send(c->http, a, who, &request, out);
}

/* Whether it is an id: 26 letters and digits. Source: connect-sdk-go, IsValidUUID. */
static bool is_id(Str name)
{
    bool id = name.len == 26;

    for (size_t i = 0; id && i < name.len; i++)
        id = (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') ||
             (name.ptr[i] >= '0' && name.ptr[i] <= '9');
    return id;
}

/* The id of what is called NAME (its FIELD) below PATH. */
static Error *find_id(const Connect *c, Str path, const char *field, Str name, Str *out)
{
    Buf query = {.arena = c->arena};
    Value answer;

    *out = name;
    if (is_id(name))
        return NULL;
    service_add_field(&query, "filter",
                      str_format(c->arena, "%s eq \"%.*s\"", field, STR_ARG(name)));
    TRY(get(c, str_format(c->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(buf_str(&query))),
            &answer));
    if (answer.kind != VALUE_LIST || !answer.list.len)
        return error_new(ERROR_NOT_FOUND, "%s: there is no \"%.*s\"", who, STR_ARG(name));
    if (answer.list.len > 1)
        return error_new(ERROR_INPUT, "%s: there are %zu called \"%.*s\": take the id", who,
                         answer.list.len, STR_ARG(name));
    *out = service_text(answer.list.items[0], "id");
    return NULL;
}

/* FIELD by its own names, and by those behind its section's. */
static void add_field(const Connect *c, Value field, ValueMap *out)
{
    const Value *section = value_map_get_c(field.map, "section");
    Str names[] = {service_text(field, "label"), service_text(field, "id")};
    Value v = value_string(service_text(field, "value"));
    bool alone = !section || section->kind != VALUE_MAP;

    value_map_set(c->arena, out, names[1], v);
    if (alone)
        value_map_set(c->arena, out, names[0], v);
    for (size_t i = 0; !alone && i < COUNT(names); i++) {
        Str label = service_text(*section, "label"), id = service_text(*section, "id");

        if (label.len)
            value_map_set(c->arena, out,
                          str_format(c->arena, "%.*s.%.*s", STR_ARG(label), STR_ARG(names[i])), v);
        value_map_set(c->arena, out,
                      str_format(c->arena, "%.*s.%.*s", STR_ARG(id), STR_ARG(names[i])), v);
    }
}

static Error *onepasswordconnect_map(Arena *a, const Reference *ref, const LookupScope *scope,
                                     Value *out)
{
    const char *host = env_get("OP_CONNECT_HOST"), *token = env_get("OP_CONNECT_TOKEN");
    Connect c = {a, secrets_http(scope->secrets), str_from(host ? host : ""),
                 str_from(token ? token : "")};
    Str item = ref->path, vault;
    Value answer;

    if (!str_cut(&item, '/', &vault) || !item.len)
        return error_new(ERROR_INPUT, "a field is named as VAULT/ITEM#/FIELD");
    if (!c.host.len || !c.token.len)
        return error_hint(error_new(ERROR_DENIED, "there is no server of 1Password Connect"),
                          "set OP_CONNECT_HOST and OP_CONNECT_TOKEN");
    if (str_ends(c.host, STR("/")))
        c.host.len--;
    TRY(find_id(&c, STR("/v1/vaults"), "name", vault, &vault));
    Str items = str_format(a, "/v1/vaults/%.*s/items", STR_ARG(vault));
    TRY(find_id(&c, items, "title", item, &item));
    TRY(get(&c, str_format(a, "%.*s/%.*s", STR_ARG(items), STR_ARG(item)), &answer));
    const Value *fields = value_at(&answer, STR("fields"));
    *out = value_of_map(value_map_new(a));
    for (size_t i = 0; fields && fields->kind == VALUE_LIST && i < fields->list.len; i++)
        if (fields->list.items[i].kind == VALUE_MAP)
            add_field(&c, fields->list.items[i], out->map);
    return NULL;
}

/* All fields, as YAML. */
static Error *onepasswordconnect_text(Arena *a, const Reference *ref, const LookupScope *scope,
                                      Str *out)
{
    Buf b = {.arena = a};
    Value fields;

    TRY(onepasswordconnect_map(a, ref, scope, &fields));
    TRY(yaml_write(&b, fields, YAML_WRITE_HELMFILE));
    *out = buf_str(&b);
    return NULL;
}

const Lookup lookup_onepasswordconnect = {
    .scheme = "onepasswordconnect",
    .help = "A field of an item that a 1Password Connect server has.",
    .is_slow = true,
    .text = onepasswordconnect_text,
    .map = onepasswordconnect_map,
};
