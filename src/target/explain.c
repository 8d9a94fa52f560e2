/*
 * explain.c - why an object is not ready: looked for in what it owns, down to the pods, their
 * containers and what they said last, and in events.
 *
 * Everything that is told comes from the cluster, where anybody may have written it: it is made
 * one line each, without control characters.
 */
#include "base/escape.h"
#include "base/field.h"
#include "target/containers.h"
#include "target/target.h"

#include <stdlib.h>

enum {
    MOST_LINES = 12,
    MOST_OWNED = 50,    /* objects of an owner that are looked at */
    MOST_LOG_LINES = 3, /* of a container that failed */
    LONGEST = 400,      /* bytes of a message */
};

/* How telling a cause is; what is lower is told first. */
typedef enum Weight { WEIGHT_POD, WEIGHT_REFUSED, WEIGHT_OBJECT, WEIGHT_EVENT } Weight;

typedef struct Cause {
    Weight weight;
    Str who;     /* "pod web-7d9f-x2" */
    Str what;    /* "ImagePullBackOff: image nginx:9 not found" */
    size_t more; /* how many others have the same cause */
    Str log;     /* what it said last; empty: nothing */
} Cause;

typedef struct Explanation {
    Target *target;
    Arena *arena;
    Str namespace;
    VEC(Cause) causes;
    Value events; /* of the namespace, once they are needed */
    bool has_events;
    bool is_job; /* its pods are to end */
} Explanation;

static Str clean(const Explanation *e, Str text)
{
    return str_for_message(e->arena, text_escaped(e->arena, str_trim(text)), LONGEST);
}

static Cause *add_cause(Explanation *e, Weight weight, Str who, Str what)
{
    Cause *cause;

    what = clean(e, what);
    for (size_t i = 0; i < e->causes.len; i++)
        if (str_equal(e->causes.items[i].what, what)) {
            e->causes.items[i].more += !str_equal(e->causes.items[i].who, who);
            return NULL;
        }
    cause = vec_add(e->arena, &e->causes);
    *cause = (Cause){.weight = weight, .who = clean(e, who), .what = what};
    return cause;
}

static Str title(const Explanation *e, const char *kind, const Value *object)
{
    return str_format(e->arena, "%s %.*s", kind, STR_ARG(field_string(object, "metadata.name")));
}

static Error *list(const Explanation *e, const char *api_version, const char *kind, Value *out)
{
    ObjectId id = {
        .api_version = str_from(api_version), .kind = str_from(kind), .namespace = e->namespace};

    return target_list(e->target, e->arena, &id, out);
}

/* The objects of that kind that OWNER has, MOST_OWNED of them at most. */
static Error *list_owned(const Explanation *e, const char *api_version, const char *kind,
                         const Value *owner, Value *out)
{
    Str uid = field_string(owner, "metadata.uid");
    VEC(Value) owned = {0};

    TRY(list(e, api_version, kind, out));
    for (size_t i = 0; i < out->list.len && owned.len < MOST_OWNED; i++)
        if (object_is_owned(&out->list.items[i], uid))
            *vec_add(e->arena, &owned) = out->list.items[i];
    *out = value_list(owned.items, owned.len);
    return NULL;
}

static bool is_about(const Value *event, const Value *object)
{
    Str uid = field_string(event, "involvedObject.uid");

    return uid.len && str_equal(uid, field_string(object, "metadata.uid"));
}

static Error *load_events(Explanation *e)
{
    if (e->has_events)
        return NULL;
    e->has_events = true;
    return list(e, "v1", "Event", &e->events);
}

static Str event_time(const Value *event)
{
    Str last = field_string(event, "lastTimestamp");

    return last.len ? last : field_string(event, "eventTime");
}

/* The last warning about OBJECT, with REASON unless that is NULL; NULL: there is none. */
static const Value *last_warning(const Explanation *e, const Value *object, const char *reason)
{
    const Value *last = NULL;

    for (size_t i = 0; i < e->events.list.len; i++) {
        const Value *event = &e->events.list.items[i];

        if (!is_about(event, object) || !str_is(field_string(event, "type"), "Warning") ||
            (reason && !str_is(field_string(event, "reason"), reason)))
            continue;
        if (!last || str_compare(event_time(event), event_time(last)) >= 0)
            last = event;
    }
    return last;
}

static Str event_text(const Explanation *e, const Value *event)
{
    return str_format(e->arena, "%.*s: %.*s", STR_ARG(field_string(event, "reason")),
                      STR_ARG(field_string(event, "message")));
}

static Error *explain_events(Explanation *e, const char *kind, const Value *object)
{
    const Value *warning;

    TRY(load_events(e));
    warning = last_warning(e, object, NULL);
    if (warning)
        add_cause(e, WEIGHT_EVENT, title(e, kind, object), event_text(e, warning));
    return NULL;
}

/* What the pod said last, for one that failed. Without a log there is none to tell. */
static Error *add_log(Explanation *e, Cause *cause, const Value *pod)
{
    ObjectId id = object_id(*pod, e->namespace);

    return target_log(e->target, e->arena, &id, MOST_LOG_LINES, &cause->log);
}

static Error *explain_container(Explanation *e, const Value *pod, const Value *status, bool *found)
{
    Str what = container_trouble(e->arena, pod, status);
    const Value *ended = field_at(status, "state.terminated");
    Cause *cause;

    if (!what.len && ended)
        what = container_ending(e->arena, pod, field_string(status, "name"), ended);
    if (!what.len)
        return NULL;
    *found = true;
    cause = add_cause(e, WEIGHT_POD, title(e, "pod", pod), what);
    if (cause && (ended || field_at(status, "lastState.terminated")))
        error_free(add_log(e, cause, pod)); // an explanation without it is still one
    return NULL;
}

static Error *explain_statuses(Explanation *e, const Value *pod, const char *path, bool *found)
{
    ValueList statuses = field_list(pod, path);

    for (size_t i = 0; i < statuses.len; i++)
        TRY(explain_container(e, pod, &statuses.items[i], found));
    return NULL;
}

/* A pod without a container that tells why: its conditions, and then its events. */
static Error *explain_whole_pod(Explanation *e, const Value *pod)
{
    const Value *scheduled =
        list_find(field_list(pod, "status.conditions"), "type", "PodScheduled");
    Str message = field_string(pod, "status.message"), who = title(e, "pod", pod);
    const Value *warning;

    if (scheduled && str_is(field_string(scheduled, "status"), "False")) {
        add_cause(e, WEIGHT_POD, who,
                  str_format(e->arena, "unschedulable: %.*s",
                             STR_ARG(field_string(scheduled, "message"))));
        return NULL;
    }
    if (message.len) {
        add_cause(e, WEIGHT_POD, who, message);
        return NULL;
    }
    TRY(load_events(e));
    warning = last_warning(e, pod, NULL);
    if (warning)
        add_cause(e, WEIGHT_POD, who, event_text(e, warning));
    else if (str_is(field_string(pod, "status.phase"), "Running") && !e->is_job)
        add_cause(e, WEIGHT_POD, who, STR("running, but not ready"));
    return NULL;
}

static bool is_fine(const Value *pod)
{
    return str_is(field_string(pod, "status.phase"), "Succeeded") ||
           condition_is(pod, "Ready", "True");
}

static Error *explain_pod(Explanation *e, const Value *pod)
{
    bool found = false;

    if (is_fine(pod))
        return NULL;
    TRY(explain_statuses(e, pod, "status.initContainerStatuses", &found));
    TRY(explain_statuses(e, pod, "status.containerStatuses", &found));
    return found ? NULL : explain_whole_pod(e, pod);
}

static Error *explain_pods_of(Explanation *e, const Value *owner)
{
    Value pods;

    TRY(list_owned(e, "v1", "Pod", owner, &pods));
    for (size_t i = 0; i < pods.list.len; i++)
        TRY(explain_pod(e, &pods.list.items[i]));
    return NULL;
}

/* Why it may not make pods: a quota, a service account that is not there. */
static Error *explain_refusal(Explanation *e, const char *kind, const Value *object)
{
    const Value *failure =
        list_find(field_list(object, "status.conditions"), "type", "ReplicaFailure");
    const Value *warning;

    TRY(load_events(e));
    warning = last_warning(e, object, "FailedCreate");
    if (failure && str_is(field_string(failure, "status"), "True"))
        add_cause(e, WEIGHT_REFUSED, title(e, kind, object), field_string(failure, "message"));
    else if (warning)
        add_cause(e, WEIGHT_REFUSED, title(e, kind, object), field_string(warning, "message"));
    return NULL;
}

static Error *explain_owner(Explanation *e, const char *kind, const Value *object)
{
    TRY(explain_pods_of(e, object));
    return explain_refusal(e, kind, object);
}

static Error *explain_deployment(Explanation *e, const Value *object)
{
    Value sets;

    TRY(list_owned(e, "apps/v1", "ReplicaSet", object, &sets));
    for (size_t i = 0; i < sets.list.len; i++)
        if (field_int(&sets.list.items[i], "spec.replicas", 0))
            TRY(explain_owner(e, "replica set", &sets.list.items[i]));
    return NULL;
}

/* Pods that are well, but do not end, and what they are at. */
static Error *explain_running(Explanation *e, const Value *job)
{
    Value pods;

    TRY(list_owned(e, "v1", "Pod", job, &pods));
    for (size_t i = 0; i < pods.list.len; i++) {
        const Value *pod = &pods.list.items[i];
        Cause *cause = NULL;

        if (str_is(field_string(pod, "status.phase"), "Running"))
            cause = add_cause(e, WEIGHT_POD, title(e, "pod", pod), STR("still running"));
        if (cause)
            error_free(add_log(e, cause, pod));
    }
    return NULL;
}

static Error *explain_job(Explanation *e, const Value *object)
{
    const Value *failed = list_find(field_list(object, "status.conditions"), "type", "Failed");

    e->is_job = true;
    TRY(explain_owner(e, "job", object));
    if (!e->causes.len)
        TRY(explain_running(e, object));
    if (failed && str_is(field_string(failed, "status"), "True"))
        add_cause(e, WEIGHT_OBJECT, title(e, "job", object),
                  str_format(e->arena, "%.*s: %.*s", STR_ARG(field_string(failed, "reason")),
                             STR_ARG(field_string(failed, "message"))));
    return NULL;
}

static Error *explain_object(Explanation *e, const Value *object)
{
    Str kind = field_string(object, "kind");
    const char *name = str_c(e->arena, str_lower(e->arena, kind));

    if (str_is(kind, "Pod"))
        return explain_pod(e, object);
    if (str_is(kind, "Deployment"))
        TRY(explain_deployment(e, object));
    else if (str_is(kind, "Job"))
        return explain_job(e, object);
    else if (str_is(kind, "StatefulSet") || str_is(kind, "DaemonSet") ||
             str_is(kind, "ReplicaSet") || str_is(kind, "ReplicationController"))
        TRY(explain_owner(e, name, object));
    return e->causes.len ? NULL : explain_events(e, name, object);
}

static int compare_causes(const void *left, const void *right)
{
    const Cause *a = left, *b = right;

    if (a->weight != b->weight)
        return (int)a->weight - (int)b->weight;
    return str_compare(a->who, b->who);
}

static void add_line(Buf *b, size_t *lines, Str line)
{
    if (!line.len || *lines >= MOST_LINES)
        return;
    buf_format(b, "%s%.*s", b->len ? "\n" : "", STR_ARG(line));
    ++*lines;
}

static Str cause_line(const Explanation *e, const Cause *cause)
{
    if (!cause->more)
        return str_format(e->arena, "%.*s: %.*s", STR_ARG(cause->who), STR_ARG(cause->what));
    return str_format(e->arena, "%.*s and %zu more: %.*s", STR_ARG(cause->who), cause->more,
                      STR_ARG(cause->what));
}

static Str written(Explanation *e)
{
    Buf b = {.arena = e->arena};
    size_t lines = 0;
    Str line;

    if (e->causes.len)
        qsort(e->causes.items, e->causes.len, sizeof(*e->causes.items), compare_causes);
    for (size_t i = 0; i < e->causes.len; i++) {
        Str log = e->causes.items[i].log;

        add_line(&b, &lines, cause_line(e, &e->causes.items[i]));
        while (str_line(&log, &line)) {
            if (line.len)
                add_line(&b, &lines, str_format(e->arena, "  log: %.*s", STR_ARG(clean(e, line))));
        }
    }
    return buf_str(&b);
}

Error *target_explain(Target *target, Arena *a, Value object, Str *out)
{
    Explanation e = {
        .target = target,
        .arena = a,
        .namespace = field_string(&object, "metadata.namespace"),
    };

    TRY(explain_object(&e, &object));
    *out = written(&e);
    return NULL;
}
