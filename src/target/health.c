/*
 * health.c - whether an object is there yet: a rule for each kind that has one, and what holds
 * for all. Source: sigs.k8s.io/cli-utils, pkg/kstatus/status, core.go and generic.go; for jobs and
 * hook pods helm, internal/statusreaders.
 */
#include "base/field.h"
#include "target/ready_when.h"
#include "target/target.h"

#include <limits.h>

typedef Health Rule(Arena *a, const Value *object);

static Health ready(void)
{
    return (Health){HEALTH_READY, STR_INIT("")};
}

static Health progress(Str reason)
{
    return (Health){HEALTH_PROGRESS, reason};
}

static Health failed(Str reason)
{
    return (Health){HEALTH_FAILED, reason};
}

/* "1 of 3 replicas ready" */
static Health counted(Arena *a, int64_t have, int64_t want, const char *what)
{
    return progress(str_format(a, "%lld of %lld %s", (long long)have, (long long)want, what));
}

static Health leaving(Arena *a, int64_t count)
{
    return progress(
        str_format(a, "%lld old replica%s still there", (long long)count, count == 1 ? "" : "s"));
}

/* What CONDITION says of itself. */
static Str told(Arena *a, const Value *condition)
{
    Str reason = field_string(condition, "reason");
    Str message = field_string(condition, "message");

    if (!reason.len || !message.len)
        return reason.len ? reason : message;
    return str_format(a, "%.*s: %.*s", STR_ARG(reason), STR_ARG(message));
}

static const Value *condition_of(const Value *object, const char *type)
{
    return list_find(field_list(object, "status.conditions"), "type", type);
}

static Health deployment_counts(Arena *a, const Value *d)
{
    int64_t want = field_int(d, "spec.replicas", 1);
    int64_t replicas = field_int(d, "status.replicas", 0);
    int64_t updated = field_int(d, "status.updatedReplicas", 0);
    int64_t available = field_int(d, "status.availableReplicas", 0);
    int64_t is_ready = field_int(d, "status.readyReplicas", 0);

    if (want > replicas)
        return counted(a, replicas, want, "replicas created");
    if (want > updated)
        return counted(a, updated, want, "replicas updated");
    if (replicas > want)
        return leaving(a, replicas - want);
    if (updated > available)
        return counted(a, is_ready < updated ? is_ready : available, updated,
                       is_ready < updated ? "replicas ready" : "replicas available");
    if (want > is_ready)
        return counted(a, is_ready, want, "replicas ready");
    return ready();
}

static Health deployment(Arena *a, const Value *d)
{
    const Value *condition = condition_of(d, "Progressing");
    bool complete = field_int(d, "spec.progressDeadlineSeconds", INT32_MAX) == INT32_MAX;

    // helm does not wait for what nobody works on
    if (field_bool(d, "spec.paused", false))
        return ready();
    if (condition && str_is(field_string(condition, "reason"), "ProgressDeadlineExceeded"))
        return failed(STR("progress deadline exceeded"));
    complete |= condition && str_is(field_string(condition, "status"), "True") &&
                str_is(field_string(condition, "reason"), "NewReplicaSetAvailable");

    Health health = deployment_counts(a, d);
    if (health.state != HEALTH_READY)
        return health;
    if (!complete)
        return progress(STR("the new replica set is not available yet"));
    if (!condition_is(d, "Available", "True"))
        return progress(STR("not available yet"));
    return ready();
}

static Health replica_set(Arena *a, const Value *rs)
{
    const Value *failure = condition_of(rs, "ReplicaFailure");
    int64_t want = field_int(rs, "spec.replicas", 1);
    int64_t replicas = field_int(rs, "status.replicas", 0);
    int64_t labelled = field_int(rs, "status.fullyLabeledReplicas", 0);
    int64_t available = field_int(rs, "status.availableReplicas", 0);
    int64_t is_ready = field_int(rs, "status.readyReplicas", 0);

    if (failure && str_is(field_string(failure, "status"), "True"))
        return progress(told(a, failure));
    if (want > labelled)
        return counted(a, labelled, want, "replicas created");
    if (want > available)
        return counted(a, available, want, "replicas available");
    if (want > is_ready)
        return counted(a, is_ready, want, "replicas ready");
    if (replicas > want)
        return leaving(a, replicas - want);
    return ready();
}

static Health partitioned(Arena *a, const Value *set, int64_t want, int64_t partition)
{
    int64_t updated = field_int(set, "status.updatedReplicas", 0);

    if (updated < want - partition)
        return counted(a, updated, want - partition, "replicas updated");
    return ready();
}

static Health stateful_set(Arena *a, const Value *set)
{
    int64_t want = field_int(set, "spec.replicas", 1);
    int64_t replicas = field_int(set, "status.replicas", 0);
    int64_t is_ready = field_int(set, "status.readyReplicas", 0);
    int64_t current = field_int(set, "status.currentReplicas", 0);
    int64_t partition = field_int(set, "spec.updateStrategy.rollingUpdate.partition", -1);

    if (str_is(field_string(set, "spec.updateStrategy.type"), "OnDelete"))
        return ready();
    if (want > replicas)
        return counted(a, replicas, want, "replicas created");
    if (want > is_ready)
        return counted(a, is_ready, want, "replicas ready");
    if (replicas > want)
        return leaving(a, replicas - want);
    if (partition != -1)
        return partitioned(a, set, want, partition);
    if (want > current)
        return counted(a, current, want, "replicas current");
    if (!str_equal(field_string(set, "status.currentRevision"),
                   field_string(set, "status.updateRevision")))
        return counted(a, field_int(set, "status.updatedReplicas", 0), want, "replicas updated");
    return ready();
}

static Health daemon_set(Arena *a, const Value *set)
{
    int64_t want = field_int(set, "status.desiredNumberScheduled", -1);
    int64_t current = field_int(set, "status.currentNumberScheduled", 0);
    int64_t updated = field_int(set, "status.updatedNumberScheduled", 0);
    int64_t available = field_int(set, "status.numberAvailable", 0);
    int64_t is_ready = field_int(set, "status.numberReady", 0);

    if (!field_at(set, "metadata.generation") || !field_at(set, "status.observedGeneration") ||
        want == -1)
        return progress(STR("not looked at by its controller yet"));
    if (want > current)
        return counted(a, current, want, "nodes have a pod");
    if (want > updated)
        return counted(a, updated, want, "pods updated");
    if (want > available)
        return counted(a, available, want, "pods available");
    if (want > is_ready)
        return counted(a, is_ready, want, "pods ready");
    return ready();
}

static Health job(Arena *a, const Value *object)
{
    int64_t want = field_int(object, "spec.completions", field_int(object, "spec.parallelism", 1));
    const Value *failure = condition_of(object, "Failed");

    if (condition_is(object, "Complete", "True"))
        return ready();
    if (failure && str_is(field_string(failure, "status"), "True"))
        return failed(told(a, failure).len ? told(a, failure) : STR("the job failed"));
    // nothing will come of it until somebody lets it go on
    if (field_bool(object, "spec.suspend", false) && condition_is(object, "Suspended", "True"))
        return ready();
    if (!field_string(object, "status.startTime").len)
        return progress(STR("not started yet"));
    return counted(a, field_int(object, "status.succeeded", 0), want, "completions");
}

/* The names of the containers that wait for another try after a crash; empty if none does. */
static Str crash_looping(Arena *a, const Value *pod)
{
    ValueList statuses = field_list(pod, "status.containerStatuses");
    Buf names = {.arena = a};

    for (size_t i = 0; i < statuses.len; i++) {
        if (!str_is(field_string(&statuses.items[i], "state.waiting.reason"), "CrashLoopBackOff"))
            continue;
        if (names.len)
            buf_add_c(&names, ", ");
        buf_add(&names, field_string(&statuses.items[i], "name"));
    }
    return buf_str(&names);
}

static Health running_pod(Arena *a, const Value *pod)
{
    Str crashing = crash_looping(a, pod);

    if (condition_is(pod, "Ready", "True"))
        return ready();
    if (crashing.len)
        return failed(str_format(a, "crash loop of container %.*s", STR_ARG(crashing)));
    return progress(STR("running, but not ready"));
}

/*
 * kstatus calls a pod failed that could not be scheduled for 15 s. The object cannot tell how long
 * ago that was, and room may still be made: it stays in progress here.
 */
static Health pending_pod(const Value *pod)
{
    const Value *scheduled = condition_of(pod, "PodScheduled");

    if (scheduled && str_is(field_string(scheduled, "status"), "False") &&
        str_is(field_string(scheduled, "reason"), "Unschedulable"))
        return progress(field_string(scheduled, "message").len ? field_string(scheduled, "message")
                                                               : STR("it could not be scheduled"));
    return progress(STR("pending"));
}

static Health pod(Arena *a, const Value *object)
{
    Str phase = field_string(object, "status.phase");
    Str message = field_string(object, "status.message");

    if (str_is(phase, "Succeeded"))
        return ready();
    if (str_is(phase, "Failed"))
        return failed(message.len ? message : STR("the pod failed"));
    // a hook is over when its pod is
    if (object_annotation(object, "helm.sh/hook").len)
        return progress(STR("not done yet"));
    if (str_is(phase, "Running"))
        return running_pod(a, object);
    return pending_pod(object);
}

static Health claim(Arena *a, const Value *object)
{
    Str phase = field_string(object, "status.phase");

    if (str_is(phase, "Bound"))
        return ready();
    return progress(str_format(a, "not bound yet: %.*s", STR_ARG(phase.len ? phase : STR("new"))));
}

static Health service(Arena *a, const Value *object)
{
    (void)a;
    if (str_is(field_string(object, "spec.type"), "LoadBalancer") &&
        !field_string(object, "spec.clusterIP").len)
        return progress(STR("no cluster address yet"));
    return ready();
}

static Health definition(Arena *a, const Value *object)
{
    const Value *names = condition_of(object, "NamesAccepted");
    const Value *established = condition_of(object, "Established");

    if (names && str_is(field_string(names, "status"), "False"))
        return failed(told(a, names));
    if (established && str_is(field_string(established, "status"), "True"))
        return ready();
    if (established && str_is(field_string(established, "status"), "False") &&
        !str_is(field_string(established, "reason"), "Installing"))
        return failed(told(a, established));
    return progress(STR("not established yet"));
}

static Health always(Arena *a, const Value *object)
{
    (void)a;
    (void)object;
    return ready();
}

/*
 * Any other kind: what its Ready condition says, if it has one. kstatus does not look at a
 * condition Failed; who has it and is not ready will not be.
 */
static Health other(Arena *a, const Value *object)
{
    const Value *condition = condition_of(object, "Ready");
    const Value *failure = condition_of(object, "Failed");

    if (failure && str_is(field_string(failure, "status"), "True") &&
        !condition_is(object, "Ready", "True"))
        return failed(told(a, failure).len ? told(a, failure) : STR("it failed"));
    if (!condition || str_is(field_string(condition, "status"), "True"))
        return ready();
    if (!str_is(field_string(condition, "status"), "False") &&
        !str_is(field_string(condition, "status"), "Unknown"))
        return ready();
    return progress(told(a, condition).len ? told(a, condition) : STR("not ready"));
}

static const struct {
    const char *group, *kind;
    Rule *rule;
} rules[] = {
    {"", "Service", service},
    {"", "Pod", pod},
    {"", "Secret", always},
    {"", "ConfigMap", always},
    {"", "PersistentVolumeClaim", claim},
    {"apps", "StatefulSet", stateful_set},
    {"apps", "DaemonSet", daemon_set},
    {"extensions", "DaemonSet", daemon_set},
    {"apps", "Deployment", deployment},
    {"extensions", "Deployment", deployment},
    {"apps", "ReplicaSet", replica_set},
    {"extensions", "ReplicaSet", replica_set},
    {"policy", "PodDisruptionBudget", always},
    {"batch", "CronJob", always},
    {"batch", "Job", job},
    {"apiextensions.k8s.io", "CustomResourceDefinition", definition},
};

static Rule *rule_of(const Value *object)
{
    Str group = field_string(object, "apiVersion");
    Str kind = field_string(object, "kind");
    size_t slash = str_find_char(group, '/');

    group = slash == STR_NONE ? STR("") : str_slice(group, 0, slash);
    for (size_t i = 0; i < COUNT(rules); i++)
        if (str_is(kind, rules[i].kind) && str_is(group, rules[i].group))
            return rules[i].rule;
    return other;
}

/* What holds for objects of every kind; *DECIDED is false where nothing does. */
static Health general(Arena *a, const Value *object, bool *decided)
{
    int64_t generation = field_int(object, "metadata.generation", -1);
    int64_t observed = field_int(object, "status.observedGeneration", -1);
    const Value *reconciling = condition_of(object, "Reconciling");
    const Value *stalled = condition_of(object, "Stalled");

    *decided = true;
    if (field_string(object, "metadata.deletionTimestamp").len)
        return progress(STR("being deleted"));
    if (generation != -1 && observed != -1 && generation != observed)
        return progress(STR("the last change is not taken up yet"));
    if (reconciling && str_is(field_string(reconciling, "status"), "True"))
        return progress(told(a, reconciling));
    if (stalled && str_is(field_string(stalled, "status"), "True"))
        return failed(told(a, stalled));
    *decided = false;
    return ready();
}

/* What the object itself says of when it is ready. */
static Health own_rule(Arena *a, const Value *object, Str expression)
{
    bool is_ready = false;
    Error *err = ready_when(a, object, expression, &is_ready);

    if (!err)
        return is_ready ? ready() : progress(str_format(a, "not yet: %.*s", STR_ARG(expression)));
    Health health = failed(str_format(a, "%s: %s", READY_WHEN, error_message(err)));
    error_free(err);
    return health;
}

Health object_health(Arena *a, Value object)
{
    bool decided;
    Health health = general(a, &object, &decided);

    if (decided)
        return health;
    Str own = object_annotation(&object, READY_WHEN);
    return own.len ? own_rule(a, &object, own) : rule_of(&object)(a, &object);
}
