/*
 * service.c - the addresses behind a service, and one in front of it. Source: Kubernetes,
 * pkg/controller/endpointslice.
 */
#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/hash.h"
#include "target/demo/selector.h"
#include "target/demo/stamp.h"

enum { BALANCER_MS = 2000 }; /* until a load balancer has an address */

/* The port of POD's containers that is called NAME; 0: none is. */
static int64_t named_port(const Value *pod, Str name)
{
    ValueList containers = field_list(pod, "spec.containers");

    for (size_t i = 0; i < containers.len; i++) {
        const Value *port = list_find(field_list(&containers.items[i], "ports"), "name", name.ptr);

        if (port)
            return field_int(port, "containerPort", 0);
    }
    return 0;
}

/* The service's ports as the pod, if there is one, has them. */
static Value slice_ports(Pass *pass, const Value *pod)
{
    Arena *a = pass->arena;
    ValueList ports = field_list(&pass->object, "spec.ports");
    Value *items = arena_array(a, Value, ports.len);

    for (size_t i = 0; i < ports.len; i++) {
        const Value *target = field_at(&ports.items[i], "targetPort");
        Str name = target && target->kind == VALUE_STRING ? target->string : STR("");
        int64_t number = target ? field_int(&ports.items[i], "targetPort", 0) : 0;

        if (name.len && pod)
            number = named_port(pod, str_copy(a, name));
        items[i] = map_of(a, {"name", value_string(field_string(&ports.items[i], "name"))},
                          {"port", number ? value_number(number) : value_missing()},
                          {"protocol", value_string(field_string(&ports.items[i], "protocol"))});
    }
    return value_list(items, ports.len);
}

static Value endpoint(Pass *pass, const Value *pod)
{
    Arena *a = pass->arena;
    bool ready = condition_is(pod, "Ready", "True");
    bool leaving = field_string(pod, "metadata.deletionTimestamp").len > 0;
    Value target = map_of(a, {"kind", value_c("Pod")},
                          {"name", value_string(field_string(pod, "metadata.name"))},
                          {"namespace", value_string(pass->entry->namespace)},
                          {"uid", value_string(field_string(pod, "metadata.uid"))});

    return map_of(a, {"addresses", list_of(a, value_string(field_string(pod, "status.podIP")))},
                  {"conditions",
                   map_of(a, {"ready", value_bool(ready && !leaving)},
                          {"serving", value_bool(ready)}, {"terminating", value_bool(leaving)})},
                  {"nodeName", value_string(field_string(pod, "spec.nodeName"))},
                  {"targetRef", target});
}

static Error *find_pods(Pass *pass, ValueList *endpoints, Value *first)
{
    EntryList pods;
    Value *items;

    TRY(store_list(pass->cluster->store, pass->arena, kinds_built_in("", "Pod"),
                   pass->entry->namespace, &pods));
    items = arena_array(pass->arena, Value, pods.len);
    *endpoints = (ValueList){items, 0};
    *first = value_missing();
    for (size_t i = 0; i < pods.len; i++) {
        Value pod;

        TRY(store_know(pass->cluster->store, pods.items[i]));
        if (pods.items[i]->pod.phase != 'R' ||
            !labels_include(&pass->entry->selector, &pods.items[i]->labels))
            continue;
        TRY(store_read(pass->cluster->store, pass->arena, pods.items[i], &pod));
        if (!endpoints->len)
            *first = pod;
        items[endpoints->len++] = endpoint(pass, &pod);
    }
    return NULL;
}

static Value slice_metadata(Pass *pass)
{
    Arena *a = pass->arena;
    Str name = pass->entry->name;
    ValueMap *labels = value_map_shallow(a, field_map(&pass->object, "metadata.labels"));
    Str suffix = hash_name(a, hash_text(0, pass->entry->uid), 5);

    value_map_set_c(a, labels, "endpointslice.kubernetes.io/managed-by",
                    value_c("endpointslice-controller.k8s.io"));
    value_map_set_c(a, labels, "kubernetes.io/service-name", value_string(name));
    return map_of(
        a, {"name", value_string(str_format(a, "%.*s-%.*s", STR_ARG(name), STR_ARG(suffix)))},
        {"namespace", value_string(pass->entry->namespace)}, {"labels", value_of_map(labels)},
        {"ownerReferences", list_of(a, controller_reference(pass))});
}

static Error *put_slice(Pass *pass, ValueList endpoints, const Value *pod)
{
    Arena *a = pass->arena;
    const Kind *kind = kinds_built_in("discovery.k8s.io", "EndpointSlice");
    Value slice =
        map_of(a, {"addressType", value_c("IPv4")}, {"apiVersion", value_c("discovery.k8s.io/v1")},
               {"endpoints", value_list(endpoints.items, endpoints.len)},
               {"kind", value_c("EndpointSlice")}, {"metadata", slice_metadata(pass)},
               {"ports", slice_ports(pass, pod)});
    EntryList old;
    Value stored, changed;

    TRY(owned_by(pass, "discovery.k8s.io", "EndpointSlice", &old));
    if (!old.len)
        return object_create(pass->cluster, a, kind, &slice);
    TRY(store_read(pass->cluster->store, a, old.items[0], &stored));
    changed = value_of_map(value_map_shallow(a, stored.map));
    field_set(a, &changed, "endpoints", *field_at(&slice, "endpoints"));
    field_set(a, &changed, "ports", *field_at(&slice, "ports"));
    field_set(a, &changed, "metadata",
              value_of_map(value_map_shallow(a, field_map(&stored, "metadata"))));
    return object_change(pass->cluster, a, kind, stored, changed, "kube-controller-manager", "");
}

/* A load balancer has an address after a while. */
static Error *balance(Pass *pass)
{
    Arena *a = pass->arena;
    int64_t due_ms =
        stamp_ms(field_string(&pass->object, "metadata.creationTimestamp"), pass->cluster->now_ms) +
        BALANCER_MS;
    unsigned n = (unsigned)(hash_text(3, pass->entry->uid) & 0xffff);
    Value address = value_string(str_format(a, "198.18.%u.%u", n >> 8, n & 255));

    if (!str_is(field_string(&pass->object, "spec.type"), "LoadBalancer") ||
        field_list(&pass->object, "status.loadBalancer.ingress").len)
        return NULL;
    if (pass->cluster->now_ms < due_ms) {
        pass->again_ms = due_ms;
        return NULL;
    }
    return status_put(
        pass, map_of(a, {"loadBalancer",
                         map_of(a, {"ingress", list_of(a, map_of(a, {"ip", address},
                                                                 {"ipMode", value_c("VIP")}))})}));
}

Error *service_reconcile(Pass *pass)
{
    ValueList endpoints;
    Value pod;

    TRY(balance(pass));
    if (!field_map(&pass->object, "spec.selector") ||
        str_is(field_string(&pass->object, "spec.type"), "ExternalName"))
        return NULL;
    TRY(find_pods(pass, &endpoints, &pod));
    return put_slice(pass, endpoints, value_type_of(pod) == TYPE_MISSING ? NULL : &pod);
}
