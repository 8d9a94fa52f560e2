#include "io/world.h"

#include "io/file.h"

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

/* A name below the zone directory, and nowhere else: it may come from a chart. */
static bool is_zone_name(Str name)
{
    if (!name.len || name.len > 64 || name.ptr[0] == '/' || name.ptr[0] == '.')
        return false;
    return str_find(name, STR("..")) == STR_NONE && str_find_char(name, '\0') == STR_NONE;
}

static Error *read_zone(Arena *a, Str name, Str *out)
{
    const char *folder = getenv("ZONEINFO");
    const char *local = getenv("TZ");

    if (str_is(name, "Local")) {
        if (!local)
            return file_read_limited(a, "/etc/localtime", LARGEST_ZONE, out);
        name = str_from(local[0] == ':' ? local + 1 : local);
    }
    if (!is_zone_name(name))
        return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
    return file_read_limited(
        a, str_format(a, "%s/%.*s", folder ? folder : "/usr/share/zoneinfo", STR_ARG(name)).ptr,
        LARGEST_ZONE, out);
}

const World world_real = {.now_ns = now_ns, .random = random_bytes, .zone = read_zone};
