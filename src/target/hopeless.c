/*
 * hopeless.c - which of the objects that are waited for will never be ready: what their own fields
 * do not tell, but the containers and volumes of their pods.
 *
 * Only pods of the revision that is being rolled out count: those of the one before may well be
 * what the new one is to put right.
 */
#include "base/escape.h"
#include "base/field.h"
#include "target/containers.h"
#include "target/target.h"

enum {
    LONGEST = 400,           /* bytes of a reason */
    VOLUME_GRACE_MS = 60000, /* others may be about to make it */
};

/* A pod, and what is wrong with it. */
typedef struct Stuck {
    const Value *pod;
    Hopeless how;
} Stuck;

/* An object that was looked for. */
typedef struct Sought {
    ObjectId id;
    bool absent;
} Sought;

/* What is known of one namespace; but for what was sought, which may be anywhere. */
typedef struct Search {
    Target *target;
    Arena *arena;
    VEC(Sought) sought;
    Str namespace;
    VEC(Stuck) stuck;
    Value sets; /* replica sets; null: not needed yet */
} Search;

static Error *list(const Search *s, const char *api_version, const char *kind, Value *out)
{
    ObjectId id = {
        .api_version = str_from(api_version), .kind = str_from(kind), .namespace = s->namespace};

    return target_list(s->target, s->arena, &id, out);
}

static Str clean(const Search *s, Str text)
{
    return str_for_message(s->arena, text_escaped(s->arena, text), LONGEST);
}

static Str told(const Search *s, const Value *pod, const Value *status)
{
    Str trouble = container_trouble(s->arena, pod, status);
    Str text = str_format(s->arena, "pod %.*s: %.*s", STR_ARG(field_string(pod, "metadata.name")),
                          STR_ARG(str_trim(trouble)));

    return clean(s, text);
}

static void look_at_containers(const Search *s, const Value *pod, const char *path, Hopeless *how)
{
    ValueList statuses = field_list(pod, path);

    for (size_t i = 0; i < statuses.len && !how->reason.len; i++) {
        const Value *status = &statuses.items[i];
        int64_t grace_ms;
        ContainerHope hope = container_hope(status, &grace_ms);

        how->unclear |= hope == CONTAINER_UNCLEAR;
        if (hope == CONTAINER_HOPELESS || hope == CONTAINER_LACKING)
            *how = (Hopeless){.pod = how->pod,
                              .reason = told(s, pod, status),
                              .grace_ms = grace_ms,
                              .lacking = hope == CONTAINER_LACKING};
    }
}

/* ---- volumes: what is mounted before any container begins */

/* Whether there is no KIND called NAME in NAMESPACE; false where nobody may know. */
static bool is_absent(Search *s, Str namespace, const char *kind, Str name)
{
    ObjectId id = {
        .api_version = STR("v1"), .kind = str_from(kind), .namespace = namespace, .name = name};
    Value live;

    for (size_t i = 0; i < s->sought.len; i++) {
        const Sought *old = &s->sought.items[i];

        if (str_equal(old->id.name, name) && str_equal(old->id.kind, id.kind) &&
            str_equal(old->id.namespace, namespace))
            return old->absent;
    }
    Error *err = target_get(s->target, s->arena, &id, &live);
    bool absent = err && error_kind_of(err) == ERROR_NOT_FOUND;
    error_free(err);
    *vec_add(s->arena, &s->sought) = (Sought){id, absent};
    return absent;
}

/* What SOURCE, of a volume of POD, is made of and is not there: "secret \"tls\""; else empty. */
static Str absent_source(Search *s, const Value *pod, const Value *source, const char *secret_name)
{
    Str namespace = field_string(pod, "metadata.namespace");
    Str secret = field_string(source, secret_name), map = field_string(source, "configMap.name");

    if (secret.len && !field_bool(source, "secret.optional", false) &&
        is_absent(s, namespace, "Secret", secret))
        return str_format(s->arena, "secret \"%.*s\"", STR_ARG(secret));
    if (map.len && !field_bool(source, "configMap.optional", false) &&
        is_absent(s, namespace, "ConfigMap", map))
        return str_format(s->arena, "configmap \"%.*s\"", STR_ARG(map));
    return (Str){"", 0};
}

static Str absent_part(Search *s, const Value *pod, const Value *volume)
{
    ValueList sources = field_list(volume, "projected.sources");
    Str absent = absent_source(s, pod, volume, "secret.secretName");

    for (size_t i = 0; i < sources.len && !absent.len; i++)
        absent = absent_source(s, pod, &sources.items[i], "secret.name");
    return absent;
}

static bool has_begun(const Value *pod, const char *path)
{
    ValueList statuses = field_list(pod, path);

    for (size_t i = 0; i < statuses.len; i++) {
        Str reason = field_string(&statuses.items[i], "state.waiting.reason");

        if (!str_is(reason, "ContainerCreating") && !str_is(reason, "PodInitializing"))
            return true;
    }
    return false;
}

/* Whether POD is on a node, and none of its containers has been made yet. */
static bool is_being_made(const Value *pod)
{
    return field_string(pod, "spec.nodeName").len &&
           str_is(field_string(pod, "status.phase"), "Pending") &&
           !has_begun(pod, "status.initContainerStatuses") &&
           !has_begun(pod, "status.containerStatuses");
}

static void look_at_volumes(Search *s, const Value *pod, Hopeless *how)
{
    ValueList volumes = field_list(pod, "spec.volumes");

    for (size_t i = 0; i < volumes.len && !how->reason.len; i++) {
        Str absent = absent_part(s, pod, &volumes.items[i]);
        Str name = field_string(&volumes.items[i], "name");

        if (!absent.len)
            continue;
        Str text =
            str_format(s->arena, "pod %.*s: FailedMount: volume \"%.*s\": %.*s not found",
                       STR_ARG(field_string(pod, "metadata.name")), STR_ARG(name), STR_ARG(absent));
        how->reason = clean(s, text);
        how->grace_ms = VOLUME_GRACE_MS;
        how->lacking = true;
    }
}

/* ---- pods */

/* Whether POD has ended: whoever owns it makes another. */
static bool is_over(const Value *pod)
{
    Str phase = field_string(pod, "status.phase");

    return field_string(pod, "metadata.deletionTimestamp").len || str_is(phase, "Failed") ||
           str_is(phase, "Succeeded");
}

static Hopeless pod_hope(Search *s, const Value *pod)
{
    Hopeless how = {.pod = field_string(pod, "metadata.uid")};

    if (is_over(pod))
        return how;
    look_at_containers(s, pod, "status.initContainerStatuses", &how);
    look_at_containers(s, pod, "status.containerStatuses", &how);
    if (is_being_made(pod))
        look_at_volumes(s, pod, &how);
    return how;
}

/* Make S one of NAMESPACE, with the pods there that are stuck. */
static Error *search_namespace(Search *s, Str namespace)
{
    Value pods;

    if (s->namespace.len && str_equal(s->namespace, namespace))
        return NULL;
    s->namespace = namespace;
    s->stuck.len = 0;
    s->sets = value_null();
    TRY(list(s, "v1", "Pod", &pods));
    for (size_t i = 0; i < pods.list.len; i++) {
        Hopeless how = pod_hope(s, &pods.list.items[i]);

        if (how.reason.len || how.unclear)
            *vec_add(s->arena, &s->stuck) = (Stuck){&pods.list.items[i], how};
    }
    return NULL;
}

/* Whether LEFT and RIGHT are the same revision, as far as they say it. */
static bool is_same(Str left, Str right)
{
    return !left.len || !right.len || str_equal(left, right);
}

static Str label_of(const Value *object, const char *key)
{
    return value_map_string(field_map(object, "metadata.labels"), key);
}

/* Whether POD is of the replica set that DEPLOYMENT rolls out. */
static Error *is_in_rollout(Search *s, const Value *deployment, const Value *pod, bool *out)
{
    static const char revision[] = "deployment.kubernetes.io/revision";

    if (s->sets.kind == VALUE_NULL)
        TRY(list(s, "apps/v1", "ReplicaSet", &s->sets));
    for (size_t i = 0; i < s->sets.list.len && !*out; i++) {
        const Value *set = &s->sets.list.items[i];

        *out = object_is_owned(set, field_string(deployment, "metadata.uid")) &&
               object_is_owned(pod, field_string(set, "metadata.uid")) &&
               is_same(object_annotation(set, revision), object_annotation(deployment, revision));
    }
    return NULL;
}

/* Whether OBJECT needs POD to be well. */
static Error *needs_pod(Search *s, const Value *object, const Value *pod, bool *out)
{
    Str kind = field_string(object, "kind"), uid = field_string(object, "metadata.uid");

    *out = false;
    if (str_is(kind, "Deployment"))
        return is_in_rollout(s, object, pod, out);
    *out = object_is_owned(pod, uid);
    if (*out && str_is(kind, "StatefulSet"))
        *out = is_same(label_of(pod, "controller-revision-hash"),
                       field_string(object, "status.updateRevision"));
    else if (*out && str_is(kind, "DaemonSet"))
        *out = is_same(label_of(pod, "pod-template-generation"),
                       object_annotation(object, "deprecated.daemonset.template.generation"));
    return NULL;
}

/* Whether what OBJECT says of its revision is about the one before: its controller is late. */
static bool is_behind(const Value *object)
{
    int64_t generation = field_int(object, "metadata.generation", 0);

    return field_int(object, "status.observedGeneration", generation) < generation;
}

static void add(Search *s, size_t object, Hopeless how, HopelessList *out)
{
    how.object = object;
    if (how.reason.len || how.unclear)
        *vec_add(s->arena, out) = how;
}

/* What the object with NUMBER waits for in vain. */
static Error *search(Search *s, const Value *object, size_t number, HopelessList *out)
{
    if (str_is(field_string(object, "kind"), "Pod")) {
        add(s, number, pod_hope(s, object), out);
        return NULL;
    }
    if (is_behind(object))
        return NULL;
    TRY(search_namespace(s, field_string(object, "metadata.namespace")));
    for (size_t i = 0; i < s->stuck.len; i++) {
        bool needed;

        TRY(needs_pod(s, object, s->stuck.items[i].pod, &needed));
        if (needed)
            add(s, number, s->stuck.items[i].how, out);
    }
    return NULL;
}

static bool has_pods(const Value *object)
{
    static const char *const kinds[] = {
        "Pod",       "Deployment", "ReplicaSet",           "StatefulSet",
        "DaemonSet", "Job",        "ReplicationController"};

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_is(field_string(object, "kind"), kinds[i]))
            return true;
    return false;
}

Error *target_find_hopeless(Target *target, Arena *a, const Value *objects, size_t len,
                            HopelessList *out)
{
    Search s = {.target = target, .arena = a};

    *out = (HopelessList){0};
    for (size_t i = 0; i < len; i++)
        if (has_pods(&objects[i]))
            TRY(search(&s, &objects[i], i, out));
    return NULL;
}
