/*
 * target.h - a cluster: objects are read from it, applied to it, and watched in it.
 *
 * A target speaks of Kubernetes objects as values, with the semantics of an API server:
 * server-side apply with field managers, resource versions, dry runs. What a release is made of,
 * in which order things happen and when it counts as ready is decided above (pipeline/), from
 * objects alone, so that it is the same for every target.
 *
 *     DEFER(target_close) Target *target = NULL;
 *     TRY(target_open(a, &(TargetOptions){.type = "demo", .context = "production"}, &target));
 *     TRY(target_apply(target, a, object, &(TargetApply){.manager = "relfile"}, &live));
 *
 * A target belongs to one thread at a time; several may be open on one cluster.
 */
#pragma once

#include "base/error.h"
#include "base/shared.h"
#include "base/value.h"
#include "base/vec.h"
#include "manifest/manifest.h"

typedef struct Target Target;

/* What counts instead of what a kubeconfig file says; what is empty does not. */
typedef struct TargetAccess {
    Str server; /* a URL */
    Str token, as_user, as_uid, server_name;
    StrList as_groups;
    const char *ca_file;
    bool insecure;
} TargetAccess;

typedef struct TargetOptions {
    const char *type;           /* "demo": a row of targets.h */
    const char *location;       /* demo: the folder that its clusters are in; NULL: the usual one */
    Str context;                /* which cluster; empty: the target's default */
    const char *config;         /* a kubeconfig file, where the target knows such */
    const TargetAccess *access; /* NULL: as the file says. One for all that SHARED is given to */
    /*
     * Where targets of a run keep what they share: connections, and what they have learnt of their
     * clusters. It outlives the targets that were opened with it. NULL: they share nothing.
     */
    Shared *shared;
    bool many; /* objects will be looked at: what is many requests may be one */
} TargetOptions;

/* What the cluster is like: for .Capabilities. */
typedef struct TargetCapabilities {
    Str kube_version;
    const Str *api_versions;
    size_t api_version_count;
} TargetCapabilities;

/* Which object. The namespace is empty for what is not in one. */
typedef struct ObjectId {
    Str api_version, kind, namespace, name;
} ObjectId;

typedef struct TargetApply {
    const char *manager; /* who owns the fields that are set */
    bool dry_run;        /* tell what would be, and change nothing */
    bool force;          /* take fields that others own, too, */
    bool keep;           /* or leave them as they are */
    bool replace;        /* LIVE becomes just OBJECT, whoever else owned fields of it */
    bool create_only;    /* ERROR_CONFLICT if it is there: for hooks */
    bool lenient;        /* fields that the kind does not have are left out, and no error */
    const Value *live;   /* the object as it has just been read; NULL: it was not */

    /*
     * Not merged by the server, but as helm 3 does it: where LIVE is there it gets what differs
     * from OBJECT, whoever owns that, and loses what is in APPLIED, as it was sent last (NULL:
     * that is not known), alone.
     */
    bool updates;
    const Value *applied;
} TargetApply;

typedef struct TargetDelete {
    bool orphans;    /* leave what the object owns */
    bool foreground; /* be done only when what it owns is gone */
    Str version;     /* ERROR_CONFLICT where its resourceVersion is another; empty: any will do */
} TargetDelete;

/* Which objects of a kind; {0}: all of them, whole. */
typedef struct TargetQuery {
    const ValueMap *labels; /* only those that have all of these */
    const char *label;      /* only those whose LABEL */
    const StrList *one_of;  /* is one of these; NULL: any will do */
    bool metadata_only;     /* the rest of an object need not be there */
} TargetQuery;

/* Something that may have to be allowed: VERB ("create") of objects of that kind. */
typedef struct TargetRight {
    const char *verb;
    Str api_version, kind, namespace;
} TargetRight;

/* What is wanted of a container's log. */
typedef struct TargetLog {
    Str container; /* empty: the usual one */
    bool previous; /* of its last life */
    bool follow;   /* and what it says from now on, until it ends */
    bool timestamps;
    size_t lines;    /* the last ones; 0: all */
    int64_t since_s; /* of that long; 0: all */
} TargetLog;

/* Where a log goes, part by part. */
typedef struct TargetSink {
    void (*take)(void *context, Str part);
    void *context;
} TargetSink;

/* A program in a container, which gets our own standard input and output. */
typedef struct TargetExec {
    const StrList *argv; /* NULL: the container's own program */
    Str container;       /* empty: the usual one */
    bool in;             /* our standard input goes there */
    bool tty;            /* it has a terminal: ours */
} TargetExec;

/* One kind of target: see targets.h. All functions may be called only while it is open. */
typedef struct TargetType {
    const char *name;
    const char *help; /* one sentence, for `relfile help targets` */

    /* Its clusters are shared: records of releases are kept in them, where helm finds them. */
    bool keeps_records;

    Error *(*open)(Arena *a, const TargetOptions *options, Target **out);
    Error *(*capabilities)(Target *target, Arena *a, TargetCapabilities *out);

    /* Whether objects of the kind live in namespaces. ERROR_NOT_FOUND: no such kind here. */
    Error *(*namespaced)(Target *target, Str api_version, Str kind, bool *out);

    /* The live object. ERROR_NOT_FOUND where there is none. */
    Error *(*get)(Target *target, Arena *a, const ObjectId *id, Value *out);

    /*
     * The same as it was a moment ago, but for what was changed through targets that share. NULL:
     * there is no quicker way than to get it.
     */
    Error *(*look)(Target *target, Arena *a, const ObjectId *id, Value *out);

    /* The objects of ID's kind, in its namespace, or everywhere if that is empty: a list. */
    Error *(*list)(Target *target, Arena *a, const ObjectId *id, const TargetQuery *query,
                   Value *out);

    /*
     * Server-side apply of OBJECT; *OUT is the object as it is then, or would be. ERROR_CONFLICT
     * where another manager owns a field, ERROR_INPUT where the object is refused, ERROR_DENIED
     * without the right to.
     */
    Error *(*apply)(Target *target, Arena *a, Value object, const TargetApply *how, Value *out);

    /* ERROR_NOT_FOUND where there is none. */
    Error *(*remove)(Target *target, const ObjectId *id, const TargetDelete *how);

    /* Whether we may do that, and what it is about as the cluster calls it ("deployments.apps").
     * NULL: everything is allowed. ERROR_NOT_FOUND: there is no such kind. */
    Error *(*may)(Target *target, Arena *a, const TargetRight *right, bool *out, Str *resource);

    /* The end of the log of a pod (by its name), or of a job's last pod. Empty without one. */
    Error *(*log)(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out);

    /* Hand HOW's part of the log of a pod's container to SINK. NULL: log tells all there is. */
    Error *(*read_log)(Target *target, Arena *a, const ObjectId *id, const TargetLog *how,
                       const TargetSink *sink);

    /* Run a program in the pod ID until it ends; *STATUS is its exit status. NULL: none can be
     * run. ERROR_CANCELLED after a signal. */
    Error *(*exec)(Target *target, Arena *a, const ObjectId *id, const TargetExec *how,
                   int *status);

    /* Wait until something may have changed in the cluster, at most so long. */
    Error *(*wait)(Target *target, int64_t timeout_ms);

    /* The same, for what is waited for most of all: OBJECT, as it has just been read. NULL: any
     * change is as good. */
    Error *(*await)(Target *target, const Value *object, int64_t timeout_ms);

    /* The cluster's time, for timeouts: milliseconds since some point. */
    int64_t (*now_ms)(Target *target);

    /* Cannot fail. */
    void (*close)(Target *target);
} TargetType;

/* The first member of every target's own struct. */
struct Target {
    const TargetType *type;
    Str context;   /* the cluster's name, for people */
    Str namespace; /* of what says none; empty: "default" */
};

/* ERROR_INPUT where no kind of target has that name. */
Error *target_known(const char *name) MUST_CHECK;

Error *target_open(Arena *a, const TargetOptions *options, Target **out) MUST_CHECK;
void target_close(Target **target);

/* Whether targets of TYPE keep records of releases; see TargetType. */
bool target_keeps_records(const char *type);

/* All types of targets, a line each, at the end of B. */
void target_describe(Buf *b);

/* As in TargetType. */
Error *target_capabilities(Target *target, Arena *a, TargetCapabilities *out) MUST_CHECK;
Error *target_namespaced(Target *target, Str api_version, Str kind, bool *out) MUST_CHECK;
Error *target_get(Target *target, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;
Error *target_look(Target *target, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;
Error *target_list(Target *target, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;
Error *target_find(Target *target, Arena *a, const ObjectId *id, const TargetQuery *query,
                   Value *out) MUST_CHECK;
/* For `lookup` of templates, with a Target as CONTEXT: the object, or one with all of them as items
 * where NAME is empty; a null where there is none. Source: helm, pkg/engine/lookup_func.go. */
Error *target_lookup(void *context, Arena *a, Str api_version, Str kind, Str namespace, Str name,
                     Value *out) MUST_CHECK;
Error *target_apply(Target *target, Arena *a, Value object, const TargetApply *how, Value *out)
    MUST_CHECK;
Error *target_remove(Target *target, const ObjectId *id, const TargetDelete *how) MUST_CHECK;
Error *target_may(Target *target, Arena *a, const TargetRight *right, bool *out, Str *resource)
    MUST_CHECK;
Error *target_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out) MUST_CHECK;
Error *target_read_log(Target *target, Arena *a, const ObjectId *id, const TargetLog *how,
                       const TargetSink *sink) MUST_CHECK;
Error *target_exec(Target *target, Arena *a, const ObjectId *id, const TargetExec *how, int *status)
    MUST_CHECK;
Error *target_wait(Target *target, int64_t timeout_ms) MUST_CHECK;
Error *target_await(Target *target, const Value *object, int64_t timeout_ms) MUST_CHECK;
int64_t target_now_ms(Target *target);

/* The object that OBJECT describes: its metadata's namespace, or DEFAULT_NAMESPACE. */
ObjectId object_id(Value object, Str default_namespace);

/* "Deployment/web", for people. */
Str object_title(Arena *a, const ObjectId *id);

/* Is it there yet? */
typedef enum HealthState {
    HEALTH_READY,    /* as it should be; a job: done */
    HEALTH_PROGRESS, /* not yet */
    HEALTH_FAILED,   /* and it will not be without a change */
} HealthState;

typedef struct Health {
    HealthState state;
    Str reason; /* for people: "1 of 3 replicas ready"; empty when ready */
} Health;

/*
 * How far live OBJECT is, from its own fields only.
 * Source: sigs.k8s.io/cli-utils, pkg/kstatus/status, which helm 4 waits by.
 */
Health object_health(Arena *a, Value object);

/* A pod that will never run, and the object that waits for it in vain. */
typedef struct Hopeless {
    size_t object;    /* its number */
    Str pod;          /* the uid */
    Str reason;       /* "pod web-7d9f-x2: ErrImageNeverPull: ..."; empty: see unclear */
    int64_t grace_ms; /* for which it should be so before anybody believes it */
    bool unclear;     /* the cluster does not say at the moment: it is as it was */
    bool lacking;     /* an object is missing, which others may be about to make */
} Hopeless;

typedef VEC(Hopeless) HopelessList;

/*
 * Which of LEN live OBJECTS, which are not ready, have pods that will never run as they are: an
 * item of *OUT for each such pod. What may pass (a crash, a node that is too small) is none of it,
 * nor are pods that have failed: others come in their place.
 */
Error *target_find_hopeless(Target *target, Arena *a, const Value *objects, size_t len,
                            HopelessList *out) MUST_CHECK;

/*
 * Why live OBJECT is not ready, looked for in what it owns (Deployment → ReplicaSet → Pod), its
 * pods' containers, and events: one line per cause, most telling first; often more than its own
 * fields can say. Empty where nothing is found.
 */
Error *target_explain(Target *target, Arena *a, Value object, Str *out) MUST_CHECK;
