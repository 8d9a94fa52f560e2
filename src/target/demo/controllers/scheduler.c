#include "target/demo/controllers/scheduler.h"

#include "base/field.h"
#include "target/demo/controllers/fault.h"
#include "target/demo/hash.h"
#include "target/demo/quantity.h"

static bool selector_fits(const Value *spec, const Value *node)
{
    const ValueMap *wanted = field_map(spec, "nodeSelector");
    const ValueMap *labels = field_map(node, "metadata.labels");

    for (size_t i = 0; wanted && i < wanted->len; i++) {
        const Value *v = value_map_get(labels, wanted->entries[i].key);

        if (!v || !value_equal(*v, wanted->entries[i].value))
            return false;
    }
    return true;
}

static bool is_tolerated(const Value *spec, const Value *taint)
{
    ValueList tolerations = field_list(spec, "tolerations");

    for (size_t i = 0; i < tolerations.len; i++) {
        const Value *t = &tolerations.items[i];
        Str key = field_string(t, "key"), effect = field_string(t, "effect");
        bool exists = str_is(field_string(t, "operator"), "Exists");

        if ((!key.len || str_equal(key, field_string(taint, "key"))) &&
            (!effect.len || str_equal(effect, field_string(taint, "effect"))) &&
            (exists || str_equal(field_string(t, "value"), field_string(taint, "value"))))
            return true;
    }
    return false;
}

static bool taints_fit(const Value *spec, const Value *node)
{
    ValueList taints = field_list(node, "spec.taints");

    for (size_t i = 0; i < taints.len; i++)
        if (!str_is(field_string(&taints.items[i], "effect"), "PreferNoSchedule") &&
            !is_tolerated(spec, &taints.items[i]))
            return false;
    return true;
}

bool scheduler_fits(const Value *spec, const Value *node)
{
    return selector_fits(spec, node) && taints_fit(spec, node);
}

/* The resource of which POD alone wants more than NODE has; NULL: none. */
static const char *insufficient(const Value *pod, const Value *node)
{
    static const char *const resources[] = {"cpu", "memory"};
    ValueList containers = field_list(pod, "spec.containers");

    for (size_t r = 0; r < COUNT(resources); r++) {
        Str has = value_map_string(field_map(node, "status.allocatable"), resources[r]);
        Nanos sum = 0;
        Quantity q;

        for (size_t i = 0; i < containers.len; i++) {
            const ValueMap *requests = field_map(&containers.items[i], "resources.requests");

            if (quantity_parse(value_map_string(requests, resources[r]), &q))
                sum += q.nanos;
        }
        if (sum && has.len && quantity_parse(has, &q) && sum > q.nanos)
            return resources[r];
    }
    return NULL;
}

/* Claims that the pod's volumes need: each must be bound. */
static Error *check_claims(Pass *pass, Str *why_not)
{
    ValueList volumes = field_list(&pass->object, "spec.volumes");
    Value claim;

    for (size_t i = 0; i < volumes.len && !why_not->len; i++) {
        Str name = field_string(&volumes.items[i], "persistentVolumeClaim.claimName");
        Error *err;

        if (!name.len)
            continue;
        err = cluster_get(pass->cluster, pass->arena, kinds_built_in("", "PersistentVolumeClaim"),
                          pass->entry->namespace, name, &claim);
        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            *why_not =
                str_format(pass->arena, "persistentvolumeclaim \"%.*s\" not found", STR_ARG(name));
            continue;
        }
        TRY(err);
        if (!str_is(field_string(&claim, "status.phase"), "Bound"))
            *why_not = STR("pod has unbound immediate PersistentVolumeClaims");
    }
    return NULL;
}

/* Why nodes were passed over: a reason, and of how many. */
typedef struct Reasons {
    size_t selector, taint, cpu, memory, told;
} Reasons;

static void add_reason(Buf *b, size_t count, const char *what)
{
    if (count)
        buf_format(b, "%s%zu %s", b->len ? ", " : "", count, what);
}

static Str reasons_text(Arena *a, size_t nodes, const Reasons *r)
{
    Buf b = {.arena = a};

    add_reason(&b, r->told, "node(s) were told not to take it by relfile.test/behaviour");
    add_reason(&b, r->cpu, "Insufficient cpu");
    add_reason(&b, r->memory, "Insufficient memory");
    add_reason(&b, r->selector, "node(s) didn't match Pod's node affinity/selector");
    add_reason(&b, r->taint, "node(s) had untolerated taint(s)");
    return str_format(a, "0/%zu nodes are available: %.*s.", nodes, STR_ARG(buf_str(&b)));
}

/* Whether NODE takes the pod; if not, that is counted. */
static bool takes(const Value *pod, const Value *node, Reasons *r)
{
    const Value *spec = field_at(pod, "spec");
    const char *resource = insufficient(pod, node);

    if (pod_behaviour(pod) == UNSCHEDULABLE)
        r->told++;
    else if (!selector_fits(spec, node))
        r->selector++;
    else if (!taints_fit(spec, node))
        r->taint++;
    else if (resource && resource[0] == 'c')
        r->cpu++;
    else if (resource)
        r->memory++;
    else
        return true;
    return false;
}

Error *scheduler_place(Pass *pass, Value *node, Str *why_not)
{
    EntryList nodes;
    size_t first;
    Reasons reasons = {0};

    *why_not = STR("");
    TRY(store_list(pass->cluster->store, pass->arena, kinds_built_in("", "Node"), STR(""), &nodes));
    TRY(check_claims(pass, why_not));
    if (why_not->len) {
        *why_not = str_format(pass->arena, "0/%zu nodes are available: %.*s.", nodes.len,
                              STR_ARG(*why_not));
        return NULL;
    }
    // beginning somewhere, so that pods spread over nodes
    first = nodes.len ? hash_text(pass->cluster->config.seed, pass->entry->name) % nodes.len : 0;
    for (size_t i = 0; i < nodes.len; i++) {
        TRY(store_read(pass->cluster->store, pass->arena, nodes.items[(first + i) % nodes.len],
                       node));
        if (takes(&pass->object, node, &reasons))
            return NULL;
    }
    *why_not = reasons_text(pass->arena, nodes.len, &reasons);
    return NULL;
}
