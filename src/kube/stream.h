/*
 * stream.h - a program in a container, given our own standard input and output.
 * Source: Kubernetes, remotecommand over WebSockets: v5.channel.k8s.io, v4.channel.k8s.io.
 */
#pragma once

#include "kube/client.h"

typedef struct KubeStream {
    Str path;  /* of the pod's exec or attach, with its query */
    Str title; /* for errors: "Pod/web-1" */
    bool in;   /* our standard input goes there */
    bool tty;  /* it has a terminal: ours is made raw meanwhile, and its size is told */
} KubeStream;

/* Until the program ends; *STATUS is its exit status. */
Error *kube_stream(KubeClient *client, Arena *a, const KubeStream *stream, int *status) MUST_CHECK;
