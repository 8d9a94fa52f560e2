#include "target/demo/strategy.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/number.h"
#include "target/demo/defaults.h"
#include "target/demo/encode.h"

/* What a secret says in plain text becomes part of its data. */
static void encode_string_data(Arena *a, Value *secret)
{
    const ValueMap *plain = field_map(secret, "stringData");

    for (size_t i = 0; plain && i < plain->len; i++) {
        Str text =
            plain->entries[i].value.kind == VALUE_STRING ? plain->entries[i].value.string : STR("");

        if (!field_map(secret, "data"))
            field_set(a, secret, "data", value_of_map(value_map_new(a)));
        value_map_set(a, field_at(secret, "data")->map, plain->entries[i].key,
                      value_string(base64_encode(a, text)));
    }
    field_remove(secret, "stringData");
}

/* Jobs find their pods by labels that nobody else can have. */
static void prepare_job(Cluster *c, Arena *a, Value *job)
{
    Value uid = value_string(field_string(job, "metadata.uid"));
    Value name = value_string(field_string(job, "metadata.name"));
    ValueMap *labels;

    (void)c;
    if (field_bool(job, "spec.manualSelector", false))
        return;
    if (!field_map(job, "spec.template.metadata.labels"))
        field_set(a, job, "spec.template.metadata.labels", value_of_map(value_map_new(a)));
    labels = field_at(job, "spec.template.metadata.labels")->map;
    value_map_set_c(a, labels, "batch.kubernetes.io/controller-uid", uid);
    value_map_set_c(a, labels, "batch.kubernetes.io/job-name", name);
    value_map_set_c(a, labels, "controller-uid", uid);
    value_map_set_c(a, labels, "job-name", name);
    if (!field_map(job, "spec.selector.matchLabels"))
        field_set(
            a, job, "spec.selector",
            map_of(a, {"matchLabels", map_of(a, {"batch.kubernetes.io/controller-uid", uid})}));
}

static void prepare_namespace(Cluster *c, Arena *a, Value *namespace)
{
    (void)c;
    field_set(a, namespace, "spec.finalizers", list_of(a, value_c("kubernetes")));
    field_set_c(a, namespace, "status.phase", "Active");
}

static void prepare_volume(Cluster *c, Arena *a, Value *volume)
{
    field_set(a, volume, "metadata.finalizers", list_of(a, value_c("kubernetes.io/pv-protection")));
    field_set_c(a, volume, "status.phase", "Pending");
    field_set(a, volume, "status.lastPhaseTransitionTime", cluster_stamp(c, a));
}

static const char protection[] = "kubernetes.io/pvc-protection";
static const char template_generation[] = "deprecated.daemonset.template.generation";

static void annotate(Arena *a, Value *object, const char *key, Str text)
{
    ValueMap *annotations = value_map_shallow(a, field_map(object, "metadata.annotations"));

    value_map_set_c(a, annotations, key, value_string(text));
    field_set(a, object, "metadata.annotations", value_of_map(annotations));
}

static void prepare_daemon_set(Cluster *c, Arena *a, Value *set)
{
    (void)c;
    annotate(a, set, template_generation, STR("1"));
}

/* A claim that names no storage class gets the default one, as admission does it. */
static void prepare_claim(Cluster *c, Arena *a, Value *claim)
{
    (void)c;
    field_set_c(a, claim, "status.phase", "Pending");
    field_set(a, claim, "metadata.finalizers", list_of(a, value_c(protection)));
    if (!field_at(claim, "spec.storageClassName"))
        field_set_c(a, claim, "spec.storageClassName", "standard");
}

static const struct {
    const char *group, *kind;
    void (*prepare)(Cluster *c, Arena *a, Value *object);
} preparations[] = {
    {"", "Namespace", prepare_namespace},         {"", "PersistentVolume", prepare_volume},
    {"", "PersistentVolumeClaim", prepare_claim}, {"", "Service", service_prepare},
    {"apps", "DaemonSet", prepare_daemon_set},    {"batch", "Job", prepare_job},
};

/* Status as a new object has it: what defaults say, and nothing that its maker wishes for. */
static Error *reset_status(Cluster *c, Arena *a, const Kind *kind, Value *object)
{
    Shape *shape = kinds_shape(c->kinds, kind);
    const ShapeField *field = shape_field(shape, STR("status"));
    Value status;

    field_remove(object, "status");
    if (!kind->type || !field || field->mark != ':')
        return NULL;
    TRY(object_encode(a, field->shape, value_of_map(value_map_new(a)), &status));
    field_set(a, object, "status", status);
    return NULL;
}

static Error *check_namespace(Cluster *c, Arena *a, const Kind *kind, const Value *object)
{
    Str namespace = field_string(object, "metadata.namespace");
    Entry *entry;

    if (!(kind->flags & KIND_NAMESPACED))
        return NULL;
    TRY(store_find(c->store, kinds_built_in("", "Namespace"), STR(""), namespace, &entry));
    if (!entry)
        return error_new(ERROR_NOT_FOUND, "namespaces \"%.*s\" not found", STR_ARG(namespace));
    TRY(store_know(c->store, entry));
    if (entry->leaving)
        return error_new(ERROR_DENIED,
                         "%.*s \"%.*s\" is forbidden: unable to create new content in namespace "
                         "%.*s because it is being terminated",
                         STR_ARG(kind_resource(a, kind)),
                         STR_ARG(field_string(object, "metadata.name")), STR_ARG(namespace));
    return NULL;
}

Error *strategy_create(Cluster *c, Arena *a, const Kind *kind, Value *object)
{
    TRY(check_namespace(c, a, kind, object));
    field_set(a, object, "metadata.uid", value_string(cluster_uid(c, a)));
    field_set(a, object, "metadata.creationTimestamp", cluster_stamp(c, a));
    field_remove(object, "metadata.generation");
    field_remove(object, "metadata.deletionTimestamp");
    field_remove(object, "metadata.deletionGracePeriodSeconds");
    field_remove(object, "metadata.resourceVersion");
    if (kind->flags & KIND_GENERATION)
        field_set_int(a, object, "metadata.generation", 1);
    if (kind->flags & KIND_STATUS)
        TRY(reset_status(c, a, kind, object));
    if (kind_is(kind, "", "Secret"))
        encode_string_data(a, object);
    for (size_t i = 0; i < COUNT(preparations); i++)
        if (kind_is(kind, preparations[i].group, preparations[i].kind))
            preparations[i].prepare(c, a, object);
    object_default(a, kinds_shape(c->kinds, kind), object);
    if (kind_is(kind, "", "Pod"))
        TRY(pod_admit(c, a, object));
    return quota_admit(c, a, kind, object);
}

static void keep(Arena *a, const Value *old, Value *object, const char *path)
{
    const Value *v = field_at(old, path);

    if (v)
        field_set(a, object, path, value_copy(a, *v));
    else
        field_remove(object, path);
}

/* Whether what is wished for differs: everything but metadata and, where it is the server's,
 * status. */
static bool wishes_differ(const Kind *kind, const Value *old, const Value *object)
{
    size_t fields = 0;

    for (size_t i = 0; i < object->map->len; i++) {
        const ValueEntry *entry = &object->map->entries[i];
        const Value *before = value_map_get(old->map, entry->key);

        if (str_is(entry->key, "metadata") ||
            (str_is(entry->key, "status") && kind->flags & KIND_STATUS))
            continue;
        if (!before || !value_equal(*before, entry->value))
            return true;
        fields++;
    }
    for (size_t i = 0; i < old->map->len; i++)
        fields -= !str_is(old->map->entries[i].key, "metadata") &&
                  !(str_is(old->map->entries[i].key, "status") && kind->flags & KIND_STATUS);
    return fields != 0;
}

static bool values_differ(const Value *a, const Value *b)
{
    return a && b ? !value_equal(*a, *b) : a != b;
}

static bool has_new_generation(const Kind *kind, const Value *old, const Value *object)
{
    // deployments count annotations, too: some of them are told to replica sets
    if (kind_is(kind, "apps", "Deployment") &&
        values_differ(field_at(old, "metadata.annotations"),
                      field_at(object, "metadata.annotations")))
        return true;
    return wishes_differ(kind, old, object);
}

/* How often a daemon set's template has changed: an annotation that is long out of use. */
static void count_templates(Arena *a, const Value *old, Value *object)
{
    int64_t count = 0;

    number_parse_int(object_annotation(old, template_generation), 10, &count);
    if (values_differ(field_at(old, "spec.template"), field_at(object, "spec.template")))
        count++;
    if (count)
        annotate(a, object, template_generation, str_format(a, "%lld", (long long)count));
}

Error *strategy_update(Cluster *c, Arena *a, const Kind *kind, const Value *old, Value *object)
{
    static const char *const kept[] = {
        "metadata.uid",        "metadata.creationTimestamp", "metadata.deletionTimestamp",
        "metadata.generation", "metadata.resourceVersion",   "metadata.deletionGracePeriodSeconds",
    };

    for (size_t i = 0; i < COUNT(kept); i++)
        keep(a, old, object, kept[i]);
    if (kind->flags & KIND_STATUS)
        keep(a, old, object, "status");
    if (kind_is(kind, "", "Secret"))
        encode_string_data(a, object);
    if (kind_is(kind, "", "Service"))
        service_prepare(c, a, object);
    if (kind_is(kind, "apps", "DaemonSet"))
        count_templates(a, old, object);
    if (kind->flags & KIND_GENERATION && has_new_generation(kind, old, object))
        field_set_int(a, object, "metadata.generation",
                      field_int(old, "metadata.generation", 0) + 1);
    return NULL;
}
