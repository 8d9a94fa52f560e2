/*
 * daemon_set.c - a pod on each node that fits. Source: Kubernetes, pkg/controller/daemon.
 */
#include "base/field.h"
#include "target/demo/controllers/revisions.h"
#include "target/demo/controllers/scheduler.h"

static const char hash_label[] = "controller-revision-hash";

/* A node that should have a pod. */
typedef struct DaemonNode {
    Str name;
    Entry *pod; /* NULL: none yet */
} DaemonNode;

typedef struct DaemonSet {
    Pass *pass;
    VEC(DaemonNode) nodes;
    EntryList pods;
    Str hash;
    int64_t min_ready_s;
    Str refused;
} DaemonSet;

static Error *read_nodes(DaemonSet *d)
{
    const Value *spec = field_at(&d->pass->object, "spec.template.spec");
    EntryList nodes;
    Value node;

    TRY(store_list(d->pass->cluster->store, d->pass->arena, kinds_built_in("", "Node"), STR(""),
                   &nodes));
    for (size_t i = 0; i < nodes.len; i++) {
        TRY(store_read(d->pass->cluster->store, d->pass->arena, nodes.items[i], &node));
        if (scheduler_fits(spec, &node))
            *vec_add(d->pass->arena, &d->nodes) = (DaemonNode){.name = nodes.items[i]->name};
    }
    return NULL;
}

static Error *match_pods(DaemonSet *d)
{
    Value pod;

    for (size_t i = 0; i < d->pods.len; i++) {
        Str name;

        TRY(store_read(d->pass->cluster->store, d->pass->arena, d->pods.items[i], &pod));
        name = field_string(&pod, "spec.nodeName");
        for (size_t j = 0; j < d->nodes.len; j++)
            if (str_equal(d->nodes.items[j].name, name))
                d->nodes.items[j].pod = d->pods.items[i];
    }
    return NULL;
}

static Error *create_pod(DaemonSet *d, Str node)
{
    Arena *a = d->pass->arena;
    const Value *own = field_at(&d->pass->object, "spec.template");
    Value template = own ? value_thaw(a, *own) : value_of_map(value_map_new(a));
    Value labels = map_of(a, {hash_label, value_string(d->hash)});

    field_set(a, &template, "spec.nodeName", value_string(node));
    return pod_create(d->pass, &template, new_name(d->pass, d->pass->entry->name), labels.map,
                      &d->refused);
}

static bool is_new(const DaemonSet *d, const Entry *pod)
{
    return str_equal(pod_label(pod, hash_label), d->hash);
}

static bool is_available(const DaemonSet *d, const Entry *pod)
{
    return pod && pod_is_active(pod) && pod->pod.ready &&
           pod->pod.ready_ms + d->min_ready_s * 1000 <= d->pass->cluster->now_ms;
}

static Error *fill(DaemonSet *d)
{
    for (size_t i = 0; i < d->nodes.len && !d->refused.len; i++) {
        Entry *pod = d->nodes.items[i].pod;

        if (!pod)
            TRY(create_pod(d, d->nodes.items[i].name));
        else if (!pod->leaving && (pod->pod.phase == 'F' || pod->pod.phase == 'S'))
            TRY(pod_remove(d->pass, pod));
    }
    return NULL;
}

/* Pods of old templates go, as many at a time as may be missing; broken ones first. */
static Error *update(DaemonSet *d)
{
    const Value *object = &d->pass->object;
    int64_t room = share_of(field_at(object, "spec.updateStrategy.rollingUpdate.maxUnavailable"),
                            (int64_t)d->nodes.len, true);

    if (str_is(field_string(object, "spec.updateStrategy.type"), "OnDelete"))
        return NULL;
    room = room < 1 ? 1 : room;
    for (size_t i = 0; i < d->nodes.len; i++) {
        Entry *pod = d->nodes.items[i].pod;
        bool available = is_available(d, pod);

        if (pod && !available && !pod->leaving && !is_new(d, pod))
            TRY(pod_remove(d->pass, pod));
        room -= !available;
    }
    for (size_t i = 0; i < d->nodes.len && room > 0; i++) {
        Entry *pod = d->nodes.items[i].pod;

        if (!pod || pod->leaving || is_new(d, pod) || !is_available(d, pod))
            continue;
        TRY(pod_remove(d->pass, pod));
        room--;
    }
    return NULL;
}

static Value number_or_none(int64_t n)
{
    return n ? value_number(n) : value_missing();
}

static Error *put_status(DaemonSet *d)
{
    Arena *a = d->pass->arena;
    PodCounts counts = pods_count(d->pass->cluster, &d->pods, d->min_ready_s);
    int64_t wanted = (int64_t)d->nodes.len, updated = 0, scheduled = 0;

    for (size_t i = 0; i < d->pods.len; i++) {
        scheduled += pod_is_active(d->pods.items[i]);
        updated += pod_is_active(d->pods.items[i]) && is_new(d, d->pods.items[i]);
    }
    if (counts.next_ms < d->pass->again_ms)
        d->pass->again_ms = counts.next_ms;
    return status_put(d->pass,
                      map_of(a, {"currentNumberScheduled", value_number(scheduled)},
                             {"desiredNumberScheduled", value_number(wanted)},
                             {"numberAvailable", number_or_none(counts.available)},
                             {"numberMisscheduled", value_number(0)},
                             {"numberReady", value_number(counts.ready)},
                             {"numberUnavailable", number_or_none(wanted - counts.available)},
                             {"observedGeneration",
                              value_number(field_int(&d->pass->object, "metadata.generation", 0))},
                             {"updatedNumberScheduled", number_or_none(updated)}));
}

Error *daemon_set_reconcile(Pass *pass)
{
    DaemonSet d = {.pass = pass,
                   .min_ready_s = field_int(&pass->object, "spec.minReadySeconds", 0)};

    TRY(revision_ensure(pass, &d.hash));
    TRY(read_nodes(&d));
    TRY(owned_by(pass, "", "Pod", &d.pods));
    TRY(match_pods(&d));
    TRY(fill(&d));
    TRY(update(&d));
    TRY(owned_by(pass, "", "Pod", &d.pods));
    TRY(put_status(&d));
    if (d.refused.len)
        pass->again_ms = pass->cluster->now_ms + 15000;
    return revision_forget(pass, &d.pods, d.hash);
}
