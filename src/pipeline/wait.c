/*
 * wait.c - until objects are ready, or gone, or it is clear that they will not be; and why not.
 */
#include "pipeline/run.h"

#include "base/field.h"
#include "io/signal.h"
#include "pipeline/hope.h"

#include <string.h>

enum {
    SLICE_MS = 1000,    /* how often progress is told where nothing changes */
    PATIENCE_MS = 3000, /* an object that does not get on so long is looked into */
    MOST_NOTES = 7,     /* of one object; where there are others, fewer */
    FEW_NOTES = 3,
    MOST_TOLD = 5, /* objects that an error explains */
};

/* An object that is waited for. */
typedef struct Laggard {
    ObjectId id;
    Health health;
    Value live;   /* null: it is not there */
    Str hopeless; /* why it will never be ready; empty: it may */
} Laggard;

/* Waiting of one release. */
typedef struct Wait {
    const Step *step;
    const WaitRequest *request;
    Arena round; /* for what is read in one round */
    size_t awaited, ready;
    VEC(Laggard) late; /* the others; those that failed first */
    Arena memory;      /* for what follows */
    Str reason;        /* of the first one, last */
    Str said;          /* the same, and what is behind it, once it was looked into */
    int64_t since_ms;  /* since when; or since it was looked into */
    Str *uids;         /* of the jobs that were seen; by number of the object */
    Arena seen;        /* for them */
    Hope hope;
} Wait;

static bool is_awaited(const WaitRequest *request, const ObjectId *id)
{
    return request->for_removal || request->for_jobs || !str_is(id->kind, "Job");
}

/* Why an object is still there: somebody holds it. */
static Str removal_reason(Arena *a, Value object)
{
    const Value *metadata = value_map_get(object.map, STR("metadata"));
    const ValueMap *map = metadata && metadata->kind == VALUE_MAP ? metadata->map : NULL;
    const Value *holders = map ? value_map_get(map, STR("finalizers")) : NULL;
    Buf b = {.arena = a};

    if (!map || !value_map_get(map, STR("deletionTimestamp")))
        return STR("it is still there");
    for (size_t i = 0; holders && holders->kind == VALUE_LIST && i < holders->list.len; i++)
        if (holders->list.items[i].kind == VALUE_STRING)
            buf_format(&b, "%s%.*s", b.len ? ", " : "held by ",
                       STR_ARG(holders->list.items[i].string));
    return b.len ? buf_str(&b) : STR("it is going");
}

static void note_job(Wait *w, size_t number, Value live)
{
    if (!w->uids)
        w->uids = arena_array(&w->seen, Str, w->request->objects->len);
    if (!w->uids[number].len)
        w->uids[number] = str_copy(&w->seen, field_string(&live, "metadata.uid"));
}

static Health health_of(Wait *w, size_t number, Value live)
{
    const ReleaseObject *object = &w->request->objects->items[number];

    if (!w->request->for_removal && job_goes_when_done(object)) {
        if (live.kind == VALUE_NULL)
            return job_gone_health(w->step, &w->round, &object->id,
                                   w->uids ? w->uids[number] : (Str){"", 0});
        note_job(w, number, live);
    }
    if (live.kind == VALUE_NULL)
        return w->request->for_removal ? (Health){HEALTH_READY, {0}}
                                       : (Health){HEALTH_PROGRESS, STR("it is not there")};
    if (w->request->for_removal)
        return (Health){HEALTH_PROGRESS, removal_reason(&w->round, live)};
    return object_health(&w->round, live);
}

static void add_laggard(Wait *w, const Laggard *laggard)
{
    size_t at = w->late.len;

    (void)vec_add(&w->round, &w->late);
    if (laggard->health.state == HEALTH_FAILED)
        for (at = 0; at + 1 < w->late.len && w->late.items[at].health.state == HEALTH_FAILED;)
            at++;
    memmove(&w->late.items[at + 1], &w->late.items[at],
            (w->late.len - 1 - at) * sizeof(*w->late.items));
    w->late.items[at] = *laggard;
}

static Error *check_all(Wait *w)
{
    arena_free(&w->round);
    w->late.items = NULL;
    w->late.len = w->late.cap = 0;
    w->awaited = w->ready = 0;
    for (size_t i = 0; i < w->request->objects->len; i++) {
        Laggard object = {.id = w->request->objects->items[i].id};

        if (!is_awaited(w->request, &object.id))
            continue;
        w->awaited++;
        TRY(object_read(w->step, &w->round, &object.id, &object.live));
        object.health = health_of(w, i, object.live);
        if (object.health.state == HEALTH_READY)
            w->ready++;
        else
            add_laggard(w, &object);
    }
    return NULL;
}

/* "Deployment/web: 0 of 1 replicas ready" */
static Str reason_of(Arena *a, const ObjectId *id, const Health *health)
{
    Str title = object_title(a, id);

    return str_format(a, "%.*s: %.*s", STR_ARG(title), STR_ARG(health->reason));
}

/* REASON, and the cause behind it, unless that says the same. */
static Str with_cause(Arena *a, Str reason, Str cause)
{
    size_t at = str_find(cause, STR(": "));
    Str said = at == STR_NONE ? cause : str_skip(cause, at + 2);

    if (!cause.len || str_find(reason, said) != STR_NONE)
        return reason;
    return str_format(a, "%.*s: %.*s", STR_ARG(reason), STR_ARG(cause));
}

Str object_why(const Step *step, Arena *a, const ObjectId *id, const Health *health, Value live,
               Str *rest)
{
    Str why = {0}, first = {0};

    // without an explanation the reason must do
    if (live.kind == VALUE_MAP)
        error_free(target_explain(step->target, a, live, &why));
    str_line(&why, &first);
    if (rest)
        *rest = why;
    return with_cause(a, reason_of(a, id, health), first);
}

/* Why OBJECT is late. */
static Str explanation(Wait *w, const Laggard *object, Str *rest)
{
    *rest = (Str){0};
    if (w->request->for_removal)
        return reason_of(&w->round, &object->id, &object->health);
    return object_why(w->step, &w->round, &object->id, &object->health, object->live, rest);
}

/* Whether FAILURE's message has what LINE says behind its subject. */
static bool is_said(const Error *failure, Str line)
{
    size_t at = str_find(line, STR(": "));

    return at != STR_NONE && !str_starts(line, STR(" ")) &&
           str_find(str_from(error_message(failure)), str_skip(line, at + 2)) != STR_NONE;
}

static Error *add_notes(Error *failure, Str rest, size_t most)
{
    Str line;

    while (most && str_line(&rest, &line)) {
        if (is_said(failure, line))
            continue;
        failure = error_called(failure, (Place){0}, "%.*s", STR_ARG(line));
        most--;
    }
    return failure;
}

/* Why OBJECT is late, with a verdict; *REST is what is known besides. */
static Str charge(Wait *w, const Laggard *object, Str *rest)
{
    Str title = object_title(&w->round, &object->id), why = explanation(w, object, rest);
    const char *verdict = w->request->for_removal ? "is not gone" : "is not ready";

    why = str_skip(why, title.len + 2);
    if (object->hopeless.len) {
        why = with_cause(&w->round, object->health.reason, object->hopeless);
        return str_format(&w->round, "%.*s will not get ready: %.*s", STR_ARG(title), STR_ARG(why));
    }
    if (object->health.state == HEALTH_FAILED)
        return str_format(&w->round, "%.*s failed: %.*s", STR_ARG(title), STR_ARG(why));
    return str_format(&w->round, "%.*s %s after %lld s: %.*s", STR_ARG(title), verdict,
                      (long long)(w->request->timeout_ms / 1000), STR_ARG(why));
}

static Error *with_advice(const Wait *w, Error *failure)
{
    Str name = w->step->release->name;

    if (w->request->for_removal)
        return error_hint(failure, "deleteTimeout: SECONDS waits longer, deleteWait: false does "
                                   "not wait; to go on, destroy it again");
    if (w->late.items[0].hopeless.len)
        return error_hint(failure, "its annotation %s: \"false\" waits all the same", FAIL_EARLY);
    if (w->late.items[0].health.state == HEALTH_FAILED)
        return error_hint(failure, "relfile status %.*s shows all its objects", STR_ARG(name));
    return error_hint(failure,
                      "--timeout SECONDS waits longer; relfile status %.*s shows how it "
                      "goes on",
                      STR_ARG(name));
}

/* Of all objects that are late, what and why. */
static Error *not_ready(Wait *w)
{
    Str rest, why = charge(w, &w->late.items[0], &rest);
    Error *failure = error_new(ERROR_UNAVAILABLE, "%s", str_c(&w->round, why));

    failure = add_notes(failure, rest, w->late.len > 1 ? FEW_NOTES : MOST_NOTES);
    for (size_t i = 1; i < w->late.len && i < MOST_TOLD; i++) {
        why = charge(w, &w->late.items[i], &rest);
        failure = error_called(failure, (Place){0}, "%.*s", STR_ARG(why));
    }
    if (w->late.len > MOST_TOLD)
        failure =
            error_called(failure, (Place){0}, "and %zu more objects", w->late.len - MOST_TOLD);
    return with_advice(w, failure);
}

/* Say what is waited for; and what is behind it, when it has been the same for a while. */
static void tell_progress(Wait *w)
{
    const Laggard *first = &w->late.items[0];
    int64_t now_ms = target_now_ms(w->step->target);
    Str reason = reason_of(&w->round, &first->id, &first->health), rest;

    if (!str_equal(reason, w->reason)) {
        arena_free(&w->memory);
        w->said = w->reason = str_copy(&w->memory, reason);
        w->since_ms = now_ms;
    } else if (now_ms - w->since_ms >= PATIENCE_MS) {
        w->said = str_copy(&w->memory, explanation(w, first, &rest));
        w->since_ms = now_ms;
    }
    report_progress(w->step->run->report, w->step->number, w->step->title, "%zu/%zu %s · %.*s",
                    w->ready, w->awaited, w->request->for_removal ? "gone" : "ready",
                    STR_ARG(w->said));
}

/* Whether other releases are being worked on that do not lack anything themselves. */
static bool has_others(const Step *step)
{
    for (size_t i = 0; i < step->run->plan.len; i++) {
        RunBusy *busy = &step->run->busy[i];

        if (i != step->number && atomic_load(&busy->working) && !atomic_load(&busy->lacking))
            return true;
    }
    return false;
}

/* Find out which objects will never be ready: the first of them comes first. */
static void look_for_hope(Wait *w)
{
    size_t len = w->late.len, first = len;
    Value *objects = arena_array(&w->round, Value, len);
    Str *reasons = arena_array(&w->round, Str, len);

    for (size_t i = 0; i < len; i++)
        objects[i] = w->late.items[i].live;
    hope_look(&w->hope, w->step->target, &w->round,
              &(HopeQuestion){objects, len, has_others(w->step)}, reasons);
    atomic_store(&w->step->run->busy[w->step->number].lacking, w->hope.lacking);
    for (size_t i = len; i-- > 0;) {
        w->late.items[i].hopeless = reasons[i];
        if (reasons[i].len)
            first = i;
    }
    if (first == len)
        return;
    Laggard hopeless = w->late.items[first];
    w->late.items[first] = w->late.items[0];
    w->late.items[0] = hopeless;
}

/* Whether there is nothing more to wait for. */
static bool is_over(Wait *w, int64_t left_ms)
{
    if (w->late.items[0].health.state == HEALTH_FAILED || left_ms <= 0)
        return true;
    if (!w->request->for_removal)
        look_for_hope(w);
    return w->late.items[0].hopeless.len > 0;
}

static Error *wait_round(Wait *w, int64_t deadline, bool *done)
{
    TRY(check_all(w));
    *done = w->ready == w->awaited;
    if (*done)
        return NULL;
    int64_t left = deadline - target_now_ms(w->step->target);
    if (is_over(w, left))
        return not_ready(w);
    if (signal_received()) {
        const Laggard *first = &w->late.items[0];
        Str reason = reason_of(&w->round, &first->id, &first->health);

        return error_new(ERROR_CANCELLED, "interrupted while waiting: %s",
                         str_c(&w->round, reason));
    }
    tell_progress(w);
    return target_await(w->step->target, &w->late.items[0].live, left < SLICE_MS ? left : SLICE_MS);
}

Error *objects_wait(const Step *step, const WaitRequest *request)
{
    Wait w = {.step = step, .request = request};
    int64_t deadline = target_now_ms(step->target) + request->timeout_ms;
    Error *err = NULL;

    for (bool done = false; !done && !err;)
        err = wait_round(&w, deadline, &done);
    arena_free(&w.round);
    arena_free(&w.memory);
    arena_free(&w.seen);
    if (!err) // who gives up is no reason for others to hope
        atomic_store(&step->run->busy[step->number].lacking, false);
    hope_close(&w.hope);
    return err;
}
