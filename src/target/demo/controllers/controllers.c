#include "target/demo/controllers/controllers.h"

#include "base/field.h"
#include "target/demo/removal.h"
#include "target/demo/selector.h"

static const struct {
    const char *group, *kind;
    Controller *controller;
} controllers[] = {
    {"", "Namespace", namespace_reconcile},
    {"", "PersistentVolume", volume_reconcile},
    {"", "PersistentVolumeClaim", claim_reconcile},
    {"", "Pod", pod_reconcile},
    {"", "ReplicationController", replica_set_reconcile},
    {"", "ResourceQuota", quota_reconcile},
    {"", "Service", service_reconcile},
    {"apiextensions.k8s.io", "CustomResourceDefinition", definition_reconcile},
    {"apps", "DaemonSet", daemon_set_reconcile},
    {"apps", "Deployment", deployment_reconcile},
    {"apps", "ReplicaSet", replica_set_reconcile},
    {"apps", "StatefulSet", stateful_set_reconcile},
    {"autoscaling", "HorizontalPodAutoscaler", autoscaler_reconcile},
    {"batch", "Job", job_reconcile},
    {"policy", "PodDisruptionBudget", budget_reconcile},
};

static Controller *controller_of(const Kind *kind)
{
    for (size_t i = 0; i < COUNT(controllers); i++)
        if (kind_is(kind, controllers[i].group, controllers[i].kind))
            return controllers[i].controller;
    return NULL;
}

/* Those that go in a way of their own. */
static bool ends_itself(const Kind *kind)
{
    return kind_is(kind, "", "Pod") || kind_is(kind, "", "Namespace") ||
           kind_is(kind, "", "PersistentVolume") || kind_is(kind, "", "PersistentVolumeClaim") ||
           kind_is(kind, "apiextensions.k8s.io", "CustomResourceDefinition");
}

static Error *reconcile(Pass *pass)
{
    Controller *controller = controller_of(pass->entry->kind);
    bool leaving = field_string(&pass->object, "metadata.deletionTimestamp").len > 0;
    bool orphaned;

    TRY(removal_is_orphaned(pass->cluster, &pass->object, &orphaned));
    if (orphaned && !leaving)
        return object_delete(pass->cluster, pass->arena, pass->entry, &(TargetDelete){0});
    if (leaving && !ends_itself(pass->entry->kind))
        return removal_reconcile(pass->cluster, pass->arena, pass->entry, &pass->object);
    return controller ? controller(pass) : NULL;
}

/*
 * The pass's object, and what its entry knows of it: controllers ask that for its uid. A file that
 * somebody has broken by hand is told when it is asked for; here it does not matter.
 */
static Error *read_object(Pass *pass, bool *readable)
{
    Error *err = store_know(pass->cluster->store, pass->entry);

    if (!err)
        err = store_read(pass->cluster->store, pass->arena, pass->entry, &pass->object);

    *readable = !err;
    if (!err || (error_kind_of(err) != ERROR_INPUT && error_kind_of(err) != ERROR_NOT_FOUND))
        return err;
    error_free(err);
    return NULL;
}

Error *controllers_reconcile(Cluster *c, Arena *a, Entry *entry)
{
    Pass pass = {.cluster = c, .arena = a, .entry = entry, .again_ms = INT64_MAX};
    bool readable, was_leaving;
    Error *err;

    if (!entry->exists)
        return NULL;
    TRY(read_object(&pass, &readable));
    if (!readable)
        return NULL;
    was_leaving = field_string(&pass.object, "metadata.deletionTimestamp").len > 0;
    c->current = entry;
    err = reconcile(&pass);
    c->current = NULL;
    // one that was asked to go only now has still to do so
    if (entry->exists && entry->leaving && !was_leaving)
        pass.again_ms = c->now_ms + REACTION_MS;
    if (!err && entry->exists && pass.again_ms != INT64_MAX)
        cluster_look(c, entry, pass.again_ms > c->now_ms ? pass.again_ms : c->now_ms + 1);
    return err;
}

static void look_soon(Cluster *c, Entry *entry)
{
    if (entry != c->current)
        cluster_look(c, entry, c->now_ms + REACTION_MS);
}

static Error *look_at_all(Cluster *c, const char *group, const char *kind, Str namespace)
{
    DEFER(arena_free) Arena scratch = {0};
    EntryList entries = {0};

    TRY(store_list(c->store, &scratch, kinds_built_in(group, kind), namespace, &entries));
    for (size_t i = 0; i < entries.len; i++)
        look_soon(c, entries.items[i]);
    return NULL;
}

static Error *look_at_owners(Cluster *c, const Value *object)
{
    ValueList owners = field_list(object, "metadata.ownerReferences");

    for (size_t i = 0; i < owners.len; i++) {
        const Kind *kind =
            kinds_of_group(c->kinds, api_group(field_string(&owners.items[i], "apiVersion")),
                           field_string(&owners.items[i], "kind"));
        Entry *entry = NULL;

        if (kind)
            TRY(store_find(c->store, kind,
                           kind->flags & KIND_NAMESPACED
                               ? field_string(object, "metadata.namespace")
                               : STR(""),
                           field_string(&owners.items[i], "name"), &entry));
        if (entry)
            look_soon(c, entry);
    }
    return NULL;
}

/* Services and budgets that mean a pod with LABELS. */
static Error *look_at_selectors(Cluster *c, Str namespace, const Value *labels)
{
    DEFER(arena_free) Arena scratch = {0};
    EntryList entries = {0};

    TRY(store_list(c->store, &scratch, kinds_built_in("", "Service"), namespace, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        TRY(store_know(c->store, entries.items[i]));
        if (labels_include(&entries.items[i]->selector, labels))
            look_soon(c, entries.items[i]);
    }
    TRY(store_list(c->store, &scratch, kinds_built_in("policy", "PodDisruptionBudget"), namespace,
                   &entries));
    for (size_t i = 0; i < entries.len; i++) {
        TRY(store_know(c->store, entries.items[i]));
        if (selector_matches(&entries.items[i]->selector, labels))
            look_soon(c, entries.items[i]);
    }
    return NULL;
}

/* Pods that may have waited for what is there now. */
static Error *look_at_waiting_pods(Cluster *c, Str namespace)
{
    DEFER(arena_free) Arena scratch = {0};
    EntryList entries = {0};

    TRY(store_list(c->store, &scratch, kinds_built_in("", "Pod"), namespace, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        TRY(store_know(c->store, entries.items[i]));
        if (entries.items[i]->pod.phase == 'P')
            look_soon(c, entries.items[i]);
    }
    return NULL;
}

static bool is_waited_for(const Kind *kind)
{
    return kind_is(kind, "", "ConfigMap") || kind_is(kind, "", "Secret") ||
           kind_is(kind, "", "PersistentVolumeClaim");
}

static bool is_scaled(const Kind *kind)
{
    return kind_is(kind, "apps", "Deployment") || kind_is(kind, "apps", "StatefulSet") ||
           kind_is(kind, "apps", "ReplicaSet");
}

/* Those who look at the object from elsewhere. */
static Error *look_around(Cluster *c, const Entry *entry, const Value *object)
{
    TRY(look_at_owners(c, object));
    if (kind_is(entry->kind, "", "Pod"))
        TRY(look_at_selectors(c, entry->namespace, field_at(object, "metadata.labels")));
    if (is_waited_for(entry->kind))
        TRY(look_at_waiting_pods(c, entry->namespace));
    if (is_scaled(entry->kind))
        TRY(look_at_all(c, "autoscaling", "HorizontalPodAutoscaler", entry->namespace));
    if (kind_is(entry->kind, "", "PersistentVolume") ||
        kind_is(entry->kind, "storage.k8s.io", "StorageClass"))
        TRY(look_at_all(c, "", "PersistentVolumeClaim", STR("")));
    if (entry->namespace.len && !kind_is(entry->kind, "", "ResourceQuota"))
        TRY(look_at_all(c, "", "ResourceQuota", entry->namespace));
    return NULL;
}

Error *controllers_changed(Cluster *c, Entry *entry, const Value *object)
{
    if (controller_of(entry->kind) || entry->owner_count ||
        field_string(object, "metadata.deletionTimestamp").len)
        look_soon(c, entry);
    return look_around(c, entry, object);
}

/* The volume of a claim. */
static Error *look_at_volume(Cluster *c, const Value *claim)
{
    Entry *volume;

    TRY(store_find(c->store, kinds_built_in("", "PersistentVolume"), STR(""),
                   field_string(claim, "spec.volumeName"), &volume));
    if (volume)
        look_soon(c, volume);
    return NULL;
}

/* Who waits for the end of an object: its namespace, or its kind's definition, if they are to go.
 */
static Error *look_at_holders(Cluster *c, Arena *a, const Entry *entry)
{
    Entry *holder = NULL;

    if (entry->namespace.len)
        TRY(store_find(c->store, kinds_built_in("", "Namespace"), STR(""), entry->namespace,
                       &holder));
    if (holder) {
        TRY(store_know(c->store, holder));
        if (holder->leaving)
            look_soon(c, holder);
    }
    if (entry->kind->type)
        return NULL;
    TRY(store_find(c->store, kinds_built_in("apiextensions.k8s.io", "CustomResourceDefinition"),
                   STR(""), kind_resource(a, entry->kind), &holder));
    if (holder)
        look_soon(c, holder);
    return NULL;
}

Error *controllers_gone(Cluster *c, Entry *entry, const Value *object)
{
    DEFER(arena_free) Arena scratch = {0};
    EntryList dependents;

    TRY(look_around(c, entry, object));
    TRY(look_at_holders(c, &scratch, entry));
    if (kind_is(entry->kind, "", "PersistentVolumeClaim"))
        TRY(look_at_volume(c, object));
    TRY(removal_dependents(c, &scratch, entry->kind, entry->namespace,
                           field_string(object, "metadata.uid"), &dependents));
    for (size_t i = 0; i < dependents.len; i++)
        look_soon(c, dependents.items[i]);
    return NULL;
}
