/*
 * test_health.c - what kstatus says of each kind, from the object alone.
 */
#include "tests/unit/target/objects.h"

typedef struct Row {
    const char *name, *object;
    HealthState state;
    const char *reason;
} Row;

#define DEPLOYMENT(spec, status)                                                                   \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {generation: 2}, spec: {" spec              \
    "}, status: {" status "}}"
#define DEADLINE "progressDeadlineSeconds: 600"
#define AVAILABLE                                                                                  \
    "conditions: [{type: Progressing, status: 'True', reason: NewReplicaSetAvailable}, "           \
    "{type: Available, status: 'True'}]"
#define SET(spec, status)                                                                          \
    "{apiVersion: apps/v1, kind: StatefulSet, spec: {" spec "}, status: {" status "}}"
#define DAEMONS(status)                                                                            \
    "{apiVersion: apps/v1, kind: DaemonSet, metadata: {generation: 1}, status: "                   \
    "{observedGeneration: 1, " status "}}"
#define REPLICAS(spec, status)                                                                     \
    "{apiVersion: apps/v1, kind: ReplicaSet, spec: {" spec "}, status: {" status "}}"
#define JOB(spec, status)                                                                          \
    "{apiVersion: batch/v1, kind: Job, spec: {" spec "}, status: {" status "}}"
#define POD(metadata, status)                                                                      \
    "{apiVersion: v1, kind: Pod, metadata: {" metadata "}, status: {" status "}}"
#define CRD(conditions)                                                                            \
    "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: "  \
    "[" conditions "]}}"
#define OTHER(metadata, status)                                                                    \
    "{apiVersion: example.com/v1, kind: Gadget, metadata: {" metadata "}, status: {" status "}}"

static Row rows[] = {
    {"a deployment with all it wants",
     DEPLOYMENT("replicas: 2, " DEADLINE,
                "observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, "
                "availableReplicas: 2, " AVAILABLE),
     HEALTH_READY, ""},
    {"one that was never looked at", DEPLOYMENT("replicas: 2", ""), HEALTH_PROGRESS,
     "0 of 2 replicas created"},
    {"one whose change was not taken up", DEPLOYMENT("", "observedGeneration: 1"), HEALTH_PROGRESS,
     "the last change is not taken up yet"},
    {"too few are new",
     DEPLOYMENT("replicas: 3", "observedGeneration: 2, replicas: 3, updatedReplicas: 1"),
     HEALTH_PROGRESS, "1 of 3 replicas updated"},
    {"old ones are left",
     DEPLOYMENT("replicas: 2", "observedGeneration: 2, replicas: 3, updatedReplicas: 2"),
     HEALTH_PROGRESS, "1 old replica still there"},
    {"new ones are not ready",
     DEPLOYMENT("replicas: 3",
                "observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 1, "
                "availableReplicas: 1"),
     HEALTH_PROGRESS, "1 of 3 replicas ready"},
    {"ready, but not long enough",
     DEPLOYMENT("replicas: 3",
                "observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, "
                "availableReplicas: 1"),
     HEALTH_PROGRESS, "1 of 3 replicas available"},
    {"the set is not known to be available",
     DEPLOYMENT("replicas: 1, " DEADLINE,
                "observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1, "
                "availableReplicas: 1"),
     HEALTH_PROGRESS, "the new replica set is not available yet"},
    {"without a deadline that is no matter, but being available is",
     DEPLOYMENT("replicas: 1", "observedGeneration: 2, replicas: 1, updatedReplicas: 1, "
                               "readyReplicas: 1, availableReplicas: 1"),
     HEALTH_PROGRESS, "not available yet"},
    {"too late",
     DEPLOYMENT(DEADLINE, "observedGeneration: 2, conditions: [{type: Progressing, status: "
                          "'False', reason: ProgressDeadlineExceeded}]"),
     HEALTH_FAILED, "progress deadline exceeded"},
    {"nobody works on what is paused",
     DEPLOYMENT("paused: true, replicas: 3", "observedGeneration: 2"), HEALTH_READY, ""},
    {"of another group it is another kind",
     "{apiVersion: example.com/v1, kind: Deployment, spec: {replicas: 3}}", HEALTH_READY, ""},
    {"of the old group it is the same",
     "{apiVersion: extensions/v1beta1, kind: Deployment, spec: {replicas: 3}}", HEALTH_PROGRESS,
     "0 of 3 replicas created"},

    {"a stateful set with all",
     SET("replicas: 1", "replicas: 1, readyReplicas: 1, "
                        "currentReplicas: 1, currentRevision: a, "
                        "updateRevision: a"),
     HEALTH_READY, ""},
    {"with too few", SET("replicas: 2", "replicas: 1"), HEALTH_PROGRESS, "1 of 2 replicas created"},
    {"not ready", SET("replicas: 2", "replicas: 2"), HEALTH_PROGRESS, "0 of 2 replicas ready"},
    {"too many", SET("replicas: 0", "replicas: 2"), HEALTH_PROGRESS, "2 old replicas still there"},
    {"of two revisions",
     SET("replicas: 2", "replicas: 2, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 1, "
                        "currentRevision: a, updateRevision: b"),
     HEALTH_PROGRESS, "1 of 2 replicas updated"},
    {"updated up to its partition",
     SET("replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}",
         "replicas: 3, readyReplicas: 3, updatedReplicas: 1"),
     HEALTH_READY, ""},
    {"not updated up to its partition",
     SET("replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}",
         "replicas: 3, readyReplicas: 3, updatedReplicas: 1"),
     HEALTH_PROGRESS, "1 of 2 replicas updated"},
    {"updated by hand", SET("updateStrategy: {type: OnDelete}", ""), HEALTH_READY, ""},

    {"a daemon set with all",
     DAEMONS("desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, "
             "numberAvailable: 2, numberReady: 2"),
     HEALTH_READY, ""},
    {"one that wants none", DAEMONS("desiredNumberScheduled: 0"), HEALTH_READY, ""},
    {"one without numbers", DAEMONS("x: y1"), HEALTH_PROGRESS,
     "not looked at by its controller yet"},
    {"one that was never observed",
     "{apiVersion: apps/v1, kind: DaemonSet, metadata: {generation: 1}, status: "
     "{desiredNumberScheduled: 0}}",
     HEALTH_PROGRESS, "not looked at by its controller yet"},
    {"nodes are missing", DAEMONS("desiredNumberScheduled: 3, currentNumberScheduled: 1"),
     HEALTH_PROGRESS, "1 of 3 nodes have a pod"},
    {"daemons are old",
     DAEMONS("desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 2"),
     HEALTH_PROGRESS, "2 of 3 pods updated"},

    {"a replica set with all",
     REPLICAS("replicas: 1", "replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, "
                             "readyReplicas: 1"),
     HEALTH_READY, ""},
    {"that may not make pods",
     REPLICAS("replicas: 1", "conditions: [{type: ReplicaFailure, status: 'True', reason: "
                             "FailedCreate, message: exceeded quota}]"),
     HEALTH_PROGRESS, "FailedCreate: exceeded quota"},
    {"without pods", REPLICAS("replicas: 2", ""), HEALTH_PROGRESS, "0 of 2 replicas created"},

    {"a job that is done",
     JOB("", "startTime: '2026-01-01T00:00:00Z', succeeded: 1, conditions: [{type: Complete, "
             "status: 'True'}]"),
     HEALTH_READY, ""},
    {"one that failed",
     JOB("", "conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded, message: "
             "too often}]"),
     HEALTH_FAILED, "BackoffLimitExceeded: too often"},
    {"one that runs", JOB("completions: 3", "startTime: '2026-01-01T00:00:00Z', succeeded: 1"),
     HEALTH_PROGRESS, "1 of 3 completions"},
    {"one that is held back",
     JOB("suspend: true", "conditions: [{type: Suspended, status: 'True'}]"), HEALTH_READY, ""},
    {"one that is let go on",
     JOB("suspend: false", "conditions: [{type: Suspended, status: 'True'}]"), HEALTH_PROGRESS,
     "not started yet"},
    {"one that does not", JOB("", ""), HEALTH_PROGRESS, "not started yet"},

    {"a pod that is ready", POD("", "phase: Running, conditions: [{type: Ready, status: 'True'}]"),
     HEALTH_READY, ""},
    {"that is not", POD("", "phase: Running, conditions: [{type: Ready, status: 'False'}]"),
     HEALTH_PROGRESS, "running, but not ready"},
    {"that crashes",
     POD("", "phase: Running, containerStatuses: [{name: a, state: {running: {}}}, {name: b, "
             "state: {waiting: {reason: CrashLoopBackOff}}}]"),
     HEALTH_FAILED, "crash loop of container b"},
    {"that no node takes",
     POD("", "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: "
             "Unschedulable, message: 0/3 nodes}]"),
     HEALTH_PROGRESS, "0/3 nodes"},
    {"that is done", POD("", "phase: Succeeded"), HEALTH_READY, ""},
    {"that failed", POD("", "phase: Failed, message: evicted"), HEALTH_FAILED, "evicted"},
    {"of which nothing is known", POD("", ""), HEALTH_PROGRESS, "pending"},
    {"a hook's pod is there when it is done",
     POD("annotations: {helm.sh/hook: test}",
         "phase: Running, conditions: [{type: Ready, status: 'True'}]"),
     HEALTH_PROGRESS, "not done yet"},

    {"a claim that is bound",
     "{apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Bound}}", HEALTH_READY, ""},
    {"one that is not", "{apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Pending}}",
     HEALTH_PROGRESS, "not bound yet: Pending"},
    {"a service", "{apiVersion: v1, kind: Service, spec: {type: ClusterIP}}", HEALTH_READY, ""},
    {"a balancer without an address", "{apiVersion: v1, kind: Service, spec: {type: LoadBalancer}}",
     HEALTH_PROGRESS, "no cluster address yet"},
    {"a budget", "{apiVersion: policy/v1, kind: PodDisruptionBudget}", HEALTH_READY, ""},
    {"a budget that was not looked at",
     "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {generation: 2}, status: "
     "{observedGeneration: 1}}",
     HEALTH_PROGRESS, "the last change is not taken up yet"},
    {"a namespace that goes",
     "{apiVersion: v1, kind: Namespace, metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}}",
     HEALTH_PROGRESS, "being deleted"},
    {"a config map", "{apiVersion: v1, kind: ConfigMap}", HEALTH_READY, ""},

    {"a kind that is established", CRD("{type: Established, status: 'True'}"), HEALTH_READY, ""},
    {"one that is being installed", CRD("{type: Established, status: 'False', reason: Installing}"),
     HEALTH_PROGRESS, "not established yet"},
    {"one without conditions", CRD(""), HEALTH_PROGRESS, "not established yet"},
    {"a name that is taken",
     CRD("{type: NamesAccepted, status: 'False', reason: KindConflict, message: in use}"),
     HEALTH_FAILED, "KindConflict: in use"},

    {"something of which nothing is known", OTHER("", ""), HEALTH_READY, ""},
    {"that says it is ready", OTHER("", "conditions: [{type: Ready, status: 'True'}]"),
     HEALTH_READY, ""},
    {"that says it is not",
     OTHER("", "conditions: [{type: Ready, status: 'False', reason: Slow, message: soon}]"),
     HEALTH_PROGRESS, "Slow: soon"},
    {"that does not know", OTHER("", "conditions: [{type: Ready, status: Unknown}]"),
     HEALTH_PROGRESS, "not ready"},
    {"that is stalled", OTHER("", "conditions: [{type: Stalled, status: 'True', message: no way}]"),
     HEALTH_FAILED, "no way"},
    {"that failed",
     OTHER("", "conditions: [{type: Failed, status: 'True', reason: Broken, message: it is over}]"),
     HEALTH_FAILED, "Broken: it is over"},
    {"that failed once, and is ready",
     OTHER("", "conditions: [{type: Failed, status: 'True'}, {type: Ready, status: 'True'}]"),
     HEALTH_READY, ""},
    {"that is at work",
     OTHER("", "conditions: [{type: Reconciling, status: 'True', reason: Busy}]"), HEALTH_PROGRESS,
     "Busy"},
    {"that is behind", OTHER("generation: 3", "observedGeneration: 2"), HEALTH_PROGRESS,
     "the last change is not taken up yet"},
    {"that does not tell", OTHER("generation: 3", ""), HEALTH_READY, ""},

    {"nothing", "{}", HEALTH_READY, ""},
    {"no map", "[a]", HEALTH_READY, ""},
    {"fields of wrong types",
     "{apiVersion: apps/v1, kind: Deployment, spec: x, status: [1], metadata: 3}", HEALTH_PROGRESS,
     "0 of 1 replicas created"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Health health = object_health(&a, object_of(&a, row->object));

    assert_int_equal(health.state, row->state);
    assert_str(health.reason, row->reason);
}

TEST_ROWS(rows, check)
