/*
 * wait.c - until objects are ready, or gone, or it is clear that they will not be.
 */
#include "pipeline/run.h"

#include "io/signal.h"

#include <string.h>

enum { SLICE_MS = 1000 }; /* how often progress is told where nothing changes */

/* Waiting of one release. */
typedef struct Wait {
    const Step *step;
    const WaitRequest *request;
    Arena round; /* for what is read in one round */
    size_t ready;
    Str reason;       /* of the first object that is not */
    ObjectId waiting; /* that object */
    bool failed;      /* it will not be ready any more */
} Wait;

static bool is_awaited(const WaitRequest *request, const ObjectId *id)
{
    return request->for_removal || request->for_jobs || !str_is(id->kind, "Job");
}

static Error *check_object(Wait *w, const ReleaseObject *object)
{
    Health health = {HEALTH_READY, {0}};
    Value live;
    Error *err = target_get(w->step->target, &w->round, &object->id, &live);
    bool missing = err && error_kind_of(err) == ERROR_NOT_FOUND;

    if (missing) {
        error_free(err);
        if (!w->request->for_removal)
            health = (Health){HEALTH_PROGRESS, STR("it is not there")};
    } else {
        TRY(err);
        health = w->request->for_removal ? (Health){HEALTH_PROGRESS, STR("it is still there")}
                                         : object_health(&w->round, live);
    }
    w->ready += health.state == HEALTH_READY;
    if (health.state == HEALTH_READY || w->failed || (w->reason.len && health.state == HEALTH_PROGRESS))
        return NULL;
    w->reason = health.reason;
    w->waiting = object->id;
    w->failed = health.state == HEALTH_FAILED;
    return NULL;
}

static Error *check_all(Wait *w, size_t *awaited)
{
    arena_free(&w->round);
    w->ready = 0;
    w->reason = (Str){0};
    w->failed = false;
    *awaited = 0;
    for (size_t i = 0; i < w->request->objects->len; i++) {
        const ReleaseObject *object = &w->request->objects->items[i];

        if (!is_awaited(w->request, &object->id))
            continue;
        ++*awaited;
        TRY(check_object(w, object));
    }
    return NULL;
}

/* What stands behind the reason: events and pods. */
static Error *not_ready(Wait *w, const char *what)
{
    Str title = object_title(&w->round, &w->waiting), why = {0}, line;
    Value live;
    Error *err = target_get(w->step->target, &w->round, &w->waiting, &live);

    if (!err)
        err = target_explain(w->step->target, &w->round, live, &why);
    error_free(err); // without an explanation the reason must do
    Error *failure = error_new(ERROR_UNAVAILABLE, "%s %s: %.*s", str_c(&w->round, title), what,
                               STR_ARG(w->reason));
    for (bool more = why.len > 0; more;) {
        more = str_cut(&why, '\n', &line);
        if (line.len)
            failure = error_called(failure, (Place){0}, "%.*s", STR_ARG(line));
    }
    return failure;
}

static Error *wait_round(Wait *w, int64_t deadline, bool *done)
{
    size_t awaited;

    TRY(check_all(w, &awaited));
    *done = w->ready == awaited;
    if (*done)
        return NULL;
    if (w->failed)
        return not_ready(w, "will not be ready");
    int64_t left = deadline - target_now_ms(w->step->target);
    if (left <= 0)
        return not_ready(w, w->request->for_removal ? "is not gone in time" : "is not ready in time");
    if (signal_received())
        return error_new(ERROR_CANCELLED, "interrupted while waiting");
    Str title = object_title(&w->round, &w->waiting);
    report_progress(w->step->run->report, w->step->number, w->step->title, "%zu/%zu ready · %.*s: %.*s", w->ready,
                    awaited, STR_ARG(title), STR_ARG(w->reason));
    return target_wait(w->step->target, left < SLICE_MS ? left : SLICE_MS);
}

Error *objects_wait(const Step *step, const WaitRequest *request)
{
    Wait w = {.step = step, .request = request};
    int64_t deadline = target_now_ms(step->target) + request->timeout_ms;
    Error *err = NULL;

    for (bool done = false; !done && !err;)
        err = wait_round(&w, deadline, &done);
    arena_free(&w.round);
    return err;
}
