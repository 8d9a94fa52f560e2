/*
 * autoscaler.c - a horizontal pod autoscaler without measurements: it only keeps the number of
 * replicas within its bounds. Source: Kubernetes, pkg/controller/podautoscaler.
 */
#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/workload.h"

static Error *read_target(Pass *pass, const Kind **kind, Value *target)
{
    const Value *reference = field_at(&pass->object, "spec.scaleTargetRef");
    Error *err;

    *kind = kinds_of_group(pass->cluster->kinds, api_group(field_string(reference, "apiVersion")),
                           field_string(reference, "kind"));
    if (!*kind)
        return NULL;
    err = cluster_get(pass->cluster, pass->arena, *kind, pass->entry->namespace,
                      field_string(reference, "name"), target);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        *kind = NULL;
        error_free(err);
        return NULL;
    }
    return err;
}

static Error *scale(Pass *pass, const Kind *kind, Value target, int64_t replicas)
{
    Value new = value_of_map(value_map_shallow(pass->arena, target.map));

    field_set(pass->arena, &new, "spec",
              value_of_map(value_map_shallow(pass->arena, field_map(&target, "spec"))));
    field_set(pass->arena, &new, "metadata",
              value_of_map(value_map_shallow(pass->arena, field_map(&target, "metadata"))));
    field_set_int(pass->arena, &new, "spec.replicas", replicas);
    TRY(object_change(pass->cluster, pass->arena, kind, target, new, "kube-controller-manager",
                      "scale"));
    return note_event(pass, "Normal", "SuccessfulRescale", "horizontal-pod-autoscaler",
                      "New size: %lld; reason: Current number of replicas %s", (long long)replicas,
                      replicas > field_int(&target, "spec.replicas", 1) ? "below Spec.MinReplicas"
                                                                        : "above Spec.MaxReplicas");
}

Error *autoscaler_reconcile(Pass *pass)
{
    Arena *a = pass->arena;
    int64_t least = field_int(&pass->object, "spec.minReplicas", 1);
    int64_t most = field_int(&pass->object, "spec.maxReplicas", 1), now, want;
    ValueList list = field_list(&pass->object, "status.conditions");
    const Kind *kind;
    Value target, status;

    TRY(read_target(pass, &kind, &target));
    now = want = kind ? field_int(&target, "spec.replicas", 1) : 0;
    // a target that was scaled to nothing is left so
    if (now)
        want = want < least ? least : want > most ? most : want;
    if (kind && want != now)
        TRY(scale(pass, kind, target, want));
    list = conditions_with(pass, list,
                           &(ConditionNote){"AbleToScale", kind ? "True" : "False",
                                            kind ? "SucceededGetScale" : "FailedGetScale",
                                            kind ? STR("the HPA controller was able to get the "
                                                       "target's current scale")
                                                 : STR("the target was not found"),
                                            false},
                           false)
               .list;
    status = map_of(a, {"conditions", value_list(list.items, list.len)},
                    {"currentMetrics", value_null()},
                    {"currentReplicas", now ? value_number(now) : value_missing()},
                    {"desiredReplicas", value_number(want)});
    return status_put(pass, status);
}
