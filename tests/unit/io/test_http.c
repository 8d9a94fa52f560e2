/*
 * test_http.c - HTTP against a small server of our own, which answers by path: redirects and who
 * is let in, tries, limits, and what messages may say.
 */
#include "io/clock.h"
#include "io/http.h"
#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 16384 };

typedef struct Server {
    int fd, port;
    pthread_t thread;
    int asked;                   /* requests so far */
    char request[REQUEST_BYTES]; /* the last */
} Server;

static Server here, there;

/* What the server says to REQUEST; NULL: nothing. */
static Str answer(Arena *a, const Server *server, Str request)
{
    Str rest = request, method, path;

    str_cut(&rest, ' ', &method);
    str_cut(&rest, ' ', &path);
    rest = path;
    str_cut(&rest, '?', &path);
    if (str_is(path, "/elsewhere"))
        return str_format(a,
                          "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/hello\r\n"
                          "Content-Length: 0\r\n\r\n",
                          there.port);
    if (str_is(path, "/near"))
        return STR("HTTP/1.1 307 Found\r\nLocation: hello\r\nContent-Length: 0\r\n\r\n");
    if (str_is(path, "/round"))
        return STR("HTTP/1.1 301 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n");
    if (str_is(path, "/twice") && server->asked % 2)
        return STR("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy");
    if (str_is(path, "/broken"))
        return STR("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops");
    if (str_is(path, "/cut") && server->asked % 2)
        return (Str){0};
    if (str_is(path, "/short"))
        return STR("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhello");
    if (str_is(path, "/refused"))
        return STR("HTTP/1.1 403 No\r\nContent-Length: 18\r\n\r\nnot for you\x1b[1m\r\n.");
    return STR("HTTP/1.1 200 OK\r\nX-Name:  value \r\nContent-Length: 5\r\n\r\nhello");
}

typedef struct Connection {
    Server *server;
    int fd;
} Connection;

/* Take requests on one connection until it is closed. */
static void serve(Server *server, int fd)
{
    for (;;) {
        DEFER(arena_free) Arena memory = {0};
        size_t len = 0;

        while (len < REQUEST_BYTES - 1) {
            ssize_t got = recv(fd, server->request + len, REQUEST_BYTES - 1 - len, 0);

            if (got <= 0)
                return;
            len += (size_t)got;
            server->request[len] = '\0';
            if (strstr(server->request, "\r\n\r\n"))
                break;
        }
        server->asked++;
        Str text = answer(&memory, server, (Str){server->request, len});
        if (!text.len || send(fd, text.ptr, text.len, MSG_NOSIGNAL) < 0 ||
            str_find(text, STR("Connection: close")) != STR_NONE)
            return;
    }
}

static void *run_connection(void *argument)
{
    Connection *connection = argument;

    serve(connection->server, connection->fd);
    close(connection->fd);
    free(connection);
    return NULL;
}

static void *run_server(void *argument)
{
    Server *server = argument;

    for (;;) {
        int fd = accept(server->fd, NULL, NULL);
        Connection *connection = calloc(1, sizeof(*connection));
        pthread_t thread;

        *connection = (Connection){server, fd};
        if (fd < 0) {
            free(connection);
            return NULL;
        }
        pthread_create(&thread, NULL, run_connection, connection);
        pthread_detach(thread);
    }
}

static void start(Server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);

    *server = (Server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(bind(server->fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server->fd, 16), 0);
    assert_int_equal(getsockname(server->fd, (struct sockaddr *)&address, &len), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, run_server, server), 0);
}

static int set_up(void **state)
{
    (void)state;
    start(&here);
    start(&there);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shutdown(here.fd, SHUT_RDWR);
    shutdown(there.fd, SHUT_RDWR);
    pthread_join(here.thread, NULL);
    pthread_join(there.thread, NULL);
    close(here.fd);
    close(there.fd);
    return 0;
}

static HttpRequest request_to(Arena *a, const char *method, const char *path)
{
    return (HttpRequest){.method = method,
                         .url = str_format(a, "http://user:hidden@127.0.0.1:%d%s", here.port, path),
                         .user = STR("ada"),
                         .password = STR("secret")};
}

static Error *ask(Arena *a, const HttpOptions *options, HttpRequest *request, HttpResponse *out)
{
    DEFER(http_close) Http *http = http_open(options);

    here.asked = 0;
    return http_send(http, a, request, out);
}

static void an_answer_is_whole(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "GET", "/hello?a=b");
    HttpResponse response;

    (void)state;
    http_add_header(&memory, &request.headers, "X-Empty", STR(""));
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_int_equal(response.status, 200);
    assert_int_equal(response.tries, 1);
    assert_str(response.body, "hello");
    assert_str(http_header(&response, "x-name"), "value");
    assert_str(http_header(&response, "x-other"), "");
    assert_non_null(strstr(here.request, "GET /hello?a=b HTTP/1.1\r\n"));
    assert_non_null(strstr(here.request, "Authorization: Basic YWRhOnNlY3JldA==\r\n"));
    assert_non_null(strstr(here.request, "X-Empty:"));
}

static void a_redirect_goes_on(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "GET", "/near");
    HttpResponse response;

    (void)state;
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_int_equal(response.status, 307);
    request.follow = 3;
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_str(response.body, "hello");
    assert_non_null(strstr(here.request, "Authorization: "));
    request = request_to(&memory, "GET", "/round");
    request.follow = 3;
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_int_equal(response.status, 301);
    assert_int_equal(here.asked, 4);
}

static void another_host_gets_no_credentials(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "GET", "/elsewhere");
    HttpResponse response;

    (void)state;
    request.follow = 1;
    http_add_header(&memory, &request.headers, "Authorization", STR("Bearer secret"));
    http_add_header(&memory, &request.headers, "X-Vault-Token", STR("secret"));
    http_add_header(&memory, &request.headers, "Accept", STR("text/plain"));
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_str(response.body, "hello");
    assert_null(strstr(there.request, "secret"));
    assert_null(strstr(there.request, "Authorization"));
    assert_null(strstr(there.request, "Vault"));
    assert_non_null(strstr(there.request, "Accept: text/plain"));
}

static void what_passes_is_tried_again(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "POST", "/twice");
    HttpResponse response;

    (void)state;
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_int_equal(response.status, 200);
    assert_int_equal(response.tries, 2);
    request = request_to(&memory, "GET", "/cut");
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_true(response.tries > 1);
}

static void what_may_have_got_through_is_not_sent_again(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "POST", "/cut");
    HttpResponse response;

    (void)state;
    assert_failure(ask(&memory, &(HttpOptions){0}, &request, &response), ERROR_UNAVAILABLE, "/cut");
    assert_int_equal(here.asked, 1);
    request = request_to(&memory, "POST", "/broken");
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    assert_int_equal(response.status, 500);
    assert_int_equal(here.asked, 1);
    request = request_to(&memory, "GET", "/broken");
    assert_success(ask(&memory, &(HttpOptions){.retries = 1}, &request, &response));
    assert_int_equal(here.asked, 2);
}

static void answers_have_limits(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "GET", "/hello");
    HttpResponse response;

    (void)state;
    assert_failure(ask(&memory, &(HttpOptions){.most_bytes = 4}, &request, &response), ERROR_INPUT,
                   "more than 4 bytes");
    request = request_to(&memory, "GET", "/short");
    assert_failure(ask(&memory, &(HttpOptions){.retries = -1}, &request, &response),
                   ERROR_UNAVAILABLE, "/short");
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    Server silent = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    HttpRequest request = {.method = "GET"};
    HttpResponse response;
    int64_t start_ms = clock_ms();

    (void)state;
    assert_int_equal(bind(silent.fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(silent.fd, 1), 0);
    assert_int_equal(getsockname(silent.fd, (struct sockaddr *)&address, &len), 0);
    request.url = str_format(&memory, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    assert_failure(
        ask(&memory, &(HttpOptions){.timeout_ms = 100, .retries = 1}, &request, &response),
        ERROR_UNAVAILABLE, "timed out");
    assert_true(clock_ms() - start_ms >= 200);
    close(silent.fd);
}

static void messages_tell_no_secrets(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = request_to(&memory, "GET", "/refused?token=hidden");
    HttpResponse response;

    (void)state;
    assert_success(ask(&memory, &(HttpOptions){0}, &request, &response));
    Error *err = http_refused(&request, &response);
    assert_null(strstr(error_message(err), "hidden"));
    assert_null(strchr(error_message(err), '\x1b'));
    assert_failure(err, ERROR_DENIED, "/refused: HTTP status 403: not for you");
    assert_str(http_url_shown(&memory, STR("https://u:p@h:1/a/b@c?x#y")), "https://h:1/a/b@c");
    assert_str(http_url_shown(&memory, STR("/only/a/path?x")), "/only/a/path");
}

static void what_is_no_url_is_an_error(void **state)
{
    static const char *const urls[] = {"", "nothing", "ftp://h/x", "file:///etc/passwd",
                                       "http://h:port/"};

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        DEFER(arena_free) Arena memory = {0};
        HttpRequest request = {.method = "GET", .url = str_from(urls[i])};
        HttpResponse response;
        Error *err = ask(&memory, &(HttpOptions){.retries = -1}, &request, &response);

        assert_non_null(err);
        error_free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_whole),
        cmocka_unit_test(a_redirect_goes_on),
        cmocka_unit_test(another_host_gets_no_credentials),
        cmocka_unit_test(what_passes_is_tried_again),
        cmocka_unit_test(what_may_have_got_through_is_not_sent_again),
        cmocka_unit_test(answers_have_limits),
        cmocka_unit_test(a_server_that_says_nothing_is_given_up),
        cmocka_unit_test(messages_tell_no_secrets),
        cmocka_unit_test(what_is_no_url_is_an_error),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
