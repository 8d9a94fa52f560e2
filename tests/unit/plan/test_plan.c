/*
 * test_plan.c - which release waits for which, and how the plan is carried out.
 */
#include "plan/plan.h"
#include "tests/unit/unit.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MOST = 8 };

typedef struct Row {
    const char *name;
    /* "a:b,c d:" is a, which needs b and c, and d; a minus before a name: not selected; a slash in
     * front of one: it begins another file. */
    const char *releases;
    const char *want; /* "b c a<b,c": in the order of the plan, with what each waits for */
    bool reverse;
} Row;

static Row rows[] = {
    {"releases without needs stay as they are", "c b a", "c b a", false},
    {"what is needed comes first", "a:b b", "b a<b", false},
    {"levels come one behind the other", "a:b b:c c d", "c d b<c a<b", false},
    {"a release waits for all it needs", "a:b,c b c", "b c a<b,c", false},
    {"what is needed twice is waited for by both", "a:c b:c c", "c a<c b<c", false},
    {"a need that is not selected is looked through", "a:b -b:c c", "c a<c", false},
    {"what two ways lead to is waited for once", "a:b,c -b:d -c:d d", "d a<d", false},
    {"a need that is not selected and needs nothing is none", "a:b -b", "a", false},
    {"what is not selected is not there", "-a b", "b", false},
    {"nothing is nothing", "", "", false},
    {"for uninstalling all of it is turned round", "a:b b:c c d", "a b<a d c<b", true},
    {"the other way round what is not selected is looked through, too", "a:b -b:c c", "a c<a",
     true},
};

typedef struct Made {
    SpecFile files[MOST];
    Release releases[MOST];
    ReleaseList list;
} Made;

static Release *find(Made *made, Str name)
{
    for (size_t i = 0; i < made->list.len; i++)
        if (str_equal(made->list.items[i]->name, name))
            return made->list.items[i];
    fail_msg("no release %.*s", STR_ARG(name));
    return NULL;
}

static void make_releases(Arena *a, const char *text, Made *made)
{
    Str rest = str_from(text), one, name;
    bool more = rest.len > 0;

    size_t file = 0;

    *made = (Made){0};
    for (size_t i = 0; more; i++) {
        Release *release = &made->releases[i];

        more = str_cut(&rest, ' ', &one);
        str_cut(&one, ':', &name);
        if (str_starts(name, STR("/"))) {
            name = str_skip(name, 1);
            file++;
        }
        release->selected = !str_starts(name, STR("-"));
        release->name = str_skip(name, !release->selected);
        release->index = i;
        release->file = &made->files[file];
        *vec_add(a, &made->list) = release;
    }
    rest = str_from(text);
    more = rest.len > 0;
    for (size_t i = 0; more; i++) {
        Str need;
        bool another;

        more = str_cut(&rest, ' ', &one);
        another = str_cut(&one, ':', &name);
        while (another) {
            another = str_cut(&one, ',', &need);
            *vec_add(a, &made->releases[i].needs) = find(made, need);
        }
    }
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Made made;
    Plan plan;

    make_releases(&a, row->releases, &made);
    assert_success(plan_make(&a, &made.list, row->reverse, &plan));
    for (size_t i = 0; i < plan.len; i++) {
        buf_format(&b, "%s%.*s", i ? " " : "", STR_ARG(plan.items[i].release->name));
        for (size_t j = 0; j < plan.items[i].wait_count; j++)
            buf_format(&b, "%c%.*s", j ? ',' : '<',
                       STR_ARG(plan.items[plan.items[i].waits[j]].release->name));
    }
    assert_str(b.len ? buf_str(&b) : STR(""), row->want);
}

/* A run that writes down when each release began and ended. */
typedef struct Run {
    pthread_mutex_t busy;
    Buf log;
    const char *fails;
    atomic_int at_once, most_at_once;
} Run;

static void note(Run *run, char sign, Str name)
{
    pthread_mutex_lock(&run->busy);
    buf_add_char(&run->log, sign);
    buf_add(&run->log, name);
    pthread_mutex_unlock(&run->busy);
}

static Error *step(void *context, const Release *release, size_t number)
{
    Run *run = context;
    int now = ++run->at_once, most = run->most_at_once;

    (void)number;
    while (now > most && !atomic_compare_exchange_weak(&run->most_at_once, &most, now))
        continue;
    note(run, '+', release->name);
    note(run, '-', release->name);
    run->at_once--;
    return run->fails && str_is(release->name, run->fails) ? error_new(ERROR_INPUT, "broken")
                                                           : NULL;
}

static bool execute_way(Arena *a, const char *releases, bool reverse, Run *run, const PlanRun *how,
                        PlanResult **out)
{
    static Made made;
    Plan plan;
    PlanRun options = *how;

    pthread_mutex_init(&run->busy, NULL);
    run->log.arena = a;
    make_releases(a, releases, &made);
    assert_success(plan_make(a, &made.list, reverse, &plan));
    options.step = step;
    options.context = run;
    bool done = plan_execute(a, &plan, &options, out);
    pthread_mutex_destroy(&run->busy);
    return done;
}

static bool execute(Arena *a, const char *releases, Run *run, const PlanRun *how, PlanResult **out)
{
    return execute_way(a, releases, false, run, how, out);
}

static void test_order(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {0};

    (void)state;
    assert_true(execute(&a, "a:b b:c c", &run, &(PlanRun){.jobs = 4}, &results));
    assert_str(buf_str(&run.log), "+c-c+b-b+a-a");
    for (int i = 0; i < 3; i++)
        assert_int_equal(results[i].state, PLAN_DONE);
}

static void test_jobs(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {0};

    (void)state;
    assert_true(execute(&a, "a b c d e f", &run, &(PlanRun){.jobs = 1}, &results));
    assert_int_equal(run.most_at_once, 1);
    assert_str(buf_str(&run.log), "+a-a+b-b+c-c+d-d+e-e+f-f");
}

static void test_failure(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {.fails = "c"};

    (void)state;
    assert_false(execute(&a, "a:b b:c c d", &run, &(PlanRun){.jobs = 1}, &results));
    assert_int_equal(results[0].state, PLAN_FAILED);  // c
    assert_int_equal(results[1].state, PLAN_SKIPPED); // d
    assert_int_equal(results[2].state, PLAN_SKIPPED); // b
    assert_str(buf_str(&run.log), "+c-c");
    assert_failure(results[0].error, ERROR_INPUT, "broken");
}

static void test_goes_on(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {.fails = "c"};

    (void)state;
    assert_false(
        execute(&a, "a:b b:c c d", &run, &(PlanRun){.jobs = 1, .goes_on = true}, &results));
    assert_int_equal(results[1].state, PLAN_DONE);    // d
    assert_int_equal(results[2].state, PLAN_SKIPPED); // b
    assert_str(results[2].because->name, "c");
    assert_int_equal(results[3].state, PLAN_SKIPPED); // a
    error_free(results[0].error);
}

static void test_nothing(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {0};

    (void)state;
    assert_true(execute(&a, "-a", &run, &(PlanRun){0}, &results));
}

/* In which order releases of several files are done, one at a time. */
typedef struct FilesRow {
    const char *releases, *want;
    bool reverse;
} FilesRow;

static const FilesRow files_rows[] = {
    {"a b /c /d", "+a-a+b-b+c-c+d-d", false},
    {"a:c /b /c", "+c-c+a-a+b-b", false},                 // a need of a later file
    {"a:c /b /c:d d:e e", "+e-e+d-d+c-c+a-a+b-b", false}, // and what that needs
    {"a:c /b:d /c d", "+c-c+d-d+a-a+b-b", false},
    {"a b /c:a /d", "+d-d+c-c+b-b+a-a", true},
    {"a:c /b /c", "+a-a+c-c+b-b", true},
    {"a:c /b /c:d d:e e", "+a-a+c-c+d-d+e-e+b-b", true},
};

static void test_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files_rows); i++) {
        DEFER(arena_free) Arena a = {0};
        PlanResult *results;
        Run run = {0};

        assert_true(execute_way(&a, files_rows[i].releases, files_rows[i].reverse, &run,
                                &(PlanRun){.jobs = 1}, &results));
        assert_str(buf_str(&run.log), files_rows[i].want);
    }
}

/* c needs a alone; d, of a later file, comes behind all of it. */
static void test_needs_in_other_files(void **state)
{
    DEFER(arena_free) Arena a = {0};
    PlanResult *results;
    Run run = {.fails = "b"};

    (void)state;
    assert_false(
        execute(&a, "b a /c:a /d", &run, &(PlanRun){.jobs = 1, .goes_on = true}, &results));
    assert_str(buf_str(&run.log), "+b-b+a-a+c-c");
    assert_int_equal(results[2].state, PLAN_DONE);
    assert_int_equal(results[3].state, PLAN_SKIPPED);
    error_free(results[0].error);
}

static const struct CMUnitTest others[] = {
    {"what is waited for is done before", test_order, NULL, NULL, NULL},
    {"one job does one at a time, in the order of the plan", test_jobs, NULL, NULL, NULL},
    {"after a failure nothing begins", test_failure, NULL, NULL, NULL},
    {"where it goes on what does not wait is done", test_goes_on, NULL, NULL, NULL},
    {"files come one after the other, but for what is needed by name", test_files, NULL, NULL,
     NULL},
    {"what names its needs in other files waits for them alone", test_needs_in_other_files, NULL,
     NULL, NULL},
    {"a plan of nothing is done", test_nothing, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
