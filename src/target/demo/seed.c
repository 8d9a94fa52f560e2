#include "target/demo/seed.h"

#include "base/field.h"
#include "target/demo/apply.h"

static Error *put(Cluster *c, Value object)
{
    const Kind *kind;

    TRY(kinds_find(c->kinds, field_string(&object, "apiVersion"), field_string(&object, "kind"),
                   &kind));
    return object_create(c, &c->scratch, kind, &object);
}

static Error *add_namespace(Cluster *c, const char *name)
{
    Arena *a = &c->scratch;

    return put(c, map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("Namespace")},
                         {"metadata", map_of(a, {"name", value_c(name)})}));
}

static Value node_conditions(Cluster *c)
{
    static const char *const pressures[] = {"MemoryPressure", "DiskPressure", "PIDPressure"};
    Arena *a = &c->scratch;
    Value items[COUNT(pressures) + 1];

    for (size_t i = 0; i < COUNT(pressures); i++)
        items[i] = map_of(a, {"type", value_c(pressures[i])}, {"status", value_c("False")},
                          {"reason", value_c("KubeletHasNoPressure")},
                          {"lastTransitionTime", cluster_stamp(c, a)});
    items[COUNT(pressures)] =
        map_of(a, {"type", value_c("Ready")}, {"status", value_c("True")},
               {"reason", value_c("KubeletReady")}, {"message", value_c("simulated by relfile")},
               {"lastTransitionTime", cluster_stamp(c, a)});
    return list_of_items(a, items, COUNT(items));
}

static Value node_status(Cluster *c, Str name)
{
    Arena *a = &c->scratch;
    Value capacity = map_of(a, {"cpu", value_c("8")}, {"ephemeral-storage", value_c("100Gi")},
                            {"memory", value_c("32Gi")}, {"pods", value_c("1000")});
    Value information = map_of(a, {"architecture", value_c("amd64")},
                               {"containerRuntimeVersion", value_c("relfile-demo://1.0")},
                               {"kubeletVersion", value_string(c->config.kubernetes_version)},
                               {"operatingSystem", value_c("linux")});

    return map_of(a,
                  {"addresses", list_of(a, map_of(a, {"address", value_string(name)},
                                                  {"type", value_c("Hostname")}))},
                  {"allocatable", capacity}, {"capacity", capacity},
                  {"conditions", node_conditions(c)}, {"nodeInfo", information});
}

/* What runs is not decided by who makes a node: its status is written afterwards. */
static Error *add_node(Cluster *c, int64_t number)
{
    Arena *a = &c->scratch;
    Str name = str_format(a, "node-%lld", (long long)number);
    Value labels = map_of(a, {"kubernetes.io/arch", value_c("amd64")},
                          {"kubernetes.io/hostname", value_string(name)},
                          {"kubernetes.io/os", value_c("linux")});
    Value node = map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("Node")},
                        {"metadata", map_of(a, {"name", value_string(name)}, {"labels", labels})});
    const Kind *kind = kinds_built_in("", "Node");

    TRY(object_create(c, a, kind, &node));
    field_set(a, &node, "status", node_status(c, name));
    return cluster_put(c, a, kind, node);
}

static Error *add_storage_class(Cluster *c)
{
    Arena *a = &c->scratch;
    Value annotations = map_of(a, {"storageclass.kubernetes.io/is-default-class", value_c("true")});

    return put(
        c,
        map_of(a, {"apiVersion", value_c("storage.k8s.io/v1")}, {"kind", value_c("StorageClass")},
               {"metadata", map_of(a, {"name", value_c("standard")}, {"annotations", annotations})},
               {"provisioner", value_c("relfile.demo/provisioner")},
               {"allowVolumeExpansion", value_bool(true)}));
}

static Error *add_priority_class(Cluster *c, const char *name, int64_t value)
{
    Arena *a = &c->scratch;

    return put(c, map_of(a, {"apiVersion", value_c("scheduling.k8s.io/v1")},
                         {"kind", value_c("PriorityClass")},
                         {"metadata", map_of(a, {"name", value_c(name)})},
                         {"value", value_number(value)}));
}

/* The service that a cluster has of itself. */
static Error *add_kubernetes(Cluster *c)
{
    Arena *a = &c->scratch;
    Value port = map_of(a, {"name", value_c("https")}, {"port", value_number(443)},
                        {"targetPort", value_number(6443)});

    return put(c, map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("Service")},
                         {"metadata", map_of(a, {"name", value_c("kubernetes")},
                                             {"namespace", value_c("default")})},
                         {"spec", map_of(a, {"clusterIP", value_c("10.96.0.1")},
                                         {"ports", list_of(a, port)})}));
}

Error *cluster_seed(Cluster *c)
{
    static const char *const namespaces[] = {"default", "kube-node-lease", "kube-public",
                                             "kube-system"};

    for (size_t i = 0; i < COUNT(namespaces); i++)
        TRY(add_namespace(c, namespaces[i]));
    for (int64_t i = 1; i <= c->config.nodes; i++)
        TRY(add_node(c, i));
    TRY(add_storage_class(c));
    TRY(add_priority_class(c, "system-cluster-critical", 2000000000));
    TRY(add_priority_class(c, "system-node-critical", 2000001000));
    TRY(add_kubernetes(c));
    // a service account each, and all else that a namespace has from its first moment
    return cluster_advance(c, c->now_ms + 1000);
}
