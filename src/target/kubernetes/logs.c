#include "target/kubernetes/kubernetes.h"

#include "base/field.h"

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

Str kubernetes_usual_container(const Value *pod)
{
    Str name = object_annotation(pod, "kubectl.kubernetes.io/default-container");
    ValueList containers = field_list(pod, "spec.containers");

    return name.len || !containers.len ? name : field_string(&containers.items[0], "name");
}

Str kubernetes_pod_path(Arena *a, const ObjectId *id, const char *part)
{
    Str path = kind_path(a, &(KubeKind){STR("v1"), STR("Pod"), STR("pods"), true}, id->namespace,
                         id->name);

    return str_format(a, "%.*s/%s", STR_ARG(path), part);
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
    return kubernetes_usual_container(pod);
}

static Error *read_log(const Kubernetes *k, Arena *a, const Value *pod, size_t lines, Str *out)
{
    ObjectId id = object_id(*pod, STR(""));
    bool previous;
    Str container = telling_container(pod, &previous);
    Buf path = {.arena = a};

    buf_add(&path, kubernetes_pod_path(a, &id, "log"));
    buf_format(&path, "?tailLines=%zu&container=", lines);
    kube_add_escaped(&path, container);
    for (;; previous = false) {
        Str text = previous ? str_join(a, buf_str(&path), STR("&previous=true")) : buf_str(&path);
        Error *err = kube_send_text(
            kubernetes_client(k), a,
            &(KubeRequest){
                .method = "GET", .path = text, .accept = "*/*", .title = object_title(a, &id)},
            out);
        if (!err || !previous)
            return err;
        error_free(err);
    }
}

Error *kubernetes_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out)
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

/* ---- as it is wanted */

static Str log_path(Arena *a, const ObjectId *id, const TargetLog *how, Str container)
{
    Buf b = {.arena = a};

    buf_add(&b, kubernetes_pod_path(a, id, "log"));
    buf_add_c(&b, "?container=");
    kube_add_escaped(&b, container);
    if (how->lines)
        buf_format(&b, "&tailLines=%zu", how->lines);
    if (how->since_s)
        buf_format(&b, "&sinceSeconds=%lld", (long long)how->since_s);
    buf_format(&b, "%s%s%s", how->previous ? "&previous=true" : "",
               how->timestamps ? "&timestamps=true" : "", how->follow ? "&follow=true" : "");
    return buf_str(&b);
}

/* A log on its way: what has been shown cannot be taken back. */
typedef struct LogFlow {
    const TargetSink *sink;
    bool begun;
} LogFlow;

static Error *flow_start(void *context)
{
    return ((LogFlow *)context)->begun ? error_new(ERROR_CANCELLED, "the log has broken off")
                                       : NULL;
}

static Error *flow_take(void *context, Str part)
{
    LogFlow *flow = context;

    flow->begun = true;
    flow->sink->take(flow->sink->context, part);
    return NULL;
}

Error *kubernetes_read_log(Target *target, Arena *a, const ObjectId *id, const TargetLog *how,
                           const TargetSink *sink)
{
    const Kubernetes *k = (Kubernetes *)target;
    LogFlow flow = {.sink = sink};
    Str container = how->container, ignored;
    Value pod;

    if (!container.len) {
        TRY(kubernetes_get(target, a, id, &pod));
        container = kubernetes_usual_container(&pod);
    }
    return kube_send_text(kubernetes_client(k), a,
                          &(KubeRequest){.method = "GET",
                                         .path = log_path(a, id, how, container),
                                         .accept = "*/*",
                                         .title = object_title(a, id),
                                         .sink = &(HttpSink){flow_start, flow_take, &flow},
                                         .endless = how->follow},
                          &ignored);
}
