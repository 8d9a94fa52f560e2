#include "target/demo/cluster.h"

#include "base/field.h"
#include "io/file.h"
#include "io/world.h"
#include "target/demo/controllers/controllers.h"
#include "target/demo/hash.h"
#include "target/demo/seed.h"
#include "target/demo/stamp.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 96 << 20 }; /* of memory for entries, until all of them are read anew */

/* All clusters that are in memory, whether in use or not: see cluster.h. */
static Cluster *clusters;
static pthread_mutex_t clusters_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Each cluster has its own, which is never freed: so may the list be. */
static Cluster *new_cluster(const char *dir)
{
    Arena home = {0};
    Cluster *cluster = arena_new(&home, Cluster);

    *cluster = (Cluster){
        .dir = str_c(&home, str_from(dir)),
        .next = clusters,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .is_forgotten = true,
    };
    clusters = cluster;
    return cluster;
}

Error *cluster_open(const char *dir, Cluster **out)
{
    Cluster *cluster;

    pthread_mutex_lock(&clusters_mutex);
    cluster = clusters;
    while (cluster && strcmp(cluster->dir, dir) != 0)
        cluster = cluster->next;
    if (!cluster)
        cluster = new_cluster(dir);
    cluster->users++;
    pthread_mutex_unlock(&clusters_mutex);
    *out = cluster;
    return NULL;
}

void cluster_close(Cluster **cluster)
{
    if (!*cluster)
        return;
    pthread_mutex_lock(&clusters_mutex);
    (*cluster)->users--;
    pthread_mutex_unlock(&clusters_mutex);
    *cluster = NULL;
}

void cluster_forget(Cluster *c)
{
    if (c->store)
        store_forget(c->store);
    if (c->events)
        events_forget(c->events);
    arena_free(&c->arena);
    c->kinds = kinds_new(&c->arena);
    c->store = store_new(&c->arena, c->dir, c->kinds);
    c->events = events_new(&c->arena, c->dir);
    c->queue = (Queue){.arena = &c->arena};
    c->is_forgotten = false;
}

/* What is in memory may be more than what is in the files: it is read anew when it is needed. */
static void undo(Cluster *c)
{
    cluster_forget(c);
    c->is_forgotten = true;
}

static Error *take_lock(Cluster *c)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = str_format(&scratch, "%s/lock", c->dir).ptr;
    Error *err = lock_take(path, &c->log.lock);

    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    TRY(directory_make(c->dir));
    return lock_take(path, &c->log.lock);
}

/*
 * A real cluster's time goes on whether someone waits or not. Of a long time the first hour is
 * enough for all that happens once; what happens again and again happens once more.
 */
static Error *catch_up(Cluster *c)
{
    static const int64_t hour_ms = 3600000;
    int64_t real_ms = world_real.now_ns() / 1000000;

    if (c->config.start_ms || real_ms <= c->now_ms)
        return NULL;
    if (real_ms - c->now_ms > hour_ms) {
        TRY(cluster_advance(c, c->now_ms + hour_ms));
        c->now_ms = real_ms;
    }
    return cluster_advance(c, real_ms);
}

static Error *set_up(Cluster *c)
{
    c->now_ms = c->config.start_ms ? c->config.start_ms : world_real.now_ns() / 1000000;
    return cluster_seed(c);
}

static Error *enter(Cluster *c)
{
    bool fresh = false;

    TRY(take_lock(c));
    if (!c->is_forgotten && store_size(c->store) > MOST_BYTES)
        undo(c);
    TRY(changelog_sync(c, &fresh));
    return fresh ? set_up(c) : catch_up(c);
}

/* Objects first, so that what they say has happened is there as well when an event is read. */
static Error *save(Cluster *c)
{
    bool begun;

    TRY(changelog_begin(c, &begun));
    if (!begun)
        return NULL;
    TRY(store_flush(c->store));
    TRY(events_flush(c->events, c->now_ms));
    return changelog_end(c);
}

static void leave(Cluster *c)
{
    lock_release(&c->log.lock);
    arena_free(&c->scratch);
    pthread_mutex_unlock(&c->mutex);
}

Error *cluster_enter(Cluster *c)
{
    Error *err;

    pthread_mutex_lock(&c->mutex);
    err = enter(c);
    if (!err)
        err = save(c); // what time has brought stays, whatever comes of what is done now
    if (!err)
        return NULL;
    undo(c);
    leave(c);
    return error_wrap(err, "demo cluster in %s", c->dir);
}

Error *cluster_leave(Cluster *c, Error *err)
{
    bool failed = err != NULL;

    if (!failed)
        err = error_wrap(save(c), "demo cluster in %s", c->dir);
    if (err && (!failed || store_is_changed(c->store) || c->queue.touched.len))
        undo(c);
    leave(c);
    return err;
}

Error *cluster_advance(Cluster *c, int64_t until_ms)
{
    DEFER(arena_free) Arena scratch = {0};
    Entry *entry;

    for (int64_t due; (due = queue_next_ms(&c->queue)) <= until_ms;) {
        c->now_ms = due > c->now_ms ? due : c->now_ms;
        entry = queue_take(&c->queue, due);
        TRY(controllers_reconcile(c, &scratch, entry));
        arena_free(&scratch);
    }
    c->now_ms = until_ms > c->now_ms ? until_ms : c->now_ms;
    return NULL;
}

Error *cluster_get(Cluster *c, Arena *a, const Kind *kind, Str namespace, Str name, Value *out)
{
    Entry *entry;

    if (kind_is(kind, "", "Event"))
        return events_get(c->events, a, namespace, name, out);
    TRY(store_find(c->store, kind, kind->flags & KIND_NAMESPACED ? namespace : STR(""), name,
                   &entry));
    if (!entry)
        return error_new(ERROR_NOT_FOUND, "%s \"%.*s\" not found",
                         str_c(&c->scratch, kind_resource(&c->scratch, kind)), STR_ARG(name));
    return store_read(c->store, a, entry, out);
}

Error *cluster_put(Cluster *c, Arena *a, const Kind *kind, Value object)
{
    Entry *entry;

    field_set(a, &object, "metadata.resourceVersion",
              value_string(str_format(a, "%llu", (unsigned long long)++c->revision)));
    if (kind_is(kind, "", "Event"))
        return events_add(c->events, object);
    TRY(store_write(c->store, kind, object, &entry));
    return controllers_changed(c, entry, &object);
}

Error *cluster_drop(Cluster *c, Entry *entry)
{
    DEFER(arena_free) Arena scratch = {0};
    Value object;

    TRY(store_read(c->store, &scratch, entry, &object));
    c->revision++;
    TRY(store_remove(c->store, entry));
    return controllers_gone(c, entry, &object);
}

void cluster_look(Cluster *c, Entry *entry, int64_t due_ms)
{
    queue_add(&c->queue, entry, due_ms);
}

Str cluster_uid(Cluster *c, Arena *a)
{
    Str number = str_format(a, "%llu", (unsigned long long)++c->revision);

    return hash_uid(a, hash_text(c->config.seed, number));
}

Value cluster_stamp(const Cluster *c, Arena *a)
{
    return stamp_value(a, c->now_ms);
}

static Value involved_object(Arena *a, const Value *object)
{
    Str namespace = field_string(object, "metadata.namespace");

    return map_of(
        a, {"apiVersion", value_string(field_string(object, "apiVersion"))},
        {"kind", value_string(field_string(object, "kind"))},
        {"name", value_string(field_string(object, "metadata.name"))},
        {"namespace", namespace.len ? value_string(namespace) : value_missing()},
        {"resourceVersion", value_string(field_string(object, "metadata.resourceVersion"))},
        {"uid", value_string(field_string(object, "metadata.uid"))});
}

Error *cluster_event(Cluster *c, const Value *object, const EventNote *note)
{
    DEFER(arena_free) Arena scratch = {0};
    Arena *a = &scratch;
    Str namespace = field_string(object, "metadata.namespace");
    Str uid = field_string(object, "metadata.uid");
    uint64_t hash =
        hash_text(hash_text(hash_text(c->config.seed, uid), str_from(note->reason)), note->message);
    Value metadata = map_of(
        a,
        {"name",
         value_string(str_format(a, "%.*s.%016llx", STR_ARG(field_string(object, "metadata.name")),
                                 (unsigned long long)hash))},
        {"namespace", value_string(namespace.len ? namespace : STR("default"))},
        {"uid", value_string(hash_uid(a, hash))}, {"creationTimestamp", cluster_stamp(c, a)});
    Value event =
        map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("Event")}, {"metadata", metadata},
               {"involvedObject", involved_object(a, object)}, {"type", value_c(note->type)},
               {"reason", value_c(note->reason)}, {"message", value_string(note->message)},
               {"count", value_number(note->count ? note->count : 1)}, {"eventTime", value_null()},
               {"firstTimestamp", cluster_stamp(c, a)}, {"lastTimestamp", cluster_stamp(c, a)},
               {"reportingComponent", value_c(note->source)}, {"reportingInstance", value_c("")},
               {"source", map_of(a, {"component", value_c(note->source)})});

    return cluster_put(c, a, kinds_built_in("", "Event"), event);
}
