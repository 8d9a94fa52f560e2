/*
 * claim.c - a volume for each claim: one that fits, or a new one of its storage class.
 */
#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/quantity.h"

static Str wanted_storage(const Value *claim)
{
    return value_map_string(field_map(claim, "spec.resources.requests"), "storage");
}

static Value claim_reference(Pass *pass)
{
    return map_of(pass->arena, {"apiVersion", value_c("v1")},
                  {"kind", value_c("PersistentVolumeClaim")},
                  {"name", value_string(pass->entry->name)},
                  {"namespace", value_string(pass->entry->namespace)},
                  {"uid", value_string(pass->entry->uid)});
}

static Error *put_volume(Pass *pass, Value volume, Value old)
{
    const Kind *kind = kinds_built_in("", "PersistentVolume");

    field_set_c(pass->arena, &volume, "status.phase", "Bound");
    if (value_type_of(old) == TYPE_MISSING)
        return cluster_put(pass->cluster, pass->arena, kind, volume);
    return object_change(pass->cluster, pass->arena, kind, old, volume, "kube-controller-manager",
                         "status");
}

static Error *provision(Pass *pass, const Value *class, Str *name)
{
    Arena *a = pass->arena;
    const Value *modes = field_at(&pass->object, "spec.accessModes");
    Value volume = map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("PersistentVolume")});
    Str uid = pass->entry->uid;

    *name = str_join(a, STR("pvc-"), uid);
    field_set(a, &volume, "metadata.name", value_string(*name));
    field_set(a, &volume, "spec.accessModes", modes ? *modes : value_list(NULL, 0));
    field_set(a, &volume, "spec.capacity",
              map_of(a, {"storage", value_string(wanted_storage(&pass->object))}));
    field_set(a, &volume, "spec.claimRef", claim_reference(pass));
    field_set(a, &volume, "spec.persistentVolumeReclaimPolicy",
              value_string(field_string(class, "reclaimPolicy")));
    field_set(a, &volume, "spec.storageClassName",
              value_string(field_string(&pass->object, "spec.storageClassName")));
    field_set(a, &volume, "spec.hostPath.path",
              value_string(str_join(a, STR("/var/lib/relfile-demo/"), *name)));
    TRY(object_create(pass->cluster, a, kinds_built_in("", "PersistentVolume"), &volume));
    return put_volume(pass, volume, value_missing());
}

/* Whether VOLUME is free, large enough, of the class, and may be used in all ways that are asked.
 */
static bool volume_fits(const Value *claim, const Value *volume)
{
    Str has = value_map_string(field_map(volume, "spec.capacity"), "storage");
    ValueList wanted = field_list(claim, "spec.accessModes");
    ValueList offered = field_list(volume, "spec.accessModes");
    Quantity q, least;

    if (!str_is(field_string(volume, "status.phase"), "Available") ||
        !str_equal(field_string(volume, "spec.storageClassName"),
                   field_string(claim, "spec.storageClassName")) ||
        !quantity_parse(has, &q) || !quantity_parse(wanted_storage(claim), &least) ||
        q.nanos < least.nanos)
        return false;
    for (size_t i = 0; i < wanted.len; i++) {
        bool found = false;

        for (size_t j = 0; j < offered.len; j++)
            found |= value_equal(wanted.items[i], offered.items[j]);
        if (!found)
            return false;
    }
    return true;
}

static Error *find_volume(Pass *pass, Str *name)
{
    EntryList volumes;
    Value volume, old;

    *name = STR("");
    TRY(store_list(pass->cluster->store, pass->arena, kinds_built_in("", "PersistentVolume"),
                   STR(""), &volumes));
    for (size_t i = 0; i < volumes.len && !name->len; i++) {
        TRY(store_read(pass->cluster->store, pass->arena, volumes.items[i], &volume));
        if (!volume_fits(&pass->object, &volume))
            continue;
        old = value_thaw(pass->arena, volume);
        *name = volumes.items[i]->name;
        field_set(pass->arena, &volume, "spec.claimRef", claim_reference(pass));
        TRY(put_volume(pass, volume, old));
    }
    return NULL;
}

static Error *bind(Pass *pass, Str volume)
{
    Arena *a = pass->arena;
    Value before = value_thaw(a, pass->object);
    const Value *modes = field_at(&before, "spec.accessModes");
    Value status =
        map_of(a, {"accessModes", modes ? *modes : value_list(NULL, 0)},
               {"capacity", map_of(a, {"storage", value_string(wanted_storage(&before))})},
               {"phase", value_c("Bound")});

    field_set(a, &pass->object, "spec",
              value_of_map(value_map_shallow(a, field_map(&pass->object, "spec"))));
    field_set(a, &pass->object, "spec.volumeName", value_string(volume));
    return status_change(pass, before, status);
}

/* A claim that grew has what it asked for. */
static Error *grow(Pass *pass)
{
    Arena *a = pass->arena;
    Str has = value_map_string(field_map(&pass->object, "status.capacity"), "storage");
    Value status;

    if (str_equal(has, wanted_storage(&pass->object)))
        return NULL;
    status = value_of_map(value_map_shallow(a, field_map(&pass->object, "status")));
    field_set(a, &status, "capacity",
              map_of(a, {"storage", value_string(wanted_storage(&pass->object))}));
    return status_put(pass, status);
}

Error *claim_reconcile(Pass *pass)
{
    Str class_name = field_string(&pass->object, "spec.storageClassName"), volume;
    Value class;
    Error *err;

    if (field_string(&pass->object, "metadata.deletionTimestamp").len)
        return claim_release(pass);
    if (str_is(field_string(&pass->object, "status.phase"), "Bound"))
        return grow(pass);
    TRY(find_volume(pass, &volume));
    if (volume.len)
        return bind(pass, volume);
    if (!class_name.len)
        return note_event(pass, "Normal", "FailedBinding", "persistentvolume-controller",
                          "no persistent volumes available for this claim and no storage class is "
                          "set");
    err = cluster_get(pass->cluster, pass->arena, kinds_built_in("storage.k8s.io", "StorageClass"),
                      STR(""), class_name, &class);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return note_event(pass, "Warning", "ProvisioningFailed", "persistentvolume-controller",
                          "storageclass.storage.k8s.io \"%.*s\" not found", STR_ARG(class_name));
    }
    TRY(err);
    TRY(provision(pass, &class, &volume));
    TRY(note_event(pass, "Normal", "ProvisioningSucceeded", "relfile.demo/provisioner",
                   "Successfully provisioned volume %.*s", STR_ARG(volume)));
    return bind(pass, volume);
}
