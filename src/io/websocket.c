#include "io/websocket.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/url.h"
#include "io/clock.h"
#include "io/tunnel.h"
#include "io/world.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CHUNK = 32 << 10,
    MOST_HEAD = 64 << 10,   /* of the answer to the first request, */
    MOST_REFUSAL = 1 << 20, /* and what follows it where that is no */
    ANSWER_MS = 60000,
    MOST_BYTES = 64 << 20,
    KEY_BYTES = 16,
    MASK_BYTES = 4,
    SWITCHING = 101,
};

/* Source: RFC 6455, 5.2. */
enum { FINAL = 0x80, MASKED = 0x80, LENGTH_16 = 126, LENGTH_64 = 127 };
typedef enum Opcode {
    OPCODE_MORE = 0,
    OPCODE_TEXT = 1,
    OPCODE_BYTES = 2,
    OPCODE_CLOSE = 8,
    OPCODE_PING = 9,
    OPCODE_PONG = 10,
} Opcode;

struct WebSocket {
    Tunnel *tunnel;
    Arena memory; /* of the protocol's name */
    Str protocol;
    size_t most_bytes;
    char *in; /* what has come, and is not taken yet: from TAKEN to LEN */
    size_t taken, len, cap;
    char *message; /* the parts that have come of one */
    size_t message_len, message_cap;
    bool ended;
};

/* ---- bytes */

static void need_room(char **bytes, size_t *cap, size_t len)
{
    if (len <= *cap)
        return;
    *cap = len * 2;
    *bytes = realloc(*bytes, *cap);
    if (!*bytes)
        BUG("out of memory");
}

/* Take what has come; *SOME: something has. */
static Error *fill(WebSocket *socket, bool *some)
{
    size_t len = 0;

    memmove(socket->in, socket->in + socket->taken, socket->len - socket->taken);
    socket->len -= socket->taken;
    socket->taken = 0;
    need_room(&socket->in, &socket->cap, socket->len + CHUNK);
    TRY(tunnel_receive(socket->tunnel, socket->in + socket->len, CHUNK, &len, &socket->ended));
    socket->len += len;
    *some = len > 0;
    return NULL;
}

static Str pending(const WebSocket *socket)
{
    return (Str){socket->in + socket->taken, socket->len - socket->taken};
}

/* ---- the beginning */

static Error *broken(const char *why)
{
    return error_new(ERROR_UNAVAILABLE, "websocket: %s", why);
}

/* Wait for more of the answer to the first request. */
static Error *fill_patiently(WebSocket *socket, int64_t deadline_ms)
{
    bool some = false, ignored;

    while (!some && !socket->ended) {
        TRY(fill(socket, &some));
        if (!some && !socket->ended && clock_ms() > deadline_ms)
            return broken("no answer");
        if (!some && !socket->ended)
            tunnel_wait(socket->tunnel, -1, deadline_ms - clock_ms(), &ignored);
    }
    return NULL;
}

static void parse_head(Arena *a, Str head, HttpResponse *out)
{
    Str line, name;

    if (!str_line(&head, &line))
        return;
    size_t space = str_find_char(line, ' ');
    out->status = space == STR_NONE ? 0 : atoi(str_c(a, str_skip(line, space)));
    while (str_line(&head, &line)) {
        Str value = str_trim(line);
        if (str_cut(&value, ':', &name))
            *vec_add(a, &out->headers) = (HttpHeader){name, str_trim(value)};
    }
}

static Error *read_head(WebSocket *socket, Arena *a, int64_t deadline_ms, HttpResponse *out)
{
    for (;;) {
        size_t end = str_find(pending(socket), STR("\r\n\r\n"));

        if (end != STR_NONE) {
            parse_head(a, str_copy(a, str_slice(pending(socket), 0, end)), out);
            socket->taken += end + 4;
            return NULL;
        }
        if (socket->ended || pending(socket).len > MOST_HEAD)
            return broken("the answer is no HTTP");
        TRY(fill_patiently(socket, deadline_ms));
    }
}

/* What a server says that does not want to: as far as it comes. */
static void read_refusal(WebSocket *socket, Arena *a, int64_t deadline_ms, HttpResponse *out)
{
    Str length = http_header(out, "content-length");
    size_t most = length.len ? (size_t)strtoul(str_c(a, length), NULL, 10) : MOST_REFUSAL;
    Error *err = NULL;

    while (!err && !socket->ended && pending(socket).len < most &&
           pending(socket).len < MOST_REFUSAL)
        err = fill_patiently(socket, deadline_ms);
    error_free(err);
    out->body = str_copy(a, pending(socket));
}

static Str random_key(Arena *a)
{
    char bytes[KEY_BYTES];

    world_real.random(bytes, sizeof(bytes));
    return base64_encode(a, (Str){bytes, sizeof(bytes)});
}

static Error *send_request(WebSocket *socket, Arena *a, const WebSocketRequest *request, Str key)
{
    Buf b = {.arena = a};
    Url url;

    TRY(url_parse(a, request->url, &url));
    size_t start = str_find(request->url, STR("://"));
    Str rest = str_skip(request->url, start + 3);
    size_t slash = str_find_char(rest, '/');
    Str host = str_slice(rest, 0, slash == STR_NONE ? rest.len : slash);
    Str path = slash == STR_NONE ? STR("/") : str_skip(rest, slash);
    buf_format(&b,
               "GET %.*s HTTP/1.1\r\nHost: %.*s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %.*s\r\n",
               STR_ARG(path), STR_ARG(host), STR_ARG(key));
    buf_format(&b, "Sec-WebSocket-Protocol: %s\r\n", request->protocols);
    for (size_t i = 0; i < request->headers.len; i++)
        buf_format(&b, "%.*s: %.*s\r\n", STR_ARG(request->headers.items[i].name),
                   STR_ARG(request->headers.items[i].value));
    buf_add_c(&b, "\r\n");
    return tunnel_send(socket->tunnel, buf_str(&b));
}

/* Whether RESPONSE is the answer to KEY. */
static bool is_accepted(Arena *a, const HttpResponse *response, Str key)
{
    Str whole = str_join(a, key, STR("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    Str wanted = base64_encode(a, digest_bytes(a, DIGEST_SHA1, whole));

    return str_equal(http_header(response, "sec-websocket-accept"), wanted);
}

static Error *greet(WebSocket *socket, Arena *a, const WebSocketRequest *request,
                    HttpResponse *response, bool *accepted)
{
    int64_t deadline_ms = clock_ms() + ANSWER_MS;
    Str key = random_key(a);

    TRY(send_request(socket, a, request, key));
    TRY(read_head(socket, a, deadline_ms, response));
    *accepted = response->status == SWITCHING;
    if (!*accepted) {
        read_refusal(socket, a, deadline_ms, response);
        return NULL;
    }
    if (!is_accepted(a, response, key))
        return broken("the server does not answer what it was asked");
    socket->protocol = str_copy(&socket->memory, http_header(response, "sec-websocket-protocol"));
    return NULL;
}

Error *websocket_open(const HttpOptions *options, Arena *a, const WebSocketRequest *request,
                      HttpResponse *response, WebSocket **out)
{
    WebSocket *socket = calloc(1, sizeof(*socket));
    bool accepted = false;

    if (!socket)
        BUG("out of memory");
    *out = NULL;
    *response = (HttpResponse){0};
    socket->most_bytes = request->most_bytes ? request->most_bytes : MOST_BYTES;
    need_room(&socket->in, &socket->cap, CHUNK);
    Error *err = tunnel_open(options, request->url, &socket->tunnel);
    if (!err)
        err = greet(socket, a, request, response, &accepted);
    if (err || !accepted) {
        socket->ended = true;
        websocket_close(&socket);
    }
    *out = socket;
    return err;
}

Str websocket_protocol(const WebSocket *socket)
{
    return socket->protocol;
}

/* ---- frames */

static Error *send_frame(WebSocket *socket, Opcode opcode, Str first, Str bytes)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};
    size_t len = first.len + bytes.len;
    unsigned char mask[MASK_BYTES];

    buf_add_char(&b, (char)(FINAL | opcode));
    if (len < LENGTH_16) {
        buf_add_char(&b, (char)(MASKED | len));
    } else {
        int bits = len <= UINT16_MAX ? 16 : 64;

        buf_add_char(&b, (char)(MASKED | (bits == 16 ? LENGTH_16 : LENGTH_64)));
        for (int shift = bits - 8; shift >= 0; shift -= 8)
            buf_add_char(&b, (char)(((uint64_t)len >> shift) & 0xff));
    }
    world_real.random(mask, sizeof(mask));
    buf_add(&b, (Str){(const char *)mask, sizeof(mask)});
    size_t start = b.len;
    buf_add(&b, first);
    buf_add(&b, bytes);
    for (size_t i = start; i < b.len; i++)
        b.ptr[i] = (char)(b.ptr[i] ^ mask[(i - start) % MASK_BYTES]);
    return tunnel_send(socket->tunnel, buf_str(&b));
}

Error *websocket_send(WebSocket *socket, unsigned char first, Str bytes)
{
    char byte = (char)first;

    return send_frame(socket, OPCODE_BYTES, (Str){&byte, 1}, bytes);
}

/* A frame that has come. */
typedef struct Frame {
    Opcode opcode;
    bool final;
    Str bytes;
} Frame;

static uint64_t number_of(Str bytes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < bytes.len; i++)
        n = n << 8 | (unsigned char)bytes.ptr[i];
    return n;
}

/* The next frame, if all of it has come. */
static Error *take_frame(WebSocket *socket, Frame *out, bool *there)
{
    Str in = pending(socket);
    size_t head = 2;

    *there = false;
    if (in.len < head)
        return NULL;
    unsigned char flags = (unsigned char)in.ptr[0], length = (unsigned char)in.ptr[1];
    if (length & MASKED || flags & 0x70)
        return broken("a frame that no server sends");
    uint64_t len = length;
    size_t more = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
    if (in.len < head + more)
        return NULL;
    if (more)
        len = number_of(str_slice(in, head, head + more));
    head += more;
    if (len > socket->most_bytes)
        return broken("a message that is too large");
    if (in.len - head < len)
        return NULL;
    *out = (Frame){flags & 0x0f, flags & FINAL, str_slice(in, head, head + (size_t)len)};
    *there = true;
    socket->taken += head + (size_t)len;
    return NULL;
}

/* FRAME is a part of a message; *WHOLE: it is the last one. */
static Error *add_part(WebSocket *socket, const Frame *frame, bool *whole)
{
    if (frame->opcode != OPCODE_MORE)
        socket->message_len = 0;
    if (socket->message_len + frame->bytes.len > socket->most_bytes)
        return broken("a message that is too large");
    need_room(&socket->message, &socket->message_cap, socket->message_len + frame->bytes.len + 1);
    memcpy(socket->message + socket->message_len, frame->bytes.ptr, frame->bytes.len);
    socket->message_len += frame->bytes.len;
    *whole = frame->final;
    return NULL;
}

static Error *take_part(WebSocket *socket, const Frame *frame, bool *whole)
{
    switch (frame->opcode) {
    case OPCODE_MORE:
    case OPCODE_TEXT:
    case OPCODE_BYTES:
        return add_part(socket, frame, whole);
    case OPCODE_PING:
        return send_frame(socket, OPCODE_PONG, frame->bytes, STR(""));
    case OPCODE_CLOSE:
        socket->ended = true;
        error_free(send_frame(socket, OPCODE_CLOSE, frame->bytes, STR("")));
        return NULL;
    case OPCODE_PONG:
    default:
        return NULL;
    }
}

Error *websocket_receive(WebSocket *socket, Str *message, bool *there, bool *ended)
{
    Frame frame;

    *there = false;
    while (!*there) {
        bool some = false;

        TRY(take_frame(socket, &frame, &some));
        if (some) {
            TRY(take_part(socket, &frame, there));
            continue;
        }
        if (!socket->ended)
            TRY(fill(socket, &some));
        if (!some)
            break;
    }
    *message = (Str){socket->message, socket->message_len};
    *ended = !*there && socket->ended;
    return NULL;
}

void websocket_wait(WebSocket *socket, int in, int64_t timeout_ms, bool *readable)
{
    tunnel_wait(socket->tunnel, in, timeout_ms, readable);
}

void websocket_close(WebSocket **socket)
{
    if (!*socket)
        return;
    if ((*socket)->tunnel && !(*socket)->ended)
        error_free(send_frame(*socket, OPCODE_CLOSE, STR("\x03\xe8"), STR("")));
    tunnel_close(&(*socket)->tunnel);
    free((*socket)->in);
    free((*socket)->message);
    arena_free(&(*socket)->memory);
    free(*socket);
    *socket = NULL;
}
