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

enum { WEBHOOKS = 2 }; /* at the end of the list, which helm 3's does not have */

/* The place of KIND among the first LEN of the list; LEN where it is not there. */
static size_t rank(Str kind, size_t len)
{
    size_t i = 0;

    while (i < len && !str_is(kind, install_order[i]))
        i++;
    return i;
}

/* Kinds that are not in the list come last, by name. */
static int compare_kinds(Str a, Str b, size_t len)
{
    size_t first = rank(a, len), second = rank(b, len);

    if (first == len && second == len)
        return str_compare(a, b);
    return (first > second) - (first < second);
}

int manifest_compare_kinds(Str a, Str b)
{
    return compare_kinds(a, b, COUNT(install_order));
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

static int compare_helm3(const void *left, const void *right)
{
    const Ranked *a = left, *b = right;
    int order = compare_kinds(a->manifest.kind, b->manifest.kind, COUNT(install_order) - WEBHOOKS);

    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static void sort(ManifestList *manifests, int (*order)(const void *left, const void *right))
{
    DEFER(arena_free) Arena scratch = {0};
    Ranked *ranked = arena_array(&scratch, Ranked, manifests->len);

    for (size_t i = 0; i < manifests->len; i++)
        ranked[i] = (Ranked){manifests->items[i], i};
    if (manifests->len)
        qsort(ranked, manifests->len, sizeof(*ranked), order);
    for (size_t i = 0; i < manifests->len; i++)
        manifests->items[i] = ranked[i].manifest;
}

void manifest_sort(ManifestList *manifests)
{
    sort(manifests, compare);
}

void manifest_sort_helm3(ManifestList *manifests)
{
    sort(manifests, compare_helm3);
}
