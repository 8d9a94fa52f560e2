#include "target/demo/logs.h"

#include "base/field.h"
#include "target/demo/controllers/fault.h"
#include "target/demo/stamp.h"

#include <stdarg.h>
#include <stdio.h>

/* A log that is being written. */
typedef struct Log {
    Arena *arena;
    Buf text;
    int64_t at_ms; /* of the next line */
} Log;

static PRINTF_LIKE(2, 3) void say(Log *log, const char *format, ...)
{
    char line[1000];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    buf_format(&log->text, "%.*s %s\n", STR_ARG(stamp_text(log->arena, log->at_ms)), line);
    log->at_ms += 200;
}

static void say_job(Log *log, Behaviour behaviour, bool over)
{
    for (int step = 1; step <= 3; step++) {
        say(log, "step %d of 3", step);
        if (behaviour == JOB_FAILS && step == 2) {
            say(log, "error: told to fail by relfile.test/behaviour");
            say(log, "exit status 3");
            return;
        }
        if (behaviour == JOB_HANGS)
            return;
    }
    if (over)
        say(log, "done");
}

static void say_service(Log *log, const Value *pod, const Value *container, Behaviour behaviour)
{
    ValueList ports = field_list(container, "ports");

    for (size_t i = 0; i < ports.len; i++)
        say(log, "listening on port %lld",
            (long long)field_int(&ports.items[i], "containerPort", 0));
    if (behaviour == NEVER_READY)
        say(log, "waiting for a connection that never comes: relfile.test/behaviour");
    else if (condition_is(pod, "Ready", "True"))
        say(log, "ready");
}

/* What container INDEX of POD has said since it last started. */
static void say_container(Log *log, const Value *pod, size_t index)
{
    const Value *container = &field_list(pod, "spec.containers").items[index];
    const Value *status = list_find(field_list(pod, "status.containerStatuses"), "name",
                                    str_c(log->arena, field_string(container, "name")));
    Behaviour behaviour = pod_behaviour(pod);
    bool over = field_at(status, "state.terminated") != NULL;
    bool crashed = field_at(status, "lastState.terminated") != NULL;

    if (!status || (!over && !crashed && !field_at(status, "state.running")))
        return;
    log->at_ms = stamp_ms(field_string(pod, "status.startTime"), 0);
    say(log, "%.*s: starting, image %.*s", STR_ARG(field_string(container, "name")),
        STR_ARG(field_string(container, "image")));
    if (behaviour == CRASHES) {
        say(log, "error: told to crash by relfile.test/behaviour");
        say(log, "exit status 1");
    } else if (behaviour == RUNS_OUT_OF_MEMORY) {
        say(log, "loading everything into memory");
        say(log, "still loading");
    } else if (!str_is(field_string(pod, "spec.restartPolicy"), "Always")) {
        say_job(log, behaviour, over);
    } else {
        say_service(log, pod, container, behaviour);
    }
}

static Str last_lines(Str text, size_t lines)
{
    size_t from = text.len;

    for (size_t count = 0; from && count < lines; count++) {
        from--;
        while (from && text.ptr[from - 1] != '\n')
            from--;
    }
    return str_skip(text, from);
}

/* The pod that was made last for the job of ENTRY; NULL: none was. */
static Error *last_pod(Cluster *c, const Entry *job, Entry **out)
{
    EntryList pods;

    *out = NULL;
    TRY(store_owned(c->store, &c->scratch, kinds_built_in("", "Pod"), job->namespace, job->uid,
                    &pods));
    for (size_t i = 0; i < pods.len; i++)
        if (!*out || pods.items[i]->pod.created_ms >= (*out)->pod.created_ms)
            *out = pods.items[i];
    return NULL;
}

static Error *find_pod(Cluster *c, const ObjectId *id, Entry **out)
{
    const Kind *kind;

    TRY(kinds_find(c->kinds, id->api_version, id->kind, &kind));
    TRY(store_find(c->store, kind, id->namespace, id->name, out));
    if (!*out)
        return error_new(ERROR_NOT_FOUND, "%.*s \"%.*s\" not found",
                         STR_ARG(kind_resource(&c->scratch, kind)), STR_ARG(id->name));
    if (kind_is(kind, "", "Pod"))
        return NULL;
    TRY(store_know(c->store, *out));
    return last_pod(c, *out, out);
}

Error *log_read(Cluster *c, Arena *a, const ObjectId *id, size_t lines, Str *out)
{
    Log log = {.arena = &c->scratch, .text = {.arena = &c->scratch}};
    Entry *entry;
    Value pod;

    *out = STR("");
    TRY(find_pod(c, id, &entry));
    if (!entry)
        return NULL;
    TRY(store_read(c->store, &c->scratch, entry, &pod));
    for (size_t i = 0; i < field_list(&pod, "spec.containers").len; i++)
        say_container(&log, &pod, i);
    *out = str_copy(a, last_lines(buf_str(&log.text), lines));
    return NULL;
}
