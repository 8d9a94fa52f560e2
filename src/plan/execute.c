/*
 * execute.c - workers that take what is ready. The caller is one of them.
 */
#include "plan/plan.h"

#include "base/workers.h"
#include "io/signal.h"

#include <string.h>

/* What the workers share; everything in it is changed under BUSY. */
typedef struct Execution {
    pthread_mutex_t busy;
    pthread_cond_t changed;
    const Plan *plan;
    const PlanRun *run;
    PlanResult *results;
    size_t left;  /* items that are not done, failed or skipped */
    bool stopped; /* nothing new is begun */
} Execution;

static bool is_over(PlanState state)
{
    return state == PLAN_DONE || state == PLAN_FAILED || state == PLAN_SKIPPED;
}

static bool is_lost(PlanState state)
{
    return state == PLAN_FAILED || state == PLAN_SKIPPED;
}

/* What ITEM waits for: *LOST is one that will never be done, or NULL. */
static bool is_ready(const Execution *e, const PlanItem *item, const Release **lost)
{
    bool ready = true;

    *lost = NULL;
    for (size_t i = 0; i < item->wait_count; i++) {
        PlanState state = e->results[item->waits[i]].state;

        if (is_lost(state))
            *lost = e->plan->items[item->waits[i]].release;
        ready &= state == PLAN_DONE;
    }
    for (size_t i = 0; i < e->plan->len && ready; i++) {
        const PlanItem *other = &e->plan->items[i];

        if (other->group != item->group || other->stage >= item->stage)
            continue;
        if (is_lost(e->results[i].state))
            *lost = other->release;
        ready &= is_over(e->results[i].state);
    }
    return ready;
}

static void finish(Execution *e, size_t number, PlanResult result)
{
    e->results[number] = result;
    e->left--;
    if (e->run->finished)
        e->run->finished(e->run->context, number, &e->results[number]);
    pthread_cond_broadcast(&e->changed);
}

/* The next item to begin, or the plan's length where none is ready. What cannot be done is skipped. */
static size_t next_item(Execution *e)
{
    for (size_t i = 0; i < e->plan->len; i++) {
        const Release *lost;

        if (e->results[i].state != PLAN_WAITING)
            continue;
        bool ready = is_ready(e, &e->plan->items[i], &lost);
        if (lost || e->stopped || signal_received()) {
            finish(e, i, (PlanResult){.state = PLAN_SKIPPED, .because = lost});
            i = SIZE_MAX; // others may have waited for this one
        } else if (ready) {
            return i;
        }
    }
    return e->plan->len;
}

static void run_item(Execution *e, size_t number)
{
    e->results[number].state = PLAN_RUNNING;
    pthread_mutex_unlock(&e->busy);
    Error *err = e->run->step(e->run->context, e->plan->items[number].release, number);
    pthread_mutex_lock(&e->busy);
    if (err && !e->run->goes_on)
        e->stopped = true;
    finish(e, number, (PlanResult){.state = err ? PLAN_FAILED : PLAN_DONE, .error = err});
}

static void *work(void *context)
{
    Execution *e = context;

    pthread_mutex_lock(&e->busy);
    while (e->left) {
        size_t number = next_item(e);

        if (number < e->plan->len)
            run_item(e, number);
        else if (e->left)
            pthread_cond_wait(&e->changed, &e->busy);
    }
    pthread_mutex_unlock(&e->busy);
    return NULL;
}

static void run_workers(Execution *e)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t jobs = e->run->jobs ? e->run->jobs : worker_cores();

    if (jobs > e->plan->len)
        jobs = e->plan->len;
    pthread_t *workers = arena_array(&scratch, pthread_t, jobs);
    for (size_t i = 1; i < jobs; i++)
        workers[i] = worker_start(work, e);
    work(e);
    for (size_t i = 1; i < jobs; i++)
        worker_join(workers[i]);
}

bool plan_execute(Arena *a, const Plan *plan, const PlanRun *run, PlanResult **out)
{
    Execution e = {.plan = plan,
                   .run = run,
                   .results = arena_array(a, PlanResult, plan->len),
                   .left = plan->len};
    bool all = true;

    pthread_mutex_init(&e.busy, NULL);
    pthread_cond_init(&e.changed, NULL);
    run_workers(&e);
    pthread_cond_destroy(&e.changed);
    pthread_mutex_destroy(&e.busy);
    for (size_t i = 0; i < plan->len; i++)
        all &= e.results[i].state == PLAN_DONE;
    *out = e.results;
    return all;
}
