/*
 * logs.c - `logs`: what pods of releases have said, or go on saying.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/field.h"
#include "base/workers.h"
#include "io/clock.h"
#include "io/log.h"
#include "io/signal.h"

#include <stdatomic.h>

enum {
    SLICE_MS = 200,     /* how soon a signal, or the end of all logs, is seen */
    NEW_PODS_MS = 2000, /* pods that have come since are looked for so often */
};

/* ---- lines */

/* Lines of one container, behind the name of where they come from if there are several. */
typedef struct LogLines {
    Arena *arena;
    Str prefix;
    Buf rest; /* of a line that has not ended */
} LogLines;

/* TEXT, each line behind PREFIX, unless that is empty. */
static void add_log(Buf *b, Str prefix, Str text)
{
    while (text.len) {
        size_t end = str_find_char(text, '\n');
        Str line = end == STR_NONE ? text : str_slice(text, 0, end);

        if (prefix.len)
            buf_format(b, "%.*s  ", STR_ARG(prefix));
        buf_add(b, text_escaped(b->arena, line));
        buf_add_char(b, '\n');
        text = str_skip(text, end == STR_NONE ? text.len : end + 1);
    }
}

/* ---- which logs */

/* A container, or (without a name) a pod's usual one. */
typedef struct Source {
    ObjectId pod;
    Str container;
    Str name; /* "web-7d9f-x2/proxy" */
} Source;

typedef VEC(Source) SourceList;

static void add_source(const Step *step, const Value *pod, Str container, SourceList *out)
{
    Source source = {.pod = object_id(*pod, step->target->namespace), .container = container};
    bool named = step->run->options->all_containers;

    source.pod.api_version = STR("v1");
    source.pod.kind = STR("Pod");
    source.name =
        named ? str_format(step->arena, "%.*s/%.*s", STR_ARG(source.pod.name), STR_ARG(container))
              : source.pod.name;
    *vec_add(step->arena, out) = source;
}

static Error *find_sources(const Step *step, SourceList *out)
{
    static const char *const lists[] = {"spec.initContainers", "spec.containers"};
    const PipelineOptions *o = step->run->options;
    ValueList pods;

    *out = (SourceList){0};
    TRY(release_pods(step, &pods));
    for (size_t i = 0; i < pods.len; i++) {
        if (!o->all_containers) {
            add_source(step, &pods.items[i], o->container, out);
            continue;
        }
        for (size_t j = 0; j < COUNT(lists); j++) {
            ValueList containers = field_list(&pods.items[i], lists[j]);

            for (size_t k = 0; k < containers.len; k++)
                add_source(step, &pods.items[i], field_string(&containers.items[k], "name"), out);
        }
    }
    return NULL;
}

static TargetLog wanted(const PipelineOptions *o, const Source *source)
{
    return (TargetLog){.container = source->container,
                       .previous = o->previous,
                       .follow = o->follow,
                       .timestamps = o->timestamps,
                       .lines = o->most,
                       .since_s = o->since_s};
}

/* ---- what was said */

static void keep_part(void *context, Str part)
{
    buf_add(context, part);
}

/* Without any wish it is the container that failed, if one has. */
static Error *read_source(const Step *step, const Source *source, Str *out)
{
    const PipelineOptions *o = step->run->options;
    Buf text = {.arena = step->arena};
    TargetLog how = wanted(o, source);

    if (!how.container.len && !how.previous && !how.timestamps && !how.since_s)
        return target_log(step->target, step->arena, &source->pod, how.lines, out);
    TRY(target_read_log(step->target, step->arena, &source->pod, &how,
                        &(TargetSink){keep_part, &text}));
    *out = buf_str(&text);
    return NULL;
}

static Error *show_logs(const Step *step)
{
    Buf b = {.arena = step->arena};
    SourceList sources;

    TRY(find_sources(step, &sources));
    for (size_t i = 0; i < sources.len; i++) {
        Str text;

        TRY(read_source(step, &sources.items[i], &text));
        add_log(&b, sources.len > 1 ? sources.items[i].name : (Str){"", 0}, text);
    }
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

/* ---- what is being said */

/* One log that is followed, by a thread of its own. */
typedef struct Follower {
    const Step *step;
    Source source;
    bool named;
    Arena arena;
    LogLines lines;
    pthread_t thread;
    atomic_bool done;
} Follower;

static void print_lines(Follower *f, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    add_log(&b, f->named ? f->source.name : (Str){"", 0}, text);
    report_print(f->step->run->report, buf_str(&b));
}

static void follow_part(void *context, Str part)
{
    Follower *f = context;
    size_t end = str_find_last(part, STR("\n"));

    if (end == STR_NONE) {
        buf_add(&f->lines.rest, part);
        return;
    }
    buf_add(&f->lines.rest, str_slice(part, 0, end + 1));
    print_lines(f, buf_str(&f->lines.rest));
    f->lines.rest.len = 0;
    buf_add(&f->lines.rest, str_skip(part, end + 1));
}

static Error *follow(Follower *f)
{
    const Run *run = f->step->run;
    DEFER(target_close) Target *target = NULL;
    TargetOptions options = run_target_options(run, f->step->release->kube_context);
    TargetLog how = wanted(run->options, &f->source);

    TRY(target_open(&f->arena, &options, &target));
    return target_read_log(target, &f->arena, &f->source.pod, &how, &(TargetSink){follow_part, f});
}

static void *run_follower(void *context)
{
    Follower *f = context;
    Error *err = follow(f);

    print_lines(f, buf_str(&f->lines.rest));
    if (err && !signal_received())
        log_warn("%.*s: %s", STR_ARG(f->source.name), error_message(err));
    error_free(err);
    atomic_store(&f->done, true);
    return NULL;
}

typedef VEC(Follower *) FollowerList;

static bool is_followed(const FollowerList *followers, const Source *source)
{
    for (size_t i = 0; i < followers->len; i++)
        if (str_equal(followers->items[i]->source.name, source->name))
            return true;
    return false;
}

/* Follow what nobody follows yet. */
static Error *follow_new(const Step *step, FollowerList *followers)
{
    SourceList sources;

    TRY(find_sources(step, &sources));
    for (size_t i = 0; i < sources.len; i++) {
        if (is_followed(followers, &sources.items[i]))
            continue;
        Follower *f = arena_new(step->arena, Follower);
        *f = (Follower){.step = step,
                        .source = sources.items[i],
                        .named = sources.len > 1 || step->run->plan.len > 1};
        f->lines.rest.arena = &f->arena;
        *vec_add(step->arena, followers) = f;
        f->thread = worker_start(run_follower, f);
    }
    return NULL;
}

static bool are_done(const FollowerList *followers)
{
    bool done = true;

    for (size_t i = 0; i < followers->len; i++)
        done &= atomic_load(&followers->items[i]->done);
    return done;
}

/* Until all logs have ended, or a signal comes. */
static Error *follow_logs(const Step *step)
{
    FollowerList followers = {0};
    int64_t looked_ms = clock_ms();
    Error *err = follow_new(step, &followers);

    while (!err && !signal_received() && !are_done(&followers)) {
        clock_sleep(SLICE_MS);
        if (clock_ms() - looked_ms < NEW_PODS_MS)
            continue;
        looked_ms = clock_ms();
        err = follow_new(step, &followers);
    }
    for (size_t i = 0; i < followers.len; i++) {
        worker_join(followers.items[i]->thread);
        arena_free(&followers.items[i]->arena);
    }
    return err;
}

/* ---- the command */

static Error *logs_step(void *context, const Step *step)
{
    (void)context;
    return step->run->options->follow ? follow_logs(step) : show_logs(step);
}

static Error *logs_all(Run *run, void *context, PipelineOutcome *out)
{
    Plan plan;

    (void)out;
    TRY(run_plan_of_name(run, *(const Str *)context, &plan));
    run_pass(run, &(RunPass){.plan = &plan, .step = logs_step});
    return NULL;
}

Error *pipeline_logs(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    PipelineOptions own = *options;

    if (own.follow) // lines go where progress would be painted
        own.terminal = false;
    return run_command(&own, &(RunNeeds){.cluster = true}, logs_all, &name, out);
}
