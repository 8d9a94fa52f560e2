/*
 * time.h - Go's time package, as far as templates see it: a moment, and the calendar.
 *
 * Zones are in zone.h, durations in duration.h, layouts in time_layout.h. All arithmetic
 * wraps around or stops at the ends where Go's does, so that no moment is out of range.
 * Source: Go, time.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

typedef struct Zone Zone;

typedef struct Time {
    int64_t seconds;     /* since 1970, UTC */
    int32_t nanoseconds; /* 0 to 999 999 999 */
    const Zone *zone;    /* NULL: UTC */

    /* What `now` reads besides: it shows when such a time is printed, and counts in time_sub. */
    bool has_monotonic;
    int64_t monotonic; /* nanoseconds since some start */
} Time;

enum { SECONDS_PER_DAY = 86400 };

/* Year, month and so on of a moment in its zone; or, all of them any number, a moment to make. */
typedef struct CivilTime {
    int64_t year;
    int64_t month; /* 1 to 12 */
    int64_t day;   /* 1 to 31 */
    int64_t hour, minute, second, nanosecond;
} CivilTime;

/* The start of year 1, UTC: what Go's zero Time is. */
Time time_zero(void);

CivilTime time_civil(Time t);

/* The moment that CIVIL is in ZONE; what is too large carries over: January 32 is February 1. */
Time time_of_civil(const CivilTime *civil, const Zone *zone);

int time_weekday(Time t);  /* 0: Sunday */
int time_year_day(Time t); /* from 1 */

/* T as it shows in ZONE. */
Time time_in(Time t, const Zone *zone);

/* Nanoseconds later, and between. time_sub stops at the largest and smallest int64. */
Time time_add(Time t, int64_t nanoseconds);
int64_t time_sub(Time a, Time b);
Time time_add_date(Time t, int64_t years, int64_t months, int64_t days);

/* To a multiple of DURATION since year 1: T itself if that is not above 0. */
Time time_truncate(Time t, int64_t duration);
Time time_round(Time t, int64_t duration);

/* <0, 0 or >0. */
int time_compare(Time a, Time b);
bool time_is_zero(Time t);

/* The calendar: MONTH is 1 to 12. */
bool year_is_leap(int64_t year);
int days_in_month(int64_t month, int64_t year);
int days_before_month(int64_t month); /* in a year that is no leap year */

/* "March", "Tuesday"; for other numbers what Go's String() gives, "%!Month(13)". */
Str month_text(Arena *a, int64_t month);
Str weekday_text(Arena *a, int64_t weekday);

/* Go's String(): 2006-01-02 15:04:05.999999999 -0700 MST. */
Str time_text(Arena *a, Time t);

/* Go's GoString(): time.Date(2006, time.January, …). */
Str time_literal(Arena *a, Time t);

/*
 * RFC 3339, for JSON without the quotes. ERROR_INPUT where it cannot be: years of more than
 * four digits, zones a day or more from UTC.
 */
Error *time_rfc3339(Arena *a, Time t, Str *out) MUST_CHECK;

/* Go's MarshalBinary. ERROR_INPUT for zones which are too far from UTC. */
Error *time_binary(Arena *a, Time t, Str *out) MUST_CHECK;

extern const ValueObjectType time_object_type; /* time.Time */

Value value_of_time(Arena *a, Time time);

/* The time that V is, or NULL. */
const Time *time_of_value(Value v);

/*
 * What V, a time.Duration, time.Month or time.Weekday, prints as; false where it is none of
 * them.
 */
bool time_number_text(Arena *a, Value v, Str *out);
