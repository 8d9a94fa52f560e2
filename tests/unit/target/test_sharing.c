/*
 * test_sharing.c - several processes, and several threads, on one cluster.
 */
#include "tests/unit/target/fixture.h"

#include <pthread.h>
#include <sys/wait.h>

enum { PROCESSES = 4, THREADS = 4, ROUNDS = 15 };

static Error *apply(Target *target, Arena *a, Str text)
{
    Value object, out;

    TRY(yaml_parse(a, "test", text, YAML_HELM, &object));
    return target_apply(target, a, object, &(TargetApply){.manager = "m"}, &out);
}

/* Make, change and await objects of one's own, beside the others. */
static Error *work(Target *target, int who)
{
    for (int round = 0; round < ROUNDS; round++) {
        DEFER(arena_free) Arena a = {0};

        Str map = str_format(&a, "{apiVersion: v1, kind: ConfigMap, metadata: {name: 'map-%d-%d'}}",
                             who, round);
        Str web = str_format(
            &a,
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: 'web-%d'}, spec: {replicas: "
            "2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: "
            "{containers: [{name: m, image: 'i:%d'}]}}}}",
            who, round / 5);

        TRY(apply(target, &a, map));
        TRY(apply(target, &a, web));
        TRY(target_wait(target, 500));
    }
    return NULL;
}

static Error *await(Target *target, int who)
{
    for (int i = 0; i < 400; i++) {
        DEFER(arena_free) Arena a = {0};
        ObjectId id = {STR("apps/v1"), STR("Deployment"), STR("default"),
                       str_format(&a, "web-%d", who)};
        Value live;

        TRY(target_get(target, &a, &id, &live));
        if (object_health(&a, live).state == HEALTH_READY)
            return NULL;
        TRY(target_wait(target, 1000));
    }
    return error_new(ERROR_UNAVAILABLE, "web-%d is not ready", who);
}

static Error *run(const char *folder, int who)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(target_close) Target *target = NULL;

    TRY(target_open(&a, &(TargetOptions){.type = "demo", .location = folder}, &target));
    TRY(work(target, who));
    return await(target, who);
}

/* All that they did is there; each pod has an owner; and no version was given twice. */
static void check_all(Fixture *f, int workers)
{
    ObjectId pods = {STR("v1"), STR("Pod"), STR("default"), STR("")};
    ObjectId maps = {STR("v1"), STR("ConfigMap"), STR("default"), STR("")};
    Value list;

    assert_success(target_wait(f->target, 10000));
    assert_success(target_list(f->target, &f->memory, &maps, &list));
    assert_int_equal(list.list.len, workers * ROUNDS + 1);
    for (size_t i = 0; i < list.list.len; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_equal(text_at(&list.list.items[i], "metadata.resourceVersion"),
                                   text_at(&list.list.items[j], "metadata.resourceVersion")));
    for (int i = 0; i < 100; i++) {
        assert_success(target_list(f->target, &f->memory, &pods, &list));
        if (list.list.len == (size_t)workers * 2)
            return;
        assert_success(target_wait(f->target, 1000));
    }
    fail_msg("%zu pods", list.list.len);
}

static void processes_share_a_cluster(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    pid_t children[PROCESSES];
    int status;

    (void)state;
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            Error *err = run(f.folder.path, i);

            if (err)
                fprintf(stderr, "child: %s\n", error_message(err));
            _exit(err != NULL);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    check_all(&f, PROCESSES);
}

typedef struct Worker {
    pthread_t thread;
    const char *folder;
    int who;
    Error *err;
} Worker;

static void *run_thread(void *context)
{
    Worker *worker = context;

    worker->err = run(worker->folder, worker->who);
    return NULL;
}

static void threads_share_a_cluster(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    Worker workers[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){.folder = f.folder.path, .who = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, run_thread, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_success(workers[i].err);
    }
    check_all(&f, THREADS);
}

/* What another target has waited does not make this one's timeouts run out. */
static void each_target_counts_its_own_time(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    DEFER(target_close) Target *other = fixture_open(&f);
    int64_t before = target_now_ms(f.target);

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_success(target_wait(other, 60000));
    assert_int_equal(target_now_ms(f.target), before);
    assert_int_equal(target_now_ms(other), before + 600000);
    assert_success(target_wait(f.target, 1000));
    assert_true(target_now_ms(f.target) <= before + 1000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes_share_a_cluster),
        cmocka_unit_test(threads_share_a_cluster),
        cmocka_unit_test(each_target_counts_its_own_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
