/*
 * discovery.h - which kinds of objects a server has, and at which paths they are.
 * Source: Kubernetes, aggregated discovery (apidiscovery.k8s.io/v2).
 */
#pragma once

#include "kube/client.h"

typedef struct KubeKind {
    Str api_version; /* "apps/v1" */
    Str kind;        /* "Deployment" */
    Str plural;      /* "deployments" */
    bool namespaced;
} KubeKind;

/* What a server is like. */
typedef struct KubeServer {
    Str version; /* "v1.36.1" */
    VEC(KubeKind) kinds;
    VEC(Str) api_versions; /* "apps/v1", "apps/v1/Deployment": for .Capabilities */
} KubeServer;

/*
 * Ask the server, which is at the URL of SERVER. A group that does not answer is left out, with a
 * warning.
 */
Error *discovery_fetch(KubeClient *client, Arena *a, Str server, KubeServer *out) MUST_CHECK;

/* The kind called KIND of API_VERSION; NULL: there is none. */
const KubeKind *discovery_find(const KubeServer *server, Str api_version, Str kind);

/*
 * Where an object of KIND is: "/apis/apps/v1/namespaces/shop/deployments/web", without a NAME the
 * path of all of them; without a NAMESPACE, of all namespaces.
 */
Str kind_path(Arena *a, const KubeKind *kind, Str namespace, Str name);
