/*
 * time_text.c - the part of time.h that makes texts and values of times.
 */
#include "base/duration.h"
#include "base/number.h"
#include "base/time_layout.h"
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>

static Str number_in_words(Arena *a, const char *type, int64_t n)
{
    return str_format(a, "%%!%s(%llu)", type, (unsigned long long)n);
}

Str month_text(Arena *a, int64_t month)
{
    if (month < 1 || month > 12)
        return number_in_words(a, "Month", month);
    return str_from(month_names[month - 1]);
}

Str weekday_text(Arena *a, int64_t weekday)
{
    if (weekday < 0 || weekday > 6)
        return number_in_words(a, "Weekday", weekday);
    return str_from(weekday_names[weekday]);
}

static void add_monotonic(Buf *b, int64_t monotonic)
{
    uint64_t n = monotonic < 0 ? 0 - (uint64_t)monotonic : (uint64_t)monotonic;

    buf_format(b, " m=%c%llu.%09llu", monotonic < 0 ? '-' : '+', (unsigned long long)n / SECOND_NS,
               (unsigned long long)n % SECOND_NS);
}

Str time_text(Arena *a, Time t)
{
    Buf b = {.arena = a};

    time_add_format(&b, t, STR("2006-01-02 15:04:05.999999999 -0700 MST"));
    if (t.has_monotonic)
        add_monotonic(&b, t.monotonic);
    return buf_str(&b);
}

Str time_literal(Arena *a, Time t)
{
    CivilTime c = time_civil(t);
    Buf b = {.arena = a};

    buf_add_c(&b, "time.Date(");
    number_add_int(&b, c.year);
    buf_format(&b, ", time.%s, %d, %d, %d, %d, %d, ", month_names[c.month - 1], (int)c.day,
               (int)c.hour, (int)c.minute, (int)c.second, (int)c.nanosecond);
    if (!t.zone) {
        buf_add_c(&b, "time.UTC");
    } else if (zone_is_local(t.zone)) {
        buf_add_c(&b, "time.Local");
    } else {
        buf_add_c(&b, "time.Location(");
        time_add_quoted(&b, zone_name(t.zone));
        buf_add_char(&b, ')');
    }
    buf_add_char(&b, ')');
    return buf_str(&b);
}

Error *time_rfc3339(Arena *a, Time t, Str *out)
{
    Str text = time_format(a, t, STR("2006-01-02T15:04:05.999999999Z07:00"));
    int64_t offset = zone_period(t.zone, t.seconds).offset;

    if (text.ptr[4] != '-')
        return error_new(ERROR_INPUT, "year outside of range [0,9999]");
    if (llabs(offset / 60) >= 24 * 60)
        return error_new(ERROR_INPUT, "timezone hour outside of range [0,23]");
    *out = text;
    return NULL;
}

static void add_big_endian(Buf *b, uint64_t n, int bytes)
{
    while (bytes-- > 0)
        buf_add_char(b, (char)(n >> (8 * bytes)));
}

Error *time_binary(Arena *a, Time t, Str *out)
{
    int64_t offset = zone_period(t.zone, t.seconds).offset, minutes = offset / 60;
    bool to_the_minute = offset % 60 == 0;
    Buf b = {.arena = a};

    if (!t.zone)
        minutes = -1; // Go's sign for UTC, so that no other zone may have it
    else if (minutes < INT16_MIN || minutes == -1 || minutes > INT16_MAX)
        return error_new(ERROR_INPUT, "Time.MarshalBinary: unexpected zone offset");
    buf_add_char(&b, to_the_minute ? 1 : 2);
    add_big_endian(&b, (uint64_t)t.seconds - (uint64_t)time_zero().seconds, 8);
    add_big_endian(&b, (uint64_t)t.nanoseconds, 4);
    add_big_endian(&b, (uint64_t)minutes, 2);
    if (!to_the_minute)
        buf_add_char(&b, (char)(offset % 60));
    *out = buf_str(&b);
    return NULL;
}

static Str object_text(Arena *a, const ValueObject *object)
{
    return time_text(a, *(const Time *)object->self);
}

static Str object_literal(Arena *a, const ValueObject *object)
{
    return time_literal(a, *(const Time *)object->self);
}

/* Nothing where Go's MarshalJSON fails. */
static Str object_json(Arena *a, const ValueObject *object)
{
    Str text;
    Error *err = time_rfc3339(a, *(const Time *)object->self, &text);

    if (!err)
        return str_format(a, "\"%.*s\"", STR_ARG(text));
    error_free(err);
    return (Str){0};
}

static const void *copy_self(Arena *a, const void *self)
{
    Time *copy = arena_new(a, Time);

    *copy = *(const Time *)self;
    copy->zone = zone_copy(a, copy->zone);
    return copy;
}

static bool equal_self(const void *left, const void *right)
{
    const Time *a = left, *b = right;

    return a->seconds == b->seconds && a->nanoseconds == b->nanoseconds &&
           a->has_monotonic == b->has_monotonic && a->monotonic == b->monotonic &&
           zone_equal(a->zone, b->zone);
}

const ValueObjectType time_object_type = {.name = "time.Time",
                                          .text = object_text,
                                          .literal = object_literal,
                                          .json = object_json,
                                          .copy_self = copy_self,
                                          .equal_self = equal_self};

Value value_of_time(Arena *a, Time time)
{
    ValueObject *object = arena_new(a, ValueObject);
    Time *self = arena_new(a, Time);

    *self = time;
    *object = (ValueObject){.type = &time_object_type, .self = self};
    return value_of_object(object);
}

const Time *time_of_value(Value v)
{
    return v.kind == VALUE_OBJECT && v.object->type == &time_object_type ? v.object->self : NULL;
}

bool time_number_text(Arena *a, Value v, Str *out)
{
    switch (value_type_of(v)) {
    case TYPE_DURATION:
        *out = duration_text(a, v.integer);
        return true;
    case TYPE_MONTH:
        *out = month_text(a, v.integer);
        return true;
    case TYPE_WEEKDAY:
        *out = weekday_text(a, v.integer);
        return true;
    default:
        return false;
    }
}
