/*
 * defaults_hooks.c - the defaults of each type that depend on its other fields.
 */
#include "base/field.h"
#include "target/demo/defaults.h"

static bool is_set(const Value *map, const char *path)
{
    const Value *v = field_at(map, path);

    return v && v->kind != VALUE_NULL;
}

static void set_unless(Arena *a, Value *map, const char *path, Value v)
{
    if (!is_set(map, path))
        field_set(a, map, path, v);
}

/* Whether IMAGE is taken as its newest: by name, or since it names no version. */
static bool is_latest(Str image)
{
    size_t slash = str_find_last(image, STR("/")), colon;

    if (!image.len || str_find_char(image, '@') != STR_NONE)
        return false;
    if (slash != STR_NONE)
        image = str_skip(image, slash + 1);
    colon = str_find_char(image, ':');
    return colon == STR_NONE || str_is(str_skip(image, colon + 1), "latest");
}

static Value pull_policy(Str image)
{
    return value_c(is_latest(image) ? "Always" : "IfNotPresent");
}

static void fill_container(Arena *a, Value *container)
{
    set_unless(a, container, "imagePullPolicy", pull_policy(field_string(container, "image")));
}

static void fill_image_volume(Arena *a, Value *source)
{
    set_unless(a, source, "pullPolicy", pull_policy(field_string(source, "reference")));
}

/* A volume without a source is an empty folder. */
static void fill_volume(Arena *a, Value *volume)
{
    if (volume->map->len == 1 && is_set(volume, "name"))
        field_set(a, volume, "emptyDir", value_of_map(value_map_new(a)));
}

static void fill_service_port(Arena *a, Value *port)
{
    const Value *target = field_at(port, "targetPort");
    const Value *own = field_at(port, "port");

    if (own && (!target || (target->kind == VALUE_FLOAT && target->real == 0) ||
                value_is_string(*target, "")))
        field_set(a, port, "targetPort", *own);
}

static void fill_service(Arena *a, Value *spec)
{
    Str type = field_string(spec, "type");
    bool balances = str_is(type, "LoadBalancer");

    if (str_is(field_string(spec, "sessionAffinity"), "None"))
        field_remove(spec, "sessionAffinityConfig");
    else
        set_unless(a, spec, "sessionAffinityConfig.clientIP.timeoutSeconds", value_number(10800));
    if (balances || str_is(type, "NodePort") ||
        (str_is(type, "ClusterIP") && field_list(spec, "externalIPs").len))
        set_unless(a, spec, "externalTrafficPolicy", value_c("Cluster"));
    if (!str_is(type, "ExternalName"))
        set_unless(a, spec, "internalTrafficPolicy", value_c("Cluster"));
    if (balances)
        set_unless(a, spec, "allocateLoadBalancerNodePorts", value_bool(true));
}

static void fill_strategy(Arena *a, Value *strategy)
{
    if (!str_is(field_string(strategy, "type"), "RollingUpdate"))
        return;
    set_unless(a, strategy, "rollingUpdate.maxSurge", value_c("25%"));
    set_unless(a, strategy, "rollingUpdate.maxUnavailable", value_c("25%"));
}

static void fill_daemon_strategy(Arena *a, Value *strategy)
{
    if (!str_is(field_string(strategy, "type"), "RollingUpdate"))
        return;
    set_unless(a, strategy, "rollingUpdate.maxSurge", value_number(0));
    set_unless(a, strategy, "rollingUpdate.maxUnavailable", value_number(1));
}

static void fill_stateful_strategy(Arena *a, Value *strategy)
{
    bool is_new = !is_set(strategy, "type");

    set_unless(a, strategy, "type", value_c("RollingUpdate"));
    if (str_is(field_string(strategy, "type"), "RollingUpdate") &&
        (is_new || is_set(strategy, "rollingUpdate"))) {
        set_unless(a, strategy, "rollingUpdate.partition", value_number(0));
    }
}

/* What makes pods has their labels, unless it has some of its own. */
static void take_labels(Arena *a, Value *object)
{
    const Value *labels = field_at(object, "spec.template.metadata.labels");

    if (labels && labels->kind == VALUE_MAP && !is_set(object, "metadata.labels"))
        field_set(a, object, "metadata.labels", value_copy(a, *labels));
}

static void fill_job(Arena *a, Value *job)
{
    if (!is_set(job, "spec.completions") && !is_set(job, "spec.parallelism"))
        field_set_int(a, job, "spec.completions", 1);
    set_unless(a, job, "spec.parallelism", value_number(1));
    set_unless(a, job, "spec.backoffLimit",
               value_number(is_set(job, "spec.backoffLimitPerIndex") ? INT32_MAX : 6));
    set_unless(a, job, "spec.podReplacementPolicy",
               value_c(is_set(job, "spec.podFailurePolicy") ? "Failed" : "TerminatingOrFailed"));
    set_unless(a, job, "spec.completionMode", value_c("NonIndexed"));
    set_unless(a, job, "spec.manualSelector", value_bool(false));
    set_unless(a, job, "spec.suspend", value_bool(false));
    take_labels(a, job);
}

/* What claims are made from says that it is claims. */
static void fill_claim_templates(Arena *a, Value *spec)
{
    ValueList templates = field_list(spec, "volumeClaimTemplates");

    for (size_t i = 0; i < templates.len; i++) {
        set_unless(a, &templates.items[i], "apiVersion", value_c("v1"));
        set_unless(a, &templates.items[i], "kind", value_c("PersistentVolumeClaim"));
    }
}

static void fill_driver(Arena *a, Value *spec)
{
    if (!field_list(spec, "volumeLifecycleModes").len)
        field_set(a, spec, "volumeLifecycleModes", list_of(a, value_c("Persistent")));
}

static void fill_replication(Arena *a, Value *object)
{
    const Value *labels = field_at(object, "spec.template.metadata.labels");

    if (labels && !is_set(object, "spec.selector"))
        field_set(a, object, "spec.selector", value_copy(a, *labels));
    take_labels(a, object);
}

static void request_limits(Arena *a, Value *pod, const char *path)
{
    ValueList containers = field_list(pod, path);

    for (size_t i = 0; i < containers.len; i++) {
        Value *container = &containers.items[i];
        const ValueMap *limits = field_map(container, "resources.limits");

        for (size_t j = 0; limits && j < limits->len; j++) {
            set_unless(a, container, "resources.requests", value_of_map(value_map_new(a)));

            ValueMap *requests = field_at(container, "resources.requests")->map;
            if (!value_map_get(requests, limits->entries[j].key))
                value_map_set(a, requests, limits->entries[j].key, limits->entries[j].value);
        }
    }
}

static void share_host_ports(Arena *a, Value *pod, const char *path)
{
    ValueList containers = field_list(pod, path);

    for (size_t i = 0; i < containers.len; i++) {
        ValueList ports = field_list(&containers.items[i], "ports");

        for (size_t j = 0; j < ports.len; j++)
            set_unless(a, &ports.items[j], "hostPort",
                       value_number(field_int(&ports.items[j], "containerPort", 0)));
    }
}

static void fill_pod(Arena *a, Value *pod)
{
    request_limits(a, pod, "spec.containers");
    request_limits(a, pod, "spec.initContainers");
    set_unless(a, pod, "spec.enableServiceLinks", value_bool(true));
    if (field_bool(pod, "spec.hostNetwork", false)) {
        share_host_ports(a, pod, "spec.containers");
        share_host_ports(a, pod, "spec.initContainers");
    }
}

static void fill_namespace(Arena *a, Value *namespace)
{
    Str name = field_string(namespace, "metadata.name");

    set_unless(a, namespace, "metadata.labels", value_of_map(value_map_new(a)));
    value_map_set_c(a, field_at(namespace, "metadata.labels")->map, "kubernetes.io/metadata.name",
                    value_string(name));
}

static void fill_network_policy(Arena *a, Value *spec)
{
    if (field_list(spec, "policyTypes").len)
        return;
    field_set(a, spec, "policyTypes",
              field_list(spec, "egress").len ? list_of(a, value_c("Ingress"), value_c("Egress"))
                                             : list_of(a, value_c("Ingress")));
}

static void fill_ingress_class(Arena *a, Value *spec)
{
    if (is_set(spec, "parameters"))
        set_unless(a, spec, "parameters.scope", value_c("Cluster"));
}

static void fill_subject(Arena *a, Value *subject)
{
    Str kind = field_string(subject, "kind");

    if (str_is(kind, "User") || str_is(kind, "Group"))
        set_unless(a, subject, "apiGroup", value_c("rbac.authorization.k8s.io"));
}

static void fill_scaling_rules(Arena *a, Value *spec, bool up)
{
    const char *path = up ? "behavior.scaleUp" : "behavior.scaleDown";
    Value half = map_of(a, {"type", value_c("Percent")}, {"value", value_number(100)},
                        {"periodSeconds", value_number(15)});
    Value four = map_of(a, {"type", value_c("Pods")}, {"value", value_number(4)},
                        {"periodSeconds", value_number(15)});
    Value *rules;

    set_unless(a, spec, path, value_of_map(value_map_new(a)));
    rules = (Value[]){*field_at(spec, path)};
    set_unless(a, rules, "selectPolicy", value_c("Max"));
    set_unless(a, rules, "policies", up ? list_of(a, four, half) : list_of(a, half));
    if (up)
        set_unless(a, rules, "stabilizationWindowSeconds", value_number(0));
}

static void fill_autoscaler(Arena *a, Value *spec)
{
    Value target =
        map_of(a, {"type", value_c("Utilization")}, {"averageUtilization", value_number(80)});
    Value resource = map_of(a, {"name", value_c("cpu")}, {"target", target});

    if (!field_list(spec, "metrics").len)
        field_set(a, spec, "metrics",
                  list_of(a, map_of(a, {"type", value_c("Resource")}, {"resource", resource})));
    if (is_set(spec, "behavior")) {
        fill_scaling_rules(a, spec, true);
        fill_scaling_rules(a, spec, false);
    }
}

static void fill_definition(Arena *a, Value *definition)
{
    Str kind = field_string(definition, "spec.names.kind");
    ValueList versions = field_list(definition, "spec.versions");

    set_unless(a, definition, "spec.names.singular", value_string(str_lower(a, kind)));
    if (kind.len)
        set_unless(a, definition, "spec.names.listKind",
                   value_string(str_join(a, kind, STR("List"))));
    set_unless(a, definition, "spec.conversion", map_of(a, {"strategy", value_c("None")}));
    for (size_t i = 0; i < versions.len; i++)
        if (field_bool(&versions.items[i], "storage", false) &&
            !field_list(definition, "status.storedVersions").len)
            field_set(a, definition, "status.storedVersions",
                      list_of(a, value_string(field_string(&versions.items[i], "name"))));
}

static void take_over(Arena *a, Value *item, const char *to, const char *from)
{
    const ValueMap *source = field_map(item, from);

    for (size_t i = 0; source && i < source->len; i++) {
        set_unless(a, item, to, value_of_map(value_map_new(a)));

        ValueMap *map = field_at(item, to)->map;
        if (!value_map_get(map, source->entries[i].key))
            value_map_set(a, map, source->entries[i].key, source->entries[i].value);
    }
}

static void fill_limit_range(Arena *a, Value *item)
{
    if (!str_is(field_string(item, "type"), "Container"))
        return;
    take_over(a, item, "default", "max");
    take_over(a, item, "defaultRequest", "default");
    take_over(a, item, "defaultRequest", "min");
}

static void fill_node_status(Arena *a, Value *status)
{
    const Value *capacity = field_at(status, "capacity");

    if (capacity)
        set_unless(a, status, "allocatable", value_copy(a, *capacity));
}

const DefaultHook default_hooks[] = {
    {"Container", fill_container},
    {"CSIDriverSpec", fill_driver},
    {"CustomResourceDefinition", fill_definition},
    {"DaemonSetUpdateStrategy", fill_daemon_strategy},
    {"DeploymentStrategy", fill_strategy},
    {"EphemeralContainer", fill_container},
    {"HorizontalPodAutoscalerSpec", fill_autoscaler},
    {"ImageVolumeSource", fill_image_volume},
    {"IngressClassSpec", fill_ingress_class},
    {"Job", fill_job},
    {"LimitRangeItem", fill_limit_range},
    {"Namespace", fill_namespace},
    {"NetworkPolicySpec", fill_network_policy},
    {"NodeStatus", fill_node_status},
    {"Pod", fill_pod},
    {"ReplicationController", fill_replication},
    {"ServicePort", fill_service_port},
    {"ServiceSpec", fill_service},
    {"StatefulSetSpec", fill_claim_templates},
    {"StatefulSetUpdateStrategy", fill_stateful_strategy},
    {"Subject", fill_subject},
    {"Volume", fill_volume},
};

const size_t default_hook_count = COUNT(default_hooks);
