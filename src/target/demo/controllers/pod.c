/*
 * pod.c - a pod's life: it is placed, its images are pulled, it runs, is ready, is done, or is
 * ended; and all that can go wrong on the way. What comes next follows from its status and its
 * age alone.
 */
#include "base/field.h"
#include "target/demo/controllers/fault.h"
#include "target/demo/controllers/pod_needs.h"
#include "target/demo/controllers/pod_status.h"
#include "target/demo/controllers/scheduler.h"
#include "target/demo/stamp.h"

static const char source[] = "kubelet";

/* A pod that is looked at. */
typedef struct PodLife {
    Pass *pass;
    Behaviour behaviour;
    PodTimes times;
    int64_t placed_ms; /* when it got its node */
    bool runs_once;    /* it is done some time */
    int64_t restarts;
} PodLife;

static Str first_image(const PodLife *p)
{
    ValueList containers = field_list(&p->pass->object, "spec.containers");

    return containers.len ? field_string(&containers.items[0], "image") : STR("");
}

/* The first image that cannot be pulled; empty: all can. */
static Str missing_image(const PodLife *p)
{
    ValueList containers = field_list(&p->pass->object, "spec.containers");

    if (p->behaviour == PULL_FAILS)
        return first_image(p);
    for (size_t i = 0; i < containers.len; i++)
        if (image_is_missing(field_string(&containers.items[i], "image")))
            return field_string(&containers.items[i], "image");
    return STR("");
}

static void look_again(PodLife *p, int64_t at_ms)
{
    if (at_ms < p->pass->again_ms)
        p->pass->again_ms = at_ms;
}

static Value init_state(const PodLife *p, bool done)
{
    Arena *a = p->pass->arena;

    if (!done)
        return running_state(a, p->placed_ms);
    return terminated_state(a, "Completed", 0, p->placed_ms, p->pass->cluster->now_ms);
}

static Error *each_container(PodLife *p, const char *reason, const char *format)
{
    ValueList containers = field_list(&p->pass->object, "spec.containers");

    for (size_t i = 0; i < containers.len; i++) {
        bool about_image =
            str_is(str_from(reason), "Pulling") || str_is(str_from(reason), "Pulled");
        Str what = field_string(&containers.items[i], about_image ? "image" : "name");
        Str message =
            str_format(p->pass->arena, "%s%.*s%s", format, STR_ARG(what), about_image ? "\"" : "");

        TRY(note_event(p->pass, "Normal", reason, source, "%.*s", STR_ARG(message)));
    }
    return NULL;
}

/* A place on a node; from then on its kubelet is at work. */
static Error *place(PodLife *p)
{
    Pass *pass = p->pass;
    Value node;
    Str why_not;

    if (!field_string(&pass->object, "spec.nodeName").len) {
        TRY(scheduler_place(pass, &node, &why_not));
        if (why_not.len) {
            TRY(pod_tell_unplaced(pass, why_not));
            return note_event(pass, "Warning", "FailedScheduling", "default-scheduler", "%.*s",
                              STR_ARG(why_not));
        }
        field_set(pass->arena, &pass->object, "spec",
                  value_of_map(value_map_shallow(pass->arena, field_map(&pass->object, "spec"))));
        field_set(pass->arena, &pass->object, "spec.nodeName",
                  value_string(field_string(&node, "metadata.name")));
        TRY(note_event(pass, "Normal", "Scheduled", "default-scheduler",
                       "Successfully assigned %.*s/%.*s to %.*s", STR_ARG(pass->entry->namespace),
                       STR_ARG(pass->entry->name), STR_ARG(field_string(&node, "metadata.name"))));
    }
    p->placed_ms = pass->cluster->now_ms;
    look_again(p, p->placed_ms + p->times.start_ms);
    TRY(each_container(p, "Pulling", "Pulling image \""));

    bool has_init = field_list(&pass->object, "spec.initContainers").len > 0;
    return pod_tell(
        pass, &(PodNote){
                  .phase = "Pending",
                  .initialized = !has_init,
                  .init_state = init_state(p, false),
                  .containers = {.state = waiting_state(
                                     pass->arena,
                                     has_init ? "PodInitializing" : "ContainerCreating", STR("")),
                                 .last = value_missing()},
              });
}

static Error *tell_waiting(PodLife *p, const char *reason, Str message)
{
    return pod_tell(p->pass,
                    &(PodNote){
                        .phase = "Pending",
                        .initialized = true,
                        .init_state = init_state(p, true),
                        .containers = {.state = waiting_state(p->pass->arena, reason, message),
                                       .last = value_missing()},
                    });
}

static Str waiting_reason(const PodLife *p)
{
    ValueList statuses = field_list(&p->pass->object, "status.containerStatuses");

    return statuses.len ? field_string(&statuses.items[0], "state.waiting.reason") : STR("");
}

/* Once with the registry's answer, then backing off. */
static Error *fail_to_pull(PodLife *p, Str image)
{
    Arena *a = p->pass->arena;
    Str answer = str_format(a,
                            "failed to pull and unpack image \"%.*s\": failed to resolve reference "
                            "\"%.*s\": %.*s: not found",
                            STR_ARG(image), STR_ARG(image), STR_ARG(image));

    if (str_is(waiting_reason(p), "ImagePullBackOff"))
        return NULL;
    if (!str_is(waiting_reason(p), "ErrImagePull")) {
        look_again(p, p->pass->cluster->now_ms + 10000);
        TRY(note_event(p->pass, "Warning", "Failed", source, "Failed to pull image \"%.*s\": %.*s",
                       STR_ARG(image), STR_ARG(answer)));
        TRY(note_event(p->pass, "Warning", "Failed", source, "Error: ErrImagePull"));
        return tell_waiting(p, "ErrImagePull", answer);
    }
    TRY(note_event(p->pass, "Normal", "BackOff", source, "Back-off pulling image \"%.*s\"",
                   STR_ARG(image)));
    TRY(note_event(p->pass, "Warning", "Failed", source, "Error: ImagePullBackOff"));
    return tell_waiting(p, "ImagePullBackOff",
                        str_format(a, "Back-off pulling image \"%.*s\": ErrImagePull: %.*s",
                                   STR_ARG(image), STR_ARG(answer)));
}

/* Whether it can be ready at all. */
static bool gets_ready(const PodLife *p)
{
    return p->behaviour != NEVER_READY && p->behaviour != CRASHES &&
           p->behaviour != RUNS_OUT_OF_MEMORY && p->behaviour != JOB_FAILS;
}

static Error *tell_running(PodLife *p, int64_t since_ms, bool ready, Value init)
{
    Arena *a = p->pass->arena;
    ValueList statuses = field_list(&p->pass->object, "status.containerStatuses");
    const Value *last = statuses.len ? field_at(&statuses.items[0], "lastState") : NULL;

    return pod_tell(p->pass, &(PodNote){
                                 .phase = "Running",
                                 .initialized = true,
                                 .init_state = init,
                                 .containers = {.state = running_state(a, since_ms),
                                                .last = last ? *last : value_missing(),
                                                .ready = ready,
                                                .started = true,
                                                .restarts = p->restarts},
                             });
}

/* When it is ready after it started, and when something happens to it. */
static void plan_running(PodLife *p, int64_t started_ms)
{
    bool crashes = p->behaviour == CRASHES || p->behaviour == RUNS_OUT_OF_MEMORY;

    if (crashes)
        look_again(p, started_ms + 1000);
    if (p->runs_once && p->behaviour != JOB_HANGS && p->behaviour != NEVER_READY && !crashes)
        look_again(p, started_ms + p->times.done_ms);
}

static Error *start(PodLife *p)
{
    int64_t now_ms = p->pass->cluster->now_ms;
    bool ready = gets_ready(p) && now_ms - p->placed_ms >= p->times.ready_ms;

    TRY(each_container(p, "Pulled", "Successfully pulled image \""));
    TRY(each_container(p, "Created", "Created container: "));
    TRY(each_container(p, "Started", "Started container "));
    plan_running(p, now_ms);
    if (!ready && gets_ready(p))
        look_again(p, p->placed_ms + p->times.ready_ms);
    if (p->behaviour == NEVER_READY)
        TRY(note_event(p->pass, "Warning", "Unhealthy", source,
                       "Readiness probe failed: HTTP probe failed with statuscode: 503"));
    return tell_running(p, now_ms, ready, init_state(p, true));
}

/* On its node, but not running yet. */
static Error *wait_for_start(PodLife *p)
{
    int64_t start_ms = p->placed_ms + p->times.start_ms;
    Str image = missing_image(p), need, reason;

    if (p->pass->cluster->now_ms < start_ms) {
        look_again(p, start_ms);
        return NULL;
    }
    TRY(pod_find_need(p->pass, &reason, &need));
    if (need.len && str_is(reason, "FailedMount"))
        return note_event(p->pass, "Warning", "FailedMount", source,
                          "MountVolume.SetUp failed for "
                          "volume: %.*s",
                          STR_ARG(need));
    if (image.len)
        return fail_to_pull(p, image);
    if (need.len) {
        TRY(note_event(p->pass, "Warning", "Failed", source, "Error: %.*s", STR_ARG(need)));
        return tell_waiting(p, "CreateContainerConfigError", need);
    }
    return start(p);
}

static int64_t started_ms(const PodLife *p)
{
    ValueList statuses = field_list(&p->pass->object, "status.containerStatuses");

    return statuses.len
               ? stamp_ms(field_string(&statuses.items[0], "state.running.startedAt"), p->placed_ms)
               : p->placed_ms;
}

static Error *finish(PodLife *p, bool succeeded, const char *reason, int64_t exit_code)
{
    Arena *a = p->pass->arena;

    return pod_tell(
        p->pass, &(PodNote){
                     .phase = succeeded ? "Succeeded" : "Failed",
                     .initialized = true,
                     .init_state = value_missing(),
                     .containers = {.state = terminated_state(a, reason, exit_code, started_ms(p),
                                                              p->pass->cluster->now_ms),
                                    .last = value_missing(),
                                    .restarts = p->restarts},
                 });
}

/* A real kubelet goes on for ever, at the end once in five minutes; here five times are enough. */
enum { MOST_RESTARTS = 5, FIRST_BACK_OFF_MS = 10000 };

static Error *crash(PodLife *p)
{
    Arena *a = p->pass->arena;
    bool memory = p->behaviour == RUNS_OUT_OF_MEMORY;
    const char *reason = memory ? "OOMKilled" : "Error";
    int64_t exit_code = memory ? 137 : 1, now_ms = p->pass->cluster->now_ms;
    int64_t pause_ms = FIRST_BACK_OFF_MS << (p->restarts < 5 ? p->restarts : 5);
    Str message =
        str_format(a, "back-off %llds restarting failed container", (long long)pause_ms / 1000);

    if (str_is(field_string(&p->pass->object, "spec.restartPolicy"), "Never"))
        return finish(p, false, reason, exit_code);
    if (p->restarts < MOST_RESTARTS)
        look_again(p, now_ms + pause_ms);
    TRY(note_event(p->pass, "Warning", "BackOff", source, "Back-off restarting failed container"));
    return pod_tell(
        p->pass,
        &(PodNote){
            .phase = "Running",
            .initialized = true,
            .init_state = value_missing(),
            .containers = {.state = waiting_state(a, "CrashLoopBackOff", message),
                           .last = terminated_state(a, reason, exit_code, started_ms(p), now_ms),
                           .restarts = p->restarts},
        });
}

/* After a crash: again, if it is time for it. */
static Error *restart(PodLife *p)
{
    ValueList statuses = field_list(&p->pass->object, "status.containerStatuses");
    int64_t crashed_ms =
        stamp_ms(field_string(&statuses.items[0], "lastState.terminated.finishedAt"), p->placed_ms);
    int64_t due_ms = crashed_ms + ((int64_t)FIRST_BACK_OFF_MS << p->restarts);

    if (p->restarts >= MOST_RESTARTS)
        return NULL;
    if (p->pass->cluster->now_ms < due_ms) {
        look_again(p, due_ms);
        return NULL;
    }
    p->restarts++;
    look_again(p, p->pass->cluster->now_ms + 1000);
    TRY(each_container(p, "Started", "Started container "));
    return tell_running(p, p->pass->cluster->now_ms, false, value_missing());
}

static Error *run(PodLife *p)
{
    int64_t since_ms = started_ms(p), now_ms = p->pass->cluster->now_ms;
    int64_t ready_ms = p->placed_ms + p->times.ready_ms;
    bool crashes = p->behaviour == CRASHES || p->behaviour == RUNS_OUT_OF_MEMORY;

    if (str_is(waiting_reason(p), "CrashLoopBackOff"))
        return restart(p);
    if (crashes && now_ms >= since_ms + 1000)
        return crash(p);
    plan_running(p, since_ms);
    if (p->runs_once && now_ms >= since_ms + p->times.done_ms) {
        if (p->behaviour == JOB_FAILS)
            return finish(p, false, "Error", 3);
        if (p->behaviour == BEHAVES)
            return finish(p, true, "Completed", 0);
    }
    if (condition_is(&p->pass->object, "Ready", "True") || !gets_ready(p))
        return NULL;
    if (now_ms >= ready_ms)
        return tell_running(p, since_ms, true, value_missing());
    look_again(p, ready_ms);
    return NULL;
}

/* It was asked to end: it does, in less than its time. */
static Error *end(PodLife *p)
{
    int64_t grace_ms = field_int(&p->pass->object, "metadata.deletionGracePeriodSeconds", 0) * 1000;
    int64_t asked_ms =
        stamp_ms(field_string(&p->pass->object, "metadata.deletionTimestamp"), 0) - grace_ms;
    int64_t end_ms = asked_ms + (grace_ms < p->times.end_ms ? grace_ms : p->times.end_ms);

    if (p->pass->cluster->now_ms >= end_ms)
        return cluster_drop(p->pass->cluster, p->pass->entry);
    look_again(p, end_ms);
    return NULL;
}

Error *pod_reconcile(Pass *pass)
{
    Value *pod = &pass->object;
    Str phase = field_string(pod, "status.phase");
    PodLife p = {
        .pass = pass,
        .behaviour = pod_behaviour(pod),
        .times = pod_times(pod),
        .placed_ms = stamp_ms(field_string(pod, "status.startTime"), pass->cluster->now_ms),
        .runs_once = !str_is(field_string(pod, "spec.restartPolicy"), "Always"),
        .restarts = pod_restarts(pod),
    };

    if (field_string(pod, "metadata.deletionTimestamp").len)
        return end(&p);
    if (str_is(phase, "Running"))
        return run(&p);
    if (!str_is(phase, "Pending"))
        return NULL;
    return field_at(pod, "status.startTime") ? wait_for_start(&p) : place(&p);
}
