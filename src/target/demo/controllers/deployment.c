/*
 * deployment.c - a replica set for each template that a deployment has had, and the way of pods
 * from the old ones to the new one. Source: Kubernetes, pkg/controller/deployment.
 */
#include "target/demo/controllers/deployment.h"

#include "base/field.h"
#include "base/number.h"
#include "target/demo/apply.h"
#include "target/demo/removal.h"

#include <stdlib.h>

static const char hash_label[] = "pod-template-hash";
static const char revision_key[] = "deployment.kubernetes.io/revision";

int64_t replicas_of(const ReplicaSet *set)
{
    return field_int(&set->object, "spec.replicas", 0);
}

static int64_t revision_of(const Value *object)
{
    int64_t n;

    return number_parse_int(object_annotation(object, revision_key), 10, &n) == NUMBER_OK ? n : 0;
}

static int compare_age(const void *left, const void *right)
{
    const ReplicaSet *a = left, *b = right;
    int order = str_compare(field_string(&a->object, "metadata.creationTimestamp"),
                            field_string(&b->object, "metadata.creationTimestamp"));

    return order ? order : str_compare(a->entry->name, b->entry->name);
}

/* Whether SET's pods are made from TEMPLATE: all but the label that tells sets apart. */
static bool has_template(Arena *a, const ReplicaSet *set, const Value *template)
{
    Value own = value_thaw(a, *field_at(&set->object, "spec.template"));
    const ValueMap *labels = field_map(&own, "metadata.labels");

    if (labels)
        value_map_remove(field_at(&own, "metadata.labels")->map, str_from(hash_label));
    return template && value_equal(own, *template);
}

static Error *read_sets(Rollout *r)
{
    const Value *template = field_at(&r->pass->object, "spec.template");
    EntryList entries;

    TRY(owned_by(r->pass, "apps", "ReplicaSet", &entries));
    for (size_t i = 0; i < entries.len; i++) {
        ReplicaSet *set = vec_add(r->pass->arena, &r->sets);

        set->entry = entries.items[i];
        TRY(store_read(r->pass->cluster->store, r->pass->arena, set->entry, &set->object));
    }
    if (r->sets.len)
        qsort(r->sets.items, r->sets.len, sizeof(*r->sets.items), compare_age);
    for (size_t i = 0; i < r->sets.len && !r->current; i++)
        if (!r->sets.items[i].entry->leaving &&
            has_template(r->pass->arena, &r->sets.items[i], template))
            r->current = &r->sets.items[i];
    return NULL;
}

static void read_limits(Rollout *r)
{
    const Value *d = &r->pass->object;
    const char *type = "spec.strategy.type";

    r->replicas = field_int(d, "spec.replicas", 1);
    r->recreates = str_is(field_string(d, type), "Recreate");
    if (r->recreates) {
        r->most_unavailable = r->replicas;
        return;
    }
    r->surge = share_of(field_at(d, "spec.strategy.rollingUpdate.maxSurge"), r->replicas, true);
    r->most_unavailable =
        share_of(field_at(d, "spec.strategy.rollingUpdate.maxUnavailable"), r->replicas, false);
    if (!r->surge && !r->most_unavailable)
        r->most_unavailable = 1;
}

static int64_t old_revision(const Rollout *r)
{
    int64_t newest = 0;

    for (size_t i = 0; i < r->sets.len; i++)
        if (&r->sets.items[i] != r->current && revision_of(&r->sets.items[i].object) > newest)
            newest = revision_of(&r->sets.items[i].object);
    return newest;
}

int64_t pods_in(const Rollout *r)
{
    int64_t sum = 0;

    for (size_t i = 0; i < r->sets.len; i++)
        sum += replicas_of(&r->sets.items[i]);
    return sum;
}

static Value revision_text(Arena *a, int64_t revision)
{
    return value_string(str_format(a, "%lld", (long long)revision));
}

/* A set's annotations: the deployment's, and how far it may go. */
static Value set_annotations(const Rollout *r, int64_t revision)
{
    Arena *a = r->pass->arena;
    ValueMap *map = value_map_shallow(a, field_map(&r->pass->object, "metadata.annotations"));

    value_map_remove(map, STR("kubectl.kubernetes.io/last-applied-configuration"));
    value_map_set_c(a, map, "deployment.kubernetes.io/desired-replicas",
                    revision_text(a, r->replicas));
    value_map_set_c(a, map, "deployment.kubernetes.io/max-replicas",
                    revision_text(a, r->replicas + r->surge));
    value_map_set_c(a, map, revision_key, revision_text(a, revision));
    return value_of_map(map);
}

static Value with_hash(Arena *a, const Value *labels, Str hash)
{
    ValueMap *map = value_map_shallow(a, labels && labels->kind == VALUE_MAP ? labels->map : NULL);

    value_map_set_c(a, map, hash_label, value_string(hash));
    return value_of_map(map);
}

static Value new_set(const Rollout *r, int64_t replicas)
{
    Arena *a = r->pass->arena;
    const Value *d = &r->pass->object;
    const Value *template = field_at(d, "spec.template");
    Str hash = template_hash(a, template);
    Value set = map_of(a, {"apiVersion", value_c("apps/v1")}, {"kind", value_c("ReplicaSet")});
    Value own = template ? value_copy(a, *template) : value_of_map(value_map_new(a));
    Value selector = value_copy(a, *field_at(d, "spec.selector"));

    field_set(a, &own, "metadata.labels", with_hash(a, field_at(&own, "metadata.labels"), hash));
    field_set(a, &selector, "matchLabels", with_hash(a, field_at(&selector, "matchLabels"), hash));
    field_set(
        a, &set, "metadata.name",
        value_string(str_format(a, "%.*s-%.*s", STR_ARG(r->pass->entry->name), STR_ARG(hash))));
    field_set(a, &set, "metadata.namespace", value_string(r->pass->entry->namespace));
    field_set(a, &set, "metadata.labels", *field_at(&own, "metadata.labels"));
    field_set(a, &set, "metadata.annotations", set_annotations(r, old_revision(r) + 1));
    field_set(a, &set, "metadata.ownerReferences", list_of(a, controller_reference(r->pass)));
    field_set_int(a, &set, "spec.replicas", replicas);
    if (field_int(d, "spec.minReadySeconds", 0))
        field_set_int(a, &set, "spec.minReadySeconds", field_int(d, "spec.minReadySeconds", 0));
    field_set(a, &set, "spec.selector", selector);
    field_set(a, &set, "spec.template", own);
    return set;
}

static Error *tell_scaling(Rollout *r, Str name, int64_t from, int64_t to)
{
    return note_event(r->pass, "Normal", "ScalingReplicaSet", "deployment-controller",
                      "Scaled %s replica set %.*s from %lld to %lld", to > from ? "up" : "down",
                      STR_ARG(name), (long long)from, (long long)to);
}

/* How many pods a new set begins with: as many as fit beside the old ones. */
static int64_t first_replicas(const Rollout *r)
{
    int64_t room = r->replicas + r->surge - pods_in(r);

    if (r->recreates)
        return r->replicas;
    room = room < 0 ? 0 : room;
    return room < r->replicas ? room : r->replicas;
}

Error *rollout_create(Rollout *r)
{
    Value set = new_set(r, first_replicas(r));
    Entry *entry;
    Str name = field_string(&set, "metadata.name");

    // a set of another owner may have the name: then it is left alone
    TRY(store_find(r->pass->cluster->store, kinds_built_in("apps", "ReplicaSet"),
                   r->pass->entry->namespace, name, &entry));
    if (entry)
        return NULL;
    TRY(object_create(r->pass->cluster, r->pass->arena, kinds_built_in("apps", "ReplicaSet"),
                      &set));
    if (replicas_of(&(ReplicaSet){.object = set}))
        TRY(tell_scaling(r, name, 0, replicas_of(&(ReplicaSet){.object = set})));
    TRY(store_find(r->pass->cluster->store, kinds_built_in("apps", "ReplicaSet"),
                   r->pass->entry->namespace, name, &entry));
    *vec_add(r->pass->arena, &r->sets) = (ReplicaSet){.entry = entry, .object = set};
    r->current = &r->sets.items[r->sets.len - 1];
    r->created = true;
    return NULL;
}

/* Give SET so many pods, and the annotations that it should have. */
Error *rollout_scale(Rollout *r, ReplicaSet *set, int64_t replicas)
{
    Arena *a = r->pass->arena;
    Value new = value_thaw(a, set->object);
    int64_t before = replicas_of(set), revision = revision_of(&set->object);

    if (set == r->current && revision <= old_revision(r))
        revision = old_revision(r) + 1;
    field_set_int(a, &new, "spec.replicas", replicas);
    if (set == r->current)
        field_set(a, &new, "metadata.annotations", set_annotations(r, revision));
    TRY(object_change(r->pass->cluster, a, set->entry->kind, set->object, new,
                      "kube-controller-manager", ""));
    set->object = new;
    return replicas == before ? NULL : tell_scaling(r, set->entry->name, before, replicas);
}

static int64_t status_sum(const Rollout *r, const char *path, bool old_only)
{
    int64_t sum = 0;

    for (size_t i = 0; i < r->sets.len; i++)
        if (!old_only || &r->sets.items[i] != r->current)
            sum += field_int(&r->sets.items[i].object, path, 0);
    return sum;
}

/* Room for more new pods. */
static Error *grow(Rollout *r)
{
    int64_t now = replicas_of(r->current), room;

    if (now > r->replicas)
        return rollout_scale(r, r->current, r->replicas);
    room = r->recreates ? r->replicas : r->replicas + r->surge - pods_in(r);
    room = room < 0 ? 0 : room;
    return rollout_scale(r, r->current,
                         now + (room < r->replicas - now ? room : r->replicas - now));
}

/* Take pods from old sets: first such as never became ready, then as many as can be missed. */
static Error *shrink(Rollout *r)
{
    int64_t least = r->replicas - r->most_unavailable;
    int64_t unavailable_new =
        replicas_of(r->current) - field_int(&r->current->object, "status.availableReplicas", 0);
    int64_t room = pods_in(r) - least - (unavailable_new > 0 ? unavailable_new : 0);
    int64_t spare;

    for (size_t i = 0; i < r->sets.len && room > 0; i++) {
        ReplicaSet *set = &r->sets.items[i];
        int64_t useless = replicas_of(set) - field_int(&set->object, "status.availableReplicas", 0);

        if (set == r->current || useless <= 0)
            continue;
        useless = useless < room ? useless : room;
        TRY(rollout_scale(r, set, replicas_of(set) - useless));
        room -= useless;
    }
    spare = status_sum(r, "status.availableReplicas", false) - least;
    for (size_t i = 0; i < r->sets.len && spare > 0; i++) {
        ReplicaSet *set = &r->sets.items[i];
        int64_t count = replicas_of(set) < spare ? replicas_of(set) : spare;

        if (set == r->current || !count)
            continue;
        TRY(rollout_scale(r, set, replicas_of(set) - count));
        spare -= count;
    }
    return NULL;
}

static Error *roll(Rollout *r)
{
    int64_t before;

    if (!r->current) {
        TRY(rollout_create(r));
        if (!r->current)
            return NULL;
    }
    before = replicas_of(r->current);
    TRY(grow(r));
    return replicas_of(r->current) == before ? shrink(r) : NULL;
}

/* Whether any pod of an old set is still there. */
static Error *has_old_pods(Rollout *r, bool *out)
{
    EntryList pods;

    *out = false;
    for (size_t i = 0; i < r->sets.len && !*out; i++) {
        if (&r->sets.items[i] == r->current)
            continue;
        TRY(store_owned(r->pass->cluster->store, r->pass->arena, kinds_built_in("", "Pod"),
                        r->pass->entry->namespace, r->sets.items[i].entry->uid, &pods));
        *out = pods.len > 0;
    }
    return NULL;
}

static Error *recreate(Rollout *r)
{
    bool waits;

    for (size_t i = 0; i < r->sets.len; i++)
        if (&r->sets.items[i] != r->current && replicas_of(&r->sets.items[i]))
            TRY(rollout_scale(r, &r->sets.items[i], 0));
    TRY(has_old_pods(r, &waits));
    if (waits) {
        // the end of a pod is told to its set, not to the deployment
        r->pass->again_ms = r->pass->cluster->now_ms + 500;
        return NULL;
    }
    if (!r->current)
        return rollout_create(r);
    return grow(r);
}

/* One that is paused, or was scaled, without a new template: pods change in number only. */
static Error *scale_only(Rollout *r)
{
    ReplicaSet *active = r->current;

    for (size_t i = 0; i < r->sets.len; i++)
        if (replicas_of(&r->sets.items[i]))
            active = &r->sets.items[i];
    if (active && replicas_of(active) != r->replicas)
        return rollout_scale(r, active, r->replicas);
    return NULL;
}

/* Old sets without pods are kept for a way back, but not for ever. */
static Error *forget_history(Rollout *r)
{
    int64_t most = field_int(&r->pass->object, "spec.revisionHistoryLimit", 10), spare = -most;

    for (size_t i = 0; i < r->sets.len; i++)
        spare += &r->sets.items[i] != r->current;
    for (size_t i = 0; i < r->sets.len && spare > 0; i++) {
        ReplicaSet *set = &r->sets.items[i];

        if (set == r->current || replicas_of(set) || field_int(&set->object, "status.replicas", 0))
            continue;
        TRY(object_delete(r->pass->cluster, r->pass->arena, set->entry, &(TargetDelete){0}));
        spare--;
    }
    return NULL;
}

Error *deployment_reconcile(Pass *pass)
{
    Rollout r = {.pass = pass};

    if (!field_at(&pass->object, "spec.selector"))
        return NULL;
    TRY(read_sets(&r));
    read_limits(&r);
    if (field_bool(&pass->object, "spec.paused", false))
        TRY(scale_only(&r));
    else if (r.recreates)
        TRY(recreate(&r));
    else
        TRY(roll(&r));
    TRY(rollout_status(&r));
    return r.is_complete ? forget_history(&r) : NULL;
}
