#include "pipeline/when.h"

#include "base/duration.h"
#include "base/number.h"
#include "base/time_layout.h"

#include <time.h>

enum { MS = 1000, NS_PER_MS = 1000000 };

static const struct Unit {
    const char *name;
    int64_t ms;
} units[] = {
    {"second", MS},        {"minute", 60 * MS},        {"hour", 3600 * MS},
    {"day", 86400LL * MS}, {"week", 7 * 86400LL * MS},
};

/* Moments with a zone. */
static bool parse_rfc3339(Arena *a, Str text, int64_t *out)
{
    Time time;
    Error *err = time_parse(a, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, &time);

    if (!err)
        *out = time.seconds * MS + time.nanoseconds / NS_PER_MS;
    error_free(err);
    return !err;
}

/* Moments of the machine's own zone. */
static bool parse_local(Arena *a, Str text, int64_t *out)
{
    static const char *const formats[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
                                          "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};

    for (size_t i = 0; i < COUNT(formats); i++) {
        struct tm tm = {.tm_isdst = -1};
        const char *end = strptime(str_c(a, text), formats[i], &tm);

        if (!end || *end)
            continue;
        *out = (int64_t)mktime(&tm) * MS;
        return true;
    }
    return false;
}

/* "3 days", "1 hour" */
static bool parse_count(Str text, int64_t *out)
{
    Str rest = text, digits;
    int64_t n;

    if (!str_cut(&rest, ' ', &digits) || number_parse_int(digits, 10, &n) != NUMBER_OK || n < 0 ||
        n > 100000)
        return false;
    Str unit = str_trim(rest);
    if (str_ends(unit, STR("s")))
        unit.len--;
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_is(unit, units[i].name)) {
            *out = n * units[i].ms;
            return true;
        }
    return false;
}

static bool parse_age(Str text, int64_t *out)
{
    int64_t ns;

    if (str_ends(text, STR(" ago")))
        text = str_trim(str_slice(text, 0, text.len - 4));
    if (parse_count(text, out))
        return true;
    Error *err = duration_parse(text, &ns);
    bool fine = !err && ns >= 0;

    error_free(err);
    if (fine)
        *out = ns / NS_PER_MS;
    return fine;
}

Error *when_parse(Str text, int64_t now_ms, int64_t *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str trimmed = str_trim(text);
    int64_t age = 0;

    if (parse_rfc3339(&scratch, trimmed, out) || parse_local(&scratch, trimmed, out))
        age = 0;
    else if (str_is(trimmed, "now") || parse_age(trimmed, &age))
        *out = now_ms - age;
    else
        return error_hint(
            error_new(ERROR_USAGE, "\"%.*s\" is no moment", STR_ARG(text)),
            "write 2026-11-21T14:03:05Z, \"2026-11-21 14:03\", \"2 days ago\" or 90m");
    if (*out > now_ms)
        return error_new(ERROR_USAGE, "\"%.*s\" is yet to come", STR_ARG(text));
    return NULL;
}
