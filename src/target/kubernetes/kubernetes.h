/*
 * kubernetes.h - what the parts of the target "kubernetes" share.
 */
#pragma once

#include "target/kubernetes/session.h"
#include "target/target.h"

enum { FIRST_PAUSE_MS = 50 }; /* of waiting; longer each time */

typedef struct Kubernetes {
    Target target;
    KubeSession *session;
    bool many; /* objects are looked at */
    bool may_not_watch;
    Shared *own;      /* where nobody gave one */
    int64_t pause_ms; /* of the next waiting */
} Kubernetes;

/* kubernetes.c */
KubeClient *kubernetes_client(const Kubernetes *k);

/* The namespace that an object of KIND is in which says it is in NAMESPACE. */
Str kubernetes_namespace(const Kubernetes *k, const KubeKind *kind, Str namespace);

/* The path of the object of ID, and what it is; *NEW as in session_kind. */
Error *kubernetes_path(const Kubernetes *k, Arena *a, const ObjectId *id, KubeKind *kind, bool *new,
                       Str *out) MUST_CHECK;

/* The object of ID has been changed, or may have been; NOW is what it is then, if that is known to
 * last. */
void kubernetes_touch(const Kubernetes *k, const ObjectId *id, const Value *now);

Error *kubernetes_get(Target *target, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;

/* logs.c: the container of POD that is meant where none is named, and the path of the pod's PART.
 */
Str kubernetes_usual_container(const Value *pod);
Str kubernetes_pod_path(Arena *a, const ObjectId *id, const char *part);

/* apply.c, logs.c, exec.c: as in TargetType */
Error *kubernetes_apply(Target *target, Arena *a, Value object, const TargetApply *how, Value *out)
    MUST_CHECK;
Error *kubernetes_read_log(Target *target, Arena *a, const ObjectId *id, const TargetLog *how,
                           const TargetSink *sink) MUST_CHECK;
Error *kubernetes_exec(Target *target, Arena *a, const ObjectId *id, const TargetExec *how,
                       int *status) MUST_CHECK;
Error *kubernetes_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out)
    MUST_CHECK;
