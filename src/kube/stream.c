#include "kube/stream.h"

#include "base/field.h"
#include "base/json.h"
#include "base/number.h"
#include "io/signal.h"
#include "io/standard.h"
#include "io/terminal.h"

enum {
    CHUNK = 16 << 10,
    POLL_MS = 200, /* how soon a signal, or the window's size, is seen */
    SHOWN_BYTES = 300,
};

/* The first byte of each message says what it is. */
typedef enum Channel {
    CHANNEL_IN = 0,
    CHANNEL_OUT = 1,
    CHANNEL_ERR = 2,
    CHANNEL_STATUS = 3,
    CHANNEL_SIZE = 4,
    CHANNEL_CLOSE = 255, /* v5: the channel that follows has ended */
} Channel;

typedef struct Pump {
    WebSocket *socket;
    const KubeStream *stream;
    Arena *arena;
    int in; /* below 0: nothing more goes there */
    bool can_close;
    bool ended, told; /* told: how the program ended */
    int status;
    size_t columns, rows;
} Pump;

/* ---- how it ended */

static Error *read_exit(Pump *p, const Value *answer)
{
    ValueList causes = field_list(answer, "details.causes");
    Str message = field_string(answer, "message");
    int64_t code;

    p->told = true;
    if (str_is(field_string(answer, "status"), "Success"))
        return NULL;
    for (size_t i = 0; i < causes.len; i++)
        if (str_is(field_string(&causes.items[i], "reason"), "ExitCode") &&
            number_parse_int(field_string(&causes.items[i], "message"), 10, &code) == NUMBER_OK) {
            p->status = (int)(code & 0xff);
            return NULL;
        }
    return error_new(ERROR_UNAVAILABLE, "%.*s: %.*s", STR_ARG(p->stream->title),
                     STR_ARG(str_for_message(p->arena, message, SHOWN_BYTES)));
}

static Error *take_status(Pump *p, Str text)
{
    Value answer;
    Error *err = json_parse(p->arena, NULL, text, &answer);

    if (!err)
        return read_exit(p, &answer);
    error_free(err);
    return error_new(ERROR_UNAVAILABLE, "%.*s: %.*s", STR_ARG(p->stream->title),
                     STR_ARG(str_for_message(p->arena, text, SHOWN_BYTES)));
}

/* ---- both ways */

static Error *take_message(Pump *p, Str message)
{
    if (!message.len)
        return NULL;
    Str rest = str_skip(message, 1);
    switch ((unsigned char)message.ptr[0]) {
    case CHANNEL_OUT:
        return standard_write(STANDARD_OUT, rest);
    case CHANNEL_ERR:
        return standard_write(STANDARD_ERR, rest);
    case CHANNEL_STATUS:
        return rest.len ? take_status(p, rest) : NULL;
    default:
        return NULL;
    }
}

static Error *send_input(Pump *p)
{
    char bytes[CHUNK], in = CHANNEL_IN;
    size_t len;

    TRY(standard_read(bytes, sizeof(bytes), &len));
    if (len)
        return websocket_send(p->socket, CHANNEL_IN, (Str){bytes, len});
    p->in = -1;
    return p->can_close ? websocket_send(p->socket, CHANNEL_CLOSE, (Str){&in, 1}) : NULL;
}

static Error *tell_size(Pump *p)
{
    size_t columns, rows;

    if (!p->stream->tty)
        return NULL;
    terminal_size(&columns, &rows);
    if (columns == p->columns && rows == p->rows)
        return NULL;
    p->columns = columns;
    p->rows = rows;
    return websocket_send(p->socket, CHANNEL_SIZE,
                          str_format(p->arena, "{\"Width\":%zu,\"Height\":%zu}", columns, rows));
}

static Error *pump_round(Pump *p)
{
    bool there, readable;
    Str message;

    TRY(websocket_receive(p->socket, &message, &there, &p->ended));
    if (there)
        return take_message(p, message);
    if (p->ended)
        return NULL;
    if (signal_received())
        return error_new(ERROR_CANCELLED, "interrupted");
    TRY(tell_size(p));
    websocket_wait(p->socket, p->in, POLL_MS, &readable);
    return readable ? send_input(p) : NULL;
}

static Error *pump(Pump *p)
{
    while (!p->ended)
        TRY(pump_round(p));
    return p->told ? NULL
                   : error_new(ERROR_UNAVAILABLE, "%.*s: the connection ended before the program",
                               STR_ARG(p->stream->title));
}

Error *kube_stream(KubeClient *client, Arena *a, const KubeStream *stream, int *status)
{
    Pump p = {.stream = stream, .arena = a, .in = stream->in ? STANDARD_IN : -1};

    TRY(kube_open_socket(client, a, stream->path, "v5.channel.k8s.io, v4.channel.k8s.io",
                         stream->title, &p.socket));
    p.can_close = str_is(websocket_protocol(p.socket), "v5.channel.k8s.io");
    Error *err = stream->tty && standard_is_terminal(STANDARD_IN) ? standard_make_raw() : NULL;
    if (!err)
        err = pump(&p);
    standard_restore();
    websocket_close(&p.socket);
    *status = p.status;
    return err;
}
