/*
 * client.h - requests to an API server, its answers as values, its refusals as errors.
 *
 *     TRY(kube_client_open(a, &access, &client));
 *     TRY(kube_get(client, a, STR("/api/v1/namespaces/default"), &object));
 *
 * Any thread may ask at any time. Neither messages nor logs have a token, a key, or what a Secret
 * holds.
 */
#pragma once

#include "io/http.h"
#include "io/websocket.h"
#include "kube/kubeconfig.h"

typedef struct KubeClient KubeClient;

/* ACCESS must live as long. Nothing is sent yet, and nobody logged in. */
KubeClient *kube_client_open(Arena *a, const KubeAccess *access);
void kube_client_close(KubeClient **client);

typedef struct KubeRequest {
    const char *method;
    Str path;           /* with its query: "/api/v1/pods?limit=500" */
    const char *type;   /* of the body */
    const char *accept; /* NULL: application/json */
    Str body;
    bool repeatable;      /* it does no harm when it comes twice */
    bool trusts_500;      /* that status is not worth another try */
    bool secret;          /* it is about a Secret: what the server says may quote it */
    size_t most_bytes;    /* of the answer; 0: the usual */
    const HttpSink *sink; /* where the answer goes, bit by bit; NULL: it is returned */
    bool endless;         /* the answer goes on for as long as the server has something to say */
    Str known;      /* the tag of an answer that we have: then it need not come again, and is */
    Str *tag;       /* empty; NULL, or where the tag of the answer goes */
    Value *refusal; /* NULL, or what becomes the Status that it is refused with */
    Str title;      /* what it is about, for errors: "Deployment/web"; empty: nothing */
} KubeRequest;

/*
 * Send REQUEST; *OUT is the answer's JSON. Kinds of errors follow from the status: 400 and 422 are
 * ERROR_INPUT, 401 and 403 ERROR_DENIED, 404 ERROR_NOT_FOUND, 409 ERROR_CONFLICT, 410 (what was
 * listed from is gone) ERROR_CANCELLED, the rest ERROR_UNAVAILABLE. Each cause that the server
 * names is a line of the error.
 */
Error *kube_send(KubeClient *client, Arena *a, const KubeRequest *request, Value *out) MUST_CHECK;

/* The same for an answer that is no JSON. */
Error *kube_send_text(KubeClient *client, Arena *a, const KubeRequest *request, Str *out)
    MUST_CHECK;

Error *kube_get(KubeClient *client, Arena *a, Str path, Value *out) MUST_CHECK;

/* Hand what PATH answers to SINK, bit by bit, until it ends or SINK wants no more: its error. */
Error *kube_watch(KubeClient *client, Arena *a, Str path, const HttpSink *sink) MUST_CHECK;

/*
 * Open a WebSocket at PATH, which speaks one of PROTOCOLS ("v5.channel.k8s.io, v4.channel.k8s.io").
 * TITLE is what it is about, for errors.
 */
Error *kube_open_socket(KubeClient *client, Arena *a, Str path, const char *protocols, Str title,
                        WebSocket **out) MUST_CHECK;

/* TEXT for a URL: as a step of its path, or as a value in its query. */
void kube_add_escaped(Buf *b, Str text);
