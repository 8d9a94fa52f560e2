/*
 * failpoint.c - what the tests' own relfile has for io/failpoint.h.
 */
#include "io/failpoint.h"

#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FAILPOINT_NAME(point, name) name,
static const char *const names[] = {FAILPOINTS(FAILPOINT_NAME)};
#undef FAILPOINT_NAME

static struct {
    int point; /* -1: none */
    unsigned at;
    char what; /* of "kill", "fail", "stop" */
    const char *counts, *history;
    atomic_uint hits[FAILPOINT_COUNT];
} wanted = {.point = -1};

static void refuse(const char *text)
{
    fprintf(stderr, "RELFILE_FAILPOINT=%s: is not NAME:N:kill|fail|stop, list or count:FILE\n",
            text);
    exit(99);
}

static void print_names(void)
{
    for (size_t i = 0; i < COUNT(names); i++)
        puts(names[i]);
    exit(0);
}

/* NAME:N:ACTION */
static void read_point(const char *text)
{
    size_t len = strcspn(text, ":");
    char *end = NULL;

    for (size_t i = 0; i < COUNT(names); i++)
        if (strlen(names[i]) == len && strncmp(names[i], text, len) == 0)
            wanted.point = (int)i;
    wanted.at = text[len] ? (unsigned)strtoul(text + len + 1, &end, 10) : 0;
    if (wanted.point < 0 || !wanted.at || *end != ':' ||
        (strcmp(end, ":kill") != 0 && strcmp(end, ":fail") != 0 && strcmp(end, ":stop") != 0))
        refuse(text);
    wanted.what = end[1];
}

static void write_counts(void)
{
    FILE *file = fopen(wanted.counts, "w");

    for (size_t i = 0; file && i < COUNT(names); i++)
        fprintf(file, "%s %u\n", names[i], wanted.hits[i]);
    if (file)
        fclose(file);
}

__attribute__((constructor)) static void read_wanted(void)
{
    const char *text = getenv("RELFILE_FAILPOINT");

    wanted.history = getenv("RELFILE_HISTORY");
    if (!text || !*text)
        return;
    if (strcmp(text, "list") == 0)
        print_names();
    if (strncmp(text, "count:", 6) != 0) {
        read_point(text);
        return;
    }
    wanted.counts = text + 6;
    atexit(write_counts);
}

Error *failpoint_hit(Failpoint point)
{
    unsigned hit = atomic_fetch_add(&wanted.hits[point], 1) + 1;

    if ((int)point != wanted.point || hit != wanted.at)
        return NULL;
    if (wanted.what == 'f')
        return error_os(EIO, "failpoint %s", names[point]);
    raise(wanted.what == 'k' ? SIGKILL : SIGSTOP); // of this thread, which goes no further
    return NULL;
}

int64_t failpoint_setting(const char *variable, int64_t usual)
{
    const char *text = getenv(variable);

    return text ? strtol(text, NULL, 10) : usual;
}

/* ---- histories */

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now); // the same for all processes of the machine
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void set(Arena *a, ValueMap *map, const char *name, Str text)
{
    value_map_set_c(a, map, name, value_string(text));
}

static void write_line(Arena *a, ValueMap *map)
{
    Buf line = {.arena = a};

    value_map_set_c(a, map, "pid", value_int(getpid()));
    value_map_set_c(a, map, "at", value_int(now_ns()));
    error_free(json_write(&line, value_of_map(map), (JsonStyle){0}));
    buf_add_char(&line, '\n');
    int fd = open(wanted.history, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line.ptr, line.len) != (ssize_t)line.len)
        abort();
    close(fd);
}

void failpoint_begin(FailpointNote *note)
{
    static atomic_llong count;
    DEFER(arena_free) Arena a = {0};
    ValueMap *map = value_map_new(&a);

    if (!wanted.history)
        return;
    note->id = atomic_fetch_add(&count, 1);
    value_map_set_c(&a, map, "id", value_int(note->id));
    set(&a, map, "what", str_from(note->what));
    set(&a, map, "key", note->key);
    set(&a, map, "expected", note->expected);
    set(&a, map, "token", note->token);
    if (str_starts(note->key, STR("locks/")))
        set(&a, map, "text", note->text);
    write_line(&a, map);
}

void failpoint_end(const FailpointNote *note, Str version, const Error *err)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *map = value_map_new(&a);
    ErrorKind kind = err ? error_kind_of(err) : ERROR_INTERNAL;

    if (!wanted.history)
        return;
    value_map_set_c(&a, map, "id", value_int(note->id));
    set(&a, map, "what", STR("done"));
    set(&a, map, "version", version);
    set(&a, map, "error", err ? str_from(error_message(err)) : (Str){"", 0});
    value_map_set_c(&a, map, "refused", // it is certain that nothing was changed
                    value_bool(kind == ERROR_CONFLICT || kind == ERROR_NOT_FOUND));
    write_line(&a, map);
}
