/*
 * test_remote.c - the cache against a small server of our own: what is asked for how often, and
 * what is done about contents that are not what they were.
 */
#include "remote/cache.h"
#include "remote/remote.h"
#include "tests/unit/temporary.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

enum { REQUEST_BYTES = 4096, ASKERS = 8 };

static struct Server {
    int fd, port, asked;
    const char *body;
} server;

static const char hello_digest[] =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

static Str answer(Arena *a, Str request)
{
    if (str_find(request, STR("If-None-Match: \"hello\"")) != STR_NONE &&
        strcmp(server.body, "hello") == 0)
        return STR("HTTP/1.1 304 Same\r\nConnection: close\r\n\r\n");
    if (str_starts(request, STR("GET /no")))
        return STR("HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return str_format(a,
                      "HTTP/1.1 200 OK\r\nETag: \"%s\"\r\nContent-Length: %zu\r\n"
                      "Connection: close\r\n\r\n%s",
                      server.body, strlen(server.body), server.body);
}

static void *serve(void *context)
{
    (void)context;
    for (;;) {
        DEFER(arena_free) Arena memory = {0};
        int fd = accept(server.fd, NULL, NULL);
        char request[REQUEST_BYTES];
        size_t len = 0;

        if (fd < 0)
            return NULL;
        while (len < REQUEST_BYTES && str_find((Str){request, len}, STR("\r\n\r\n")) == STR_NONE) {
            ssize_t got = recv(fd, request + len, REQUEST_BYTES - len, 0);
            if (got <= 0)
                break;
            len += (size_t)got;
        }
        server.asked++;
        Str text = answer(&memory, (Str){request, len});
        assert_int_equal(send(fd, text.ptr, text.len, MSG_NOSIGNAL), (ssize_t)text.len);
        close(fd);
    }
}

static int start(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(at);
    pthread_t thread;

    (void)state;
    server.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(server.fd, 16), 0);
    assert_int_equal(getsockname(server.fd, (struct sockaddr *)&at, &size), 0);
    server.port = ntohs(at.sin_port);
    pthread_create(&thread, NULL, serve, NULL);
    return pthread_detach(thread);
}

/* A run of a program: it asks for PATH once, and is gone. */
typedef struct Ask {
    const char *cache, *path, *digest;
    RemoteAge age;
    bool offline;
} Ask;

static Error *ask(Arena *a, const Ask *ask, RemoteFile *out)
{
    DEFER(remote_close)
    Remote *remote = remote_open(&(RemoteOptions){.cache = ask->cache, .offline = ask->offline});
    RemoteRequest request = {.url = str_format(a, "http://127.0.0.1:%d%s", server.port, ask->path),
                             .age = ask->age,
                             .digest = str_from(ask->digest ? ask->digest : "")};

    return remote_file(remote, a, &request, out);
}

typedef struct Row {
    const char *name;
    Ask ask;
    const char *body; /* at the second run; at the first it is "hello" */
    int asked;        /* by both together */
    const char *want; /* what the second run gets; NULL: an error */
    ErrorKind kind;
    const char *message;
} Row;

static Row rows[] = {
    {.name = "what never changes is asked for once",
     .ask = {.path = "/a"},
     .body = "other",
     .asked = 1,
     .want = "hello"},
    {.name = "what may change is asked for again, and comes if it has changed",
     .ask = {.path = "/a", .age = REMOTE_CURRENT},
     .body = "other",
     .asked = 2,
     .want = "other"},
    {.name = "what may change and has not does not come again",
     .ask = {.path = "/a", .age = REMOTE_CURRENT},
     .body = "hello",
     .asked = 2,
     .want = "hello"},
    {.name = "what is wanted anew comes anew",
     .ask = {.path = "/a", .age = REMOTE_ANEW},
     .body = "hello",
     .asked = 2,
     .want = "hello"},
    {.name = "what is in the cache by its digest is not asked for, wherever it came from",
     .ask = {.path = "/b", .digest = hello_digest},
     .body = "other",
     .asked = 1,
     .want = "hello"},
    {.name = "what has another digest than it must have is refused",
     .ask = {.path = "/b",
             .digest = "0000000000000000000000000000000000000000000000000000000000000000"},
     .body = "hello",
     .asked = 2,
     .kind = ERROR_INPUT,
     .message = "its digest is 2cf2"},
    {.name = "offline, what is in the cache will do, old as it is",
     .ask = {.path = "/a", .age = REMOTE_CURRENT, .offline = true},
     .body = "other",
     .asked = 1,
     .want = "hello"},
    {.name = "offline, what is not in the cache is an error",
     .ask = {.path = "/b", .offline = true},
     .body = "other",
     .asked = 1,
     .kind = ERROR_UNAVAILABLE,
     .message = "nothing may be fetched"},
    {.name = "what is not there is an error",
     .ask = {.path = "/no"},
     .body = "hello",
     .asked = 2,
     .kind = ERROR_NOT_FOUND,
     .message = "404"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    Ask first = {.cache = folder.path, .path = "/a"}, second = row->ask;
    RemoteFile file;

    server.body = "hello";
    server.asked = 0;
    second.cache = folder.path;
    assert_success(ask(&a, &first, &file));
    server.body = row->body;
    Error *err = ask(&a, &second, &file);
    assert_int_equal(server.asked, row->asked);
    if (!row->want) {
        assert_failure(err, row->kind, row->message);
        return;
    }
    assert_success(err);
    assert_str(temporary_read(&a, &folder, file.path + strlen(folder.path) + 1), row->want);
}

static void check_damage(void **state)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    Ask wanted = {.cache = folder.path, .path = "/a"};
    RemoteFile file;

    (void)state;
    server.body = "hello";
    assert_success(ask(&a, &wanted, &file));
    temporary_write(&folder, file.path + strlen(folder.path) + 1, STR("evil"));
    wanted.offline = true;
    assert_failure(ask(&a, &wanted, &file), ERROR_UNAVAILABLE, "not in the cache");
    wanted.offline = false;
    assert_success(ask(&a, &wanted, &file));
    assert_str(temporary_read(&a, &folder, file.path + strlen(folder.path) + 1), "hello");
}

typedef struct Asker {
    pthread_t thread;
    Remote *remote;
    bool fine;
} Asker;

static void *ask_beside(void *context)
{
    Asker *asker = context;
    DEFER(arena_free) Arena a = {0};
    RemoteRequest request = {.url = str_format(&a, "http://127.0.0.1:%d/a", server.port),
                             .age = REMOTE_CURRENT};
    RemoteFile file;
    Error *err = remote_file(asker->remote, &a, &request, &file);

    asker->fine = !err && str_is(file.digest, hello_digest);
    error_free(err);
    return NULL;
}

static void check_threads(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){.cache = folder.path});
    Asker askers[ASKERS] = {0};

    (void)state;
    server.body = "hello";
    server.asked = 0;
    for (size_t i = 0; i < ASKERS; i++) {
        askers[i].remote = remote;
        pthread_create(&askers[i].thread, NULL, ask_beside, &askers[i]);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        pthread_join(askers[i].thread, NULL);
        assert_true(askers[i].fine);
    }
    assert_int_equal(server.asked, 1);
}

static void check_clear(void **state)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){.cache = folder.path});
    Ask wanted = {.cache = folder.path, .path = "/a?token=secret"};
    RemoteKeptList kept;
    RemoteFile file;

    (void)state;
    server.body = "hello";
    assert_success(ask(&a, &wanted, &file));
    assert_success(remote_list_cache(remote, &a, &kept));
    assert_int_equal(kept.len, 1);
    assert_int_equal(kept.items[0].bytes, 5);
    assert_str(kept.items[0].name, str_format(&a, "http://127.0.0.1:%d/a", server.port).ptr);
    assert_success(remote_clear_cache(remote));
    assert_success(remote_list_cache(remote, &a, &kept));
    assert_int_equal(kept.len, 0);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        {"a content that was changed in the cache is not used", check_damage, NULL, NULL, NULL},
        {"threads that want the same thing ask once", check_threads, NULL, NULL, NULL},
        {"the cache is listed, without secrets, and cleared", check_clear, NULL, NULL, NULL},
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(others)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    memcpy(tests + COUNT(rows), others, sizeof(others));
    return cmocka_run_group_tests(tests, start, NULL);
}
