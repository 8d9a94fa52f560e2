/*
 * time_layout.h - Go's layouts: how a time is written, by the example of Mon Jan 2 15:04:05
 * MST 2006. Source: Go, time, format.go.
 */
#pragma once

#include "base/time.h"

typedef enum LayoutElement {
    LAYOUT_END, /* no element is left */
    LAYOUT_LONG_MONTH,
    LAYOUT_MONTH,
    LAYOUT_NUMBER_MONTH,
    LAYOUT_ZERO_MONTH,
    LAYOUT_LONG_WEEKDAY,
    LAYOUT_WEEKDAY,
    LAYOUT_DAY,
    LAYOUT_SPACE_DAY,
    LAYOUT_ZERO_DAY,
    LAYOUT_SPACE_YEAR_DAY,
    LAYOUT_ZERO_YEAR_DAY,
    LAYOUT_HOUR,
    LAYOUT_HOUR_12,
    LAYOUT_ZERO_HOUR_12,
    LAYOUT_MINUTE,
    LAYOUT_ZERO_MINUTE,
    LAYOUT_SECOND,
    LAYOUT_ZERO_SECOND,
    LAYOUT_LONG_YEAR,
    LAYOUT_YEAR,
    LAYOUT_PM,
    LAYOUT_SMALL_PM,
    LAYOUT_ZONE_NAME,
    LAYOUT_FRACTION,         /* .000 */
    LAYOUT_FRACTION_TRIMMED, /* .999 */
    LAYOUT_OFFSET,           /* -0700 and its relatives: see LayoutChunk.offset */
} LayoutElement;

/* How an offset from UTC is written. */
typedef struct LayoutOffset {
    bool z;                /* UTC is Z */
    bool minutes, seconds; /* they follow the hours */
    bool colons;
} LayoutOffset;

/* The first element of a layout. */
typedef struct LayoutChunk {
    Str before; /* what stands before it, as it is */
    Str text;   /* itself */
    Str rest;   /* what follows */
    LayoutElement element;
    LayoutOffset offset;
    int digits;     /* of a fraction */
    char separator; /* before it: . or , */
} LayoutChunk;

LayoutChunk layout_next(Str layout);

/* T as LAYOUT writes it. Source: Go, time.Time.Format. */
void time_add_format(Buf *b, Time t, Str layout);
Str time_format(Arena *a, Time t, Str layout);

/*
 * The time that TEXT is, which is written as LAYOUT says. Where it does not say in which zone,
 * it is in ZONE; names and offsets of zones are those of LOCAL, if it has them at that time,
 * and else of a zone made for the occasion. ERROR_INPUT where TEXT does not fit.
 * Source: Go, time.Parse (ZONE is UTC) and time.ParseInLocation (LOCAL is ZONE).
 */
Error *time_parse(Arena *a, Str layout, Str text, const Zone *zone, const Zone *local, Time *out)
    MUST_CHECK;

/* Names of months from January, and of weekdays from Sunday, in full; three letters are short. */
extern const char *const month_names[12];
extern const char *const weekday_names[7];

/* TEXT in double quotes, as the messages of Go's time package have it. */
void time_add_quoted(Buf *b, Str text);
