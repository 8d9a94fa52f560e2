/*
 * time_format.c - the part of time_layout.h that writes times. Source: Go, time, format.go.
 */
#include "base/number.h"
#include "base/time_layout.h"
#include "base/zone.h"

/* What is written, and where to. */
typedef struct Writer {
    Buf *buf;
    Time time;
    CivilTime civil;
    ZonePeriod period;
} Writer;

static void add_padded(Buf *b, int64_t n, size_t width)
{
    number_add_padded(b, n, width, '0');
}

static void add_short(Buf *b, const char *name)
{
    buf_add(b, (Str){name, 3});
}

static void add_date(const Writer *w, LayoutElement element)
{
    const CivilTime *c = &w->civil;

    switch (element) {
    case LAYOUT_LONG_YEAR:
        add_padded(w->buf, c->year, 4);
        break;
    case LAYOUT_YEAR:
        add_padded(w->buf, (c->year < 0 ? -c->year : c->year) % 100, 2);
        break;
    case LAYOUT_LONG_MONTH:
        buf_add_c(w->buf, month_names[c->month - 1]);
        break;
    case LAYOUT_MONTH:
        add_short(w->buf, month_names[c->month - 1]);
        break;
    case LAYOUT_NUMBER_MONTH:
    case LAYOUT_ZERO_MONTH:
        add_padded(w->buf, c->month, element == LAYOUT_ZERO_MONTH ? 2 : 1);
        break;
    case LAYOUT_DAY:
    case LAYOUT_ZERO_DAY:
        add_padded(w->buf, c->day, element == LAYOUT_ZERO_DAY ? 2 : 1);
        break;
    default:
        number_add_padded(w->buf, c->day, 2, ' ');
        break;
    }
}

static void add_day_name_or_number(const Writer *w, LayoutElement element)
{
    switch (element) {
    case LAYOUT_LONG_WEEKDAY:
        buf_add_c(w->buf, weekday_names[time_weekday(w->time)]);
        break;
    case LAYOUT_WEEKDAY:
        add_short(w->buf, weekday_names[time_weekday(w->time)]);
        break;
    case LAYOUT_SPACE_YEAR_DAY:
        number_add_padded(w->buf, time_year_day(w->time), 3, ' ');
        break;
    default:
        add_padded(w->buf, time_year_day(w->time), 3);
        break;
    }
}

static void add_clock(const Writer *w, LayoutElement element)
{
    const CivilTime *c = &w->civil;
    int64_t hour_12 = c->hour % 12 == 0 ? 12 : c->hour % 12;

    switch (element) {
    case LAYOUT_HOUR:
        add_padded(w->buf, c->hour, 2);
        break;
    case LAYOUT_HOUR_12:
    case LAYOUT_ZERO_HOUR_12:
        add_padded(w->buf, hour_12, element == LAYOUT_ZERO_HOUR_12 ? 2 : 1);
        break;
    case LAYOUT_MINUTE:
    case LAYOUT_ZERO_MINUTE:
        add_padded(w->buf, c->minute, element == LAYOUT_ZERO_MINUTE ? 2 : 1);
        break;
    case LAYOUT_SECOND:
    case LAYOUT_ZERO_SECOND:
        add_padded(w->buf, c->second, element == LAYOUT_ZERO_SECOND ? 2 : 1);
        break;
    case LAYOUT_PM:
        buf_add_c(w->buf, c->hour >= 12 ? "PM" : "AM");
        break;
    default:
        buf_add_c(w->buf, c->hour >= 12 ? "pm" : "am");
        break;
    }
}

/* Seconds keep the sign that the minutes lost: Go writes -00:00:30 as +00:00:-30. */
static void add_offset(Buf *b, int64_t offset, LayoutOffset style)
{
    int64_t minutes = offset / 60;
    const char *colon = style.colons ? ":" : "";

    if (offset == 0 && style.z) {
        buf_add_char(b, 'Z');
        return;
    }
    buf_add_char(b, minutes < 0 ? '-' : '+');
    if (minutes < 0) {
        minutes = -minutes;
        offset = -offset;
    }
    add_padded(b, minutes / 60, 2);
    if (style.minutes) {
        buf_add_c(b, colon);
        add_padded(b, minutes % 60, 2);
    }
    if (style.seconds) {
        buf_add_c(b, colon);
        add_padded(b, offset % 60, 2);
    }
}

static void add_fraction(Buf *b, int32_t nanoseconds, const LayoutChunk *chunk)
{
    bool trimmed = chunk->element == LAYOUT_FRACTION_TRIMMED;
    size_t digits = chunk->digits < 9 ? (size_t)chunk->digits : 9;

    if (trimmed && (digits == 0 || nanoseconds == 0))
        return;
    size_t start = b->len;
    buf_add_char(b, chunk->separator);
    add_padded(b, nanoseconds, 9);
    b->len -= 9 - digits;
    while (trimmed && b->len > start + 1 && b->ptr[b->len - 1] == '0')
        b->len--;
    if (trimmed && b->len == start + 1)
        b->len--;
}

static void add_element(const Writer *w, const LayoutChunk *chunk)
{
    switch (chunk->element) {
    case LAYOUT_LONG_WEEKDAY:
    case LAYOUT_WEEKDAY:
    case LAYOUT_SPACE_YEAR_DAY:
    case LAYOUT_ZERO_YEAR_DAY:
        add_day_name_or_number(w, chunk->element);
        break;
    case LAYOUT_HOUR:
    case LAYOUT_HOUR_12:
    case LAYOUT_ZERO_HOUR_12:
    case LAYOUT_MINUTE:
    case LAYOUT_ZERO_MINUTE:
    case LAYOUT_SECOND:
    case LAYOUT_ZERO_SECOND:
    case LAYOUT_PM:
    case LAYOUT_SMALL_PM:
        add_clock(w, chunk->element);
        break;
    case LAYOUT_ZONE_NAME:
        if (w->period.name.len)
            buf_add(w->buf, w->period.name);
        else
            add_offset(w->buf, w->period.offset, (LayoutOffset){.minutes = true});
        break;
    case LAYOUT_FRACTION:
    case LAYOUT_FRACTION_TRIMMED:
        add_fraction(w->buf, w->time.nanoseconds, chunk);
        break;
    case LAYOUT_OFFSET:
        add_offset(w->buf, w->period.offset, chunk->offset);
        break;
    default:
        add_date(w, chunk->element);
        break;
    }
}

void time_add_format(Buf *b, Time t, Str layout)
{
    Writer w = {b, t, time_civil(t), zone_period(t.zone, t.seconds)};

    while (layout.len) {
        LayoutChunk chunk = layout_next(layout);

        buf_add(b, chunk.before);
        if (chunk.element == LAYOUT_END)
            return;
        add_element(&w, &chunk);
        layout = chunk.rest;
    }
}

Str time_format(Arena *a, Time t, Str layout)
{
    Buf b = {.arena = a};

    time_add_format(&b, t, layout);
    return buf_str(&b);
}
