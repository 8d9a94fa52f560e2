/*
 * websocket.h - WebSockets: messages both ways over one connection.
 * Source: RFC 6455. (Debian 12's libcurl has them switched off.)
 *
 * It belongs to one thread.
 */
#pragma once

#include "io/http.h"

typedef struct WebSocket WebSocket;

typedef struct WebSocketRequest {
    Str url;               /* https:// */
    HttpHeaders headers;   /* besides those of the protocol */
    const char *protocols; /* "v5.channel.k8s.io, v4.channel.k8s.io" */
    size_t most_bytes;     /* of a message; 0: 64 MiB */
} WebSocketRequest;

/*
 * Open one. *OUT is NULL where the server does not want that: *RESPONSE is what it says instead.
 * RESPONSE is in A.
 */
Error *websocket_open(const HttpOptions *options, Arena *a, const WebSocketRequest *request,
                      HttpResponse *response, WebSocket **out) MUST_CHECK;

/* Says goodbye, if nobody has. */
void websocket_close(WebSocket **socket);

/* Which of the protocols the server has chosen. */
Str websocket_protocol(const WebSocket *socket);

/* Send one message: the byte FIRST, and then BYTES. */
Error *websocket_send(WebSocket *socket, unsigned char first, Str bytes) MUST_CHECK;

/*
 * The next message, if it has come; *THERE says so. It is valid until the next call. *ENDED: the
 * server has said goodbye, or hung up.
 */
Error *websocket_receive(WebSocket *socket, Str *message, bool *there, bool *ended) MUST_CHECK;

/* As tunnel_wait. Whoever waits has received all messages before. */
void websocket_wait(WebSocket *socket, int in, int64_t timeout_ms, bool *readable);
