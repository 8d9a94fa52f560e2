#include "io/tunnel.h"

#include "io/http_curl.h"

#include <poll.h>
#include <stdlib.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    SEND_TIMEOUT_MS = 30000, /* for a server that does not read */
    SHOWN_BYTES = 300,
};

struct Tunnel {
    CURL *handle;
    struct curl_slist *connect;
    curl_socket_t socket;
    Arena memory;
    Str url; /* for people */
};

static Error *failed(const Tunnel *tunnel, CURLcode code, const char *detail)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *why = *detail ? detail : curl.curl_easy_strerror(code);
    Str shown = str_for_message(&scratch, str_from(why), SHOWN_BYTES);

    return error_new(http_kind_of(code), "%.*s: %.*s", STR_ARG(tunnel->url), STR_ARG(shown));
}

static Error *connect_to(Tunnel *tunnel, const HttpOptions *options, Str url)
{
    char detail[CURL_ERROR_SIZE] = "";
    CURL *handle = tunnel->handle;
    Arena *a = &tunnel->memory;
    int64_t timeout_ms =
        options->connect_timeout_ms ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;

    url = http_set_server_name(handle, a, options, url, &tunnel->connect);
    http_set_security(handle, options);
    curl.curl_easy_setopt(handle, CURLOPT_URL, str_c(a, url));
    curl.curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    // what follows is our own: nobody may agree on another version
    curl.curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl.curl_easy_setopt(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl.curl_easy_setopt(handle, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl.curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl.curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
    curl.curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
    CURLcode code = curl.curl_easy_perform(handle);
    curl.curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
    if (code == CURLE_OK)
        code = curl.curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &tunnel->socket);
    return code == CURLE_OK ? NULL : failed(tunnel, code, detail);
}

Error *tunnel_open(const HttpOptions *options, Str url, Tunnel **out)
{
    TRY(http_need_curl());
    Tunnel *tunnel = calloc(1, sizeof(*tunnel));

    if (!tunnel)
        BUG("out of memory");
    tunnel->url = http_url_shown(&tunnel->memory, url);
    tunnel->socket = CURL_SOCKET_BAD;
    tunnel->handle = curl.curl_easy_init();
    if (!tunnel->handle)
        BUG("out of memory");
    Error *err = connect_to(tunnel, options, url);
    if (err)
        tunnel_close(&tunnel);
    *out = tunnel;
    return err;
}

void tunnel_close(Tunnel **tunnel)
{
    if (!*tunnel)
        return;
    curl.curl_easy_cleanup((*tunnel)->handle);
    curl.curl_slist_free_all((*tunnel)->connect);
    arena_free(&(*tunnel)->memory);
    free(*tunnel);
    *tunnel = NULL;
}

Error *tunnel_send(Tunnel *tunnel, Str bytes)
{
    while (bytes.len) {
        size_t sent = 0;
        CURLcode code = curl.curl_easy_send(tunnel->handle, bytes.ptr, bytes.len, &sent);

        if (code == CURLE_AGAIN) {
            struct pollfd wait = {.fd = tunnel->socket, .events = POLLOUT};

            if (poll(&wait, 1, SEND_TIMEOUT_MS) == 0)
                return error_new(ERROR_UNAVAILABLE, "%.*s: takes nothing any more",
                                 STR_ARG(tunnel->url));
            continue;
        }
        if (code != CURLE_OK)
            return failed(tunnel, code, "");
        bytes = str_skip(bytes, sent);
    }
    return NULL;
}

Error *tunnel_receive(Tunnel *tunnel, char *bytes, size_t size, size_t *len, bool *ended)
{
    CURLcode code = curl.curl_easy_recv(tunnel->handle, bytes, size, len);

    *ended = code == CURLE_OK && *len == 0;
    if (code != CURLE_AGAIN)
        return code == CURLE_OK ? NULL : failed(tunnel, code, "");
    *len = 0;
    return NULL;
}

void tunnel_wait(Tunnel *tunnel, int in, int64_t timeout_ms, bool *readable)
{
    struct pollfd wait[] = {{.fd = tunnel->socket, .events = POLLIN}, {.fd = in, .events = POLLIN}};

    // a descriptor below 0 is none for poll, too
    *readable = poll(wait, 2, (int)timeout_ms) > 0 && wait[1].revents != 0;
}
