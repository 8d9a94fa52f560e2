/*
 * order.c - the order in which kinds are installed.
 */
#include "manifest/manifest.h"

#include <stdlib.h>

static const char *const install_order[] = {
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
};

static size_t rank(Str kind)
{
    size_t i = 0;

    while (i < COUNT(install_order) && !str_is(kind, install_order[i]))
        i++;
    return i;
}

/* Kinds that are not in the list come last, by name. */
int manifest_compare_kinds(Str a, Str b)
{
    size_t first = rank(a), second = rank(b);

    if (first == COUNT(install_order) && second == COUNT(install_order))
        return str_compare(a, b);
    return (first > second) - (first < second);
}

/* qsort is not stable: what is equal stays in the order of its places in the list. */
typedef struct Ranked {
    Manifest manifest;
    size_t place;
} Ranked;

static int compare(const void *left, const void *right)
{
    const Ranked *a = left, *b = right;
    int order = manifest_compare_kinds(a->manifest.kind, b->manifest.kind);

    return order ? order : (a->place > b->place) - (a->place < b->place);
}

void manifest_sort(ManifestList *manifests)
{
    DEFER(arena_free) Arena scratch = {0};
    Ranked *ranked = arena_array(&scratch, Ranked, manifests->len);

    for (size_t i = 0; i < manifests->len; i++)
        ranked[i] = (Ranked){manifests->items[i], i};
    if (manifests->len)
        qsort(ranked, manifests->len, sizeof(*ranked), compare);
    for (size_t i = 0; i < manifests->len; i++)
        manifests->items[i] = ranked[i].manifest;
}
