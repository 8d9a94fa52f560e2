/*
 * test_explain.c - what is said of objects that are not ready.
 */
#include "tests/unit/target/fixture.h"

typedef struct Row {
    const char *name;
    const char *before; /* another object that is applied first; NULL: none */
    const char *object;
    const char *line; /* what the first line must have */
    const char *also; /* what must be somewhere; NULL: nothing */
} Row;

#define DEPLOYMENT(replicas, annotations, pod, container)                                          \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: " replicas    \
    ", progressDeadlineSeconds: 60, selector: {matchLabels: {a: b}}, template: {metadata: "        \
    "{labels: {a: b}, annotations: {" annotations "}}, spec: {" pod                                \
    "containers: [{name: main, " container "}]}}}}"

static Row rows[] = {
    {"an image that is not there", NULL,
     DEPLOYMENT("1", "", "", "image: 'registry.example/api:does-not-exist'"),
     ": ImagePullBackOff: image registry.example/api:does-not-exist not found", "pod web-"},
    {"several pods with one cause are one line", NULL,
     DEPLOYMENT("3", "relfile.test/behaviour: pull-fail", "", "image: 'a:1'"),
     " and 2 more: ImagePullBackOff: image a:1 not found", NULL},
    {"a crash, and what it said", NULL,
     DEPLOYMENT("1", "relfile.test/behaviour: crash", "", "image: a"),
     "CrashLoopBackOff: container main ended with exit code 1", "  log: "},
    {"too little memory", NULL,
     DEPLOYMENT("1", "relfile.test/behaviour: oom", "",
                "image: a, resources: {limits: {memory: 128Mi}}"),
     "OOMKilled: container main used more memory than its limit of 128Mi", NULL},
    {"a secret that is missing", NULL,
     DEPLOYMENT("1", "", "", "image: a, envFrom: [{secretRef: {name: db}}]"),
     "CreateContainerConfigError: secret \"db\" not found", NULL},
    {"a key that is missing",
     "{apiVersion: v1, kind: ConfigMap, metadata: {name: db}, data: {a: b}}",
     DEPLOYMENT("1", "", "",
                "image: a, env: [{name: X, valueFrom: {configMapKeyRef: {name: db, key: z}}}]"),
     "couldn't find key z in ConfigMap default/db", NULL},
    {"a volume that cannot be mounted", NULL,
     DEPLOYMENT("1", "", "volumes: [{name: v, configMap: {name: conf}}], ", "image: a"),
     "FailedMount", "configmap \"conf\" not found"},
    {"no node is large enough", NULL,
     DEPLOYMENT("1", "", "", "image: a, resources: {requests: {memory: 9Ti}}"),
     "unschedulable: 0/3 nodes are available: 3 Insufficient memory", NULL},
    {"no node has the label", NULL, DEPLOYMENT("1", "", "nodeSelector: {disk: ssd}, ", "image: a"),
     "unschedulable: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector",
     NULL},
    {"a claim that is missing", NULL,
     DEPLOYMENT("1", "", "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}], ",
                "image: a"),
     "persistentvolumeclaim \"data\" not found", NULL},
    {"never ready", NULL, DEPLOYMENT("1", "relfile.test/behaviour: never-ready", "", "image: a"),
     "Unhealthy: Readiness probe failed", NULL},
    {"a quota",
     "{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: {pods: 1}}}",
     DEPLOYMENT("2", "", "", "image: a"), "exceeded quota: few", "replica set web-"},
    {"a quota for what is not said",
     "{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: {limits.cpu: 1}}}",
     DEPLOYMENT("1", "", "", "image: a"), "must specify limits.cpu for: main", NULL},
    {"an account that is missing", NULL,
     DEPLOYMENT("1", "", "serviceAccountName: robot, ", "image: a"),
     "serviceaccount \"robot\" not found", NULL},
    {"a job that fails", NULL,
     "{apiVersion: batch/v1, kind: Job, metadata: {name: migrate, annotations: "
     "{relfile.test/behaviour: job-fail}}, spec: {backoffLimit: 0, template: {spec: "
     "{restartPolicy: Never, containers: [{name: main, image: a}]}}}}",
     "pod migrate-", "job migrate: BackoffLimitExceeded"},
    {"a claim of an unknown class", NULL,
     "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {storageClassName: "
     "gold, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
     "persistentvolumeclaim c: ProvisioningFailed: storageclass.storage.k8s.io \"gold\" not found",
     NULL},
    {"a stateful set", NULL,
     "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, annotations: "
     "{relfile.test/behaviour: crash}}, spec: {selector: {matchLabels: {a: b}}, template: "
     "{metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: a}]}}}}",
     "pod db-0: CrashLoopBackOff", NULL},
    {"what is ready needs no words", NULL, DEPLOYMENT("1", "", "", "image: a"), "", NULL},
    {"nor what has no story", NULL, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}", "",
     NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(fixture_end) Fixture f = fixture_make();
    Str text, line, rest;

    if (row->before)
        object_apply_text(f.target, &f.memory, row->before);
    object_apply_text(f.target, &f.memory, row->object);
    object_settle(f.target, &f.memory, row->object, 90000);
    assert_success(
        target_explain(f.target, &f.memory, object_live(f.target, &f.memory, row->object), &text));
    rest = text;
    str_cut(&rest, '\n', &line);
    if (str_find(line, str_from(row->line)) == STR_NONE || (!row->line[0] && line.len))
        fail_msg("got \"%.*s\", want %s", STR_ARG(text), row->line);
    if (row->also && str_find(text, str_from(row->also)) == STR_NONE)
        fail_msg("got \"%.*s\", want %s", STR_ARG(text), row->also);
}

/* What others wrote does nothing to a terminal, and stays on its line. */
static void foreign_text_is_made_harmless(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    Value map = object_apply_text(f.target, &f.memory,
                                  "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");
    Value event = object_of(&f.memory, "{apiVersion: v1, kind: Event, metadata: {name: e}, type: "
                                       "Warning, reason: \"a\\nb\", message: \"\\e[2Jx\"}");
    Value involved = value_of_map(value_map_new(&f.memory)), out;
    Str text;

    (void)state;
    value_map_set_c(&f.memory, involved.map, "uid", value_string(text_at(&map, "metadata.uid")));
    value_map_set_c(&f.memory, event.map, "involvedObject", involved);
    assert_success(target_apply(f.target, &f.memory, event, &(TargetApply){.manager = "m"}, &out));
    assert_success(target_explain(f.target, &f.memory, map, &text));
    assert_true(text.len > 0);
    for (size_t i = 0; i < text.len; i++)
        assert_true(text.ptr[i] >= ' ');
}

static const struct CMUnitTest others[] = {cmocka_unit_test(foreign_text_is_made_harmless)};

TEST_ROWS_AND(rows, check, others)
