#include "io/http.h"

#include "base/url.h"
#include "io/clock.h"
#include "io/http_curl.h"
#include "io/log.h"
#include "io/signal.h"
#include "io/world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    TIMEOUT_MS = 60000,
    RETRIES = 4,
    FIRST_PAUSE_MS = 200,
    LONGEST_PAUSE_MS = 20000, /* also where the server asks for more */
    MOST_BYTES = 256 << 20,
    MOST_BESIDES = 1 << 20, /* of an answer's body that the sink does not take */
    MOST_HEADERS = 500,
    MOST_HANDLES = 32, /* that are kept */
    SHOWN_BYTES = 300, /* of a URL, or of what a server says */
};

struct Http {
    HttpOptions options;
    pthread_mutex_t turn;
    CURL *idle[MOST_HANDLES]; /* with their connections */
    size_t idle_len;
};

Http *http_open(const HttpOptions *options)
{
    Http *http = calloc(1, sizeof(*http));

    if (!http)
        BUG("out of memory");
    http->options = *options;
    if (!http->options.connect_timeout_ms)
        http->options.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    if (!http->options.timeout_ms)
        http->options.timeout_ms = TIMEOUT_MS;
    if (!http->options.retries)
        http->options.retries = RETRIES;
    if (!http->options.most_bytes)
        http->options.most_bytes = MOST_BYTES;
    pthread_mutex_init(&http->turn, NULL);
    return http;
}

void http_close(Http **http)
{
    if (!*http)
        return;
    for (size_t i = 0; i < (*http)->idle_len; i++)
        curl.curl_easy_cleanup((*http)->idle[i]);
    pthread_mutex_destroy(&(*http)->turn);
    free(*http);
    *http = NULL;
}

static CURL *take_handle(Http *http, bool *used)
{
    pthread_mutex_lock(&http->turn);
    CURL *handle = http->idle_len ? http->idle[--http->idle_len] : NULL;
    pthread_mutex_unlock(&http->turn);
    *used = handle != NULL;
    if (!handle)
        handle = curl.curl_easy_init();
    if (!handle)
        BUG("out of memory");
    return handle;
}

static void keep_handle(Http *http, CURL *handle)
{
    curl.curl_easy_reset(handle); // its connections stay
    pthread_mutex_lock(&http->turn);
    if (http->idle_len < MOST_HANDLES) {
        http->idle[http->idle_len++] = handle;
        handle = NULL;
    }
    pthread_mutex_unlock(&http->turn);
    if (handle)
        curl.curl_easy_cleanup(handle);
}

Str http_url_shown(Arena *a, Str url)
{
    size_t end = str_find_char(url, '?'), start = str_find(url, STR("://"));
    Str shown = str_slice(url, 0, end == STR_NONE ? url.len : end), host;

    if (start == STR_NONE)
        return str_for_message(a, shown, SHOWN_BYTES);
    Str rest = str_skip(shown, start + 3);
    str_cut(&(Str){rest.ptr, rest.len}, '/', &host);
    size_t at = str_find_last(host, STR("@"));
    if (at != STR_NONE)
        rest = str_skip(rest, at + 1);
    return str_for_message(a, str_join(a, str_slice(shown, 0, start + 3), rest), SHOWN_BYTES);
}

Str http_header(const HttpResponse *response, const char *name)
{
    for (size_t i = 0; i < response->headers.len; i++) {
        const HttpHeader *header = &response->headers.items[i];

        if (header->name.len == strlen(name) &&
            strncasecmp(header->name.ptr, name, header->name.len) == 0)
            return header->value;
    }
    return (Str){"", 0};
}

void http_add_header(Arena *a, HttpHeaders *headers, const char *name, Str value)
{
    *vec_add(a, headers) = (HttpHeader){str_from(name), value};
}

/* ---- one try */

/*
 * What an earlier try has given to the sink before it broke off. It is gone on with where the
 * server can say that it is still the same. Source: RFC 9110, 13.1.5 and 14.
 */
typedef struct Resume {
    Str tag;   /* a strong ETag */
    size_t at; /* so many bytes; 0: it begins anew */
} Resume;

/* What comes in. */
typedef struct Transfer {
    Arena *arena;
    HttpHeaders headers;
    Buf body;
    size_t most_bytes;
    bool too_large;
    const HttpSink *sink;
    CURL *handle;
    size_t sunk;
    const Resume *resume; /* NULL: from the beginning */
    Error *failure;       /* the sink's */
} Transfer;

static long status_of(CURL *handle)
{
    long status = 0;

    curl.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static Str header_of(const Transfer *in, const char *name)
{
    return http_header(&(HttpResponse){.headers = in->headers}, name);
}

/* The server sends all of it: what the sink has is void. */
static Error *begin_anew(Transfer *in)
{
    in->resume = NULL;
    in->sunk = 0;
    return in->sink->start(in->sink->context);
}

/* Whether what comes is what is missing. */
static bool goes_on(const Transfer *in)
{
    DEFER(arena_free) Arena scratch = {0};
    Str range = str_format(&scratch, "bytes %zu-", in->resume->at);

    return str_starts(header_of(in, "content-range"), range) &&
           str_equal(header_of(in, "etag"), in->resume->tag);
}

/* Whether the body is the sink's; IN->failure where that cannot be. */
static bool is_for_sink(Transfer *in)
{
    long status = in->sink ? status_of(in->handle) : 0;

    if (status == 200 && in->resume)
        in->failure = begin_anew(in);
    else if (status == 206 && in->resume && !goes_on(in))
        in->failure =
            error_new(ERROR_UNAVAILABLE, "what was asked for goes on with something else");
    return status == 200 || (status == 206 && in->resume);
}

static size_t sink_body(Transfer *in, Str part)
{
    in->too_large = part.len > in->most_bytes - in->sunk;
    if (in->too_large)
        return 0;
    in->sunk += part.len;
    in->failure = in->sink->take(in->sink->context, part);
    return in->failure ? 0 : part.len;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    Transfer *in = context;
    size_t len = size * count;

    if (is_for_sink(in))
        return in->failure ? 0 : sink_body(in, (Str){data, len});
    // of what is no file, only the beginning can be of interest
    size_t most = in->sink && in->most_bytes > MOST_BESIDES ? MOST_BESIDES : in->most_bytes;
    in->too_large = in->body.len + len > most;
    if (in->too_large)
        return 0;
    buf_add(&in->body, (Str){data, len});
    return len;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    Transfer *in = context;
    Str line = {data, size * count}, name;

    if (str_starts(line, STR("HTTP/")))
        in->headers.len = 0; // of a "100 Continue", or a proxy's, before
    if (in->headers.len >= MOST_HEADERS)
        return 0;
    Str value = str_copy(in->arena, str_trim(line));
    if (str_cut(&value, ':', &name))
        *vec_add(in->arena, &in->headers) = (HttpHeader){name, str_trim(value)};
    return size * count;
}

static struct curl_slist *header_lines(const HttpRequest *request, const Resume *resume)
{
    DEFER(arena_free) Arena scratch = {0};
    // curl's own idea of waiting for "100 Continue" costs a second with servers that have none
    struct curl_slist *lines = curl.curl_slist_append(NULL, "Expect:");

    for (size_t i = 0; i < request->headers.len; i++) {
        const HttpHeader *header = &request->headers.items[i];
        // "Name;" is curl's way to send a header without a value
        Str line = header->value.len ? str_format(&scratch, "%.*s: %.*s", STR_ARG(header->name),
                                                  STR_ARG(header->value))
                                     : str_format(&scratch, "%.*s;", STR_ARG(header->name));
        lines = curl.curl_slist_append(lines, line.ptr);
    }
    if (resume->at) {
        Str range = str_format(&scratch, "Range: bytes=%zu-", resume->at);
        Str same = str_format(&scratch, "If-Range: %.*s", STR_ARG(resume->tag));

        lines = curl.curl_slist_append(lines, range.ptr);
        lines = curl.curl_slist_append(lines, same.ptr);
    }
    return lines;
}

static bool is_repeatable(const HttpRequest *request)
{
    return request->repeatable || strcmp(request->method, "GET") == 0 ||
           strcmp(request->method, "HEAD") == 0;
}

static void set_request(CURL *handle, Arena *a, Str url, const HttpRequest *request)
{
    bool head = strcmp(request->method, "HEAD") == 0, get = strcmp(request->method, "GET") == 0;

    curl.curl_easy_setopt(handle, CURLOPT_URL, str_c(a, url));
    curl.curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    if (head)
        curl.curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (request->body.len || !(head || get || strcmp(request->method, "DELETE") == 0)) {
        curl.curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
                              request->body.len ? request->body.ptr : "");
        curl.curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    if (!is_repeatable(request))
        curl.curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L); // see try_once
    if (request->packed)
        curl.curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    if (!head)
        curl.curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->user.len || request->password.len) {
        curl.curl_easy_setopt(handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl.curl_easy_setopt(handle, CURLOPT_USERNAME, str_c(a, request->user));
        curl.curl_easy_setopt(handle, CURLOPT_PASSWORD, str_c(a, request->password));
    }
}

/* curl asks now and then whether to go on. */
static int stop_at_signal(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return signal_received() != 0;
}

static void set_limits(CURL *handle, const HttpOptions *options, const HttpRequest *request)
{
    if (request->endless) {
        curl.curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl.curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, stop_at_signal);
        return;
    }
    curl.curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    if (options->stall_ms) {
        curl.curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl.curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)(options->stall_ms / 1000));
    }
}

static void set_transfer(CURL *handle, const HttpOptions *options, Transfer *in)
{
    curl.curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
    if (!in->sink) // what says that it is too large need not be waited for
        curl.curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)in->most_bytes);
    curl.curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl.curl_easy_setopt(handle, CURLOPT_WRITEDATA, in);
    curl.curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl.curl_easy_setopt(handle, CURLOPT_HEADERDATA, in);
}

/* Whether the server cannot have seen the request. */
static bool was_not_sent(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT;
}

static Error *transfer_error(const Http *http, const HttpRequest *request, const Transfer *in,
                             CURLcode code, const char *detail)
{
    DEFER(arena_free) Arena scratch = {0};
    Str url = http_url_shown(&scratch, request->url);
    const char *why = code == CURLE_COULDNT_RESOLVE_HOST ? "no such host"
                      : *detail                          ? detail
                                                         : curl.curl_easy_strerror(code);

    if (in->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return error_new(ERROR_INPUT, "%s %.*s: the answer has more than %zu bytes",
                         request->method, STR_ARG(url), in->most_bytes);
    Str shown = str_for_message(&scratch, str_from(why), SHOWN_BYTES);
    Error *err = error_new(http_kind_of(code), "%s %.*s: %.*s", request->method, STR_ARG(url),
                           STR_ARG(shown));
    if (http_kind_of(code) == ERROR_DENIED && !http->options.ca_pem.len)
        return error_hint(err, "if its certificate is of your own authority: SSL_CERT_FILE");
    return err;
}

/* From where another try can go on. What comes compressed has other bytes than those that were
 * sunk. */
static void note_progress(const Transfer *in, const HttpRequest *request, long status,
                          Resume *resume)
{
    Str tag = header_of(in, "etag");

    if (!in->sink || (status != 200 && status != 206))
        return; // the sink was left alone
    bool can = !request->packed && in->sunk > 0 && !in->failure && str_starts(tag, STR("\""));
    *resume = can ? (Resume){tag, in->sunk} : (Resume){0};
}

static Error *perform(Http *http, CURL *handle, Arena *a, const HttpRequest *request,
                      HttpResponse *out, bool *unseen, Resume *resume)
{
    Transfer in = {.arena = a,
                   .body = {.arena = a},
                   .most_bytes =
                       request->most_bytes ? request->most_bytes : http->options.most_bytes,
                   .sink = request->sink,
                   .sunk = resume->at,
                   .resume = resume->at ? resume : NULL,
                   .handle = handle};
    struct curl_slist *lines = header_lines(request, resume), *connect = NULL;
    char detail[CURL_ERROR_SIZE] = "";

    set_request(handle, a, http_set_server_name(handle, a, &http->options, request->url, &connect),
                request);
    http_set_security(handle, &http->options);
    set_limits(handle, &http->options, request);
    set_transfer(handle, &http->options, &in);
    curl.curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
    curl.curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
    CURLcode code = curl.curl_easy_perform(handle);
    long status = status_of(handle);
    curl.curl_slist_free_all(lines);
    curl.curl_slist_free_all(connect);
    *unseen = was_not_sent(code);
    bool resumed = status == 206 && in.resume;
    if (code == CURLE_OK && status == 200 && in.resume) // an empty body is one, too
        in.failure = begin_anew(&in);
    note_progress(&in, request, status, resume);
    if (in.failure)
        return in.failure;
    if (code != CURLE_OK)
        return transfer_error(http, request, &in, code, detail);
    *out = (HttpResponse){.status = resumed ? 200 : (int)status,
                          .headers = in.headers,
                          .body = buf_str(&in.body),
                          .tries = out->tries};
    return NULL;
}

static Error *try_once(Http *http, Arena *a, const HttpRequest *request, HttpResponse *out,
                       bool *unseen, Resume *resume)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t start = clock_ms();
    long connects = 0;
    bool used;
    CURL *handle = take_handle(http, &used);
    bool starts = request->sink && !resume->at;
    Error *err = starts ? request->sink->start(request->sink->context) : NULL;

    if (!err)
        err = perform(http, handle, a, request, out, unseen, resume);

    // a kept connection that breaks before the answer makes curl try once more by itself
    curl.curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connects);
    out->tries += used && connects > 0 && is_repeatable(request);
    keep_handle(http, handle);
    if (log_level() >= LOG_DEBUG) {
        Str url = http_url_shown(&scratch, request->url);
        log_debug("%s %.*s: %d, %lld ms", request->method, STR_ARG(url), err ? 0 : out->status,
                  (long long)(clock_ms() - start));
    }
    return err;
}

/* ---- trying again */

/* Whether the same request may have a better answer later. */
static bool is_passing(const HttpRequest *request, const Error *err, int status, bool unseen)
{
    if (err)
        return error_kind_of(err) == ERROR_UNAVAILABLE && (unseen || is_repeatable(request));
    // what these two mean is that nothing was done
    if (status == 429 || status == 503)
        return true;
    return ((status == 500 && !request->trusts_500) || status == 502 || status == 504) &&
           is_repeatable(request);
}

/* Longer each time, and never the same for two that were refused together. */
static int64_t pause_before(int attempt, const HttpResponse *response)
{
    Str wait = response ? http_header(response, "retry-after") : (Str){0};
    int64_t pause = (int64_t)FIRST_PAUSE_MS << (attempt < 8 ? attempt : 8);
    uint32_t chance = 0;

    world_real.random(&chance, sizeof(chance));
    pause = pause / 2 + chance % (uint32_t)pause;
    if (wait.len && wait.len < 6 && wait.ptr[0] >= '0' && wait.ptr[0] <= '9')
        pause = strtol(wait.ptr, NULL, 10) * 1000;
    return pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
}

static Error *send_patiently(Http *http, Arena *a, const HttpRequest *request, HttpResponse *out)
{
    Resume resume = {0};

    out->tries = 0;
    for (int attempt = 0;; attempt++) {
        bool unseen = false;

        out->tries++;
        Error *err = try_once(http, a, request, out, &unseen, &resume);
        bool past_end = !err && out->status == 416 && resume.at > 0; // it is shorter now
        if (past_end)
            resume = (Resume){0};
        // who wants to stop still wants the last record to be written
        int retries = signal_received() ? 1 : http->options.retries;
        if (attempt >= retries || attempt >= http->options.retries ||
            !(past_end || is_passing(request, err, out->status, unseen)))
            return err;
        int64_t pause = pause_before(attempt, err ? NULL : out);
        error_free(err);
        clock_sleep(pause);
    }
}

/* ---- redirects */

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool lets_in(Str header)
{
    return (header.len == 13 && strncasecmp(header.ptr, "authorization", 13) == 0) ||
           (header.len == 6 && strncasecmp(header.ptr, "cookie", 6) == 0) ||
           (header.len > 2 && strncasecmp(header.ptr, "x-", 2) == 0);
}

static void drop_credentials(Arena *a, HttpRequest *request)
{
    HttpHeaders all = request->headers, kept = {0};

    for (size_t i = 0; i < all.len; i++)
        if (!lets_in(all.items[i].name))
            *vec_add(a, &kept) = all.items[i];
    request->headers = kept;
    request->user = request->password = (Str){0};
}

/* Make REQUEST one for where it is sent to. */
static Error *redirect(Arena *a, HttpRequest *request, Str location)
{
    Url from, to;

    TRY(url_parse(a, request->url, &from));
    location = url_resolve(a, request->url, location);
    TRY(url_parse(a, location, &to));
    if (str_is(from.scheme, "https") && !str_is(to.scheme, "https"))
        return error_new(ERROR_DENIED, "is sent on to %.*s, which is not encrypted",
                         STR_ARG(to.host));
    if (!str_equal(from.host, to.host) || !str_equal(from.scheme, to.scheme))
        drop_credentials(a, request);
    request->url = location;
    return NULL;
}

Error *http_send(Http *http, Arena *a, const HttpRequest *request, HttpResponse *out)
{
    HttpRequest current = *request;
    HttpResponse response = {0};

    TRY(http_need_curl());
    for (int left = request->follow;; left--) {
        TRY(send_patiently(http, a, &current, &response));
        Str location = http_header(&response, "location");
        if (left <= 0 || !is_redirect(response.status) || !location.len)
            break;
        Str shown = http_url_shown(a, request->url);
        TRY(error_wrap(redirect(a, &current, location), "%.*s", STR_ARG(shown)));
    }
    *out = response;
    return NULL;
}

static ErrorKind kind_of_status(int status)
{
    switch (status) {
    case 401:
    case 403:
    case 407:
        return ERROR_DENIED;
    case 404:
    case 410:
        return ERROR_NOT_FOUND;
    case 409:
    case 412:
        return ERROR_CONFLICT;
    case 429:
        return ERROR_UNAVAILABLE;
    default:
        return status >= 500 ? ERROR_UNAVAILABLE : ERROR_INPUT;
    }
}

Error *http_refused(const HttpRequest *request, const HttpResponse *response)
{
    DEFER(arena_free) Arena scratch = {0};
    Str url = http_url_shown(&scratch, request->url), first, rest = response->body;

    str_cut(&rest, '\n', &first);
    Str said = str_for_message(&scratch, str_trim(first), SHOWN_BYTES);
    bool text = said.len && said.ptr[0] != '<'; // not a page of HTML
    return error_new(kind_of_status(response->status), "%s %.*s: HTTP status %d%s%.*s",
                     request->method, STR_ARG(url), response->status, text ? ": " : "",
                     text ? (int)said.len : 0, said.ptr);
}
