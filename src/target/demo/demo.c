/*
 * demo.c - the target "demo": a Kubernetes cluster that is only simulated, for trying relfile out
 * and for tests. docs/demo.md says what it does.
 */
#include "base/field.h"
#include "io/env.h"
#include "target/demo/apply.h"
#include "target/demo/cluster.h"
#include "target/demo/logs.h"
#include "target/demo/removal.h"
#include "target/demo/selector.h"
#include "target/targets.h"

#include <time.h>

enum {
    STEP_MS = 250,  /* the least that waiting takes, unless it may take no longer */
    SLEEP_MS = 100, /* the longest sleep at a time where waiting takes real time */
};

typedef struct Demo {
    Target target;
    Cluster *cluster;
    int64_t opened_ms; /* the cluster's time */
    int64_t waited_ms; /* simulated, by this target */
} Demo;

/* The folder that clusters are in, where nobody says which. */
static const char *usual_folder(Arena *a)
{
    const char *state = env_get("XDG_STATE_HOME"), *home = env_get("HOME");

    if (state && state[0] == '/')
        return str_format(a, "%s/relfile/demo", state).ptr;
    return str_format(a, "%s/.local/state/relfile/demo", home && home[0] ? home : "").ptr;
}

/* CONTEXT as the name of a folder: nothing that leads elsewhere. */
static Str folder_name(Arena *a, Str context)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < context.len; i++) {
        char c = context.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || (c == '.' && i) || c == '@';

        if (plain)
            buf_add_char(&b, c);
        else
            buf_format(&b, "%%%02X", (unsigned char)c);
    }
    return buf_str(&b);
}

static Error *demo_open(Arena *a, const TargetOptions *options, Target **out)
{
    Demo *demo = arena_new(a, Demo);
    Str context = options->context.len ? options->context : STR("demo");
    const char *folder = options->location ? options->location : usual_folder(a);
    Error *err;

    if (context.len > 200)
        return error_new(ERROR_INPUT,
                         "the name of a demo cluster must be no longer than 200 bytes");
    TRY(cluster_open(
        str_format(a, "%s/clusters/%.*s", folder, STR_ARG(folder_name(a, context))).ptr,
        &demo->cluster));
    demo->target = (Target){.type = &target_type_demo, .context = str_copy(a, context)};
    err = cluster_enter(demo->cluster);
    if (!err) {
        demo->opened_ms = demo->cluster->now_ms;
        err = cluster_leave(demo->cluster, NULL);
    }
    if (err) {
        cluster_close(&demo->cluster);
        return err;
    }
    *out = &demo->target;
    return NULL;
}

static void demo_close(Target *target)
{
    cluster_close(&((Demo *)target)->cluster);
}

static Cluster *cluster_of(Target *target)
{
    return ((Demo *)target)->cluster;
}

static Error *demo_capabilities(Target *target, Arena *a, TargetCapabilities *out)
{
    Cluster *c = cluster_of(target);
    StrList versions = {0};

    TRY(cluster_enter(c));
    kinds_api_versions(c->kinds, a, &versions);
    for (size_t i = 0; i < versions.len; i++)
        versions.items[i] = str_copy(a, versions.items[i]);
    *out = (TargetCapabilities){
        .kube_version = str_copy(a, c->config.kubernetes_version),
        .api_versions = versions.items,
        .api_version_count = versions.len,
    };
    return cluster_leave(c, NULL);
}

static Error *demo_namespaced(Target *target, Str api_version, Str kind_name, bool *out)
{
    Cluster *c = cluster_of(target);
    const Kind *kind;
    Error *err;

    TRY(cluster_enter(c));
    err = kinds_find(c->kinds, api_version, kind_name, &kind);
    if (!err)
        *out = kind->flags & KIND_NAMESPACED;
    return cluster_leave(c, err);
}

/* An object is of the version that is asked for. */
static void set_version(Arena *a, const ObjectId *id, Value *object)
{
    field_set(a, object, "apiVersion", value_string(str_copy(a, id->api_version)));
}

static Error *get_object(Cluster *c, Arena *a, const ObjectId *id, Value *out)
{
    const Kind *kind;

    TRY(kinds_find(c->kinds, id->api_version, id->kind, &kind));
    TRY(cluster_get(c, a, kind, id->namespace, id->name, out));
    set_version(a, id, out);
    return NULL;
}

static Error *demo_get(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    TRY(cluster_enter(cluster_of(target)));
    return cluster_leave(cluster_of(target), get_object(cluster_of(target), a, id, out));
}

static Error *list_objects(Cluster *c, Arena *a, const ObjectId *id, Value *out)
{
    const Kind *kind;
    EntryList entries;
    Value *items;

    TRY(kinds_find(c->kinds, id->api_version, id->kind, &kind));
    if (kind_is(kind, "", "Event"))
        return events_list(c->events, a, id->namespace, out);
    TRY(store_list(c->store, &c->scratch, kind,
                   kind->flags & KIND_NAMESPACED ? id->namespace : STR(""), &entries));
    items = arena_array(a, Value, entries.len);
    for (size_t i = 0; i < entries.len; i++) {
        TRY(store_read(c->store, a, entries.items[i], &items[i]));
        set_version(a, id, &items[i]);
    }
    *out = value_list(items, entries.len);
    return NULL;
}

static bool is_one_of(const ValueMap *labels, const TargetQuery *query)
{
    Str value = value_map_string(labels, query->label);

    for (size_t i = 0; i < query->one_of->len; i++)
        if (str_equal(query->one_of->items[i], value))
            return true;
    return false;
}

static void keep_labelled(const TargetQuery *query, ValueList *list)
{
    Value wanted = value_of_map((ValueMap *)(uintptr_t)query->labels);
    bool some = query->labels && query->labels->len;
    size_t kept = 0;

    for (size_t i = 0; i < list->len; i++) {
        const Value *labels = field_at(&list->items[i], "metadata.labels");

        if ((!some || labels_include(&wanted, labels)) &&
            (!query->one_of || is_one_of(field_map(&list->items[i], "metadata.labels"), query)))
            list->items[kept++] = list->items[i];
    }
    list->len = kept;
}

static Error *demo_list(Target *target, Arena *a, const ObjectId *id, const TargetQuery *query,
                        Value *out)
{
    TRY(cluster_enter(cluster_of(target)));
    TRY(cluster_leave(cluster_of(target), list_objects(cluster_of(target), a, id, out)));
    keep_labelled(query, &out->list);
    return NULL;
}

/* A namespace has its service account before anybody can ask for a pod in it. */
static Error *apply_object(Cluster *c, Arena *a, Value object, const TargetApply *how, Value *out)
{
    TRY(object_apply(c, a, object, how, out));
    if (how->dry_run || !str_is(field_string(out, "kind"), "Namespace"))
        return NULL;
    return cluster_advance(c, c->now_ms + REACTION_MS);
}

static Error *demo_apply(Target *target, Arena *a, Value object, const TargetApply *how, Value *out)
{
    Cluster *c = cluster_of(target);
    Value result;

    TRY(cluster_enter(c));
    TRY(cluster_leave(c, apply_object(c, a, object, how, &result)));
    *out = result;
    return NULL;
}

static Error *check_version(Cluster *c, const Kind *kind, Entry *entry, Str version)
{
    Value object;

    if (!version.len)
        return NULL;
    TRY(store_read(c->store, &c->scratch, entry, &object));
    if (str_equal(field_string(&object, "metadata.resourceVersion"), version))
        return NULL;
    return error_new(ERROR_CONFLICT, "%.*s \"%.*s\" has been modified",
                     STR_ARG(kind_resource(&c->scratch, kind)), STR_ARG(entry->name));
}

static Error *remove_object(Cluster *c, const ObjectId *id, const TargetDelete *how)
{
    const Kind *kind;
    Entry *entry;
    Str namespace;

    TRY(kinds_find(c->kinds, id->api_version, id->kind, &kind));
    namespace = kind->flags & KIND_NAMESPACED ? id->namespace : STR("");
    if (kind_is(kind, "", "Event"))
        return events_remove(c->events, namespace, id->name);
    TRY(store_find(c->store, kind, namespace, id->name, &entry));
    if (!entry)
        return error_new(ERROR_NOT_FOUND, "%.*s \"%.*s\" not found",
                         STR_ARG(kind_resource(&c->scratch, kind)), STR_ARG(id->name));
    TRY(check_version(c, kind, entry, how->version));
    return object_delete(c, &c->scratch, entry, how);
}

static Error *demo_remove(Target *target, const ObjectId *id, const TargetDelete *how)
{
    TRY(cluster_enter(cluster_of(target)));
    return cluster_leave(cluster_of(target), remove_object(cluster_of(target), id, how));
}

static Error *demo_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out)
{
    TRY(cluster_enter(cluster_of(target)));
    return cluster_leave(cluster_of(target), log_read(cluster_of(target), a, id, lines, out));
}

/* Until when to go on: the next thing that happens, and a little further. */
static int64_t step_end(Cluster *c, int64_t timeout_ms)
{
    int64_t latest = c->now_ms + timeout_ms, next = queue_next_ms(&c->queue);

    if (next > latest - STEP_MS)
        return latest;
    return (next > c->now_ms ? next : c->now_ms) + STEP_MS;
}

static void sleep_ms(double ms)
{
    struct timespec pause = {.tv_sec = (time_t)(ms / 1000),
                             .tv_nsec = (long)((ms - (double)(time_t)(ms / 1000) * 1000) * 1e6)};

    nanosleep(&pause, NULL); // a signal ends it, and then whoever waits decides
}

/* With a pace, as much real time as the simulated time until END_MS takes; a part of it, if long.
 */
static int64_t sleep_until(double pace, int64_t now_ms, int64_t end_ms)
{
    double real_ms = (double)(end_ms - now_ms) * pace;

    if (real_ms > SLEEP_MS) {
        end_ms = now_ms + (int64_t)(SLEEP_MS / pace);
        real_ms = SLEEP_MS;
    }
    sleep_ms(real_ms);
    return end_ms > now_ms ? end_ms : now_ms + 1;
}

static Error *demo_wait(Target *target, int64_t timeout_ms)
{
    Demo *demo = (Demo *)target;
    Cluster *c = demo->cluster;
    int64_t start_ms, end_ms;
    double pace;
    Error *err;

    TRY(cluster_enter(c));
    start_ms = c->now_ms;
    end_ms = step_end(c, timeout_ms > 0 ? timeout_ms : 0);
    pace = c->config.pace;
    if (pace > 0) {
        TRY(cluster_leave(c, NULL));
        end_ms = sleep_until(pace, start_ms, end_ms);
        TRY(cluster_enter(c));
    }
    // another target may have gone on while this one slept
    err = end_ms > c->now_ms ? cluster_advance(c, end_ms) : NULL;
    demo->waited_ms += c->now_ms - start_ms;
    return cluster_leave(c, err);
}

/*
 * Only what this target has waited counts: what others waited meanwhile must not make its
 * timeouts run out.
 */
static int64_t demo_now_ms(Target *target)
{
    Demo *demo = (Demo *)target;

    return demo->opened_ms + demo->waited_ms;
}

const TargetType target_type_demo = {
    .name = "demo",
    .help = "a simulated Kubernetes cluster in a folder: for trying out, and for tests",
    .open = demo_open,
    .capabilities = demo_capabilities,
    .namespaced = demo_namespaced,
    .get = demo_get,
    .list = demo_list,
    .apply = demo_apply,
    .remove = demo_remove,
    .log = demo_log,
    .wait = demo_wait,
    .now_ms = demo_now_ms,
    .close = demo_close,
};
