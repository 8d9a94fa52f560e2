#include "target/demo/stamp.h"

#include "base/number.h"

/* Days from 1970 to a day of the Gregorian calendar, and back. Source: Hinnant, chrono dates. */
static int64_t days_from_date(int64_t year, int month, int day)
{
    year -= month <= 2;

    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;

    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int64_t shifted = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = years + era * 400 + (*month <= 2);
}

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

/* "2026-01-02T15:04:05" */
static Str seconds_text(Arena *a, int64_t ms)
{
    int64_t seconds = floor_div(ms, 1000), days = floor_div(seconds, 86400), year;
    int of_day = (int)(seconds - days * 86400), month, day;

    date_from_days(days, &year, &month, &day);
    return str_format(a, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month, day,
                      of_day / 3600, of_day / 60 % 60, of_day % 60);
}

Str stamp_text(Arena *a, int64_t ms)
{
    return str_join(a, seconds_text(a, ms), STR("Z"));
}

Value stamp_value(Arena *a, int64_t ms)
{
    return value_string(stamp_text(a, ms));
}

Value stamp_fine(Arena *a, int64_t ms)
{
    Str seconds = seconds_text(a, ms);

    return value_string(
        str_format(a, "%.*s.%03d000Z", STR_ARG(seconds), (int)(ms - floor_div(ms, 1000) * 1000)));
}

/* LEN digits at the start of *TEXT; -1 if there are not as many. */
static int take_digits(Str *text, size_t len)
{
    int n = 0;

    if (text->len < len)
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (text->ptr[i] < '0' || text->ptr[i] > '9')
            return -1;
        n = n * 10 + (text->ptr[i] - '0');
    }
    *text = str_skip(*text, len);
    return n;
}

static bool take_char(Str *text, char c)
{
    if (!text->len || text->ptr[0] != c)
        return false;
    *text = str_skip(*text, 1);
    return true;
}

static int take_fraction(Str *text)
{
    int ms = 0, weight = 100;

    while (text->len && text->ptr[0] >= '0' && text->ptr[0] <= '9') {
        ms += weight * (text->ptr[0] - '0');
        weight /= 10;
        *text = str_skip(*text, 1);
    }
    return ms;
}

/* Minutes east of UTC; false where TEXT is no zone. */
static bool read_offset(Str text, int *minutes)
{
    bool west = text.len && text.ptr[0] == '-';
    int hours;

    *minutes = 0;
    if (str_is(text, "Z") || str_is(text, "z"))
        return true;
    if (!take_char(&text, '+') && !take_char(&text, '-'))
        return false;
    hours = take_digits(&text, 2);
    if (hours < 0 || !take_char(&text, ':'))
        return false;
    *minutes = take_digits(&text, 2);
    if (*minutes < 0 || text.len)
        return false;
    *minutes += hours * 60;
    *minutes = west ? -*minutes : *minutes;
    return true;
}

bool stamp_parse(Str text, int64_t *ms)
{
    int year = take_digits(&text, 4), month, day, hour, minute, second, fraction = 0, offset;

    if (year < 0 || !take_char(&text, '-') || (month = take_digits(&text, 2)) < 1 || month > 12 ||
        !take_char(&text, '-') || (day = take_digits(&text, 2)) < 1 || day > 31)
        return false;
    if (!take_char(&text, 'T') || (hour = take_digits(&text, 2)) < 0 || hour > 23 ||
        !take_char(&text, ':') || (minute = take_digits(&text, 2)) < 0 || minute > 59 ||
        !take_char(&text, ':') || (second = take_digits(&text, 2)) < 0 || second > 60)
        return false;
    if (take_char(&text, '.'))
        fraction = take_fraction(&text);
    if (!read_offset(text, &offset))
        return false;
    *ms =
        (days_from_date(year, month, day) * 86400 + hour * 3600 + (minute - offset) * 60 + second) *
            1000 +
        fraction;
    return true;
}

int64_t stamp_ms(Str text, int64_t fallback)
{
    int64_t ms;

    return stamp_parse(text, &ms) ? ms : fallback;
}
