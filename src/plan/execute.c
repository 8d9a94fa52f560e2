/*
 * execute.c - workers that take what is ready. The caller is one of them.
 *
 * An item is ready when all it waits for is done, and, unless it is free, all earlier stages of its
 * group are over.
 * Both are counted down, so that each edge is looked at once.
 */
#include "plan/plan.h"

#include "base/workers.h"
#include "io/signal.h"

#include <string.h>

/* A stage of a group: its items, and how many of them are not over. */
typedef struct Stage {
    VEC(size_t) items;
    size_t left;
    const Release *lost; /* one of them that failed or was skipped */
} Stage;

/* A group of files: one stage is open at a time. */
typedef struct Group {
    VEC(Stage) stages;
    size_t open;
    const Release *lost; /* a release of an earlier stage that failed or was skipped */
} Group;

/* What is known of an item besides its result. */
typedef struct Progress {
    size_t pending;         /* items that it waits for */
    VEC(size_t) dependents; /* items that wait for it */
    const Release *lost;    /* one that it waits for, and that will never be done */
    bool queued;            /* it is ready */
} Progress;

/* What the workers share; everything in it is changed under BUSY. */
typedef struct Execution {
    pthread_mutex_t busy;
    pthread_cond_t changed;
    Arena *arena;
    const Plan *plan;
    const PlanRun *run;
    PlanResult *results;
    Progress *progress;
    VEC(Group) groups;
    VEC(size_t) ready; /* items to begin; a queue from FIRST on */
    size_t first;
    size_t left;  /* items that are not over */
    bool stopped; /* nothing new is begun */
} Execution;

static void finish(Execution *e, size_t number, PlanResult result);

static Stage *stage_of(Execution *e, const PlanItem *item)
{
    return &e->groups.items[item->group].stages.items[item->stage];
}

/* Begin item NUMBER when nothing is in its way; skip it when it can never begin. */
static void consider(Execution *e, size_t number)
{
    const PlanItem *item = &e->plan->items[number];
    const Group *group = &e->groups.items[item->group];
    Progress *progress = &e->progress[number];
    const Release *lost = progress->lost || item->free ? progress->lost : group->lost;

    if (e->results[number].state != PLAN_WAITING || progress->queued ||
        (group->open != item->stage && !item->free))
        return;
    if (lost) {
        finish(e, number, (PlanResult){.state = PLAN_SKIPPED, .because = lost});
    } else if (!progress->pending) {
        progress->queued = true;
        *vec_add(e->arena, &e->ready) = number;
    }
}

/* Open the stages of GROUP one after the other, as long as they are over. */
static void open_stages(Execution *e, Group *group)
{
    while (group->open < group->stages.len) {
        const Stage *stage = &group->stages.items[group->open];

        if (stage->left)
            return;
        if (stage->lost)
            group->lost = stage->lost;
        if (++group->open == group->stages.len)
            return;
        stage = &group->stages.items[group->open];
        for (size_t i = 0; i < stage->items.len; i++)
            consider(e, stage->items.items[i]);
    }
}

static void finish(Execution *e, size_t number, PlanResult result)
{
    const PlanItem *item = &e->plan->items[number];
    Progress *progress = &e->progress[number];
    Group *group = &e->groups.items[item->group];

    // what waits for one that was skipped is skipped for the same reason
    const Release *lost = result.because ? result.because : item->release;

    e->results[number] = result;
    e->left--;
    if (e->run->finished)
        e->run->finished(e->run->context, number, &e->results[number]);
    for (size_t i = 0; i < progress->dependents.len; i++) {
        size_t other = progress->dependents.items[i];

        e->progress[other].pending--;
        if (result.state != PLAN_DONE)
            e->progress[other].lost = lost;
        consider(e, other);
    }
    if (result.state != PLAN_DONE)
        stage_of(e, item)->lost = lost;
    stage_of(e, item)->left--;
    open_stages(e, group);
    pthread_cond_broadcast(&e->changed);
}

/* Nothing new is begun: what is ready or waits is skipped. */
static void skip_rest(Execution *e)
{
    e->first = e->ready.len;
    for (size_t i = 0; i < e->plan->len; i++)
        if (e->results[i].state == PLAN_WAITING)
            finish(e, i, (PlanResult){.state = PLAN_SKIPPED, .because = e->progress[i].lost});
    e->first = e->ready.len;
}

static void run_item(Execution *e, size_t number)
{
    e->results[number].state = PLAN_RUNNING;
    pthread_mutex_unlock(&e->busy);
    Error *err = e->run->step(e->run->context, e->plan->items[number].release, number);
    pthread_mutex_lock(&e->busy);
    e->stopped |= err && !e->run->goes_on;
    finish(e, number, (PlanResult){.state = err ? PLAN_FAILED : PLAN_DONE, .error = err});
}

static void *work(void *context)
{
    Execution *e = context;

    pthread_mutex_lock(&e->busy);
    while (e->left) {
        if (e->stopped || signal_received())
            skip_rest(e);
        if (e->first < e->ready.len)
            run_item(e, e->ready.items[e->first++]);
        else if (e->left)
            pthread_cond_wait(&e->changed, &e->busy);
    }
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->busy);
    return NULL;
}

static void add_to_group(Execution *e, size_t number)
{
    const PlanItem *item = &e->plan->items[number];

    while (e->groups.len <= item->group)
        vec_add(e->arena, &e->groups);
    Group *group = &e->groups.items[item->group];
    while (group->stages.len <= item->stage)
        vec_add(e->arena, &group->stages);
    Stage *stage = &group->stages.items[item->stage];
    *vec_add(e->arena, &stage->items) = number;
    stage->left++;
}

static void prepare(Execution *e)
{
    for (size_t i = 0; i < e->plan->len; i++) {
        const PlanItem *item = &e->plan->items[i];

        add_to_group(e, i);
        e->progress[i].pending = item->wait_count;
        for (size_t j = 0; j < item->wait_count; j++)
            *vec_add(e->arena, &e->progress[item->waits[j]].dependents) = i;
    }
    for (size_t i = 0; i < e->plan->len; i++)
        consider(e, i);
    for (size_t i = 0; i < e->groups.len; i++)
        open_stages(e, &e->groups.items[i]);
}

static void run_workers(Execution *e)
{
    size_t jobs = e->run->jobs ? e->run->jobs : worker_cores();

    if (jobs > e->plan->len)
        jobs = e->plan->len;
    pthread_t *workers = arena_array(e->arena, pthread_t, jobs);
    for (size_t i = 1; i < jobs; i++)
        workers[i] = worker_start(work, e);
    work(e);
    for (size_t i = 1; i < jobs; i++)
        worker_join(workers[i]);
}

bool plan_execute(Arena *a, const Plan *plan, const PlanRun *run, PlanResult **out)
{
    DEFER(arena_free) Arena scratch = {0};
    Execution e = {.arena = &scratch,
                   .plan = plan,
                   .run = run,
                   .results = arena_array(a, PlanResult, plan->len),
                   .progress = arena_array(&scratch, Progress, plan->len),
                   .left = plan->len};
    bool all = true;

    pthread_mutex_init(&e.busy, NULL);
    pthread_cond_init(&e.changed, NULL);
    prepare(&e);
    run_workers(&e);
    pthread_cond_destroy(&e.changed);
    pthread_mutex_destroy(&e.busy);
    for (size_t i = 0; i < plan->len; i++)
        all &= e.results[i].state == PLAN_DONE;
    *out = e.results;
    return all;
}
