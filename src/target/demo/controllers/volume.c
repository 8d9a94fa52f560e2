/*
 * volume.c - volumes: free at first, and kept, or not, when their claim is gone; and what protects
 * them and claims as long as they are in use.
 */
#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/removal.h"

static Error *find_claim(Pass *pass, Entry **out)
{
    const Value *reference = field_at(&pass->object, "spec.claimRef");

    *out = NULL;
    if (!reference)
        return NULL;
    TRY(store_find(pass->cluster->store, kinds_built_in("", "PersistentVolumeClaim"),
                   field_string(reference, "namespace"), field_string(reference, "name"), out));
    if (!*out)
        return NULL;
    TRY(store_know(pass->cluster->store, *out));
    if (!str_equal((*out)->uid, field_string(reference, "uid")))
        *out = NULL;
    return NULL;
}

static Error *set_phase(Pass *pass, const char *phase)
{
    Arena *a = pass->arena;
    Value status = value_of_map(value_map_shallow(a, field_map(&pass->object, "status")));

    if (str_is(field_string(&status, "phase"), phase))
        return NULL;
    field_set_c(a, &status, "phase", phase);
    field_set(a, &status, "lastPhaseTransitionTime", cluster_stamp(pass->cluster, a));
    return status_put(pass, status);
}

Error *volume_reconcile(Pass *pass)
{
    bool leaving = field_string(&pass->object, "metadata.deletionTimestamp").len > 0;
    Entry *claim;

    TRY(find_claim(pass, &claim));
    if (leaving && !claim)
        return removal_release(pass->cluster, pass->arena, pass->entry, &pass->object,
                               "kubernetes.io/pv-protection");
    if (leaving || claim)
        return NULL;
    if (!field_at(&pass->object, "spec.claimRef"))
        return set_phase(pass, "Available");
    if (!str_is(field_string(&pass->object, "spec.persistentVolumeReclaimPolicy"), "Delete"))
        return set_phase(pass, "Released");
    return object_delete(pass->cluster, pass->arena, pass->entry, &(TargetDelete){0});
}

/* Whether a pod that is not over uses the pass's claim. */
static Error *is_used(Pass *pass, bool *out)
{
    EntryList pods;
    Value pod;

    *out = false;
    TRY(store_list(pass->cluster->store, pass->arena, kinds_built_in("", "Pod"),
                   pass->entry->namespace, &pods));
    for (size_t i = 0; i < pods.len && !*out; i++) {
        ValueList volumes;

        TRY(store_know(pass->cluster->store, pods.items[i]));
        if (pods.items[i]->pod.phase == 'S' || pods.items[i]->pod.phase == 'F')
            continue;
        TRY(store_read(pass->cluster->store, pass->arena, pods.items[i], &pod));
        volumes = field_list(&pod, "spec.volumes");
        for (size_t j = 0; j < volumes.len; j++)
            *out |= str_equal(field_string(&volumes.items[j], "persistentVolumeClaim.claimName"),
                              pass->entry->name);
    }
    return NULL;
}

Error *claim_release(Pass *pass)
{
    bool used;

    TRY(is_used(pass, &used));
    if (used) {
        pass->again_ms = pass->cluster->now_ms + 1000;
        return NULL;
    }
    return removal_release(pass->cluster, pass->arena, pass->entry, &pass->object,
                           "kubernetes.io/pvc-protection");
}
