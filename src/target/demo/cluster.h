/*
 * cluster.h - a simulated cluster: its objects, its clock, and the work that controllers have.
 *
 * A cluster is a folder (docs/demo.md shows it). Everything happens between cluster_enter, which
 * takes the cluster's lock and takes up what other processes have done, and cluster_leave, which
 * writes what has changed:
 *
 *     TRY(cluster_enter(cluster));
 *     return cluster_leave(cluster, do_something(cluster, ...));
 *
 * What was done is in the files when cluster_leave returns, whatever happens to the process; the
 * machine is not waited for (see changelog.h).
 *
 * In a process there is one Cluster for a folder, which all targets and threads share: loading
 * objects is what costs time, and simulated time is the same for all. It stays in memory when the
 * last target is closed. This list of clusters is the one thing in relfile that changes and
 * belongs to nobody; a mutex guards it.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "target/demo/changelog.h"
#include "target/demo/config.h"
#include "target/demo/events.h"
#include "target/demo/kinds.h"
#include "target/demo/queue.h"
#include "target/demo/store.h"

#include <pthread.h>

typedef struct Cluster {
    const char *dir;
    struct Cluster *next; /* of all that are in memory */
    size_t users;
    pthread_mutex_t mutex;

    /* Only between cluster_enter and cluster_leave: */
    Arena arena; /* until the cluster is forgotten: see cluster_forget */
    bool is_forgotten;
    Arena scratch; /* until cluster_leave */
    ClusterConfig config;
    Kinds *kinds;
    Store *store;
    Queue queue;
    Events *events;
    Changelog log;
    uint64_t revision;    /* the last resourceVersion that was given to an object */
    int64_t now_ms;       /* the simulated time: milliseconds since 1970 */
    const Entry *current; /* what a controller looks at */
} Cluster;

/* The cluster in folder DIR, which is made and filled when it is first entered. */
Error *cluster_open(const char *dir, Cluster **out) MUST_CHECK;
void cluster_close(Cluster **cluster);

Error *cluster_enter(Cluster *cluster) MUST_CHECK;

/* ERR is what came of it so far; if that is a failure, what was changed is undone. */
Error *cluster_leave(Cluster *cluster, Error *err) MUST_CHECK;

/* Drop all that is in memory: the files have it. */
void cluster_forget(Cluster *cluster);

/* Run controllers, in order, for all that is due until UNTIL_MS, which the clock then shows. */
Error *cluster_advance(Cluster *cluster, int64_t until_ms) MUST_CHECK;

/* Time for controllers to see a change, in simulated milliseconds. */
enum { REACTION_MS = 50 };

/* The object of that kind, namespace and name, in A. ERROR_NOT_FOUND as a server says it. */
Error *cluster_get(Cluster *cluster, Arena *a, const Kind *kind, Str namespace, Str name,
                   Value *out) MUST_CHECK;

/*
 * Have OBJECT, in A, under a new resourceVersion, which it is given; controllers will
 * look at it, and at what depends on it.
 */
Error *cluster_put(Cluster *cluster, Arena *a, const Kind *kind, Value object) MUST_CHECK;

/* Take an object away, now. Controllers will look at what depended on it. */
Error *cluster_drop(Cluster *cluster, Entry *entry) MUST_CHECK;

/* Have controllers look at ENTRY's object at DUE_MS at the latest. */
void cluster_look(Cluster *cluster, Entry *entry, int64_t due_ms);

/* A new uid, in A. */
Str cluster_uid(Cluster *cluster, Arena *a);

/* The current time as objects have it. */
Value cluster_stamp(const Cluster *cluster, Arena *a);

/* What has happened to an object. */
typedef struct EventNote {
    const char *type; /* "Normal" or "Warning" */
    const char *reason;
    const char *source; /* who says so: "kubelet" */
    Str message;
    int64_t count; /* how often; 0 counts as 1 */
} EventNote;

Error *cluster_event(Cluster *cluster, const Value *object, const EventNote *note) MUST_CHECK;
