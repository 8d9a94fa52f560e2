/*
 * test_crash.c - kill -9 at any instant: what was acknowledged is there, every object is whole, and
 * controllers make the rest right.
 *
 * TEST_ROUNDS=N makes it N kills; the usual number is for every day.
 */
#include "base/number.h"
#include "tests/unit/target/fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { USUAL_ROUNDS = 25, EARLY = 10, NAMES = 4 }; /* the first kills come early */

static void need(Error *err)
{
    if (!err)
        return;
    fprintf(stderr, "child: %s\n", error_message(err));
    _exit(2);
}

static void need_true(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "child: %s\n", what);
    _exit(3);
}

static Target *open_target(Arena *a, const Temporary *folder)
{
    Target *target = NULL;

    need(target_open(a, &(TargetOptions){.type = "demo", .location = folder->path}, &target));
    return target;
}

static Value parse(Arena *a, const char *text)
{
    Value v;

    need(yaml_parse(a, "test", str_from(text), YAML_HELM, &v));
    return v;
}

/* Write number N, as a map and as a deployment, and tell that it is done. */
static void write_one(Target *target, int number, int pipe)
{
    DEFER(arena_free) Arena a = {0};
    const char *texts[] = {
        str_format(&a,
                   "{apiVersion: v1, kind: ConfigMap, metadata: {name: 'map-%d'}, data: "
                   "{number: '%d'}}",
                   number % NAMES, number)
            .ptr,
        str_format(&a,
                   "{apiVersion: apps/v1, kind: Deployment, metadata: {name: 'web-%d'}, spec: "
                   "{replicas: %d, selector: {matchLabels: {app: 'web-%d'}}, template: {metadata: "
                   "{labels: {app: 'web-%d'}}, spec: {containers: [{name: m, image: 'a:%d'}]}}}}",
                   number % NAMES, 1 + number % 3, number % NAMES, number % NAMES, number)
            .ptr,
    };
    Value out;

    for (size_t i = 0; i < COUNT(texts); i++)
        need(target_apply(target, &a, parse(&a, texts[i]), &(TargetApply){.manager = "m"}, &out));
    need_true(write(pipe, &number, sizeof(number)) == sizeof(number), "no pipe");
}

static void write_until_killed(const Temporary *folder, int first, int pipe)
{
    DEFER(arena_free) Arena a = {0};
    Target *target = open_target(&a, folder);
    ObjectId gone = {STR("apps/v1"), STR("Deployment"), STR("default"), STR("web-3")};

    for (int number = first;; number++) {
        write_one(target, number, pipe);
        need(target_wait(target, number % 5 * 400));
        if (number % 11 == 0)
            error_free(target_remove(target, &gone, &(TargetDelete){.foreground = number % 2}));
    }
}

/*
 * Let it write for US, from the start or, if it is to GET_GOING, from the first number that it
 * tells; then kill it. The last number that it told, or BEFORE.
 */
static int run_and_kill(const Temporary *folder, int before, bool get_going, int64_t us)
{
    int ends[2], number, last = before, status;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_until_killed(folder, before + 1, ends[1]);
    }
    close(ends[1]);
    if (get_going && read(ends[0], &number, sizeof(number)) == sizeof(number))
        last = number;
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status))
        fail_msg("the child ended by itself: %d", WEXITSTATUS(status));
    while (read(ends[0], &number, sizeof(number)) == sizeof(number))
        last = number;
    close(ends[0]);
    return last;
}

static int64_t version_of(const Value *object)
{
    int64_t n = -1;

    number_parse_int(text_at(object, "metadata.resourceVersion"), 10, &n);
    return n;
}

/* Every object can be read; *NEWEST is the highest version among them. */
static void check_objects(Target *target, Arena *a, int64_t *newest)
{
    static const char *const kinds[][2] = {
        {"v1", "ConfigMap"},
        {"v1", "Pod"},
        {"v1", "Namespace"},
        {"apps/v1", "Deployment"},
        {"apps/v1", "ReplicaSet"},
        {"v1", "ServiceAccount"},
        {"v1", "Node"},
        {"v1", "Event"},
    };

    for (size_t i = 0; i < COUNT(kinds); i++) {
        ObjectId id = {str_from(kinds[i][0]), str_from(kinds[i][1]), STR(""), STR("")};
        Value list;

        need(target_list(target, a, &id, &list));
        for (size_t j = 0; j < list.list.len; j++) {
            int64_t version = version_of(&list.list.items[j]);

            need_true(version > 0, "an object without a version");
            *newest = version > *newest ? version : *newest;
        }
    }
}

/* What was acknowledged, or something newer, is there. */
static void check_acknowledged(Target *target, Arena *a, int last)
{
    for (int number = last > NAMES ? last - NAMES + 1 : 1; number <= last; number++) {
        ObjectId id = {STR("v1"), STR("ConfigMap"), STR("default"),
                       str_format(a, "map-%d", number % NAMES)};
        int64_t found = -1;
        Value map;

        need(target_get(target, a, &id, &map));
        number_parse_int(text_at(&map, "data.number"), 10, &found);
        need_true(found >= number, "an acknowledged change is lost");
    }
}

static bool all_ready(Target *target, Arena *a, const Value *deployments, int64_t *replicas)
{
    bool ready = true;

    *replicas = 0;
    for (size_t i = 0; i < deployments->list.len; i++) {
        ready &= object_health(a, deployments->list.items[i]).state == HEALTH_READY;
        *replicas += number_at(&deployments->list.items[i], "spec.replicas");
    }
    (void)target;
    return ready;
}

/* In time all is as it should be: each deployment has its pods, and there are no others. */
static void check_rest(Target *target, Arena *a)
{
    ObjectId id = {STR("apps/v1"), STR("Deployment"), STR("default"), STR("")};
    ObjectId pod_id = {STR("v1"), STR("Pod"), STR("default"), STR("")};
    Value deployments, pods;
    int64_t replicas;

    for (int i = 0; i < 400; i++) {
        need(target_list(target, a, &id, &deployments));
        need(target_list(target, a, &pod_id, &pods));
        if (all_ready(target, a, &deployments, &replicas) && (int64_t)pods.list.len == replicas)
            return;
        need(target_wait(target, 1000));
    }
    need_true(false, "the cluster does not come to rest");
}

static void check_cluster(const Temporary *folder, int last, int round)
{
    DEFER(arena_free) Arena a = {0};
    Target *target = open_target(&a, folder);
    int64_t newest = 0;
    Value out;

    check_objects(target, &a, &newest);
    check_acknowledged(target, &a, last);
    need(target_apply(target, &a,
                      parse(&a, str_format(&a,
                                           "{apiVersion: v1, kind: ConfigMap, metadata: {name: "
                                           "probe}, data: {number: '%d'}}",
                                           round)
                                    .ptr),
                      &(TargetApply){.manager = "m"}, &out));
    need_true(version_of(&out) > newest, "a version was given twice");
    check_rest(target, &a);
    target_close(&target);
    _exit(0);
}

/* In a process of its own: so that all is read from the files. */
static void check_in_child(const Temporary *folder, int last, int round)
{
    int status;
    pid_t child = fork();

    if (child == 0)
        check_cluster(folder, last, round);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        fail_msg("after number %d: status %x", last, status);
}

static void kills_do_no_harm(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();
    const char *wanted = getenv("TEST_ROUNDS");
    int rounds = wanted ? (int)strtol(wanted, NULL, 10) : USUAL_ROUNDS, last = 0;

    (void)state;
    setenv("RELFILE_DEMO_START", "2026-01-01T00:00:00Z", 1);
    srand(1);
    for (int i = 0; i < rounds; i++) {
        last = run_and_kill(&folder, last, i >= EARLY, rand() % (i < EARLY ? 4000 : 30000));
        check_in_child(&folder, last, i);
    }
    assert_true(last >= rounds - EARLY);
}

/* TEXT at the end of a file of the cluster. */
static void add_to_file(Fixture *f, const char *name, const char *text)
{
    FILE *file = fopen(temporary_path(&f->memory, &f->folder,
                                      str_format(&f->memory, "clusters/demo/%s", name).ptr),
                       "a");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The cluster by another name for its folder, so that nothing is known of it. */
static Target *open_anew(Arena *a, const Fixture *f)
{
    Target *target = NULL;

    need(target_open(
        a, &(TargetOptions){.type = "demo", .location = str_format(a, "%s/.", f->folder.path).ptr},
        &target));
    return target;
}

/* A change log whose last line was torn: what comes behind it is read all the same. */
static void a_torn_line_is_passed_over(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();

    (void)state;
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
    add_to_file(&f, "changes", "! default/ConfigM");
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
    check_in_child(&f.folder, 0, 0);
    assert_int_equal(object_count(f.target, &f.memory, "v1", "ConfigMap", "default"), 4);
}

static const char web[] =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: "
    "{matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: "
    "[{name: m, image: 'a:1'}]}}}}";

/* Events behind a torn one are read, and the torn one does not matter. */
static void a_torn_event_is_passed_over(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    static const char pod[] = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: "
                              "[{name: m, image: 'a:1'}]}}";
    size_t before;

    (void)state;
    object_apply_text(f.target, &f.memory, web);
    object_await(f.target, &f.memory, web);
    before = object_count(f.target, &f.memory, "v1", "Event", "default");
    add_to_file(&f, "default/events.jsonl", "{\"apiVersion\":\"v1\",\"kind\":");
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Event", "default"), before);
    object_apply_text(f.target, &f.memory, pod);
    object_await(f.target, &f.memory, pod);
    // scheduled, pulling, pulled, created, started
    assert_int_equal(object_count(f.target, &f.memory, "v1", "Event", "default"), before + 5);
}

/* A process was killed when its changes were announced, before any of them was made. */
static void what_was_looked_at_is_looked_at_again(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();

    (void)state;
    object_apply_text(f.target, &f.memory, web);
    add_to_file(&f, "changes",
                "@ 9000 1767225601000\n! default/ReplicaSet.apps/web-1\n- "
                "default/Deployment.apps/web\n");
    object_await(open_anew(&f.memory, &f), &f.memory, web);
}

/* In a process that knows nothing of it yet, a deployment finds its own all the same. */
static void controllers_know_what_they_look_at(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    Target *anew;

    (void)state;
    object_apply_text(f.target, &f.memory, web);
    object_await(f.target, &f.memory, web);
    add_to_file(&f, "changes",
                str_format(&f.memory, "@ 9000 %lld\n+ %lld default/Deployment.apps/web\n.\n",
                           (long long)target_now_ms(f.target), (long long)target_now_ms(f.target))
                    .ptr);
    anew = open_anew(&f.memory, &f);
    assert_success(target_wait(anew, 1000));
    object_await(anew, &f.memory, web);
}

/* What a process of its own gets of the config map "a" after its file was made TEXT. */
static int get_in_child(const Fixture *f, const char *text)
{
    int status;
    pid_t child;

    temporary_write(&f->folder, "clusters/demo/default/ConfigMap/a.json", str_from(text));
    child = fork();
    if (child == 0) {
        DEFER(arena_free) Arena a = {0};
        Target *target = open_anew(&a, f);
        ObjectId id = {STR("v1"), STR("ConfigMap"), STR("default"), STR("a")};
        Value out;
        Error *err;

        need(target_wait(target, 5000));
        err = target_get(target, &a, &id, &out);
        if (err && error_kind_of(err) == ERROR_INPUT)
            need_true(strstr(error_message(err), "ConfigMap a") != NULL, "the object is not named");
        _exit(err ? (int)error_kind_of(err) : 100);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/*
 * After a crash of the machine a file may be empty: then the object is not there. One that
 * somebody has broken by hand is told. Neither keeps the rest of the cluster from going on.
 */
static void bad_files_do_no_harm(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();

    (void)state;
    object_apply_text(f.target, &f.memory,
                      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
    assert_int_equal(get_in_child(&f, "{}"), 100);
    assert_int_equal(get_in_child(&f, "{\"a\": "), ERROR_INPUT);
    assert_int_equal(get_in_child(&f, "[]"), ERROR_INPUT);
    assert_int_equal(get_in_child(&f, ""), ERROR_NOT_FOUND);
    assert_int_equal(get_in_child(&f, "{}"), 100);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(kills_do_no_harm),
        cmocka_unit_test(a_torn_line_is_passed_over),
        cmocka_unit_test(a_torn_event_is_passed_over),
        cmocka_unit_test(what_was_looked_at_is_looked_at_again),
        cmocka_unit_test(controllers_know_what_they_look_at),
        cmocka_unit_test(bad_files_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
