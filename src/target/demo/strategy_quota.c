/*
 * strategy_quota.c - how much of a namespace's quotas is used, and whether there is room.
 * Source: Kubernetes, pkg/quota/v1/evaluator/core and plugin/pkg/admission/resourcequota.
 */
#include "base/field.h"
#include "target/demo/quantity.h"
#include "target/demo/quota.h"
#include "target/demo/strategy.h"

/* The sum of what a pod's containers want of RESOURCE: "requests" or "limits" of "cpu". */
static Nanos pod_sum(const Value *pod, Str what, Str resource)
{
    ValueList containers = field_list(pod, "spec.containers");
    Nanos sum = 0;
    Quantity q;

    for (size_t i = 0; i < containers.len; i++) {
        const ValueMap *resources = field_map(&containers.items[i], "resources");
        const Value *amounts = value_map_get(resources, what);
        const Value *amount =
            amounts && amounts->kind == VALUE_MAP ? value_map_get(amounts->map, resource) : NULL;

        if (amount && amount->kind == VALUE_STRING && quantity_parse(amount->string, &q))
            sum += q.nanos;
    }
    return sum;
}

static bool is_over(const Value *pod)
{
    Str phase = field_string(pod, "status.phase");

    return str_is(phase, "Succeeded") || str_is(phase, "Failed");
}

/* How much of RESOURCE, a key of a quota, the OBJECT of KIND uses. */
static Nanos usage_of(Arena *a, const Kind *kind, const Value *object, Str resource)
{
    static const Nanos one = 1000000000;
    Str name = kind_resource(a, kind), what;

    if (kind_is(kind, "", "Pod") && is_over(object))
        return 0;
    if (str_equal(resource, name) || str_equal(resource, str_join(a, STR("count/"), name)))
        return one;
    if (!kind_is(kind, "", "Pod"))
        return 0;
    if (str_is(resource, "cpu") || str_is(resource, "memory"))
        return pod_sum(object, STR("requests"), resource);
    if (str_cut(&resource, '.', &what) && (str_is(what, "requests") || str_is(what, "limits")))
        return pod_sum(object, what, resource);
    return 0;
}

/* The kind that RESOURCE counts, or sums up; NULL: none that this knows. */
static const Kind *counted_kind(Arena *a, Str resource, const KindList *kinds)
{
    Str name = str_starts(resource, STR("count/")) ? str_skip(resource, 6) : resource;

    for (size_t i = 0; i < kinds->len; i++)
        if (str_equal(kind_resource(a, kinds->items[i]), name))
            return kinds->items[i];
    if (str_is(resource, "cpu") || str_is(resource, "memory") ||
        str_starts(resource, STR("requests.")) || str_starts(resource, STR("limits.")))
        return kinds_built_in("", "Pod");
    return NULL;
}

Error *quota_usage(Cluster *c, Arena *a, Str namespace, Str resource, const KindList *kinds,
                   Nanos *out)
{
    const Kind *kind = counted_kind(a, resource, kinds);
    EntryList entries = {0};
    Value object;

    *out = 0;
    if (!kind)
        return NULL;
    TRY(store_list(c->store, a, kind, namespace, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        TRY(store_read(c->store, a, entries.items[i], &object));
        *out += usage_of(a, kind, &object, resource);
    }
    return NULL;
}

static Str amount_text(Arena *a, Nanos n, QuantityFormat format)
{
    return quantity_text(a, (Quantity){n, format});
}

/* A pod must say how much it wants of what QUOTA limits: "must specify limits.cpu for: web". */
static Error *check_specified(Arena *a, const Value *pod, const Value *quota)
{
    const ValueMap *hard = field_map(quota, "spec.hard");
    ValueList containers = field_list(pod, "spec.containers");
    Buf missing = {.arena = a};

    for (size_t i = 0; hard && i < hard->len; i++) {
        Str resource = hard->entries[i].key, name = resource, what = STR("requests");

        if (!str_is(resource, "cpu") && !str_is(resource, "memory") &&
            !str_starts(resource, STR("requests.")) && !str_starts(resource, STR("limits.")))
            continue;
        if (str_find_char(resource, '.') != STR_NONE)
            str_cut(&name, '.', &what);
        for (size_t j = 0; j < containers.len; j++) {
            const ValueMap *amounts =
                field_map(&containers.items[j], str_c(a, str_join(a, STR("resources."), what)));

            if (!amounts || !value_map_get(amounts, name))
                buf_format(&missing, "%s%.*s for: %.*s", missing.len ? "; " : "", STR_ARG(resource),
                           STR_ARG(field_string(&containers.items[j], "name")));
        }
    }
    if (!missing.len)
        return NULL;
    return error_new(ERROR_DENIED,
                     "pods \"%.*s\" is forbidden: failed quota: %.*s: must specify %.*s",
                     STR_ARG(field_string(pod, "metadata.name")),
                     STR_ARG(field_string(quota, "metadata.name")), STR_ARG(buf_str(&missing)));
}

/* What of QUOTA would be exceeded: "requested: pods=1, used: pods=2, limited: pods=2". */
static Error *check_quota(Cluster *c, Arena *a, const Kind *kind, const Value *object,
                          const Value *quota, const KindList *kinds)
{
    const ValueMap *hard = field_map(quota, "spec.hard");
    Quantity most;
    Nanos used;

    for (size_t i = 0; hard && i < hard->len; i++) {
        Str resource = hard->entries[i].key;
        Nanos wanted = usage_of(a, kind, object, resource);
        const Value *limit = &hard->entries[i].value;

        if (!wanted || limit->kind != VALUE_STRING || !quantity_parse(limit->string, &most))
            continue;
        TRY(quota_usage(c, a, field_string(object, "metadata.namespace"), resource, kinds, &used));
        if (used + wanted <= most.nanos)
            continue;
        return error_new(
            ERROR_DENIED,
            "%.*s \"%.*s\" is forbidden: exceeded quota: %.*s, requested: %.*s=%.*s, "
            "used: %.*s=%.*s, limited: %.*s=%.*s",
            STR_ARG(kind_resource(a, kind)), STR_ARG(field_string(object, "metadata.name")),
            STR_ARG(field_string(quota, "metadata.name")), STR_ARG(resource),
            STR_ARG(amount_text(a, wanted, most.format)), STR_ARG(resource),
            STR_ARG(amount_text(a, used, most.format)), STR_ARG(resource), STR_ARG(limit->string));
    }
    return NULL;
}

Error *quota_admit(Cluster *c, Arena *a, const Kind *kind, const Value *object)
{
    Str namespace = field_string(object, "metadata.namespace");
    EntryList quotas = {0};
    KindList kinds = {0};
    Value quota;

    if (!(kind->flags & KIND_NAMESPACED))
        return NULL;
    TRY(store_list(c->store, a, kinds_built_in("", "ResourceQuota"), namespace, &quotas));
    if (!quotas.len)
        return NULL;
    TRY(store_kinds(c->store, a, namespace, &kinds));
    for (size_t i = 0; i < quotas.len; i++) {
        TRY(store_read(c->store, a, quotas.items[i], &quota));
        if (kind_is(kind, "", "Pod"))
            TRY(check_specified(a, object, &quota));
        TRY(check_quota(c, a, kind, object, &quota, &kinds));
    }
    return NULL;
}
