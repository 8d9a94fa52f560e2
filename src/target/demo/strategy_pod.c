/*
 * strategy_pod.c - what a pod gets when it is let in: an account, a token, tolerations, a priority.
 */
#include "base/field.h"
#include "target/demo/hash.h"
#include "target/demo/strategy.h"

static Error *forbidden(const Value *pod, const char *why)
{
    return error_new(ERROR_DENIED, "pods \"%.*s\" is forbidden: %s",
                     STR_ARG(field_string(pod, "metadata.name")), why);
}

static Value token_source(Arena *a)
{
    Value token =
        map_of(a, {"serviceAccountToken", map_of(a, {"expirationSeconds", value_number(3607)},
                                                 {"path", value_c("token")})});
    Value item = map_of(a, {"key", value_c("ca.crt")}, {"path", value_c("ca.crt")});
    Value authority = map_of(a, {"configMap", map_of(a, {"items", list_of(a, item)},
                                                     {"name", value_c("kube-root-ca.crt")})});
    Value field =
        map_of(a, {"apiVersion", value_c("v1")}, {"fieldPath", value_c("metadata.namespace")});
    Value path = map_of(a, {"fieldRef", field}, {"path", value_c("namespace")});
    Value namespace = map_of(a, {"downwardAPI", map_of(a, {"items", list_of(a, path)})});

    return map_of(a, {"defaultMode", value_number(420)},
                  {"sources", list_of(a, token, authority, namespace)});
}

static const char token_path[] = "/var/run/secrets/kubernetes.io/serviceaccount";

static void mount_token(Arena *a, Value *pod, const char *path, Value name)
{
    ValueList containers = field_list(pod, path);

    for (size_t i = 0; i < containers.len; i++) {
        Value *container = &containers.items[i];
        ValueList mounts = field_list(container, "volumeMounts");

        if (list_find(mounts, "mountPath", token_path))
            continue;
        field_set(a, container, "volumeMounts",
                  list_with(a, mounts,
                            map_of(a, {"mountPath", value_c(token_path)}, {"name", name},
                                   {"readOnly", value_bool(true)})));
    }
}

static void add_token(Arena *a, Value *pod)
{
    uint64_t hash = hash_text(1, field_string(pod, "metadata.uid"));
    Value name = value_string(str_join(a, STR("kube-api-access-"), hash_name(a, hash, 5)));

    mount_token(a, pod, "spec.containers", name);
    mount_token(a, pod, "spec.initContainers", name);
    field_set(a, pod, "spec.volumes",
              list_with(a, field_list(pod, "spec.volumes"),
                        map_of(a, {"name", name}, {"projected", token_source(a)})));
}

static Error *add_account(Cluster *c, Arena *a, Value *pod)
{
    Str name = field_string(pod, "spec.serviceAccountName"), namespace;
    Value account;
    Error *err;

    namespace = field_string(pod, "metadata.namespace");
    name = name.len ? name : STR("default");
    field_set(a, pod, "spec.serviceAccountName", value_string(name));
    field_set(a, pod, "spec.serviceAccount", value_string(name));
    err = cluster_get(c, a, kinds_built_in("", "ServiceAccount"), namespace, name, &account);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return forbidden(pod,
                         str_c(a, str_format(a,
                                             "error looking up service account %.*s/%.*s: "
                                             "serviceaccount \"%.*s\" not found",
                                             STR_ARG(namespace), STR_ARG(name), STR_ARG(name))));
    }
    TRY(err);
    if (!field_list(pod, "spec.imagePullSecrets").len &&
        field_list(&account, "imagePullSecrets").len)
        field_set(a, pod, "spec.imagePullSecrets", *field_at(&account, "imagePullSecrets"));
    if (field_bool(pod, "spec.automountServiceAccountToken",
                   field_bool(&account, "automountServiceAccountToken", true)))
        add_token(a, pod);
    return NULL;
}

static void tolerate(Arena *a, Value *pod, const char *key)
{
    ValueList tolerations = field_list(pod, "spec.tolerations");

    for (size_t i = 0; i < tolerations.len; i++) {
        Str effect = field_string(&tolerations.items[i], "effect");
        Str own = field_string(&tolerations.items[i], "key");

        if ((str_is(own, key) || !own.len) && (!effect.len || str_is(effect, "NoExecute")))
            return;
    }
    field_set(a, pod, "spec.tolerations",
              list_with(a, tolerations,
                        map_of(a, {"effect", value_c("NoExecute")}, {"key", value_c(key)},
                               {"operator", value_c("Exists")},
                               {"tolerationSeconds", value_number(300)})));
}

static Error *add_priority(Cluster *c, Arena *a, Value *pod)
{
    Str name = field_string(pod, "spec.priorityClassName");
    int64_t priority = 0;
    Str policy = STR("PreemptLowerPriority");
    Value class;
    Error *err;

    if (name.len) {
        err = cluster_get(c, a, kinds_built_in("scheduling.k8s.io", "PriorityClass"), STR(""), name,
                          &class);
        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            return forbidden(pod,
                             str_c(a, str_format(a, "no PriorityClass with name %.*s was found",
                                                 STR_ARG(name))));
        }
        TRY(err);
        priority = field_int(&class, "value", 0);
        policy = field_string(&class, "preemptionPolicy");
    }
    field_set_int(a, pod, "spec.priority", priority);
    field_set(a, pod, "spec.preemptionPolicy", value_string(policy));
    return NULL;
}

/* Whether a container has limits for cpu and memory, and requests that are the same. */
static bool is_guaranteed(const Value *container)
{
    const ValueMap *limits = field_map(container, "resources.limits");
    const ValueMap *requests = field_map(container, "resources.requests");
    Str cpu = value_map_string(limits, "cpu"), memory = value_map_string(limits, "memory");

    return cpu.len && memory.len && str_equal(cpu, value_map_string(requests, "cpu")) &&
           str_equal(memory, value_map_string(requests, "memory"));
}

static const char *quality(const Value *pod)
{
    ValueList containers = field_list(pod, "spec.containers");
    bool guaranteed = true, any = false;

    for (size_t i = 0; i < containers.len; i++) {
        const ValueMap *requests = field_map(&containers.items[i], "resources.requests");

        guaranteed &= is_guaranteed(&containers.items[i]);
        any |= value_map_string(requests, "cpu").len || value_map_string(requests, "memory").len;
    }
    return guaranteed ? "Guaranteed" : any ? "Burstable" : "BestEffort";
}

Error *pod_admit(Cluster *c, Arena *a, Value *pod)
{
    TRY(add_account(c, a, pod));
    TRY(add_priority(c, a, pod));
    tolerate(a, pod, "node.kubernetes.io/not-ready");
    tolerate(a, pod, "node.kubernetes.io/unreachable");
    field_set_c(a, pod, "status.phase", "Pending");
    field_set_c(a, pod, "status.qosClass", quality(pod));
    return NULL;
}
