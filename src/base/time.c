#include "base/time.h"

#include "base/time_layout.h"
#include "base/zone.h"

#include <string.h>

/*
 * The calendar counts days from March 1 of a year which is a multiple of 400 and lies before
 * every moment that 64 bits of seconds can name, so that nothing is negative, and the leap day
 * is a year's last.
 */
#define FIRST_YEAR UINT64_C(292277022400)
#define DAYS_IN_CENTURIES 146097 /* of four */
#define MARCH_TO_DECEMBER 306    /* days */
#define UNIX_TO_YEAR_1 INT64_C(62135596800)
#define UNIX_TO_FIRST                                                                              \
    ((FIRST_YEAR / 400 * DAYS_IN_CENTURIES + MARCH_TO_DECEMBER) * SECONDS_PER_DAY +                \
     (uint64_t)UNIX_TO_YEAR_1)

#define NANO INT64_C(1000000000)

/* Sums and products that wrap around, as Go's do. */
static int64_t sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t product(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

/* Seconds since year 1: what Go holds, and compares. */
static int64_t since_year_1(Time t)
{
    return sum(t.seconds, UNIX_TO_YEAR_1);
}

bool year_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int64_t month, int64_t year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && year_is_leap(year));
}

int days_before_month(int64_t month)
{
    static const int days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    return days[month - 1];
}

/* T on the clock of its zone, in seconds since the first day. */
static uint64_t local_seconds(Time t)
{
    uint64_t offset = (uint64_t)zone_period(t.zone, t.seconds).offset;

    return (uint64_t)t.seconds + offset + UNIX_TO_FIRST;
}

/* A day of the calendar. */
typedef struct Day {
    int64_t year;
    int month, day, year_day;
} Day;

/* Source: Neri and Schneider, Euclidean affine functions and their application to calendars. */
static Day day_of(uint64_t days)
{
    uint64_t n = 4 * days + 3, century = n / DAYS_IN_CENTURIES;
    uint32_t in_century = (uint32_t)(n % DAYS_IN_CENTURIES) | 3;
    uint32_t year = in_century / 1461, from_march = in_century % 1461 / 4;
    uint32_t m = 5 * from_march + 461;
    bool next_year = from_march >= MARCH_TO_DECEMBER; // January and February
    bool leap = year % 4 == 0 && (year != 0 || century % 4 == 0);
    Day day = {
        .year = (int64_t)(century * 100 - FIRST_YEAR) + year + next_year,
        .month = (int)(m / 153) - (next_year ? 12 : 0),
        .day = 1 + (int)(m % 153 / 5),
        .year_day = 1 + (int)from_march + (next_year ? 59 - 365 : 59 + leap),
    };

    return day;
}

CivilTime time_civil(Time t)
{
    uint64_t seconds = local_seconds(t);
    int64_t of_day = (int64_t)(seconds % SECONDS_PER_DAY);
    Day day = day_of(seconds / SECONDS_PER_DAY);

    return (CivilTime){.year = day.year,
                       .month = day.month,
                       .day = day.day,
                       .hour = of_day / 3600,
                       .minute = of_day / 60 % 60,
                       .second = of_day % 60,
                       .nanosecond = t.nanoseconds};
}

int time_year_day(Time t)
{
    return day_of(local_seconds(t) / SECONDS_PER_DAY).year_day;
}

int time_weekday(Time t)
{
    return (int)((local_seconds(t) / SECONDS_PER_DAY + 3) % 7); // the first day is a Wednesday
}

/* Carry what is too much for *LOW, or too little, over to *HIGH. */
static void carry(int64_t *high, int64_t *low, int64_t base)
{
    if (*low < 0) {
        int64_t n = sum(sum(product(*low, -1), -1) / base, 1);

        *high = sum(*high, product(n, -1));
        *low = sum(*low, product(n, base));
    }
    if (*low >= base) {
        int64_t n = *low / base;

        *high = sum(*high, n);
        *low -= n * base;
    }
}

/* Days from the first one to DAY of MONTH, which is 1 to 12. */
static int64_t days_since_first(int64_t year, int64_t month, int64_t day)
{
    bool next_year = month < 3;
    uint64_t from_march_of = (uint64_t)year - next_year + FIRST_YEAR;
    uint64_t month_days = (uint64_t)(153 * (month + (next_year ? 12 : 0)) - 457) / 5;
    uint64_t days = DAYS_IN_CENTURIES * (from_march_of / 100) / 4 +
                    1461 * (from_march_of % 100) / 4 + month_days;

    return sum((int64_t)days, sum(day, -1));
}

/* The moment that a clock in ZONE shows as SECONDS would show in UTC. */
static int64_t seconds_in_zone(int64_t seconds, const Zone *zone)
{
    ZonePeriod period = zone_period(zone, seconds);
    int64_t utc = sum(seconds, -period.offset);

    if (period.offset == 0)
        return seconds;
    if (utc < period.start || utc >= period.end) // near a change: that was the wrong offset
        return sum(seconds, -zone_period(zone, utc).offset);
    return utc;
}

Time time_of_civil(const CivilTime *civil, const Zone *zone)
{
    CivilTime c = *civil;
    int64_t month = sum(c.month, -1);

    carry(&c.year, &month, 12);
    carry(&c.second, &c.nanosecond, NANO);
    carry(&c.minute, &c.second, 60);
    carry(&c.hour, &c.minute, 60);
    carry(&c.day, &c.hour, 24);

    int64_t seconds = product(days_since_first(c.year, month + 1, c.day), SECONDS_PER_DAY);
    seconds = sum(seconds, c.hour * 3600 + c.minute * 60 + c.second);
    seconds = (int64_t)((uint64_t)seconds - UNIX_TO_FIRST);
    return (Time){.seconds = seconds_in_zone(seconds, zone),
                  .nanoseconds = (int32_t)c.nanosecond,
                  .zone = zone};
}

Time time_zero(void)
{
    return (Time){.seconds = -UNIX_TO_YEAR_1};
}

Time time_in(Time t, const Zone *zone)
{
    return (Time){.seconds = t.seconds, .nanoseconds = t.nanoseconds, .zone = zone};
}

/* T, SECONDS later; not beyond the ends of Go's time. */
static Time add_seconds(Time t, int64_t seconds)
{
    int64_t later;

    if (__builtin_add_overflow(since_year_1(t), seconds, &later))
        later = seconds > 0 ? INT64_MAX : -INT64_MAX;
    t.seconds = sum(later, -UNIX_TO_YEAR_1);
    return t;
}

/* Go keeps what the other clock read only for the years from 1885 to 2157. */
static bool holds_monotonic(Time t)
{
    return since_year_1(t) >= INT64_C(59453308800) &&
           since_year_1(t) - INT64_C(59453308800) < INT64_C(1) << 33;
}

Time time_add(Time t, int64_t nanoseconds)
{
    int64_t seconds = nanoseconds / NANO;

    t.nanoseconds += (int32_t)(nanoseconds % NANO);
    if (t.nanoseconds >= NANO) {
        seconds++;
        t.nanoseconds -= (int32_t)NANO;
    } else if (t.nanoseconds < 0) {
        seconds--;
        t.nanoseconds += (int32_t)NANO;
    }
    t = add_seconds(t, seconds);
    if (t.has_monotonic &&
        (!holds_monotonic(t) || __builtin_add_overflow(t.monotonic, nanoseconds, &t.monotonic)))
        return time_in(t, t.zone);
    return t;
}

int64_t time_sub(Time a, Time b)
{
    __int128 difference = (__int128)since_year_1(a) - since_year_1(b);

    if (a.has_monotonic && b.has_monotonic)
        difference = (__int128)a.monotonic - b.monotonic;
    else
        difference = difference * NANO + a.nanoseconds - b.nanoseconds;
    if (difference > INT64_MAX)
        return INT64_MAX;
    return difference < INT64_MIN ? INT64_MIN : (int64_t)difference;
}

Time time_add_date(Time t, int64_t years, int64_t months, int64_t days)
{
    CivilTime civil = time_civil(t);

    civil.year = sum(civil.year, years);
    civil.month = sum(civil.month, months);
    civil.day = sum(civil.day, days);
    return time_of_civil(&civil, t.zone);
}

/* How far T is behind a multiple of DURATION, which is above 0. */
static int64_t past_multiple(Time t, int64_t duration)
{
    __int128 since = (__int128)since_year_1(t) * NANO + t.nanoseconds, past = since % duration;

    return (int64_t)(past < 0 ? past + duration : past);
}

Time time_truncate(Time t, int64_t duration)
{
    t = time_in(t, t.zone);
    return duration <= 0 ? t : time_add(t, -past_multiple(t, duration));
}

Time time_round(Time t, int64_t duration)
{
    t = time_in(t, t.zone);
    if (duration <= 0)
        return t;

    int64_t past = past_multiple(t, duration);
    bool down = (uint64_t)past * 2 < (uint64_t)duration;
    return time_add(t, down ? -past : duration - past);
}

int time_compare(Time a, Time b)
{
    int64_t left = since_year_1(a), right = since_year_1(b);

    if (a.has_monotonic && b.has_monotonic)
        return (a.monotonic > b.monotonic) - (a.monotonic < b.monotonic);
    if (left == right)
        return (a.nanoseconds > b.nanoseconds) - (a.nanoseconds < b.nanoseconds);
    return left < right ? -1 : 1;
}

bool time_is_zero(Time t)
{
    return since_year_1(t) == 0 && t.nanoseconds == 0;
}
