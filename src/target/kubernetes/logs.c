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
