/*
 * kubeconfig.h - how to reach a cluster, and as whom: kubeconfig files, and a pod's own account.
 * Source: client-go, tools/clientcmd.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

/* Whether a program talks with people, on our terminal. */
typedef enum KubeTalk { KUBE_TALKS_IF_IT_CAN, KUBE_TALKS_NEVER, KUBE_TALKS_ALWAYS } KubeTalk;

/* A program that knows how to log in. Source: client.authentication.k8s.io/v1. */
typedef struct KubeExec {
    const char *const *argv;      /* NULL: there is none */
    const char *const *variables; /* "NAME=VALUE" */
    Str api_version;
    Str install_hint;
    KubeTalk talk;
    bool provides_cluster_info;
    const Value *config; /* what the cluster's entry has for such programs; NULL: nothing */
} KubeExec;

typedef struct KubeAccess {
    Str context;   /* the context's name; empty in a cluster */
    Str server;    /* "https://10.0.0.1:6443", without a slash at the end */
    Str namespace; /* the context's; empty: none */

    Str proxy;       /* a URL; empty: as the environment says */
    Str server_name; /* whose certificate the server has; empty: the URL's host */
    Str ca_pem;      /* empty: the system's */
    bool insecure;   /* any certificate will do */

    Str cert_pem, key_pem;
    Str token;
    const char *token_file; /* read again now and then; NULL: none */
    Str user, password;
    KubeExec exec;

    Str as_user, as_uid; /* impersonation */
    VEC(Str) as_groups;
    const ValueMap *as_extra; /* lists of strings; NULL: none */
} KubeAccess;

/*
 * The access for CONTEXT (empty: the current one) from the file at PATH; without one, from all
 * files that KUBECONFIG names, ~/.kube/config, or the account of the pod that relfile runs in.
 * ERROR_INPUT, naming file and context, where something is wrong with it; ERROR_NOT_FOUND where
 * there is no configuration at all.
 */
Error *kubeconfig_load(Arena *a, const char *path, Str context, KubeAccess *out) MUST_CHECK;

/* The account in FOLDER, with which the API server at HOST and PORT is reached. */
Error *kubeconfig_in_cluster(Arena *a, const char *folder, const char *host, const char *port,
                             KubeAccess *out) MUST_CHECK;
