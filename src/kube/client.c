#include "kube/client.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/json.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/http.h"
#include "io/log.h"
#include "io/world.h"
#include "kube/credentials.h"
#include "kube/trace.h"

#include <pthread.h>
#include <string.h>

enum {
    MOST_TOKEN_BYTES = 1 << 20,
    REFRESH_MS = 10000,    /* before a credential expires it is fetched again */
    TOKEN_FILE_MS = 60000, /* a token file is read again after so long */
    SHOWN_BYTES = 1000,    /* of what a server says */
    MOST_CAUSES = 12,      /* that an error tells */
    MOST_BODY = 512 << 20, /* of one answer */
    MOST_UNDER_WAY = 64,
    WINDOW_STEP = 8, /* requests that go well for one more at once */
};

struct KubeClient {
    Arena memory; /* of credentials; used under TURN */
    const KubeAccess *access;
    pthread_mutex_t turn;
    HttpOptions options;
    Http *http;
    VEC(Http *) old; /* with credentials that are not valid any more; perhaps still in use */
    KubeCredential credential;
    int64_t read_ms; /* clock_ms when a token file was read */
    int generation;  /* of the credential */
    StrList warned;  /* what has been told once */
    pthread_cond_t left;
    int under_way; /* requests */
    int window;    /* that many at most, times WINDOW_STEP */
};

/* How one request is let in. */
typedef struct KubeLogin {
    Http *http;
    Str token; /* empty: no header */
    int generation;
} KubeLogin;

KubeClient *kube_client_open(Arena *a, const KubeAccess *access)
{
    KubeClient *client = arena_new(a, KubeClient);

    *client = (KubeClient){.access = access};
    client->options =
        (HttpOptions){.ca_pem = access->ca_pem,
                      .cert_pem = access->cert_pem,
                      .key_pem = access->key_pem,
                      .proxy = access->proxy.len ? str_c(a, access->proxy) : NULL,
                      .server_name = access->server_name.len ? str_c(a, access->server_name) : NULL,
                      .insecure = access->insecure,
                      .most_bytes = MOST_BODY};
    pthread_mutex_init(&client->turn, NULL);
    pthread_cond_init(&client->left, NULL);
    client->window = MOST_UNDER_WAY * WINDOW_STEP;
    return client;
}

void kube_client_close(KubeClient **client)
{
    if (!*client)
        return;
    for (size_t i = 0; i < (*client)->old.len; i++)
        http_close(&(*client)->old.items[i]);
    http_close(&(*client)->http);
    pthread_mutex_destroy(&(*client)->turn);
    pthread_cond_destroy(&(*client)->left);
    arena_free(&(*client)->memory);
    *client = NULL;
}

/* ---- logging in */

static int64_t now_ms(void)
{
    return world_real.now_ns() / 1000000;
}

/* A certificate is for connections: those that come later are other ones. */
static void use_credential(KubeClient *client, const KubeCredential *credential)
{
    client->credential = *credential;
    client->generation++;
    if (!credential->cert_pem.len)
        return;
    client->options.cert_pem = credential->cert_pem;
    client->options.key_pem = credential->key_pem;
    if (client->http)
        *vec_add(&client->memory, &client->old) = client->http;
    client->http = NULL;
}

static Error *read_token_file(KubeClient *client)
{
    KubeCredential credential = {0};
    Str text;

    TRY(error_wrap(
        file_read_limited(&client->memory, client->access->token_file, MOST_TOKEN_BYTES, &text),
        "token file"));
    credential.token = str_trim(text);
    client->read_ms = clock_ms();
    if (!str_equal(credential.token, client->credential.token))
        use_credential(client, &credential);
    return NULL;
}

static bool is_stale(const KubeClient *client)
{
    if (client->access->token_file)
        return !client->generation || clock_ms() - client->read_ms > TOKEN_FILE_MS;
    if (!client->access->exec.argv)
        return false;
    return !client->generation ||
           (client->credential.expires_ms && now_ms() > client->credential.expires_ms - REFRESH_MS);
}

static Error *refresh(KubeClient *client)
{
    KubeCredential credential;

    if (client->access->token_file)
        return read_token_file(client);
    TRY(credential_fetch(&client->memory, client->access, &credential));
    use_credential(client, &credential);
    return NULL;
}

static Error *take_login(KubeClient *client, KubeLogin *out)
{
    Error *err = NULL;

    pthread_mutex_lock(&client->turn);
    if (is_stale(client))
        err = refresh(client);
    if (!err && !client->http)
        client->http = http_open(&client->options);
    *out =
        (KubeLogin){client->http,
                    client->credential.token.len ? client->credential.token : client->access->token,
                    client->generation};
    pthread_mutex_unlock(&client->turn);
    return err;
}

/* After LOGIN was refused: whether another may do better. */
static Error *renew(KubeClient *client, const KubeLogin *login, bool *renewed)
{
    Error *err = NULL;

    *renewed = false;
    if (!client->access->token_file && !client->access->exec.argv)
        return NULL;
    pthread_mutex_lock(&client->turn);
    if (client->generation == login->generation)
        err = refresh(client);
    *renewed = client->generation != login->generation;
    pthread_mutex_unlock(&client->turn);
    return err;
}

/* ---- sending */

static void add_impersonation(Arena *a, const KubeAccess *access, HttpHeaders *headers)
{
    if (access->as_user.len)
        http_add_header(a, headers, "Impersonate-User", access->as_user);
    if (access->as_uid.len)
        http_add_header(a, headers, "Impersonate-Uid", access->as_uid);
    for (size_t i = 0; i < access->as_groups.len; i++)
        http_add_header(a, headers, "Impersonate-Group", access->as_groups.items[i]);
    for (size_t i = 0; access->as_extra && i < access->as_extra->len; i++) {
        const ValueEntry *entry = &access->as_extra->entries[i];
        Buf name = {.arena = a};

        buf_add_c(&name, "Impersonate-Extra-");
        kube_add_escaped(&name, entry->key);
        for (size_t j = 0; entry->value.kind == VALUE_LIST && j < entry->value.list.len; j++)
            if (entry->value.list.items[j].kind == VALUE_STRING)
                http_add_header(a, headers, str_c(a, buf_str(&name)),
                                entry->value.list.items[j].string);
    }
}

static Str path_shown(const KubeRequest *request)
{
    size_t query = str_find_char(request->path, '?');

    return query == STR_NONE ? request->path : str_slice(request->path, 0, query);
}

/* What is about Secrets, records, too: refusals may quote them. */
static bool is_of_secrets(const KubeRequest *request)
{
    return request->secret || str_find(request->path, STR("/secrets")) != STR_NONE;
}

static void trace(const KubeRequest *request, const char *what, Str body)
{
    DEFER(arena_free) Arena scratch = {0};

    if (log_level() < LOG_TRACE || !body.len)
        return;
    log_trace("%s %.*s: %s%.*s", request->method, STR_ARG(path_shown(request)), what,
              STR_ARG(trace_body(&scratch, body, is_of_secrets(request))));
}

/* Who asks, and with which program. */
static void add_login(Arena *a, const KubeAccess *access, const KubeLogin *login,
                      HttpHeaders *headers)
{
    http_add_header(a, headers, "User-Agent", STR("relfile/" RELFILE_VERSION));
    if (login->token.len)
        http_add_header(a, headers, "Authorization", str_join(a, STR("Bearer "), login->token));
    else if (access->user.len)
        http_add_header(a, headers, "Authorization",
                        str_join(a, STR("Basic "),
                                 base64_encode(a, str_format(a, "%.*s:%.*s", STR_ARG(access->user),
                                                             STR_ARG(access->password)))));
    add_impersonation(a, access, headers);
}

/* ERR, where the server could not prove who it is. */
static Error *with_tls_hint(const KubeAccess *access, Error *err)
{
    if (!err || error_kind_of(err) != ERROR_DENIED || !access->context.len)
        return err;
    return error_hint(err,
                      "look at certificate-authority and tls-server-name of the cluster of context "
                      "\"%.*s\"",
                      STR_ARG(access->context));
}

static Error *send_as(const KubeClient *client, Arena *a, const KubeRequest *request,
                      const KubeLogin *login, HttpResponse *out)
{
    const KubeAccess *access = client->access;
    HttpRequest http = {.method = request->method,
                        .url = str_join(a, access->server, request->path),
                        .body = request->body,
                        .repeatable = request->repeatable,
                        .most_bytes = request->most_bytes,
                        .sink = request->sink,
                        .endless = request->endless,
                        .trusts_500 = request->trusts_500};

    http_add_header(a, &http.headers, "Accept",
                    str_from(request->accept ? request->accept : "application/json"));
    if (request->known.len)
        http_add_header(a, &http.headers, "If-None-Match", request->known);
    if (request->type)
        http_add_header(a, &http.headers, "Content-Type", str_from(request->type));
    add_login(a, access, login, &http.headers);
    trace(request, "", request->body);
    TRY(with_tls_hint(access, http_send(login->http, a, &http, out)));
    trace(request, "answer: ", out->body);
    return NULL;
}

static bool is_new(KubeClient *client, Str warning)
{
    bool new = true;

    pthread_mutex_lock(&client->turn);
    for (size_t i = 0; i < client->warned.len && new; i++)
        new = !str_equal(client->warned.items[i], warning);
    if (new)
        *vec_add(&client->memory, &client->warned) = str_copy(&client->memory, warning);
    pthread_mutex_unlock(&client->turn);
    return new;
}

/* A server warns of what will not be much longer: 299 - "batch/v1beta1 CronJob is deprecated". */
static void tell_warnings(KubeClient *client, Arena *a, const HttpResponse *response)
{
    for (size_t i = 0; i < response->headers.len; i++) {
        const HttpHeader *header = &response->headers.items[i];
        size_t start = str_find_char(header->value, '"');
        size_t end = str_find_last(header->value, STR("\""));

        if (!str_is(str_lower(a, header->name), "warning") || start == STR_NONE || end <= start)
            continue;
        Str text = str_slice(header->value, start + 1, end);
        if (is_new(client, text))
            log_warn("%.*s", STR_ARG(str_for_message(a, text, SHOWN_BYTES)));
    }
}

/*
 * How many requests are under way at once: fewer as soon as the server has too much to do (429,
 * 5xx, no answer), which http.h tries again for a while, and slowly more while all goes well.
 */
static void enter_window(KubeClient *client)
{
    pthread_mutex_lock(&client->turn);
    while (client->under_way >= client->window / WINDOW_STEP)
        pthread_cond_wait(&client->left, &client->turn);
    client->under_way++;
    pthread_mutex_unlock(&client->turn);
}

static void leave_window(KubeClient *client, bool overloaded)
{
    pthread_mutex_lock(&client->turn);
    client->under_way--;
    if (!overloaded && client->window < MOST_UNDER_WAY * WINDOW_STEP)
        client->window++;
    else if (overloaded && client->window >= 2 * WINDOW_STEP)
        client->window /= 2;
    pthread_cond_broadcast(&client->left);
    pthread_mutex_unlock(&client->turn);
}

static Error *send(KubeClient *client, Arena *a, const KubeRequest *request, HttpResponse *out)
{
    KubeLogin login;
    bool again = false;

    TRY(take_login(client, &login));
    if (request->endless) // or others would have to wait for it
        return send_as(client, a, request, &login, out);
    enter_window(client);
    Error *err = send_as(client, a, request, &login, out);
    leave_window(client, err ? error_kind_of(err) == ERROR_UNAVAILABLE
                             : out->tries > 1 || out->status == 429 || out->status >= 500);
    TRY(err);
    if (out->status == 401)
        TRY(renew(client, &login, &again));
    if (!again)
        return NULL;
    TRY(take_login(client, &login));
    return send_as(client, a, request, &login, out);
}

/* ---- refusals */

static ErrorKind kind_of(int status)
{
    switch (status) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
        return ERROR_INPUT;
    case 401:
    case 403:
        return ERROR_DENIED;
    case 404:
        return ERROR_NOT_FOUND;
    case 409:
        return ERROR_CONFLICT;
    case 410:
        return ERROR_CANCELLED;
    default:
        return ERROR_UNAVAILABLE;
    }
}

/*
 * What a server answers to an object that does not have its kind's form is an internal error: so
 * it is told apart by its words, and by what objects may not have at all.
 */
static bool is_malformed(const Value *answer)
{
    return str_starts(field_string(answer, "message"), STR("failed to create typed patch object"));
}

/* What servers say of objects quotes them, and says behind that what is wrong: the middle goes. */
static Str shortened(Arena *a, Str text)
{
    if (text.len <= SHOWN_BYTES)
        return str_for_message(a, text, SHOWN_BYTES);
    Str head = str_for_message(a, str_slice(text, 0, SHOWN_BYTES / 2), SHOWN_BYTES);
    Str tail = str_for_message(a, str_skip(text, text.len - SHOWN_BYTES / 2), SHOWN_BYTES);
    return str_format(a, "%.*s … %.*s", STR_ARG(head), STR_ARG(tail));
}

/* What follows ", got " in each problem of TEXT ("...: a; ...: b") is the value that is there. */
static Str without_values(Arena *a, Str text)
{
    Buf b = {.arena = a};
    Str line;

    while (str_line(&text, &line)) {
        size_t end = str_find(line, STR(", got "));

        buf_format(&b, "%s%.*s", b.len ? "\n" : "", (int)(end == STR_NONE ? line.len : end),
                   line.ptr);
    }
    return buf_str(&b);
}

/* What is forbidden is told without the value that is there. */
static Str secret_refusal(Arena *a, const Value *answer)
{
    ValueList causes = field_list(answer, "details.causes");
    Str reason = field_string(answer, "reason");

    if (is_malformed(answer))
        return without_values(a, field_string(answer, "message"));

    for (size_t i = 0; i < causes.len; i++)
        if (str_is(field_string(&causes.items[i], "reason"), "FieldValueForbidden"))
            return str_format(a, "is refused: %.*s: %.*s",
                              STR_ARG(field_string(&causes.items[i], "field")),
                              STR_ARG(field_string(&causes.items[i], "message")));
    return str_format(a, "is refused%s%.*s", reason.len ? ": " : "", STR_ARG(reason));
}

/*
 * What an apply that does not fit the kind's form is refused for comes as one problem, or as
 * "errors:" and a line for each.
 */
static Str typed_message(Arena *a, Str message)
{
    size_t at = str_find(message, STR("): errors:\n"));
    Str line;

    if (at == STR_NONE)
        return message;
    Str head = str_slice(message, 0, at + 3), rest = str_skip(message, at + 3);
    Buf b = {.arena = a};
    str_line(&rest, &line);
    buf_add(&b, head);
    for (size_t i = 0; i < MOST_CAUSES && str_line(&rest, &line); i++)
        buf_format(&b, "%s%.*s", i ? "; " : "", STR_ARG(str_trim(line)));
    return buf_str(&b);
}

/* What a server says of a Secret may quote it: only the names of fields are told. */
static Str message_of(Arena *a, const KubeRequest *request, int status, const Value *answer)
{
    Str message = field_string(answer, "message"), reason = field_string(answer, "reason");

    if (request->secret && (status == 400 || status == 422 || status >= 500))
        message = secret_refusal(a, answer);
    message = typed_message(a, message);
    if (!message.len && status == 404) // of a kind that went, and of what is no API server
        message = str_format(a, "HTTP status 404: there is nothing at %.*s",
                             STR_ARG(path_shown(request)));
    else if (!message.len)
        message =
            str_format(a, "HTTP status %d%s%.*s", status, reason.len ? ": " : "", STR_ARG(reason));
    size_t end = str_find_char(message, '\n'); // what follows are the causes
    if (end != STR_NONE)
        message.len = end;
    while (message.len &&
           (message.ptr[message.len - 1] == ':' || message.ptr[message.len - 1] == '.'))
        message.len--;
    return shortened(a, message);
}

static Error *with_causes(Arena *a, Error *err, const KubeRequest *request, const Value *answer)
{
    ValueList causes = field_list(answer, "details.causes");

    for (size_t i = 0; i < causes.len && i < MOST_CAUSES; i++) {
        Str field = field_string(&causes.items[i], "field");
        Str text = request->secret ? field_string(&causes.items[i], "reason")
                                   : field_string(&causes.items[i], "message");

        if (text.len && str_find(str_from(error_message(err)), text) != STR_NONE)
            continue; // the message has it already
        text = str_format(a, "%.*s%s%.*s", STR_ARG(field), field.len && text.len ? ": " : "",
                          STR_ARG(text));
        err = error_called(err, (Place){0}, "%s", str_c(a, shortened(a, text)));
    }
    return err;
}

static Error *refused(const KubeClient *client, Arena *a, const KubeRequest *request,
                      const HttpResponse *response)
{
    DEFER(arena_free) Arena scratch = {0};
    Value answer = value_null();
    Error *err = json_parse(request->refusal ? a : &scratch, NULL, response->body, &answer);

    error_free(err); // then the status must do
    if (request->refusal)
        *request->refusal = answer;
    Str message = message_of(&scratch, request, response->status, &answer);
    if (response->status == 401)
        return error_hint(error_new(ERROR_DENIED, "%.*s: the server does not know who we are: %.*s",
                                    STR_ARG(client->access->server), STR_ARG(message)),
                          "look at the user of context \"%s\"",
                          str_c(&scratch, client->access->context));
    ErrorKind kind = is_malformed(&answer) ? ERROR_INPUT : kind_of(response->status);
    err = request->title.len
              ? error_new(kind, "%.*s: %.*s", STR_ARG(request->title), STR_ARG(message))
              : error_new(kind, "%.*s", STR_ARG(message));
    return with_causes(&scratch, err, request, &answer);
}

Error *kube_send_text(KubeClient *client, Arena *a, const KubeRequest *request, Str *out)
{
    HttpResponse response;

    TRY(send(client, a, request, &response));
    tell_warnings(client, a, &response);
    bool is_known = request->known.len && response.status == 304;
    if (response.status / 100 != 2 && !is_known)
        return refused(client, a, request, &response);
    if (request->tag)
        *request->tag = http_header(&response, "etag");
    *out = is_known ? (Str){0} : response.body;
    return NULL;
}

Error *kube_send(KubeClient *client, Arena *a, const KubeRequest *request, Value *out)
{
    Str text;

    TRY(kube_send_text(client, a, request, &text));
    Error *err = json_parse(a, NULL, text, out);
    if (!err)
        return NULL;
    error_free(err); // it may quote what it read
    return error_new(ERROR_UNAVAILABLE, "%s %.*s: the answer is no JSON", request->method,
                     STR_ARG(client->access->server));
}

Error *kube_get(KubeClient *client, Arena *a, Str path, Value *out)
{
    return kube_send(client, a, &(KubeRequest){.method = "GET", .path = path}, out);
}

Error *kube_watch(KubeClient *client, Arena *a, Str path, const HttpSink *sink)
{
    Str ignored;

    return kube_send_text(client, a, &(KubeRequest){.method = "GET", .path = path, .sink = sink},
                          &ignored);
}

/* *REFUSED: what the server said instead. */
static Error *open_socket(KubeClient *client, Arena *a, const KubeLogin *login,
                          const WebSocketRequest *request, HttpResponse *refused, WebSocket **out)
{
    WebSocketRequest whole = *request;
    HttpOptions options;

    pthread_mutex_lock(&client->turn); // they change when a certificate is renewed
    options = client->options;
    pthread_mutex_unlock(&client->turn);
    whole.headers = (HttpHeaders){0};
    add_login(a, client->access, login, &whole.headers);
    TRY(websocket_open(&options, a, &whole, refused, out));
    log_debug("GET %.*s: %d", STR_ARG(http_url_shown(a, request->url)), refused->status);
    return NULL;
}

Error *kube_open_socket(KubeClient *client, Arena *a, Str path, const char *protocols, Str title,
                        WebSocket **out)
{
    WebSocketRequest request = {.url = str_join(a, client->access->server, path),
                                .protocols = protocols};
    HttpResponse response;
    KubeLogin login;
    bool again = false;

    TRY(take_login(client, &login));
    TRY(open_socket(client, a, &login, &request, &response, out));
    if (response.status == 401)
        TRY(renew(client, &login, &again));
    if (again) {
        TRY(take_login(client, &login));
        TRY(open_socket(client, a, &login, &request, &response, out));
    }
    return *out ? NULL
                : refused(client, a, &(KubeRequest){.method = "GET", .path = path, .title = title},
                          &response);
}

void kube_add_escaped(Buf *b, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            (c && strchr("-._~:@", c)))
            buf_add_char(b, c);
        else
            buf_format(b, "%%%02X", (unsigned char)c);
    }
}
