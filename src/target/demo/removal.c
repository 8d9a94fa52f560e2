#include "target/demo/removal.h"

#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/stamp.h"

static const char foreground[] = "foregroundDeletion";

static bool owns_nothing(const Kind *kind)
{
    return kind_is(kind, "", "Pod") || kind_is(kind, "", "ConfigMap") ||
           kind_is(kind, "", "Secret") || kind_is(kind, "discovery.k8s.io", "EndpointSlice");
}

static Error *add_owned(Cluster *c, Arena *a, Str namespace, Str uid, EntryList *out)
{
    KindList kinds = {0};
    EntryList owned = {0};

    TRY(store_kinds(c->store, a, namespace, &kinds));
    for (size_t i = 0; i < kinds.len; i++) {
        TRY(store_owned(c->store, a, kinds.items[i], namespace, uid, &owned));
        for (size_t j = 0; j < owned.len; j++)
            *vec_add(a, out) = owned.items[j];
    }
    return NULL;
}

/*
 * What is in a namespace owns only what is in it, too. What is in none may own anything; but of
 * Kubernetes' own kinds no such object does, and looking through all namespaces takes long.
 */
Error *removal_dependents(Cluster *c, Arena *a, const Kind *kind, Str namespace, Str uid,
                          EntryList *out)
{
    EntryList namespaces = {0};

    *out = (EntryList){0};
    if (owns_nothing(kind) || !uid.len)
        return NULL;
    TRY(add_owned(c, a, namespace, uid, out));
    if (kind->flags & KIND_NAMESPACED || kind->type)
        return NULL;
    TRY(store_list(c->store, a, kinds_built_in("", "Namespace"), STR(""), &namespaces));
    for (size_t i = 0; i < namespaces.len; i++)
        TRY(add_owned(c, a, namespaces.items[i]->name, uid, out));
    return NULL;
}

static Error *owner_exists(Cluster *c, const Value *object, const Value *reference, bool *out)
{
    const Kind *kind = kinds_of_group(c->kinds, api_group(field_string(reference, "apiVersion")),
                                      field_string(reference, "kind"));
    Entry *entry = NULL;

    *out = false;
    if (!kind)
        return NULL;
    TRY(store_find(c->store, kind,
                   kind->flags & KIND_NAMESPACED ? field_string(object, "metadata.namespace")
                                                 : STR(""),
                   field_string(reference, "name"), &entry));
    if (!entry)
        return NULL;
    TRY(store_know(c->store, entry));
    *out = str_equal(entry->uid, field_string(reference, "uid"));
    return NULL;
}

Error *removal_is_orphaned(Cluster *c, const Value *object, bool *out)
{
    ValueList owners = field_list(object, "metadata.ownerReferences");
    bool exists = false;

    for (size_t i = 0; i < owners.len && !exists; i++)
        TRY(owner_exists(c, object, &owners.items[i], &exists));
    *out = owners.len && !exists;
    return NULL;
}

/* Whoever has finalizers stays, marked, until they are gone. */
static Error *mark(Cluster *c, Arena *a, Entry *entry, Value *object, int64_t grace_s)
{
    if (field_string(object, "metadata.deletionTimestamp").len)
        return NULL;
    field_set(a, object, "metadata.deletionTimestamp", stamp_value(a, c->now_ms + grace_s * 1000));
    field_set_int(a, object, "metadata.deletionGracePeriodSeconds", grace_s);
    if (entry->kind->flags & KIND_GENERATION)
        field_set_int(a, object, "metadata.generation",
                      field_int(object, "metadata.generation", 0) + 1);
    return cluster_put(c, a, entry->kind, *object);
}

static void add_finalizer(Arena *a, Value *object, const char *name)
{
    field_set(a, object, "metadata.finalizers",
              list_with(a, field_list(object, "metadata.finalizers"), value_c(name)));
}

static bool has_finalizer(const Value *object, const char *name)
{
    ValueList finalizers = field_list(object, "metadata.finalizers");

    for (size_t i = 0; i < finalizers.len; i++)
        if (value_is_string(finalizers.items[i], name))
            return true;
    return false;
}

static void remove_finalizer(Arena *a, Value *object, const char *name)
{
    ValueList finalizers = field_list(object, "metadata.finalizers"), left = {0};

    left.items = arena_array(a, Value, finalizers.len);
    for (size_t i = 0; i < finalizers.len; i++)
        if (!value_is_string(finalizers.items[i], name))
            left.items[left.len++] = finalizers.items[i];
    if (left.len)
        field_set(a, object, "metadata.finalizers", value_list(left.items, left.len));
    else
        field_remove(object, "metadata.finalizers");
}

static Error *delete_namespace(Cluster *c, Arena *a, Entry *entry, Value *object)
{
    static const char *const kept[] = {"default", "kube-system", "kube-public"};

    for (size_t i = 0; i < COUNT(kept); i++)
        if (str_is(entry->name, kept[i]))
            return error_new(ERROR_DENIED,
                             "namespaces \"%.*s\" is forbidden: this namespace may not be deleted",
                             STR_ARG(entry->name));
    if (entry->leaving)
        return NULL;
    field_set_c(a, object, "status.phase", "Terminating");
    return mark(c, a, entry, object, 0);
}

static Error *delete_pod(Cluster *c, Arena *a, Entry *entry, Value *object)
{
    Str phase = field_string(object, "status.phase");

    // what no node has begun with, or is done with, needs no time to end
    if (!field_string(object, "spec.nodeName").len || str_is(phase, "Succeeded") ||
        str_is(phase, "Failed"))
        return cluster_drop(c, entry);
    return mark(c, a, entry, object, field_int(object, "spec.terminationGracePeriodSeconds", 30));
}

static Error *forget_owner(Cluster *c, Arena *a, Entry *entry, Str uid)
{
    ValueList owners, left = {0};
    Value object;

    TRY(store_read(c->store, a, entry, &object));
    owners = field_list(&object, "metadata.ownerReferences");
    left.items = arena_array(a, Value, owners.len);
    for (size_t i = 0; i < owners.len; i++)
        if (!str_equal(field_string(&owners.items[i], "uid"), uid))
            left.items[left.len++] = owners.items[i];
    if (left.len)
        field_set(a, &object, "metadata.ownerReferences", value_list(left.items, left.len));
    else
        field_remove(&object, "metadata.ownerReferences");
    return cluster_put(c, a, entry->kind, object);
}

static Error *orphan(Cluster *c, Arena *a, Entry *entry)
{
    EntryList dependents;
    Str uid;

    TRY(store_know(c->store, entry));
    uid = str_copy(a, entry->uid);
    TRY(removal_dependents(c, a, entry->kind, entry->namespace, uid, &dependents));
    for (size_t i = 0; i < dependents.len; i++)
        TRY(forget_owner(c, a, dependents.items[i], uid));
    return NULL;
}

Error *object_delete(Cluster *c, Arena *a, Entry *entry, const TargetDelete *how)
{
    EntryList dependents = {0};
    Value object;

    TRY(store_read(c->store, a, entry, &object));
    TRY(store_know(c->store, entry));
    if (kind_is(entry->kind, "", "Namespace"))
        return delete_namespace(c, a, entry, &object);
    if (kind_is(entry->kind, "", "Pod"))
        return delete_pod(c, a, entry, &object);
    if (kind_is(entry->kind, "apiextensions.k8s.io", "CustomResourceDefinition") && !entry->leaving)
        add_finalizer(a, &object, DEFINITION_FINALIZER);
    if (how->orphans)
        TRY(orphan(c, a, entry));
    if (how->foreground && !entry->leaving)
        TRY(removal_dependents(c, a, entry->kind, entry->namespace, entry->uid, &dependents));
    if (dependents.len)
        add_finalizer(a, &object, foreground);
    if (field_list(&object, "metadata.finalizers").len)
        return mark(c, a, entry, &object, 0);
    return cluster_drop(c, entry);
}

Error *removal_release(Cluster *c, Arena *a, Entry *entry, Value *object, const char *finalizer)
{
    remove_finalizer(a, object, finalizer);
    if (!field_list(object, "metadata.finalizers").len)
        return cluster_drop(c, entry);
    return cluster_put(c, a, entry->kind, *object);
}

Error *removal_reconcile(Cluster *c, Arena *a, Entry *entry, Value *object)
{
    EntryList dependents;

    if (!has_finalizer(object, foreground))
        return NULL;
    TRY(removal_dependents(c, a, entry->kind, entry->namespace, entry->uid, &dependents));
    if (!dependents.len)
        return removal_release(c, a, entry, object, foreground);
    for (size_t i = 0; i < dependents.len; i++) {
        TRY(store_know(c->store, dependents.items[i]));
        if (!dependents.items[i]->leaving)
            TRY(object_delete(c, a, dependents.items[i], &(TargetDelete){.foreground = true}));
    }
    return NULL;
}
