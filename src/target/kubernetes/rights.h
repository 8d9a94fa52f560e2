/*
 * rights.h - what we may do in a cluster, asked of it before it is done.
 * Source: Kubernetes, authorization.k8s.io/v1: SelfSubjectRulesReview, SelfSubjectAccessReview.
 */
#pragma once

#include "target/kubernetes/discovery.h"

typedef struct Rights Rights;

Rights *rights_new(Arena *a);
void rights_close(Rights *rights);

/* One of them: to do VERB ("create") with objects of KIND in NAMESPACE. */
typedef struct Right {
    const char *verb;
    const KubeKind *kind;
    Str namespace;
} Right;

/*
 * Whether we have RIGHT, from any thread. One request tells most of what we may do in a namespace;
 * what it does not tell is asked for. Where nobody can tell, we may: the server has the last word.
 */
bool rights_have(Rights *rights, KubeClient *client, const Right *right);
