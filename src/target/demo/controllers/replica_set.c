/*
 * replica_set.c - so many pods of one template. Source: Kubernetes, pkg/controller/replicaset.
 */
#include "base/field.h"
#include "target/demo/controllers/workload.h"

#include <stdlib.h>

enum { RETRY_MS = 15000 }; /* after a pod was not let in */

/* Which of two pods is missed less: not placed before placed, pending, not ready, young. */
static int compare_for_removal(const void *left, const void *right)
{
    const Entry *a = *(Entry *const *)left, *b = *(Entry *const *)right;

    if (a->pod.placed != b->pod.placed)
        return a->pod.placed - b->pod.placed;
    if (a->pod.phase != b->pod.phase)
        return (a->pod.phase == 'R') - (b->pod.phase == 'R');
    if (a->pod.ready != b->pod.ready)
        return a->pod.ready - b->pod.ready;
    if (a->pod.created_ms != b->pod.created_ms)
        return a->pod.created_ms < b->pod.created_ms ? 1 : -1;
    return str_compare(a->name, b->name);
}

static EntryList active_pods(Arena *a, const EntryList *pods)
{
    EntryList active = {0};

    for (size_t i = 0; i < pods->len; i++)
        if (pod_is_active(pods->items[i]))
            *vec_add(a, &active) = pods->items[i];
    return active;
}

static Error *add_pods(Pass *pass, int64_t count, Str *refused)
{
    const Value *template = field_at(&pass->object, "spec.template");

    for (int64_t i = 0; i < count && !refused->len; i++)
        TRY(pod_create(pass, template, new_name(pass, pass->entry->name), NULL, refused));
    return NULL;
}

static Error *remove_pods(Pass *pass, EntryList *active, int64_t count)
{
    qsort(active->items, active->len, sizeof(*active->items), compare_for_removal);
    for (int64_t i = 0; i < count; i++)
        TRY(pod_remove(pass, active->items[i]));
    return NULL;
}

static Error *put_status(Pass *pass, const PodCounts *counts, Str refused)
{
    Arena *a = pass->arena;
    ValueList conditions = field_list(&pass->object, "status.conditions");
    bool is_set = pass->entry->kind->group[0];
    Value all = conditions_without(a, conditions, "ReplicaFailure");

    if (refused.len)
        all = conditions_with(
            pass, conditions,
            &(ConditionNote){"ReplicaFailure", "True", "FailedCreate", refused, false}, false);
    return status_put(
        pass,
        map_of(a,
               {"availableReplicas",
                counts->available ? value_number(counts->available) : value_missing()},
               {"conditions", all.list.len ? all : value_missing()},
               {"fullyLabeledReplicas", counts->all ? value_number(counts->all) : value_missing()},
               {"observedGeneration",
                value_number(field_int(&pass->object, "metadata.generation", 0))},
               {"readyReplicas", counts->ready ? value_number(counts->ready) : value_missing()},
               {"replicas", value_number(counts->all)},
               {"terminatingReplicas", is_set ? value_number(0) : value_missing()}));
}

Error *replica_set_reconcile(Pass *pass)
{
    int64_t want = field_int(&pass->object, "spec.replicas", 1);
    int64_t min_ready_s = field_int(&pass->object, "spec.minReadySeconds", 0);
    EntryList pods, active;
    PodCounts counts;
    Str refused = STR("");

    TRY(owned_by(pass, "", "Pod", &pods));
    active = active_pods(pass->arena, &pods);
    if (want > (int64_t)active.len)
        TRY(add_pods(pass, want - (int64_t)active.len, &refused));
    else if (want < (int64_t)active.len)
        TRY(remove_pods(pass, &active, (int64_t)active.len - want));
    TRY(owned_by(pass, "", "Pod", &pods));
    counts = pods_count(pass->cluster, &pods, min_ready_s);
    pass->again_ms = counts.next_ms;
    if (refused.len && pass->cluster->now_ms + RETRY_MS < pass->again_ms)
        pass->again_ms = pass->cluster->now_ms + RETRY_MS;
    return put_status(pass, &counts, refused);
}
