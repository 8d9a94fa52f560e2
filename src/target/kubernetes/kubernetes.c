/*
 * kubernetes.c - the target "kubernetes": clusters as kubeconfig files describe them.
 *
 * Objects are applied on the server, as helm 4 does it: the server merges, tells conflicts, and
 * says in a dry run what would be.
 * Source: helm, pkg/kube/client.go; Kubernetes, API concepts.
 */
#include "target/kubernetes/kubernetes.h"

#include "base/field.h"
#include "base/json.h"
#include "io/clock.h"
#include "manifest/manifest.h"
#include "target/kubernetes/listing.h"
#include "target/kubernetes/watch.h"
#include "target/targets.h"

enum {
    LONGEST_PAUSE_MS = 1000, /* of waiting */
    SHORTEST_PAUSE_MS = 20,  /* between two looks at an object that is watched */
};

KubeClient *kubernetes_client(const Kubernetes *k)
{
    return session_client(k->session);
}

static Error *kubernetes_open(Arena *a, const TargetOptions *options, Target **out)
{
    Kubernetes *k = arena_new(a, Kubernetes);

    k->target.type = &target_type_kubernetes;
    k->pause_ms = FIRST_PAUSE_MS;
    k->many = options->many;
    if (!options->shared)
        k->own = shared_new();
    Error *err = session_find(options->shared ? options->shared : k->own, options, &k->session);
    if (err) {
        shared_free(&k->own);
        return err;
    }
    k->target.context = session_access(k->session)->context;
    k->target.namespace = session_access(k->session)->namespace;
    *out = &k->target;
    return NULL;
}

static void kubernetes_close(Target *target)
{
    shared_free(&((Kubernetes *)target)->own);
}

static Error *kubernetes_capabilities(Target *target, Arena *a, TargetCapabilities *out)
{
    const KubeServer *server;

    (void)a;
    TRY(session_server(((Kubernetes *)target)->session, &server));
    *out = (TargetCapabilities){.kube_version = server->version,
                                .api_versions = server->api_versions.items,
                                .api_version_count = server->api_versions.len};
    return NULL;
}

static Error *kubernetes_namespaced(Target *target, Str api_version, Str kind, bool *out)
{
    KubeKind found;
    bool new;

    TRY(session_kind(((Kubernetes *)target)->session, api_version, kind, &found, &new));
    *out = found.namespaced;
    return NULL;
}

/* ---- reading */

Str kubernetes_namespace(const Kubernetes *k, const KubeKind *kind, Str namespace)
{
    Str usual = session_access(k->session)->namespace;

    if (!kind->namespaced || namespace.len)
        return namespace;
    return usual.len ? usual : STR("default");
}

Error *kubernetes_path(const Kubernetes *k, Arena *a, const ObjectId *id, KubeKind *kind, bool *new,
                       Str *out)
{
    TRY(session_kind(k->session, id->api_version, id->kind, kind, new));
    *out = kind_path(a, kind, kubernetes_namespace(k, kind, id->namespace), id->name);
    return NULL;
}

Error *kubernetes_get(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    const Kubernetes *k = (Kubernetes *)target;
    KubeKind kind;
    bool new;
    Str path;

    TRY(kubernetes_path(k, a, id, &kind, &new, &path));
    return kube_send(kubernetes_client(k), a,
                     &(KubeRequest){.method = "GET",
                                    .path = path,
                                    .title = object_title(a, id),
                                    .secret = manifest_is_secret(id->api_version, id->kind)},
                     out);
}

/* Definitions are large, and a cluster may have hundreds of other people's. */
static bool is_worth_a_list(const KubeKind *kind)
{
    return !str_is(kind->kind, "CustomResourceDefinition");
}

static Error *kubernetes_look(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    const Kubernetes *k = (Kubernetes *)target;
    KubeKind kind;
    bool new;

    if (!k->many)
        return kubernetes_get(target, a, id, out);
    TRY(session_kind(k->session, id->api_version, id->kind, &kind, &new));
    if (!new &&is_worth_a_list(&kind)) {
        SnapshotPart part = {&kind, kubernetes_namespace(k, &kind, id->namespace)};

        switch (snapshot_look(session_snapshot(k->session), kubernetes_client(k), a, &part,
                              id->name, out)) {
        case SNAPSHOT_THERE:
            return NULL;
        case SNAPSHOT_ABSENT:
            return error_new(ERROR_NOT_FOUND, "%.*s/%.*s not found", STR_ARG(id->kind),
                             STR_ARG(id->name));
        case SNAPSHOT_UNKNOWN:
            break;
        }
    }
    return kubernetes_get(target, a, id, out);
}

void kubernetes_touch(const Kubernetes *k, const ObjectId *id, const Value *now)
{
    KubeKind kind;
    bool new;
    Error *err = session_kind(k->session, id->api_version, id->kind, &kind, &new);

    if (!err)
        snapshot_touch(session_snapshot(k->session),
                       &(SnapshotPart){&kind, kubernetes_namespace(k, &kind, id->namespace)},
                       id->name, now);
    error_free(err);
}

static Error *kubernetes_list(Target *target, Arena *a, const ObjectId *id,
                              const TargetQuery *query, Value *out)
{
    const Kubernetes *k = (Kubernetes *)target;
    ListedObjects all;
    KubeKind kind;
    bool new;

    TRY(session_kind(k->session, id->api_version, id->kind, &kind, &new));
    TRY(listing_read(kubernetes_client(k), a,
                     &(Listing){.kind = &kind, .namespace = id->namespace, .query = query}, &all));
    *out = value_list(all.items, all.len);
    return NULL;
}

/* ---- removing */

static Error *kubernetes_remove(Target *target, const ObjectId *id, const TargetDelete *how)
{
    DEFER(arena_free) Arena scratch = {0};
    Kubernetes *k = (Kubernetes *)target;
    const char *propagation = how->orphans      ? "Orphan"
                              : how->foreground ? "Foreground"
                                                : "Background";
    Value options =
        map_of(&scratch, {"apiVersion", value_c("v1")}, {"kind", value_c("DeleteOptions")},
               {"propagationPolicy", value_c(propagation)});
    Buf body = {.arena = &scratch};
    KubeKind kind;
    Value answer;
    bool new;
    Str path;

    k->pause_ms = FIRST_PAUSE_MS;
    if (how->version.len)
        value_map_set_c(&scratch, options.map, "preconditions",
                        map_of(&scratch, {"resourceVersion", value_string(how->version)}));
    TRY(kubernetes_path(k, &scratch, id, &kind, &new, &path));
    TRY(json_write(&body, options, (JsonStyle){0}));
    Error *err = kube_send(kubernetes_client(k), &scratch,
                           &(KubeRequest){.method = "DELETE",
                                          .path = path,
                                          .type = "application/json",
                                          .body = buf_str(&body),
                                          .repeatable = true,
                                          .title = object_title(&scratch, id),
                                          .secret = manifest_is_secret(id->api_version, id->kind)},
                           &answer);
    kubernetes_touch(k, id, NULL);
    return err;
}

static Error *kubernetes_may(Target *target, Arena *a, const TargetRight *right, bool *out,
                             Str *resource)
{
    const Kubernetes *k = (Kubernetes *)target;
    KubeKind kind;
    bool new;

    TRY(session_kind(k->session, right->api_version, right->kind, &kind, &new));
    size_t slash = str_find_char(kind.api_version, '/');
    Str group = slash == STR_NONE ? (Str){"", 0} : str_slice(kind.api_version, 0, slash);
    Str namespace =
        kind.namespaced ? kubernetes_namespace(k, &kind, right->namespace) : (Str){"", 0};

    *resource =
        str_format(a, "%.*s%s%.*s%s%.*s", STR_ARG(kind.plural), group.len ? "." : "",
                   STR_ARG(group), namespace.len ? " in namespace " : "", STR_ARG(namespace));
    *out = rights_have(session_rights(k->session), kubernetes_client(k),
                       &(Right){right->verb, &kind, namespace});
    return NULL;
}

/* ---- time */

static Error *kubernetes_wait(Target *target, int64_t timeout_ms)
{
    Kubernetes *k = (Kubernetes *)target;

    if (timeout_ms > 0)
        clock_sleep(timeout_ms < k->pause_ms ? timeout_ms : k->pause_ms);
    k->pause_ms += k->pause_ms / 2;
    if (k->pause_ms > LONGEST_PAUSE_MS)
        k->pause_ms = LONGEST_PAUSE_MS;
    return NULL;
}

static Error *kubernetes_await(Target *target, const Value *object, int64_t timeout_ms)
{
    Kubernetes *k = (Kubernetes *)target;
    KubeKind kind;
    bool new;

    if (k->may_not_watch || timeout_ms < 1000)
        return kubernetes_wait(target, timeout_ms);
    TRY(session_kind(k->session, field_string(object, "apiVersion"), field_string(object, "kind"),
                     &kind, &new));
    int64_t start_ms = clock_ms();
    Error *err = watch_object(kubernetes_client(k), &kind, object, timeout_ms / 1000);
    if (err) {
        k->may_not_watch |= error_kind_of(err) == ERROR_DENIED;
        error_free(err); // then it is asked for again, after a while
        return kubernetes_wait(target, timeout_ms);
    }
    if (clock_ms() - start_ms < SHORTEST_PAUSE_MS) // changes come in bunches
        clock_sleep(SHORTEST_PAUSE_MS);
    return NULL;
}

static int64_t kubernetes_now_ms(Target *target)
{
    (void)target;
    return clock_ms();
}

const TargetType target_type_kubernetes = {
    .name = "kubernetes",
    .help = "clusters that kubeconfig files describe; see docs/kubernetes.md",
    .keeps_records = true,
    .open = kubernetes_open,
    .capabilities = kubernetes_capabilities,
    .namespaced = kubernetes_namespaced,
    .get = kubernetes_get,
    .look = kubernetes_look,
    .list = kubernetes_list,
    .apply = kubernetes_apply,
    .remove = kubernetes_remove,
    .may = kubernetes_may,
    .log = kubernetes_log,
    .read_log = kubernetes_read_log,
    .exec = kubernetes_exec,
    .wait = kubernetes_wait,
    .await = kubernetes_await,
    .now_ms = kubernetes_now_ms,
    .close = kubernetes_close,
};
