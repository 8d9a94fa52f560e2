/*
 * tunnel.h - a connection to an HTTP server, for protocols that begin as HTTP and go on as
 * something else. TLS, proxies and names are as for requests.
 *
 * It belongs to one thread.
 */
#pragma once

#include "io/http.h"

typedef struct Tunnel Tunnel;

/* Connect to URL's host. OPTIONS may be given up then. */
Error *tunnel_open(const HttpOptions *options, Str url, Tunnel **out) MUST_CHECK;
void tunnel_close(Tunnel **tunnel);

/* Send all of BYTES. */
Error *tunnel_send(Tunnel *tunnel, Str bytes) MUST_CHECK;

/* What has come: *LEN is 0 where nothing has so far. *ENDED: nothing will. */
Error *tunnel_receive(Tunnel *tunnel, char *bytes, size_t size, size_t *len, bool *ended)
    MUST_CHECK;

/* Wait until something has come, or can be read from the descriptor IN (below 0: none): *READABLE;
 * at most so long. */
void tunnel_wait(Tunnel *tunnel, int in, int64_t timeout_ms, bool *readable);
