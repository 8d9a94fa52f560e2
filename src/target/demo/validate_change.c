/*
 * validate_change.c - what must stay as it is. Source: Kubernetes, pkg/apis/.../validation, the
 * Update functions.
 */
#include "base/field.h"
#include "target/demo/validate.h"

#include <string.h>

/* Fields that never change: "Invalid value: …: field is immutable", or another REASON. */
static const struct {
    const char *group, *kind, *path, *reason;
} fixed[] = {
    {"", "Secret", "type", NULL},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "spec.scope", NULL},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "spec.names.kind", NULL},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "spec.group", NULL},
    {"apps", "ControllerRevision", "data", NULL},
    {"apps", "DaemonSet", "spec.selector", NULL},
    {"apps", "Deployment", "spec.selector", NULL},
    {"apps", "ReplicaSet", "spec.selector", NULL},
    {"batch", "Job", "spec.completionMode", NULL},
    {"batch", "Job", "spec.selector", NULL},
    {"batch", "Job", "spec.template", NULL},
    {"networking.k8s.io", "IngressClass", "spec.controller", NULL},
    {"node.k8s.io", "RuntimeClass", "handler", NULL},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", "roleRef", "cannot change roleRef"},
    {"rbac.authorization.k8s.io", "RoleBinding", "roleRef", "cannot change roleRef"},
    {"storage.k8s.io", "StorageClass", "parameters", NULL},
    {"storage.k8s.io", "StorageClass", "provisioner", NULL},
    {"storage.k8s.io", "StorageClass", "reclaimPolicy", NULL},
    {"storage.k8s.io", "StorageClass", "volumeBindingMode", NULL},
};

static bool differ(const Value *a, const Value *b)
{
    return a && b ? !value_equal(*a, *b) : a != b;
}

static bool field_differs(const Value *old, const Value *object, const char *path)
{
    return differ(field_at(old, path), field_at(object, path));
}

/* Whether the maps at PATH differ in any key but those of EXCEPT, which ends in NULL. */
static bool others_differ(const Value *old, const Value *object, const char *path,
                          const char *const *except)
{
    const ValueMap *maps[] = {field_map(old, path), field_map(object, path)};

    for (size_t m = 0; m < COUNT(maps); m++)
        for (size_t i = 0; maps[m] && i < maps[m]->len; i++) {
            const char *const *key = except;

            while (*key && !str_is(maps[m]->entries[i].key, *key))
                key++;
            if (!*key && differ(value_map_get(maps[0], maps[m]->entries[i].key),
                                value_map_get(maps[1], maps[m]->entries[i].key)))
                return true;
        }
    return false;
}

static void check_stateful_set(Problems *problems, const Value *old, const Value *object)
{
    static const char *const free_fields[] = {"replicas",
                                              "ordinals",
                                              "template",
                                              "updateStrategy",
                                              "revisionHistoryLimit",
                                              "persistentVolumeClaimRetentionPolicy",
                                              "minReadySeconds",
                                              NULL};

    if (others_differ(old, object, "spec", free_fields))
        problem(problems, "spec",
                "Forbidden: updates to statefulset spec for fields other than 'replicas', "
                "'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
}

static void check_job(Problems *problems, const Value *old, const Value *object)
{
    if (!str_is(field_string(old, "spec.completionMode"), "Indexed") &&
        field_differs(old, object, "spec.completions"))
        problem(problems, "spec.completions", "Invalid value: %.*s: field is immutable",
                STR_ARG(shown(problems->arena, field_at(object, "spec.completions"))));
}

static void check_service(Problems *problems, const Value *old, const Value *object)
{
    if (field_string(old, "spec.clusterIP").len && field_string(object, "spec.clusterIP").len &&
        field_differs(old, object, "spec.clusterIP"))
        problem(problems, "spec.clusterIPs[0]",
                "Invalid value: [\"%.*s\"]: may not change once set",
                STR_ARG(field_string(object, "spec.clusterIP")));
}

static void check_contents(Problems *problems, const Value *old, const Value *object)
{
    static const char *const fields[] = {"data", "binaryData"};

    if (!field_bool(old, "immutable", false))
        return;
    if (!field_bool(object, "immutable", false))
        problem(problems, "immutable", "Forbidden: field is immutable when `immutable` is set");
    for (size_t i = 0; i < COUNT(fields); i++)
        if (field_differs(old, object, fields[i]))
            problem(problems, fields[i], "Forbidden: field is immutable when `immutable` is set");
}

static void check_claim(Problems *problems, const Value *old, const Value *object)
{
    static const char *const free_fields[] = {"resources", "volumeAttributesClassName",
                                              "volumeName", NULL};
    bool bound = str_is(field_string(old, "status.phase"), "Bound");

    if (others_differ(old, object, "spec", free_fields) ||
        (!bound && field_differs(old, object, "spec.resources")))
        problem(problems, "spec",
                "Forbidden: spec is immutable after creation except resources.requests and "
                "volumeAttributesClassName for bound claims");
}

static void check_volume(Problems *problems, const Value *old, const Value *object)
{
    static const char *const free_fields[] = {"accessModes",
                                              "capacity",
                                              "claimRef",
                                              "mountOptions",
                                              "nodeAffinity",
                                              "persistentVolumeReclaimPolicy",
                                              "storageClassName",
                                              "volumeAttributesClassName",
                                              NULL};

    if (others_differ(old, object, "spec", free_fields))
        problem(problems, "spec.persistentvolumesource",
                "Forbidden: spec.persistentvolumesource is immutable after creation");
}

/* Of a container only the image changes. */
static bool containers_differ(const Value *old, const Value *object, const char *path)
{
    static const char *const free_fields[] = {"image", NULL};
    ValueList before = field_list(old, path), after = field_list(object, path);

    if (before.len != after.len)
        return true;
    for (size_t i = 0; i < after.len; i++) {
        Value a = value_of_map(
            &(ValueMap){.entries = &(ValueEntry){STR("c"), before.items[i]}, .len = 1});
        Value b =
            value_of_map(&(ValueMap){.entries = &(ValueEntry){STR("c"), after.items[i]}, .len = 1});

        if (others_differ(&a, &b, "c", free_fields))
            return true;
    }
    return false;
}

static void check_pod(Problems *problems, const Value *old, const Value *object)
{
    static const char *const free_fields[] = {"containers",
                                              "initContainers",
                                              "activeDeadlineSeconds",
                                              "tolerations",
                                              "terminationGracePeriodSeconds",
                                              NULL};

    if (others_differ(old, object, "spec", free_fields) ||
        containers_differ(old, object, "spec.containers") ||
        containers_differ(old, object, "spec.initContainers"))
        problem(problems, "spec",
                "Forbidden: pod updates may not change fields other than "
                "`spec.containers[*].image`,`spec.initContainers[*].image`,"
                "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
                "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
                "was previously negative)");
}

static void check_priority_class(Problems *problems, const Value *old, const Value *object)
{
    if (field_differs(old, object, "value"))
        problem(problems, "value", "Forbidden: may not be changed in an update.");
}

static const struct {
    const char *group, *kind;
    void (*check)(Problems *problems, const Value *old, const Value *object);
} checks[] = {
    {"", "ConfigMap", check_contents},
    {"", "PersistentVolume", check_volume},
    {"", "PersistentVolumeClaim", check_claim},
    {"", "Pod", check_pod},
    {"", "Secret", check_contents},
    {"", "Service", check_service},
    {"apps", "StatefulSet", check_stateful_set},
    {"batch", "Job", check_job},
    {"scheduling.k8s.io", "PriorityClass", check_priority_class},
};

void validate_change(Problems *problems, const Kind *kind, const Value *old, const Value *object)
{
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (kind_is(kind, fixed[i].group, fixed[i].kind) &&
            field_differs(old, object, fixed[i].path))
            problem(problems, fixed[i].path, "Invalid value: %.*s: %s",
                    STR_ARG(shown(problems->arena, field_at(object, fixed[i].path))),
                    fixed[i].reason ? fixed[i].reason : "field is immutable");
    for (size_t i = 0; i < COUNT(checks); i++)
        if (kind_is(kind, checks[i].group, checks[i].kind))
            checks[i].check(problems, old, object);
}
