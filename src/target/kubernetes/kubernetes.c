/*
 * kubernetes.c - the target "kubernetes": clusters as kubeconfig files describe them.
 *
 * Objects are applied on the server, as helm 4 does it: the server merges, tells conflicts, and
 * says in a dry run what would be.
 * Source: helm, pkg/kube/client.go; Kubernetes, API concepts.
 */
#include "base/field.h"
#include "base/json.h"
#include "io/clock.h"
#include "io/log.h"
#include "io/signal.h"
#include "manifest/manifest.h"
#include "patch/patch.h"
#include "target/kubernetes/conflicts.h"
#include "target/kubernetes/listing.h"
#include "target/kubernetes/managed_fields.h"
#include "target/kubernetes/session.h"
#include "target/kubernetes/unchanged.h"
#include "target/kubernetes/watch.h"
#include "target/targets.h"

#include <string.h>

enum {
    FIRST_PAUSE_MS = 50,     /* of waiting; longer each time, */
    LONGEST_PAUSE_MS = 1000, /* up to this */
    SHORTEST_PAUSE_MS = 20,  /* between two looks at an object that is watched */
    NEW_KIND_MS = 10000,     /* how long a server may take to serve a kind that is defined */
    RETRY_PAUSE_MS = 100,
    MOST_TRIES = 5, /* of applying one object */
};

typedef struct Kubernetes {
    Target target;
    KubeSession *session;
    bool many; /* objects are looked at */
    bool may_not_watch;
    Shared *own;      /* where nobody gave one */
    int64_t pause_ms; /* of the next waiting */
} Kubernetes;

static KubeClient *client_of(const Kubernetes *k)
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

static Str namespace_of(const Kubernetes *k, const KubeKind *kind, Str namespace)
{
    Str usual = session_access(k->session)->namespace;

    if (!kind->namespaced || namespace.len)
        return namespace;
    return usual.len ? usual : STR("default");
}

/* The path of the object of ID, and what it is. */
static Error *find_path(const Kubernetes *k, Arena *a, const ObjectId *id, KubeKind *kind,
                        bool *new, Str *out)
{
    TRY(session_kind(k->session, id->api_version, id->kind, kind, new));
    *out = kind_path(a, kind, namespace_of(k, kind, id->namespace), id->name);
    return NULL;
}

static Error *kubernetes_get(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    const Kubernetes *k = (Kubernetes *)target;
    KubeKind kind;
    bool new;
    Str path;

    TRY(find_path(k, a, id, &kind, &new, &path));
    return kube_send(client_of(k), a,
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
        SnapshotPart part = {&kind, namespace_of(k, &kind, id->namespace)};

        switch (
            snapshot_look(session_snapshot(k->session), client_of(k), a, &part, id->name, out)) {
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

/* KIND's object of ID has been changed, or may have been; NOW is what it is then, if that is known
 * to last. */
static void touch(const Kubernetes *k, const ObjectId *id, const Value *now)
{
    KubeKind kind;
    bool new;
    Error *err = session_kind(k->session, id->api_version, id->kind, &kind, &new);

    if (!err)
        snapshot_touch(session_snapshot(k->session),
                       &(SnapshotPart){&kind, namespace_of(k, &kind, id->namespace)}, id->name,
                       now);
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
    TRY(listing_read(client_of(k), a,
                     &(Listing){.kind = &kind, .namespace = id->namespace, .query = query}, &all));
    *out = value_list(all.items, all.len);
    return NULL;
}

/* ---- applying */

/* One object on its way to the server. */
typedef struct Applying {
    const Kubernetes *k;
    Arena *arena;
    ObjectId id;
    const TargetApply *how;
    KubeRequest request;
    Value refusal; /* the server's Status */
    bool nothing;  /* is to be changed */
} Applying;

/* The object is there, and is to be replaced: a PUT of the version that was read. */
static bool replaces(const TargetApply *how)
{
    return how->replace && !how->create_only && how->live && how->live->kind == VALUE_MAP;
}

/* The object is not there, as far as is known, and is made by a POST. */
static bool creates(const TargetApply *how)
{
    return how->create_only || (how->updates && how->live && how->live->kind != VALUE_MAP);
}

/* The object is there, and gets a patch that was made here. */
static bool is_updated(const TargetApply *how)
{
    return how->updates && !creates(how) && !replaces(how) && how->live;
}

static Str apply_query(Arena *a, const TargetApply *how)
{
    return str_format(a, "fieldManager=%s&fieldValidation=%s%s%s", how->manager,
                      how->lenient ? "Ignore" : "Strict",
                      creates(how) || replaces(how) || is_updated(how) ? ""
                      : how->force                                     ? "&force=true"
                                                                       : "&force=false",
                      how->dry_run ? "&dryRun=All" : "");
}

static const char *method_of(const TargetApply *how)
{
    return creates(how) ? "POST" : replaces(how) ? "PUT" : "PATCH";
}

static Value replacement(Arena *a, Value object, const Value *live)
{
    ValueMap *map = value_map_shallow(a, object.map);
    ValueMap *metadata = value_map_shallow(a, field_map(&object, "metadata"));

    value_map_set_c(a, metadata, "resourceVersion",
                    value_string(field_string(live, "metadata.resourceVersion")));
    value_map_set_c(a, map, "metadata", value_of_map(metadata));
    return value_of_map(map);
}

/* What is sent of OBJECT, and its type. */
static Value body_of(Arena *a, Value object, const TargetApply *how, const char **type)
{
    bool strategic;

    *type = "application/json";
    if (creates(how))
        return object;
    if (replaces(how))
        return replacement(a, object, how->live);
    *type = "application/apply-patch+yaml";
    if (!is_updated(how))
        return object;
    if (!how->force)
        object = autoscaled(a, object, how->live);
    Value patch = patch_three_way(
        a, &(PatchSides){how->applied ? *how->applied : value_null(), object, *how->live},
        &strategic);
    *type = strategic ? "application/strategic-merge-patch+json" : "application/merge-patch+json";
    return patch;
}

static Error *make_request(Applying *p, Value object, bool *new)
{
    Arena *a = p->arena;
    Buf body = {.arena = a};
    bool secret = manifest_is_secret(p->id.api_version, p->id.kind);
    const char *type;
    KubeKind kind;
    Str path;

    TRY(find_path(p->k, a, &p->id, &kind, new, &path));
    if (creates(p->how))
        path = kind_path(a, &kind, namespace_of(p->k, &kind, p->id.namespace), STR(""));
    object = body_of(a, object, p->how, &type);
    p->nothing = is_updated(p->how) && !object.map->len;
    TRY(json_write(&body, object, (JsonStyle){0}));
    p->request = (KubeRequest){
        .method = method_of(p->how),
        .path = str_format(a, "%.*s?%.*s", STR_ARG(path), STR_ARG(apply_query(a, p->how))),
        .type = type,
        .body = buf_str(&body),
        .repeatable = !creates(p->how) || secret, // whoever makes Secrets looks what is there
        .trusts_500 = true,
        .refusal = &p->refusal,
        .title = object_title(a, &p->id),
        .secret = secret};
    return NULL;
}

static bool says(const Error *err, const char *text)
{
    return strstr(error_message(err), text) != NULL;
}

/*
 * Whether ERR is of a kind that passes: a kind that is not served yet, writers of one quota that
 * get into each other's way, and what the server's own store could not do in time.
 */
static bool is_passing(const Applying *p, const Error *err, bool new, int64_t start_ms, int try)
{
    if (error_kind_of(err) == ERROR_NOT_FOUND)
        return new &&says(err, "could not find the requested resource") &&
               clock_ms() - start_ms < NEW_KIND_MS;
    if (try >= MOST_TRIES || signal_received())
        return false;
    if (error_kind_of(err) == ERROR_UNAVAILABLE)
        return !creates(p->how) && says(err, "etcdserver");
    return error_kind_of(err) == ERROR_CONFLICT &&
           says(err, "cannot be fulfilled on resourcequotas");
}

static Error *send_patiently(const Applying *p, bool new, Value *out)
{
    int64_t start_ms = clock_ms();

    for (int try = 1;; try++) {
        Error *err = kube_send(client_of(p->k), p->arena, &p->request, out);

        if (!err || !is_passing(p, err, new, start_ms, try))
            return err;
        error_free(err);
        clock_sleep(RETRY_PAUSE_MS * (new ? 1 : try *try));
    }
}

static Error *send_patch(const Applying *p, Value patch)
{
    Buf body = {.arena = p->arena};
    KubeRequest request = p->request;
    size_t query = str_find_char(request.path, '?');
    Value ignored;

    TRY(json_write(&body, patch, (JsonStyle){0}));
    request.type = "application/json-patch+json";
    request.path = str_slice(request.path, 0, query == STR_NONE ? request.path.len : query);
    request.body = buf_str(&body);
    return kube_send(client_of(p->k), p->arena, &request, &ignored);
}

/* What helm 3 set becomes what was applied. */
static Error *take_over_updates(const Applying *p)
{
    Value live = p->how->live ? *p->how->live : value_null();

    if (p->how->dry_run || creates(p->how) || replaces(p->how) || p->how->updates ||
        live.kind != VALUE_MAP)
        return NULL;
    for (int try = 1;; try++) {
        Value patch = managed_fields_patch(p->arena, &live, p->how->manager);

        if (value_is_null(patch))
            return NULL;
        Error *err = send_patch(p, patch);
        if (!err || error_kind_of(err) != ERROR_CONFLICT || try >= MOST_TRIES)
            return err;
        error_free(err); // somebody has changed it since it was read
        TRY(kubernetes_get((Target *)(uintptr_t)&p->k->target, p->arena, &p->id, &live));
    }
}

static Error *with_conflict_hint(const Applying *p, Error *err)
{
    if (!err || error_kind_of(err) != ERROR_CONFLICT || p->how->create_only || p->how->force ||
        !says(err, "Apply failed"))
        return err;
    return error_hint(err, "leave these fields out of the chart, take them with "
                           "forceConflicts: true, or leave them alone with conflicts: keep");
}

static Error *no_namespace(const Applying *p)
{
    return error_new(ERROR_NOT_FOUND, "%.*s: namespaces \"%.*s\" not found",
                     STR_ARG(p->request.title), STR_ARG(p->id.namespace));
}

/*
 * A server takes its time (50 ms) to say that a namespace is not there, in case it is about to be:
 * dry runs need that to be said only once.
 */
static void note_namespace(const Applying *p, const Error *err)
{
    bool lacks = err && error_kind_of(err) == ERROR_NOT_FOUND && says(err, "namespaces \"");

    if (lacks && p->how->dry_run)
        session_note_lack(p->k->session, p->id.namespace);
    else if (!p->how->dry_run)
        session_note_lack(p->k->session, (Str){0});
}

/*
 * After CONFLICT: whether OBJECT, without what is not to be taken from others, can be tried again.
 */
static bool leave_out(const Applying *p, Value *object, const Error *conflict)
{
    Str fields;

    if (error_kind_of(conflict) != ERROR_CONFLICT || p->how->force || p->how->create_only)
        return false;
    Value rest = conflicts_left_out(p->arena, *object, &p->refusal, p->how->keep, &fields);
    if (!fields.len)
        return false;
    if (!p->how->dry_run)
        log_info("%.*s: left as others have it: %.*s", STR_ARG(p->request.title), STR_ARG(fields));
    *object = rest;
    return true;
}

static Error *kubernetes_apply(Target *target, Arena *a, Value object, const TargetApply *how,
                               Value *out)
{
    Applying p = {
        .k = (Kubernetes *)target, .arena = a, .id = object_id(object, STR("")), .how = how};
    bool new;

    ((Kubernetes *)target)->pause_ms = FIRST_PAUSE_MS;
    object = secret_encoded(a, object);
    if (how->live && !how->create_only &&
        apply_changes_nothing(a, how->live, &object, how->manager)) {
        *out = *how->live;
        return NULL;
    }
    TRY(make_request(&p, object, &new));
    if (p.nothing) {
        *out = *how->live;
        return NULL;
    }
    if (how->dry_run && session_lacks(p.k->session, p.id.namespace))
        return no_namespace(&p);
    TRY(take_over_updates(&p));
    Error *err = send_patiently(&p, new, out);
    for (int try = 1; err && try < MOST_TRIES && leave_out(&p, &object, err); try++) {
        error_free(err);
        TRY(make_request(&p, object, &new));
        err = send_patiently(&p, new, out);
    }
    note_namespace(&p, err);
    if (!how->dry_run)
        touch(p.k, &p.id, !err && str_is(p.id.kind, "Namespace") ? out : NULL);
    TRY(with_conflict_hint(&p, err));
    if (!how->dry_run && str_is(p.id.kind, "CustomResourceDefinition"))
        session_define(p.k->session, out);
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
    TRY(find_path(k, &scratch, id, &kind, &new, &path));
    TRY(json_write(&body, options, (JsonStyle){0}));
    Error *err = kube_send(client_of(k), &scratch,
                           &(KubeRequest){.method = "DELETE",
                                          .path = path,
                                          .type = "application/json",
                                          .body = buf_str(&body),
                                          .repeatable = true,
                                          .title = object_title(&scratch, id),
                                          .secret = manifest_is_secret(id->api_version, id->kind)},
                           &answer);
    touch(k, id, NULL);
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
    Str namespace = kind.namespaced ? namespace_of(k, &kind, right->namespace) : (Str){"", 0};

    *resource =
        str_format(a, "%.*s%s%.*s%s%.*s", STR_ARG(kind.plural), group.len ? "." : "",
                   STR_ARG(group), namespace.len ? " in namespace " : "", STR_ARG(namespace));
    *out = rights_have(session_rights(k->session), client_of(k),
                       &(Right){right->verb, &kind, namespace});
    return NULL;
}

/* ---- logs */

/* The last pod of the job NAME. ERROR_NOT_FOUND where there is none. */
static Error *find_job_pod(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    ObjectId pods = {STR("v1"), STR("Pod"), id->namespace, {"", 0}};
    Value labels = map_of(a, {"job-name", value_string(id->name)}), list;
    const Value *last = NULL;

    TRY(target_find(target, a, &pods, &(TargetQuery){.labels = labels.map}, &list));
    for (size_t i = 0; i < list.list.len; i++) {
        const Value *pod = &list.list.items[i];

        if (!last || str_compare(field_string(pod, "metadata.creationTimestamp"),
                                 field_string(last, "metadata.creationTimestamp")) >= 0)
            last = pod;
    }
    if (!last)
        return error_new(ERROR_NOT_FOUND, "Job/%.*s has no pod", STR_ARG(id->name));
    *out = *last;
    return NULL;
}

static bool has_failed(const Value *status)
{
    return field_int(status, "state.terminated.exitCode", 0) ||
           field_int(status, "lastState.terminated.exitCode", 0);
}

/* The container of POD that has most to say, and whether that is what it said in its last life. */
static Str telling_container(const Value *pod, bool *previous)
{
    static const char *const lists[] = {"status.initContainerStatuses", "status.containerStatuses"};

    *previous = false;
    for (size_t i = 0; i < COUNT(lists); i++) {
        ValueList statuses = field_list(pod, lists[i]);

        for (size_t j = 0; j < statuses.len; j++) {
            if (!has_failed(&statuses.items[j]))
                continue;
            *previous = !field_at(&statuses.items[j], "state.terminated");
            return field_string(&statuses.items[j], "name");
        }
    }
    ValueList containers = field_list(pod, "spec.containers");
    return containers.len ? field_string(&containers.items[0], "name") : STR("");
}

static Error *read_log(const Kubernetes *k, Arena *a, const Value *pod, size_t lines, Str *out)
{
    ObjectId id = object_id(*pod, STR(""));
    bool previous;
    Str container = telling_container(pod, &previous);
    Buf path = {.arena = a};

    buf_add(&path, kind_path(a, &(KubeKind){STR("v1"), STR("Pod"), STR("pods"), true}, id.namespace,
                             id.name));
    buf_format(&path, "/log?tailLines=%zu&container=", lines);
    kube_add_escaped(&path, container);
    for (;; previous = false) {
        Str text = previous ? str_join(a, buf_str(&path), STR("&previous=true")) : buf_str(&path);
        Error *err = kube_send_text(
            client_of(k), a,
            &(KubeRequest){
                .method = "GET", .path = text, .accept = "*/*", .title = object_title(a, &id)},
            out);
        if (!err || !previous)
            return err;
        error_free(err);
    }
}

static Error *kubernetes_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out)
{
    ObjectId pod_id = {STR("v1"), STR("Pod"), id->namespace, id->name};
    Value pod;
    Error *err = str_is(id->kind, "Job") ? find_job_pod(target, a, id, &pod)
                                         : kubernetes_get(target, a, &pod_id, &pod);

    if (!err)
        err = read_log((Kubernetes *)target, a, &pod, lines, out);
    if (!err)
        return NULL;
    *out = STR("");
    if (error_kind_of(err) != ERROR_NOT_FOUND && error_kind_of(err) != ERROR_INPUT)
        return err;
    error_free(err); // it has not said anything yet
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
    Error *err = watch_object(client_of(k), &kind, object, timeout_ms / 1000);
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
    .wait = kubernetes_wait,
    .await = kubernetes_await,
    .now_ms = kubernetes_now_ms,
    .close = kubernetes_close,
};
