/*
 * quota_status.c - how much of a quota is used.
 */
#include "base/field.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/quota.h"

Error *quota_reconcile(Pass *pass)
{
    Arena *a = pass->arena;
    const ValueMap *hard = field_map(&pass->object, "spec.hard");
    ValueMap *used = value_map_new(a);
    KindList kinds;
    Quantity q;

    TRY(store_kinds(pass->cluster->store, a, pass->entry->namespace, &kinds));
    for (size_t i = 0; hard && i < hard->len; i++) {
        Str resource = hard->entries[i].key, limit = hard->entries[i].value.string;

        if (!quantity_parse(limit, &q))
            continue;
        TRY(quota_usage(pass->cluster, a, pass->entry->namespace, resource, &kinds, &q.nanos));
        value_map_set(a, used, resource, value_string(quantity_text(a, q)));
    }
    if (!hard)
        return NULL;
    return status_put(pass, map_of(a, {"hard", *field_at(&pass->object, "spec.hard")},
                                   {"used", value_of_map(used)}));
}
