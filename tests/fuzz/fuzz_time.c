/*
 * fuzz_time.c - layouts, texts and time zone files that are anything at all. An input is a
 * line with a layout, a line with a text, and the bytes of a zone file.
 *
 * Besides not crashing: what a time is written as is read as the same time, and what a
 * duration is written as, as the same duration.
 */
#include "base/duration.h"
#include "base/time_layout.h"
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(Arena *a, Time t, const Zone *zone)
{
    static const Str layout = STR_INIT("2006-01-02T15:04:05.999999999Z07:00:00");
    Str text = time_format(a, t, layout);
    Time again;
    Error *err = time_parse(a, layout, text, zone, zone, &again);

    if (!err && (again.seconds != t.seconds || again.nanoseconds != t.nanoseconds))
        BUG("%.*s is not read as it is written", STR_ARG(text));
    error_free(err);
}

/* Everything that can be asked of T. */
static void use_time(Arena *a, Time t, Str layout)
{
    CivilTime civil = time_civil(t);
    Time later = time_add_date(t, t.nanoseconds, t.seconds, civil.day);
    Str text;

    if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
        civil.day > days_in_month(civil.month, civil.year))
        BUG("no such day");
    time_format(a, t, layout);
    time_text(a, later);
    time_literal(a, time_round(t, t.seconds));
    error_free(time_binary(a, time_truncate(later, t.nanoseconds), &text));
    error_free(time_rfc3339(a, time_add(t, time_sub(t, later)), &text));
    value_copy(a, value_of_time(a, t));
}

static void check_duration(Arena *a, Str text)
{
    int64_t d, again = 0;
    Error *err = duration_parse(text, &d);

    if (!err) {
        Str shown = duration_text(a, d);

        err = duration_parse(shown, &again);
        if (err || again != d)
            BUG("%.*s is not read as it is written", STR_ARG(shown));
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Str rest = {(const char *)data, size}, layout, text;
    const Zone *zone = NULL;
    Time t;

    if (!str_cut(&rest, '\n', &layout) || !str_cut(&rest, '\n', &text))
        return 0;
    error_free(zone_parse(&memory, STR("Fuzz/Zone"), rest, &zone));
    check_duration(&memory, text);

    Error *err = time_parse(&memory, layout, text, zone, zone, &t);
    if (!err) {
        check_time(&memory, t, zone);
        use_time(&memory, t, layout);
    }
    error_free(err);
    if (rest.len >= sizeof(t.seconds)) {
        t = (Time){.zone = zone};
        for (size_t i = 0; i < sizeof(t.seconds); i++)
            t.seconds =
                (int64_t)((uint64_t)t.seconds << 8 | (unsigned char)rest.ptr[rest.len - 1 - i]);
        use_time(&memory, t, layout);
    }
    return 0;
}
