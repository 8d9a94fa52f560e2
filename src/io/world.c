#include "io/world.h"

#include "io/file.h"
#include "io/host.h"
#include "io/signal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { LARGEST_ZONE = 1 << 20 }; /* bytes of a time zone file */

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void random_bytes(void *bytes, size_t len)
{
    char *at = bytes;

    while (len) {
        ssize_t got = getrandom(at, len, 0);

        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
}

static Str local_zone(void)
{
    const char *name = getenv("TZ");

    if (!name || strcmp(name, ":/etc/localtime") == 0 || strcmp(name, "/etc/localtime") == 0)
        return STR("Local");
    name += *name == ':';
    return *name ? str_from(name) : STR("UTC");
}

/* A name below a zone folder, and nowhere else: it may come from a chart. */
static bool is_zone_name(Str name)
{
    return name.len && name.ptr[0] != '/' && str_find(name, STR("..")) == STR_NONE &&
           str_find_char(name, '\0') == STR_NONE;
}

/* NAME in the first of the folders that has it. Source: Go, time, zoneinfo_unix.go. */
static Error *read_named_zone(Arena *a, Str name, Str *out)
{
    const char *folders[] = {getenv("ZONEINFO"), "/usr/share/zoneinfo", "/usr/share/lib/zoneinfo",
                             "/usr/lib/locale/TZ", "/etc/zoneinfo"};

    for (size_t i = 0; i < COUNT(folders); i++) {
        if (!folders[i] || !*folders[i])
            continue;
        const char *path = str_format(a, "%s/%.*s", folders[i], STR_ARG(name)).ptr;
        Error *err = file_read_limited(a, path, LARGEST_ZONE, out);
        if (!err)
            return NULL;
        error_free(err);
    }
    return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
}

static Error *read_zone(Arena *a, Str name, Str *out)
{
    if (str_is(name, "Local"))
        return file_read_limited(a, "/etc/localtime", LARGEST_ZONE, out);
    if (name.len && name.ptr[0] == '/' && str_equal(name, local_zone()))
        return file_read_limited(a, str_c(a, name), LARGEST_ZONE, out); // the user's, no chart's
    if (!is_zone_name(name))
        return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
    return read_named_zone(a, name, out);
}

/* To the tick, some milliseconds: it is asked often. */
static int64_t elapsed_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool stopped(void)
{
    return signal_received() != 0;
}

#define REAL                                                                                       \
    .now_ns = now_ns, .random = random_bytes, .local_zone = local_zone, .zone = read_zone,         \
    .elapsed_ns = elapsed_ns, .stopped = stopped

const World world_real = {REAL};
static const World world_with_hosts = {REAL, .host = host_address};

const World *world_of_hosts(bool there_are)
{
    return there_are ? &world_with_hosts : &world_real;
}
