/*
 * stateful_set.c - pods with names that stay: made in order, each with its claims, replaced from
 * the last to the first. Source: Kubernetes, pkg/controller/statefulset.
 */
#include "base/field.h"
#include "base/number.h"
#include "target/demo/apply.h"
#include "target/demo/controllers/revisions.h"

static const char hash_label[] = "controller-revision-hash";

typedef struct StatefulSet {
    Pass *pass;
    EntryList pods;
    int64_t replicas, first, partition, min_ready_s;
    bool parallel;
    Str current, update; /* revisions */
    Str refused;         /* why a pod was not let in */
} StatefulSet;

static Str pod_name(const StatefulSet *s, int64_t ordinal)
{
    return str_format(s->pass->arena, "%.*s-%lld", STR_ARG(s->pass->entry->name),
                      (long long)ordinal);
}

/* The ordinal in POD's name; -1 where it has none. */
static int64_t ordinal_of(const StatefulSet *s, const Entry *pod)
{
    size_t len = s->pass->entry->name.len;
    int64_t n;

    if (pod->name.len < len + 2 ||
        number_parse_int(str_skip(pod->name, len + 1), 10, &n) != NUMBER_OK)
        return -1;
    return n;
}

static Entry *pod_at(const StatefulSet *s, int64_t ordinal)
{
    for (size_t i = 0; i < s->pods.len; i++)
        if (ordinal_of(s, s->pods.items[i]) == ordinal)
            return s->pods.items[i];
    return NULL;
}

static Str revision_of(const Entry *pod)
{
    return pod_label(pod, hash_label);
}

static bool is_available(const StatefulSet *s, const Entry *pod)
{
    return pod && pod_is_active(pod) && pod->pod.ready &&
           pod->pod.ready_ms + s->min_ready_s * 1000 <= s->pass->cluster->now_ms;
}

/* A claim of its own for each template of one; those that are there are used again. */
static Error *ensure_claims(StatefulSet *s, Str name)
{
    Arena *a = s->pass->arena;
    ValueList templates = field_list(&s->pass->object, "spec.volumeClaimTemplates");
    const Value *labels = field_at(&s->pass->object, "spec.selector.matchLabels");
    const Kind *kind = kinds_built_in("", "PersistentVolumeClaim");
    Entry *entry;

    for (size_t i = 0; i < templates.len; i++) {
        Str own = field_string(&templates.items[i], "metadata.name");
        Value claim = value_copy(a, templates.items[i]);

        own = str_format(a, "%.*s-%.*s", STR_ARG(own), STR_ARG(name));
        TRY(store_find(s->pass->cluster->store, kind, s->pass->entry->namespace, own, &entry));
        if (entry)
            continue;
        field_set_c(a, &claim, "apiVersion", "v1");
        field_set_c(a, &claim, "kind", "PersistentVolumeClaim");
        field_set(a, &claim, "metadata.name", value_string(own));
        field_set(a, &claim, "metadata.namespace", value_string(s->pass->entry->namespace));
        if (labels)
            field_set(a, &claim, "metadata.labels", value_copy(a, *labels));
        TRY(object_create(s->pass->cluster, a, kind, &claim));
    }
    return NULL;
}

static void mount_claims(const StatefulSet *s, Value *template, Str name)
{
    Arena *a = s->pass->arena;
    ValueList templates = field_list(&s->pass->object, "spec.volumeClaimTemplates");

    for (size_t i = 0; i < templates.len; i++) {
        Value own = value_string(field_string(&templates.items[i], "metadata.name"));
        Str claim = str_format(a, "%.*s-%.*s", STR_ARG(own.string), STR_ARG(name));
        Value source = map_of(a, {"claimName", value_string(claim)});

        field_set(a, template, "spec.volumes",
                  list_with(a, field_list(template, "spec.volumes"),
                            map_of(a, {"name", own}, {"persistentVolumeClaim", source})));
    }
}

static Error *create_pod(StatefulSet *s, int64_t ordinal)
{
    Arena *a = s->pass->arena;
    Str name = pod_name(s, ordinal);
    Str revision = ordinal < s->partition ? s->current : s->update;
    Value labels = map_of(
        a,
        {"apps.kubernetes.io/pod-index", value_string(str_format(a, "%lld", (long long)ordinal))},
        {hash_label, value_string(revision)},
        {"statefulset.kubernetes.io/pod-name", value_string(name)});
    Str service = field_string(&s->pass->object, "spec.serviceName");
    Value template;

    TRY(revision_template(s->pass, str_skip(revision, s->pass->entry->name.len + 1), &template));
    TRY(ensure_claims(s, name));
    if (template.kind != VALUE_MAP)
        return NULL;
    mount_claims(s, &template, name);
    field_set(a, &template, "spec.hostname", value_string(name));
    if (service.len)
        field_set(a, &template, "spec.subdomain", value_string(service));
    return pod_create(s->pass, &template, name, labels.map, &s->refused);
}

/* From the first to the last, each when the one before is there. *MOVED: something was done. */
static Error *fill(StatefulSet *s, bool *moved)
{
    for (int64_t i = s->first; i < s->first + s->replicas && !s->refused.len; i++) {
        Entry *pod = pod_at(s, i);

        if (pod && (pod->pod.phase == 'F' || pod->pod.phase == 'S') && !pod->leaving) {
            *moved = true;
            TRY(pod_remove(s->pass, pod));
        }
        if (!pod) {
            *moved = true;
            TRY(create_pod(s, i));
        }
        if (!s->parallel && !is_available(s, pod)) {
            *moved = true; // and wait for it
            return NULL;
        }
    }
    return NULL;
}

/* Those beyond the last, from the highest down. */
static Error *drain(StatefulSet *s, bool *moved)
{
    Entry *highest = NULL;

    for (size_t i = 0; i < s->pods.len; i++) {
        Entry *pod = s->pods.items[i];
        int64_t ordinal = ordinal_of(s, pod);

        if (ordinal >= s->first && ordinal < s->first + s->replicas)
            continue;
        if (s->parallel && !pod->leaving)
            TRY(pod_remove(s->pass, pod));
        if (!highest || ordinal > ordinal_of(s, highest))
            highest = pod;
        *moved = true;
    }
    if (highest && !s->parallel && !highest->leaving)
        return pod_remove(s->pass, highest);
    return NULL;
}

/* One of an old revision goes, if all the others are there: it is made anew. */
static Error *update(StatefulSet *s)
{
    if (str_is(field_string(&s->pass->object, "spec.updateStrategy.type"), "OnDelete"))
        return NULL;
    for (int64_t i = s->first + s->replicas - 1; i >= s->first && i >= s->partition; i--) {
        Entry *pod = pod_at(s, i);

        if (pod && !pod->leaving && !str_equal(revision_of(pod), s->update))
            return pod_remove(s->pass, pod);
        if (!is_available(s, pod))
            return NULL;
    }
    return NULL;
}

static int64_t count_revision(const StatefulSet *s, Str revision)
{
    int64_t count = 0;

    for (size_t i = 0; i < s->pods.len; i++)
        count +=
            pod_is_active(s->pods.items[i]) && str_equal(revision_of(s->pods.items[i]), revision);
    return count;
}

static Value number_or_none(int64_t n)
{
    return n ? value_number(n) : value_missing();
}

static Error *put_status(StatefulSet *s)
{
    Arena *a = s->pass->arena;
    PodCounts counts = pods_count(s->pass->cluster, &s->pods, s->min_ready_s);
    int64_t updated = count_revision(s, s->update), current = count_revision(s, s->current);

    if (counts.next_ms < s->pass->again_ms)
        s->pass->again_ms = counts.next_ms;
    // the way is over when all pods are new
    if (updated == s->replicas && counts.ready == s->replicas && counts.all == s->replicas) {
        s->current = s->update;
        current = updated;
    }
    return status_put(
        s->pass,
        map_of(a, {"availableReplicas", value_number(counts.available)},
               {"collisionCount", value_number(0)}, {"currentReplicas", number_or_none(current)},
               {"currentRevision", value_string(s->current)},
               {"observedGeneration",
                value_number(field_int(&s->pass->object, "metadata.generation", 0))},
               {"readyReplicas", number_or_none(counts.ready)},
               {"replicas", value_number(counts.all)}, {"updateRevision", value_string(s->update)},
               {"updatedReplicas", number_or_none(updated)}));
}

Error *stateful_set_reconcile(Pass *pass)
{
    const Value *object = &pass->object;
    StatefulSet s = {
        .pass = pass,
        .replicas = field_int(object, "spec.replicas", 1),
        .first = field_int(object, "spec.ordinals.start", 0),
        .partition = field_int(object, "spec.updateStrategy.rollingUpdate.partition", 0),
        .min_ready_s = field_int(object, "spec.minReadySeconds", 0),
        .parallel = str_is(field_string(object, "spec.podManagementPolicy"), "Parallel"),
        .current = field_string(object, "status.currentRevision"),
    };
    bool moved = false;
    Str hash;

    TRY(revision_ensure(pass, &hash));
    s.update = str_format(pass->arena, "%.*s-%.*s", STR_ARG(pass->entry->name), STR_ARG(hash));
    s.current = s.current.len ? s.current : s.update;
    TRY(owned_by(pass, "", "Pod", &s.pods));
    TRY(fill(&s, &moved));
    if (!moved)
        TRY(drain(&s, &moved));
    if (!moved)
        TRY(update(&s));
    TRY(owned_by(pass, "", "Pod", &s.pods));
    TRY(put_status(&s));
    if (s.refused.len)
        pass->again_ms = pass->cluster->now_ms + 15000;
    return revision_forget(pass, &s.pods, hash);
}
