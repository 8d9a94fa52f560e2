/*
 * deployment_status.c - what a deployment's status says. Source: Kubernetes,
 * pkg/controller/deployment/progress.go and sync.go.
 */
#include "base/field.h"
#include "target/demo/controllers/deployment.h"
#include "target/demo/stamp.h"

typedef struct Totals {
    int64_t replicas, updated, ready, available;
} Totals;

static Totals count(const Rollout *r)
{
    Totals t = {0};

    for (size_t i = 0; i < r->sets.len; i++) {
        const Value *set = &r->sets.items[i].object;

        t.replicas += field_int(set, "status.replicas", 0);
        t.ready += field_int(set, "status.readyReplicas", 0);
        t.available += field_int(set, "status.availableReplicas", 0);
    }
    t.updated = r->current ? field_int(&r->current->object, "status.replicas", 0) : 0;
    return t;
}

static bool is_complete(const Rollout *r, const Totals *t)
{
    return r->current && t->updated == r->replicas && t->replicas == r->replicas &&
           t->available == r->replicas;
}

/* Whether more is as it should be than when the status was last written. */
static bool has_progressed(const Rollout *r, const Totals *t)
{
    const Value *d = &r->pass->object;
    int64_t updated = field_int(d, "status.updatedReplicas", 0);
    int64_t old = field_int(d, "status.replicas", 0) - updated;

    return t->updated > updated || t->replicas - t->updated < old ||
           t->ready > field_int(d, "status.readyReplicas", 0) ||
           t->available > field_int(d, "status.availableReplicas", 0);
}

static Str about(const Rollout *r, const char *what)
{
    Arena *a = r->pass->arena;

    if (!r->current)
        return str_format(a, "Deployment \"%.*s\" %s", STR_ARG(r->pass->entry->name), what);
    return str_format(a, "ReplicaSet \"%.*s\" %s", STR_ARG(r->current->entry->name), what);
}

static Value progressing(const Rollout *r, ValueList list, const char *status, const char *reason,
                         Str message, bool touched)
{
    return conditions_with(r->pass, list,
                           &(ConditionNote){"Progressing", status, reason, message, true}, touched);
}

static ValueList created(const Rollout *r, ValueList list)
{
    Str message = str_format(r->pass->arena, "Created new replica set \"%.*s\"",
                             STR_ARG(r->current->entry->name));

    return progressing(r, list, "True", "NewReplicaSetCreated", message, true).list;
}

/*
 * The condition Progressing, and when the deadline for the next step is: the deployment is looked
 * at then, too.
 */
static ValueList tell_progress(Rollout *r, const Totals *t, ValueList list)
{
    static const char complete[] = "NewReplicaSetAvailable", late[] = "ProgressDeadlineExceeded";
    int64_t deadline_s = field_int(&r->pass->object, "spec.progressDeadlineSeconds", INT32_MAX);
    const Value *condition;
    int64_t due_ms;

    if (deadline_s == INT32_MAX)
        return conditions_without(r->pass->arena, list, "Progressing").list;
    if (r->created)
        list = created(r, list);
    condition = list_find(list, "type", "Progressing");
    if (r->is_complete) {
        bool known = str_is(field_string(condition, "reason"), complete);

        return known ? list
                     : progressing(r, list, "True", complete,
                                   about(r, "has successfully progressed."), true)
                           .list;
    }
    if (!condition || has_progressed(r, t) || str_is(field_string(condition, "reason"), complete)) {
        list = progressing(r, list, "True", "ReplicaSetUpdated", about(r, "is progressing."), true)
                   .list;
        condition = list_find(list, "type", "Progressing");
    }
    due_ms = stamp_ms(field_string(condition, "lastUpdateTime"), r->pass->cluster->now_ms) +
             deadline_s * 1000;
    if (str_is(field_string(condition, "reason"), late))
        return list;
    if (due_ms <= r->pass->cluster->now_ms)
        return progressing(r, list, "False", late, about(r, "has timed out progressing."), true)
            .list;
    if (due_ms < r->pass->again_ms)
        r->pass->again_ms = due_ms;
    return list;
}

static ValueList tell_available(const Rollout *r, const Totals *t, ValueList list)
{
    bool enough = t->available >= r->replicas - r->most_unavailable;
    ConditionNote note = {"Available", enough ? "True" : "False",
                          enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                          enough ? STR("Deployment has minimum availability.")
                                 : STR("Deployment does not have minimum availability."),
                          true};

    return conditions_with(r->pass, list, &note, false).list;
}

/* What keeps the current set from having its pods. */
static ValueList tell_failure(const Rollout *r, ValueList list)
{
    const Value *failure = r->current
                               ? list_find(field_list(&r->current->object, "status.conditions"),
                                           "type", "ReplicaFailure")
                               : NULL;

    if (!failure)
        return conditions_without(r->pass->arena, list, "ReplicaFailure").list;
    return conditions_with(r->pass, list,
                           &(ConditionNote){"ReplicaFailure", "True", "FailedCreate",
                                            field_string(failure, "message"), true},
                           false)
        .list;
}

static Value number_or_none(int64_t n)
{
    return n ? value_number(n) : value_missing();
}

/* The deployment's own revision is that of its current set. */
static void take_revision(const Rollout *r)
{
    static const char key[] = "deployment.kubernetes.io/revision";
    Arena *a = r->pass->arena;
    Value *d = &r->pass->object;
    Str revision = r->current ? object_annotation(&r->current->object, key) : STR("");
    ValueMap *annotations;

    if (!revision.len || str_equal(revision, object_annotation(d, key)))
        return;
    annotations = value_map_shallow(a, field_map(d, "metadata.annotations"));
    value_map_set_c(a, annotations, key, value_string(revision));
    field_set(a, d, "metadata.annotations", value_of_map(annotations));
}

Error *rollout_status(Rollout *r)
{
    Arena *a = r->pass->arena;
    Value before = value_thaw(a, r->pass->object);
    Totals t = count(r);
    ValueList list = field_list(&before, "status.conditions");
    Value status;

    r->is_complete = is_complete(r, &t);
    list = tell_available(r, &t, list);
    list = tell_progress(r, &t, list);
    list = tell_failure(r, list);
    take_revision(r);
    status =
        map_of(a, {"availableReplicas", number_or_none(t.available)},
               {"conditions", value_list(list.items, list.len)},
               {"observedGeneration", value_number(field_int(&before, "metadata.generation", 0))},
               {"readyReplicas", number_or_none(t.ready)}, {"replicas", number_or_none(t.replicas)},
               {"terminatingReplicas", value_number(0)},
               {"unavailableReplicas",
                number_or_none(pods_in(r) > t.available ? pods_in(r) - t.available : 0)},
               {"updatedReplicas", number_or_none(t.updated)});
    return status_change(r->pass, before, status);
}
