/*
 * test_demo.c - the simulated cluster: that it keeps a target's contract, and what happens in it.
 */
#include "tests/unit/target/contract.h"
#include "tests/unit/target/fixture.h"

#include "base/json.h"

#include <sys/stat.h>

#define TEMPLATE(annotations, pod)                                                                 \
    "selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}, annotations: "     \
    "{" annotations "}}, spec: {" pod "containers: [{name: main, image: 'nginx:1.25'}]}}"

#define DEPLOYMENT(replicas, rest)                                                                 \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: " replicas    \
    ", progressDeadlineSeconds: 60, " rest "}}"

#define JOB(annotations, rest)                                                                     \
    "{apiVersion: batch/v1, kind: Job, metadata: {name: job}, spec: {" rest                        \
    "template: {metadata: {annotations: {" annotations                                             \
    "}}, spec: {restartPolicy: Never, containers: [{name: main, image: 'busybox:1'}]}}}}"

static void keeps_the_contract(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();

    (void)state;
    unsetenv("RELFILE_DEMO_START");
    check_target_contract("demo", folder.path);
}

static void tells_the_nearest_type(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Target *target = NULL;
    Error *err = target_open(&a, &(TargetOptions){.type = "dmeo"}, &target);

    (void)state;
    assert_non_null(err);
    assert_string_equal(error_hint_of(err), "did you mean \"demo\"?");
    error_free(err);
}

/* A row: what is applied, how it ends, and what its pods' containers show then. */
typedef struct Row {
    const char *name, *object;
    HealthState state;
    const char *reason; /* part of it */
    const char *shows;  /* in the pods, as JSON; NULL: whatever */
} Row;

static Row rows[] = {
    {"a deployment gets ready", DEPLOYMENT("2", TEMPLATE("", "")), HEALTH_READY, "", "\"running\""},
    {"of no replicas nothing is needed", DEPLOYMENT("0", TEMPLATE("", "")), HEALTH_READY, "", NULL},
    {"a readiness probe delays",
     "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: "
     "{matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: "
     "[{name: main, image: a, readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 30}}]}}}}",
     HEALTH_READY, "", "\"running\""},
    {"never ready", DEPLOYMENT("1", TEMPLATE("relfile.test/behaviour: never-ready", "")),
     HEALTH_FAILED, "progress deadline exceeded", "\"running\""},
    {"an image that cannot be pulled",
     DEPLOYMENT("1", TEMPLATE("relfile.test/behaviour: pull-fail", "")), HEALTH_FAILED,
     "progress deadline exceeded", "ImagePullBackOff"},
    {"a crash loop", DEPLOYMENT("1", TEMPLATE("relfile.test/behaviour: crash", "")), HEALTH_FAILED,
     "progress deadline exceeded", "CrashLoopBackOff"},
    {"out of memory", DEPLOYMENT("1", TEMPLATE("relfile.test/behaviour: oom", "")), HEALTH_FAILED,
     "progress deadline exceeded", "OOMKilled"},
    {"no node takes it", DEPLOYMENT("1", TEMPLATE("relfile.test/behaviour: unschedulable", "")),
     HEALTH_FAILED, "progress deadline exceeded", "Unschedulable"},
    {"too large for any node",
     DEPLOYMENT("1", "selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, "
                     "spec: {containers: [{name: main, image: a, resources: {requests: {cpu: "
                     "100}}}]}}"),
     HEALTH_FAILED, "progress deadline exceeded", "Insufficient cpu"},
    {"an image that no registry has",
     DEPLOYMENT("1", "selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, "
                     "spec: {containers: [{name: main, image: 'api:does-not-exist'}]}}"),
     HEALTH_FAILED, "progress deadline exceeded", "ImagePullBackOff"},
    {"a secret that is not there",
     DEPLOYMENT("1", "selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, "
                     "spec: {containers: [{name: main, image: a, envFrom: [{secretRef: {name: "
                     "none}}]}]}}"),
     HEALTH_FAILED, "progress deadline exceeded", "CreateContainerConfigError"},
    {"ready after the time that is asked for",
     DEPLOYMENT("1", TEMPLATE("relfile.test/ready-after: 20s", "")), HEALTH_READY, "",
     "\"running\""},
    {"recreated", DEPLOYMENT("2", "strategy: {type: Recreate}, " TEMPLATE("", "")), HEALTH_READY,
     "", NULL},
    {"a job is done", JOB("", ""), HEALTH_READY, "", "Completed"},
    {"a job in parallel", JOB("", "parallelism: 2, completions: 5, completionMode: Indexed, "),
     HEALTH_READY, "", "job-completion-index"},
    {"a job fails", JOB("relfile.test/behaviour: job-fail", "backoffLimit: 1, "), HEALTH_FAILED,
     "BackoffLimitExceeded", "\"exitCode\":3"},
    {"a job hangs", JOB("relfile.test/behaviour: job-hang", "activeDeadlineSeconds: 30, "),
     HEALTH_FAILED, "DeadlineExceeded", NULL},
    {"a stateful set with claims",
     "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: db, "
     "replicas: 3, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: "
     "[ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}], " TEMPLATE("", "") "}}",
     HEALTH_READY, "", "data-db-2"},
    {"a daemon set has a pod on each node",
     "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent}, spec: {" TEMPLATE("",
                                                                                        "") "}}",
     HEALTH_READY, "", "node-3"},
    {"a pod by itself",
     "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: m, image: a}]}}",
     HEALTH_READY, "", "\"running\""},
    {"a claim is bound",
     "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: "
     "[ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
     HEALTH_READY, "", NULL},
    {"a claim of a class that is not there is not bound",
     "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: "
     "{storageClassName: gold, accessModes: [ReadWriteOnce], resources: {requests: {storage: "
     "1Gi}}}}",
     HEALTH_PROGRESS, "Pending", NULL},
    {"a load balancer gets an address",
     "{apiVersion: v1, kind: Service, metadata: {name: lb}, spec: {type: LoadBalancer, ports: "
     "[{port: 80}]}}",
     HEALTH_READY, "", NULL},
};

static Str all_pods(Target *target, Arena *a)
{
    ObjectId id = {STR("v1"), STR("Pod"), STR("default"), STR("")};
    Buf text = {.arena = a};
    Value pods;

    assert_success(target_list(target, a, &id, &pods));
    assert_success(json_write(&text, pods, (JsonStyle){0}));
    return buf_str(&text);
}

static void check_row(void **state)
{
    const Row *row = *state;
    DEFER(fixture_end) Fixture f = fixture_make();
    Health health;
    Str pods;

    object_apply_text(f.target, &f.memory, row->object);
    health = object_settle(f.target, &f.memory, row->object, 120000);
    if (health.state != row->state || str_find(health.reason, str_from(row->reason)) == STR_NONE)
        fail_msg("it is %d: %.*s", (int)health.state, STR_ARG(health.reason));
    pods = all_pods(f.target, &f.memory);
    if (row->shows && str_find(pods, str_from(row->shows)) == STR_NONE)
        fail_msg("no %s in %.*s", row->shows, STR_ARG(pods));
}

static Value replica_sets(Fixture *f)
{
    ObjectId id = {STR("apps/v1"), STR("ReplicaSet"), STR("default"), STR("")};
    Value sets;

    assert_success(target_list(f->target, &f->memory, &id, &sets));
    return sets;
}

/* While a deployment goes from one template to the next there are never too few pods, or too many.
 */
static void rolls_within_its_bounds(void **state)
{
    static const char first[] = DEPLOYMENT("4", TEMPLATE("version: one", ""));
    static const char second[] = DEPLOYMENT("4", TEMPLATE("version: two", ""));
    DEFER(fixture_end) Fixture f = fixture_make();
    size_t steps = 0;

    (void)state;
    object_apply_text(f.target, &f.memory, first);
    object_await(f.target, &f.memory, first);
    object_apply_text(f.target, &f.memory, second);
    for (Health h = {HEALTH_PROGRESS, {0}}; h.state == HEALTH_PROGRESS; steps++) {
        Value live = object_live(f.target, &f.memory, second);

        assert_true(number_at(&live, "status.availableReplicas") >= 3);
        assert_true(number_at(&live, "status.replicas") <= 5);
        h = object_health(&f.memory, live);
        assert_success(target_wait(f.target, 1000));
    }
    assert_true(steps > 3); // and it can be seen
    assert_int_equal(replica_sets(&f).list.len, 2);
    object_apply_text(f.target, &f.memory, first);
    object_await(f.target, &f.memory, first);
    assert_int_equal(replica_sets(&f).list.len, 2); // back to the first set, not to a third
}

static void keeps_as_much_history_as_is_asked_for(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();

    (void)state;
    for (int i = 0; i < 6; i++) {
        const char *text = str_format(&f.memory,
                                      DEPLOYMENT("1", "revisionHistoryLimit: 2, selector: "
                                                      "{matchLabels: {app: x}}, template: "
                                                      "{metadata: {labels: {app: x}}, spec: "
                                                      "{containers: [{name: m, image: 'a:%d'}]}}"),
                                      i)
                               .ptr;

        object_apply_text(f.target, &f.memory, text);
        object_await(f.target, &f.memory, text);
    }
    assert_success(target_wait(f.target, 5000));
    assert_int_equal(replica_sets(&f).list.len, 3);
}

#define CUSTOM_DEFINITION                                                                          \
    "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "      \
    "gadgets.example.com}, spec: {group: example.com, names: {kind: Gadget, plural: gadgets}, "    \
    "scope: Namespaced, versions: [{name: v1, served: true, storage: true, schema: "               \
    "{openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [size], "        \
    "properties: {size: {type: integer, minimum: 1}, colour: {type: string, default: red, enum: "  \
    "[red, blue]}}}}}}}]}}"
#define GADGET(spec)                                                                               \
    "{apiVersion: example.com/v1, kind: Gadget, metadata: {name: g}, spec: " spec "}"

static void has_custom_kinds(void **state)
{
    static const TargetApply how = {.manager = "relfile"};
    DEFER(fixture_end) Fixture f = fixture_make();
    ObjectId definition = {STR("apiextensions.k8s.io/v1"), STR("CustomResourceDefinition"), STR(""),
                           STR("gadgets.example.com")};
    Value gadget;

    (void)state;
    object_apply_text(f.target, &f.memory, CUSTOM_DEFINITION);
    // as on a real cluster the kind is there a little later only
    assert_failure(object_try(f.target, &f.memory, GADGET("{size: 1}"), &how), ERROR_NOT_FOUND,
                   "no matches for kind \"Gadget\" in version \"example.com/v1\"");
    object_await(f.target, &f.memory, CUSTOM_DEFINITION);
    gadget = object_apply_text(f.target, &f.memory, GADGET("{size: 1}"));
    assert_str(text_at(&gadget, "spec.colour"), "red");
    assert_failure(object_try(f.target, &f.memory, GADGET("{}"), &how), ERROR_INPUT,
                   "spec.size: Required value");
    assert_failure(object_try(f.target, &f.memory, GADGET("{size: 0}"), &how), ERROR_INPUT,
                   "greater than or equal to 1");
    assert_failure(object_try(f.target, &f.memory, GADGET("{size: 1, colour: green}"), &how),
                   ERROR_INPUT, "Unsupported value");
    assert_failure(object_try(f.target, &f.memory, GADGET("{size: 1, weight: 2}"), &how),
                   ERROR_INPUT, "field not declared in schema");
    assert_success(target_remove(f.target, &definition, &(TargetDelete){0}));
    contract_await_gone(f.target, &f.memory, &definition);
    assert_failure(object_try(f.target, &f.memory, GADGET("{size: 1}"), &how), ERROR_NOT_FOUND,
                   "no matches");
}

static void quotas_limit_pods(void **state)
{
    static const char text[] = DEPLOYMENT("4", TEMPLATE("", ""));
    DEFER(fixture_end) Fixture f = fixture_make();
    Value live;

    (void)state;
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: "
                      "{pods: 2}}}");
    object_apply_text(f.target, &f.memory, text);
    object_settle(f.target, &f.memory, text, 20000);
    live = object_live(f.target, &f.memory, text);
    assert_int_equal(number_at(&live, "status.replicas"), 2);
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Pod", "default"), 2);
}

static void orphans_are_left(void **state)
{
    static const char text[] = DEPLOYMENT("1", TEMPLATE("", ""));
    DEFER(fixture_end) Fixture f = fixture_make();
    ObjectId id = {STR("apps/v1"), STR("Deployment"), STR("default"), STR("web")};

    (void)state;
    object_apply_text(f.target, &f.memory, text);
    object_await(f.target, &f.memory, text);
    assert_success(target_remove(f.target, &id, &(TargetDelete){.orphans = true}));
    assert_success(target_wait(f.target, 10000));
    assert_int_equal(replica_sets(&f).list.len, 1);
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Pod", "default"), 1);
    // and a new deployment takes nothing that is not its own
    object_apply_text(f.target, &f.memory, text);
    assert_success(target_wait(f.target, 10000));
}

static void an_autoscaler_owns_the_replicas(void **state)
{
    static const char text[] = DEPLOYMENT("1", TEMPLATE("", ""));
    static const TargetApply how = {.manager = "relfile"};
    DEFER(fixture_end) Fixture f = fixture_make();
    Value live;

    (void)state;
    object_apply_text(f.target, &f.memory, text);
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: "
                      "{name: h}, spec: {minReplicas: 3, maxReplicas: 5, scaleTargetRef: "
                      "{apiVersion: apps/v1, kind: Deployment, name: web}}}");
    for (int i = 0; i < 20; i++)
        assert_success(target_wait(f.target, 1000));
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Pod", "default"), 3);
    assert_success(object_try(f.target, &f.memory, text, &how)); // without what is not its any more
    live = object_live(f.target, &f.memory, text);
    assert_int_equal(field_int(&live, "spec.replicas", 0), 3);
}

static void finalizers_hold_an_object(void **state)
{
    static const char held[] = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, finalizers: "
                               "[example.com/hold]}}";
    static const char let_go[] = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}";
    DEFER(fixture_end) Fixture f = fixture_make();
    ObjectId id = {STR("v1"), STR("ConfigMap"), STR("default"), STR("c")};
    Value live;

    (void)state;
    object_apply_text(f.target, &f.memory, held);
    assert_success(target_remove(f.target, &id, &(TargetDelete){0}));
    assert_success(target_wait(f.target, 5000));
    live = object_live(f.target, &f.memory, held);
    assert_true(text_at(&live, "metadata.deletionTimestamp").len > 0);
    object_apply_text(f.target, &f.memory, let_go);
    assert_failure(target_get(f.target, &f.memory, &id, &live), ERROR_NOT_FOUND, "c");
}

static void services_have_endpoints(void **state)
{
    static const char text[] = DEPLOYMENT("2", TEMPLATE("", ""));
    DEFER(fixture_end) Fixture f = fixture_make();
    ObjectId id = {STR("discovery.k8s.io/v1"), STR("EndpointSlice"), STR("default"), STR("")};
    Value slices;

    (void)state;
    object_apply_text(f.target, &f.memory, text);
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: "
                      "x}, ports: [{port: 80}]}}");
    object_await(f.target, &f.memory, text);
    assert_success(target_wait(f.target, 2000));
    assert_success(target_list(f.target, &f.memory, &id, &slices));
    assert_int_equal(slices.list.len, 1);
    assert_int_equal(value_at(&slices.list.items[0], STR("endpoints"))->list.len, 2);
}

/* The same calls give the same cluster, to the last byte. */
static void is_the_same_each_time(void **state)
{
    static const char text[] = DEPLOYMENT("3", TEMPLATE("", ""));
    DEFER(fixture_end) Fixture first = fixture_make(), second = fixture_make();

    (void)state;
    object_apply_text(first.target, &first.memory, text);
    object_apply_text(second.target, &second.memory, text);
    object_await(first.target, &first.memory, text);
    object_await(second.target, &second.memory, text);
    assert_true(
        str_equal(all_pods(first.target, &first.memory), all_pods(second.target, &second.memory)));
}

/* Contexts are clusters of their own, and none of them leads out of the folder. */
static void contexts_are_apart(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    DEFER(target_close) Target *other = NULL;
    ObjectId id = {STR("v1"), STR("ConfigMap"), STR("default"), STR("here")};
    Value out;

    (void)state;
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ConfigMap, metadata: {name: here}}");
    assert_success(target_open(
        &f.memory,
        &(TargetOptions){.type = "demo", .location = f.folder.path, .context = STR("../../x")},
        &other));
    assert_failure(target_get(other, &f.memory, &id, &out), ERROR_NOT_FOUND, "here");
    assert_int_equal(
        access(temporary_path(&f.memory, &f.folder, "clusters/%2E.%2F..%2Fx/cluster.yaml"), R_OK),
        0);
}

static void a_wrong_configuration_is_told(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    Target *other = NULL;

    (void)state;
    assert_int_equal(mkdir(temporary_path(&f.memory, &f.folder, "clusters/bad"), 0700), 0);
    temporary_write(&f.folder, "clusters/bad/cluster.yaml", STR("pace: fast\n"));
    assert_failure(
        target_open(
            &f.memory,
            &(TargetOptions){.type = "demo", .location = f.folder.path, .context = STR("bad")},
            &other),
        ERROR_INPUT, "pace must be");
}

static void a_deleted_cluster_begins_anew(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    ObjectId id = {STR("v1"), STR("ConfigMap"), STR("default"), STR("here")};
    Value out;

    (void)state;
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ConfigMap, metadata: {name: here}}");
    temporary_remove(&f.folder);
    assert_failure(target_get(f.target, &f.memory, &id, &out), ERROR_NOT_FOUND, "here");
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Node", ""), 3);
}

static void hostile_objects_are_refused(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    static const TargetApply how = {.manager = "relfile"};
    Value deep = value_of_map(value_map_new(&f.memory)), out;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        ValueMap *map = value_map_new(&f.memory);

        value_map_set_c(&f.memory, map, "a", deep);
        deep = value_of_map(map);
    }
    assert_failure(target_apply(f.target, &f.memory, deep, &how, &out), ERROR_INPUT, "too large");
    assert_failure(target_apply(f.target, &f.memory, value_null(), &how, &out), ERROR_INPUT,
                   "must be a map");
    assert_failure(object_try(f.target, &f.memory, "{}", &how), ERROR_INPUT, "missing");
    assert_failure(object_try(f.target, &f.memory, "{apiVersion: [v1], kind: {a: b}}", &how),
                   ERROR_INPUT, "missing");
    assert_failure(
        object_try(f.target, &f.memory, "{apiVersion: v1, kind: Pod, metadata: x}", &how),
        ERROR_INPUT, "");
    assert_failure(object_try(f.target, &f.memory, "{apiVersion: v1, kind: Pod}", &how),
                   ERROR_INPUT, "name");
    assert_failure(object_try(f.target, &f.memory,
                              "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: "
                              "../../etc}}",
                              &how),
                   ERROR_NOT_FOUND, "namespaces \"../../etc\" not found");
    assert_failure(object_try(f.target, &f.memory,
                              "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, "
                              "metadata: {name: ../../x}}",
                              &how),
                   ERROR_INPUT, "may not contain '/'");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(keeps_the_contract),
    cmocka_unit_test(tells_the_nearest_type),
    cmocka_unit_test(rolls_within_its_bounds),
    cmocka_unit_test(keeps_as_much_history_as_is_asked_for),
    cmocka_unit_test(has_custom_kinds),
    cmocka_unit_test(quotas_limit_pods),
    cmocka_unit_test(orphans_are_left),
    cmocka_unit_test(an_autoscaler_owns_the_replicas),
    cmocka_unit_test(finalizers_hold_an_object),
    cmocka_unit_test(services_have_endpoints),
    cmocka_unit_test(is_the_same_each_time),
    cmocka_unit_test(contexts_are_apart),
    cmocka_unit_test(a_wrong_configuration_is_told),
    cmocka_unit_test(a_deleted_cluster_begins_anew),
    cmocka_unit_test(hostile_objects_are_refused),
};

TEST_ROWS_AND(rows, check_row, others)
