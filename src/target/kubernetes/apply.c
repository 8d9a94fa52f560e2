#include "target/kubernetes/kubernetes.h"

#include "base/field.h"
#include "base/json.h"
#include "io/clock.h"
#include "io/log.h"
#include "io/signal.h"
#include "manifest/manifest.h"
#include "patch/patch.h"
#include "target/conflicts.h"
#include "target/kubernetes/managed_fields.h"
#include "target/kubernetes/openapi.h"
#include "target/kubernetes/unchanged.h"

#include <string.h>

enum {
    NEW_KIND_MS = 10000, /* how long a server may take to serve a kind that is defined */
    RETRY_PAUSE_MS = 100,
    MOST_TRIES = 5, /* of applying one object */
};

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

    TRY(kubernetes_path(p->k, a, &p->id, &kind, new, &path));
    if (creates(p->how))
        path = kind_path(a, &kind, kubernetes_namespace(p->k, &kind, p->id.namespace), STR(""));
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
        Error *err = kube_send(kubernetes_client(p->k), p->arena, &p->request, out);

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
    return kube_send(kubernetes_client(p->k), p->arena, &request, &ignored);
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

/* Fields that the kind does not have, and values that do not fit: the server knows what would. */
static Error *with_field_hint(const Applying *p, const Value *object, Error *err)
{
    Str refusal = field_string(&p->refusal, "message");
    const KubeSession *session = p->k->session;
    DEFER(arena_free) Arena scratch = {0}; // such documents are large
    OpenApi api;

    if (!err || error_kind_of(err) != ERROR_INPUT || error_hint_of(err) != NULL)
        return err;
    Error *failure =
        openapi_find(session_client(session), &scratch, session_access(session)->server,
                     p->id.api_version, p->id.kind, &api);
    if (failure) { // it is only advice
        error_free(failure);
        return err;
    }
    return openapi_explain(&scratch, &api, object, refusal, err);
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

/* "kube-controller-manager" of: conflict with "kube-controller-manager" with subresource "scale" */
static Str manager_of(Str message)
{
    Str rest = message, manager = {"", 0}, before;

    if (str_cut(&rest, '"', &before))
        str_cut(&rest, '"', &manager);
    return manager;
}

/* The conflicts that a server's STATUS tells of. */
static FieldConflictList conflicts_of(Arena *a, const Value *status)
{
    ValueList causes = field_list(status, "details.causes");
    FieldConflictList list = {0};

    for (size_t i = 0; i < causes.len; i++)
        if (str_is(field_string(&causes.items[i], "reason"), "FieldManagerConflict"))
            *vec_add(a, &list) =
                (FieldConflict){field_string(&causes.items[i], "field"),
                                manager_of(field_string(&causes.items[i], "message"))};
    return list;
}

/*
 * After CONFLICT: whether OBJECT, without what is not to be taken from others, can be tried again.
 */
static bool leave_out(const Applying *p, Value *object, const Error *conflict)
{
    FieldConflictList conflicts = conflicts_of(p->arena, &p->refusal);
    Str fields;

    if (error_kind_of(conflict) != ERROR_CONFLICT ||
        !conflicts_leave_out(p->arena, &conflicts, p->how, object, &fields))
        return false;
    if (!p->how->dry_run)
        log_info("%.*s: left as others have it: %.*s", STR_ARG(p->request.title), STR_ARG(fields));
    return true;
}

Error *kubernetes_apply(Target *target, Arena *a, Value object, const TargetApply *how, Value *out)
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
        kubernetes_touch(p.k, &p.id, !err && str_is(p.id.kind, "Namespace") ? out : NULL);
    TRY(with_field_hint(&p, &object, with_conflict_hint(&p, err)));
    if (!how->dry_run && str_is(p.id.kind, "CustomResourceDefinition"))
        session_define(p.k->session, out);
    return NULL;
}
