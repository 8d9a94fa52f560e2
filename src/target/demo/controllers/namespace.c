/*
 * namespace.c - what each namespace has, and how one ends: with all that is in it.
 */
#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/removal.h"

static Error *ensure(Pass *pass, const char *kind, const char *name, const char *key,
                     const char *text)
{
    Arena *a = pass->arena;
    Value object = map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c(kind)},
                          {"metadata", map_of(a, {"name", value_c(name)},
                                              {"namespace", value_string(pass->entry->name)})},
                          {"data", key ? map_of(a, {key, value_c(text)}) : value_missing()});
    Entry *entry;

    TRY(store_find(pass->cluster->store, kinds_built_in("", kind), pass->entry->name,
                   str_from(name), &entry));
    return entry ? NULL : object_create(pass->cluster, a, kinds_built_in("", kind), &object);
}

/* Delete all that is in the namespace; *LEFT: something takes its time. */
static Error *empty(Pass *pass, bool *left)
{
    KindList kinds;

    TRY(store_kinds(pass->cluster->store, pass->arena, pass->entry->name, &kinds));
    for (size_t i = 0; i < kinds.len; i++) {
        EntryList entries;

        TRY(store_list(pass->cluster->store, pass->arena, kinds.items[i], pass->entry->name,
                       &entries));
        for (size_t j = 0; j < entries.len; j++) {
            TRY(store_know(pass->cluster->store, entries.items[j]));
            if (entries.items[j]->exists && !entries.items[j]->leaving)
                TRY(object_delete(pass->cluster, pass->arena, entries.items[j],
                                  &(TargetDelete){0}));
            *left |= entries.items[j]->exists;
        }
    }
    return NULL;
}

Error *namespace_reconcile(Pass *pass)
{
    bool left = false;

    if (!field_string(&pass->object, "metadata.deletionTimestamp").len) {
        TRY(ensure(pass, "ServiceAccount", "default", NULL, NULL));
        return ensure(pass, "ConfigMap", "kube-root-ca.crt", "ca.crt",
                      "-----BEGIN CERTIFICATE-----\nnone: this cluster is simulated\n"
                      "-----END CERTIFICATE-----\n");
    }
    TRY(empty(pass, &left));
    if (left) {
        pass->again_ms = pass->cluster->now_ms + 1000;
        return NULL;
    }
    TRY(events_remove(pass->cluster->events, pass->entry->name, STR("")));
    return cluster_drop(pass->cluster, pass->entry);
}
