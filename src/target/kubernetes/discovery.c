#include "target/kubernetes/discovery.h"

#include "base/field.h"
#include "io/log.h"
#include "target/kubernetes/discovery_cache.h"

static const char aggregated[] =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

static void add_version(Arena *a, KubeServer *server, Str api_version)
{
    *vec_add(a, &server->api_versions) = api_version;
}

static void add_kind(Arena *a, KubeServer *server, KubeKind kind)
{
    *vec_add(a, &server->kinds) = kind;
    add_version(a, server,
                str_format(a, "%.*s/%.*s", STR_ARG(kind.api_version), STR_ARG(kind.kind)));
}

static Str joined(Arena *a, Str group, Str version)
{
    return group.len ? str_format(a, "%.*s/%.*s", STR_ARG(group), STR_ARG(version)) : version;
}

/* ---- all groups in one answer */

static void add_resources(Arena *a, KubeServer *server, Str api_version, const Value *version)
{
    ValueList resources = field_list(version, "resources");

    for (size_t i = 0; i < resources.len; i++) {
        const Value *resource = &resources.items[i];
        Str kind = field_string(resource, "responseKind.kind");

        if (kind.len)
            add_kind(a, server,
                     (KubeKind){api_version, kind, field_string(resource, "resource"),
                                str_is(field_string(resource, "scope"), "Namespaced")});
    }
}

static void add_group(Arena *a, KubeServer *server, const Value *group)
{
    Str name = field_string(group, "metadata.name");
    ValueList versions = field_list(group, "versions");

    for (size_t i = 0; i < versions.len; i++) {
        const Value *version = &versions.items[i];
        Str api_version = joined(a, name, field_string(version, "version"));

        if (str_is(field_string(version, "freshness"), "Stale"))
            log_warn("the server cannot tell what is in %.*s: whoever serves it does not answer",
                     STR_ARG(api_version));
        add_version(a, server, api_version);
        add_resources(a, server, api_version, version);
    }
}

/* ---- a group at a time, from servers before 1.27 */

static Error *add_legacy(KubeClient *client, Arena *a, KubeServer *server, Str api_version,
                         Str path)
{
    Value answer;
    Error *err = kube_get(client, a, path, &answer);

    if (err) {
        log_warn("the server cannot tell what is in %.*s: %s", STR_ARG(api_version),
                 error_message(err));
        error_free(err);
        return NULL;
    }
    ValueList resources = field_list(&answer, "resources");
    add_version(a, server, api_version);
    for (size_t i = 0; i < resources.len; i++) {
        const Value *resource = &resources.items[i];
        Str name = field_string(resource, "name");

        if (str_find_char(name, '/') == STR_NONE) // not a part of others
            add_kind(a, server,
                     (KubeKind){api_version, field_string(resource, "kind"), name,
                                field_bool(resource, "namespaced", false)});
    }
    return NULL;
}

static Error *add_legacy_groups(KubeClient *client, Arena *a, KubeServer *server,
                                const Value *answer)
{
    ValueList groups = field_list(answer, "groups"), core = field_list(answer, "versions");

    for (size_t i = 0; i < core.len; i++)
        if (core.items[i].kind == VALUE_STRING)
            TRY(add_legacy(client, a, server, core.items[i].string,
                           str_join(a, STR("/api/"), core.items[i].string)));
    for (size_t i = 0; i < groups.len; i++) {
        ValueList versions = field_list(&groups.items[i], "versions");

        for (size_t j = 0; j < versions.len; j++) {
            Str version = field_string(&versions.items[j], "groupVersion");

            TRY(add_legacy(client, a, server, version, str_join(a, STR("/apis/"), version)));
        }
    }
    return NULL;
}

/* ---- both */

static Error *fetch_groups(KubeClient *client, Arena *a, Str url, const char *path,
                           KubeServer *server)
{
    Value answer;

    TRY(discovery_ask(client, a, url,
                      &(KubeRequest){.method = "GET", .path = str_from(path), .accept = aggregated},
                      &answer));
    if (!str_is(field_string(&answer, "kind"), "APIGroupDiscoveryList"))
        return add_legacy_groups(client, a, server, &answer);
    ValueList groups = field_list(&answer, "items");
    for (size_t i = 0; i < groups.len; i++)
        add_group(a, server, &groups.items[i]);
    return NULL;
}

Error *discovery_fetch(KubeClient *client, Arena *a, Str url, KubeServer *out)
{
    KubeServer server = {0};
    Value version;

    TRY(kube_get(client, a, STR("/version"), &version));
    server.version = field_string(&version, "gitVersion");
    TRY(fetch_groups(client, a, url, "/api", &server));
    TRY(fetch_groups(client, a, url, "/apis", &server));
    *out = server;
    return NULL;
}

const KubeKind *discovery_find(const KubeServer *server, Str api_version, Str kind)
{
    for (size_t i = 0; i < server->kinds.len; i++) {
        const KubeKind *one = &server->kinds.items[i];

        if (str_equal(one->kind, kind) && str_equal(one->api_version, api_version))
            return one;
    }
    return NULL;
}

Str kind_path(Arena *a, const KubeKind *kind, Str namespace, Str name)
{
    bool core = str_find_char(kind->api_version, '/') == STR_NONE;
    Buf b = {.arena = a};

    buf_format(&b, "%s%.*s", core ? "/api/" : "/apis/", STR_ARG(kind->api_version));
    if (kind->namespaced && namespace.len) {
        buf_add_c(&b, "/namespaces/");
        kube_add_escaped(&b, namespace);
    }
    buf_format(&b, "/%.*s", STR_ARG(kind->plural));
    if (name.len) {
        buf_add_char(&b, '/');
        kube_add_escaped(&b, name);
    }
    return buf_str(&b);
}
