/*
 * budget.c - how many pods of a disruption budget may be missed. Source: Kubernetes,
 * pkg/controller/disruption.
 */
#include "base/field.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/selector.h"

Error *budget_reconcile(Pass *pass)
{
    Arena *a = pass->arena;
    const Value *most = field_at(&pass->object, "spec.maxUnavailable");
    ValueList list = field_list(&pass->object, "status.conditions");
    int64_t expected = 0, healthy = 0, desired, allowed;
    EntryList pods;

    TRY(store_list(pass->cluster->store, a, kinds_built_in("", "Pod"), pass->entry->namespace,
                   &pods));
    for (size_t i = 0; i < pods.len; i++) {
        TRY(store_know(pass->cluster->store, pods.items[i]));
        if (!pod_is_active(pods.items[i]) ||
            !selector_matches(&pass->entry->selector, &pods.items[i]->labels))
            continue;
        expected++;
        healthy += pods.items[i]->pod.ready;
    }
    desired = most ? expected - share_of(most, expected, true)
                   : share_of(field_at(&pass->object, "spec.minAvailable"), expected, true);
    desired = desired < 0 ? 0 : desired;
    allowed = healthy > desired ? healthy - desired : 0;
    list = conditions_with(pass, list,
                           &(ConditionNote){"DisruptionAllowed", allowed ? "True" : "False",
                                            allowed ? "SufficientPods" : "InsufficientPods",
                                            STR(""), false},
                           false)
               .list;
    return status_put(pass,
                      map_of(a, {"conditions", value_list(list.items, list.len)},
                             {"currentHealthy", value_number(healthy)},
                             {"desiredHealthy", value_number(desired)},
                             {"disruptionsAllowed", value_number(allowed)},
                             {"expectedPods", value_number(expected)},
                             {"observedGeneration",
                              value_number(field_int(&pass->object, "metadata.generation", 0))}));
}
