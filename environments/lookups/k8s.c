/*
 * k8s.c - ref+k8s://v1/Secret/NAMESPACE/NAME/KEY, or …/NAME#/KEY: a value of a Secret or a
 * ConfigMap in a cluster; without a key all of them, as JSON. Settings: kubeConfigPath,
 * kubeContext, inCluster. Source: vals, providers/k8s.
 */
#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/json.h"
#include "base/path.h"
#include "io/env.h"
#include "kube/client.h"

/* What REF's settings lead to. */
typedef struct Cluster {
    KubeAccess access;
    KubeClient *client;
} Cluster;

typedef struct ClusterRequest {
    const char *path; /* NULL: as the environment says */
    Str context;
    bool is_inside;
} ClusterRequest;

static Error *open_cluster(Arena *a, const void *request, void **out)
{
    static const char account[] = "/var/run/secrets/kubernetes.io/serviceaccount";
    const ClusterRequest *wanted = request;
    const char *host = env_get("KUBERNETES_SERVICE_HOST"),
               *port = env_get("KUBERNETES_SERVICE_PORT");
    Cluster *cluster = arena_new(a, Cluster);

    if (wanted->is_inside && (!host || !port))
        return error_new(ERROR_INPUT, "inCluster: relfile does not run in a pod");
    TRY(wanted->is_inside ? kubeconfig_in_cluster(a, account, host, port, &cluster->access)
                          : kubeconfig_load(a, wanted->path, wanted->context, &cluster->access));
    cluster->client = kube_client_open(a, &cluster->access);
    *out = cluster;
    return NULL;
}

static void close_cluster(void *thing)
{
    Cluster *cluster = thing;

    kube_client_close(&cluster->client);
}

static Error *find_cluster(Arena *a, const Reference *ref, const LookupScope *scope,
                           KubeClient **out)
{
    static const SharedKind kind = {open_cluster, close_cluster};
    Str path = lookup_setting(a, ref, "kubeConfigPath"),
        context = lookup_setting(a, ref, "kubeContext");
    ClusterRequest request = {.path =
                                  path.len ? str_c(a, path_join(a, scope->directory, path)) : NULL,
                              .context = context,
                              .is_inside = value_map_get_c(ref->settings, "inCluster") != NULL};
    void *cluster;

    Str key = str_format(a, "%s\n%.*s\n%d", request.path ? request.path : "", STR_ARG(context),
                         request.is_inside);
    TRY(shared_get(secrets_shared(scope->secrets), &kind, key, &request, &cluster));
    *out = ((Cluster *)cluster)->client;
    return NULL;
}

/* The parts of a path: v1/Secret/shop/db, and maybe a key. */
enum { VERSION, KIND, NAMESPACE, NAME, KEY, MOST_PARTS };

static Error *split_path(Str path, Str parts[MOST_PARTS], size_t *len)
{
    bool more = true;

    for (*len = 0; more && *len < MOST_PARTS; (*len)++)
        more = str_cut(&path, '/', &parts[*len]);
    if (more || *len < KEY || (*len == MOST_PARTS && !parts[KEY].len))
        return error_new(ERROR_INPUT, "an object is named as v1/KIND/NAMESPACE/NAME, and /KEY");
    if (!str_is(parts[VERSION], "v1"))
        return error_new(ERROR_INPUT, "objects are of version v1, not \"%.*s\"",
                         STR_ARG(parts[VERSION]));
    if (!str_is(parts[KIND], "Secret") && !str_is(parts[KIND], "ConfigMap"))
        return error_new(ERROR_INPUT, "an object is a Secret or a ConfigMap, not a \"%.*s\"",
                         STR_ARG(parts[KIND]));
    return NULL;
}

/* DATA of a Secret, as texts. */
static Error *decode_data(Arena *a, ValueMap *data)
{
    for (size_t i = 0; i < data->len; i++) {
        Value *v = &data->entries[i].value;

        if (v->kind == VALUE_STRING)
            TRY(base64_decode(a, v->string, &v->string));
    }
    return NULL;
}

static Error *read_object(Arena *a, const Reference *ref, const LookupScope *scope,
                          Str parts[MOST_PARTS], Value *out)
{
    bool secret = str_is(parts[KIND], "Secret");
    Buf path = {.arena = a};
    KubeClient *client;
    Value object;

    TRY(find_cluster(a, ref, scope, &client));
    buf_add_c(&path, "/api/v1/namespaces/");
    kube_add_escaped(&path, parts[NAMESPACE]);
    buf_add_c(&path, secret ? "/secrets/" : "/configmaps/");
    kube_add_escaped(&path, parts[NAME]);
    TRY(kube_get(client, a, buf_str(&path), &object));
    const ValueMap *data = field_map(&object, "data");
    *out = value_of_map(data ? value_map_shallow(a, data) : value_map_new(a));
    return secret ? decode_data(a, out->map) : NULL;
}

static Error *k8s_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str parts[MOST_PARTS];
    Buf b = {.arena = a};
    size_t len;
    Value data;

    TRY(split_path(ref->path, parts, &len));
    TRY(read_object(a, ref, scope, parts, &data));
    if (len == KEY) {
        TRY(json_write(&b, data, (JsonStyle){.escapes_html = true}));
        *out = buf_str(&b);
        return NULL;
    }
    const Value *v = value_map_get(data.map, parts[KEY]);
    if (!v || v->kind != VALUE_STRING)
        return error_new(ERROR_NOT_FOUND, "the %.*s has no key \"%.*s\"", STR_ARG(parts[KIND]),
                         STR_ARG(parts[KEY]));
    *out = v->string;
    return NULL;
}

static Error *k8s_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str parts[MOST_PARTS];
    size_t len;

    TRY(split_path(ref->path, parts, &len));
    if (len != KEY)
        return error_new(ERROR_INPUT, "the key is named twice");
    return read_object(a, ref, scope, parts, out);
}

const Lookup lookup_k8s = {
    .scheme = "k8s",
    .help = "A value of a Secret or a ConfigMap in a cluster.",
    .is_slow = true,
    .text = k8s_text,
    .map = k8s_map,
};
