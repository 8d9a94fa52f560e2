#include "base/zone_rule.h"

enum { HOUR = 3600, SECONDS_IN_YEAR = 365 * SECONDS_PER_DAY };

/* A number of LEAST to MOST off the front of *S. */
static bool take_number(Str *s, int least, int most, int *out)
{
    int n = 0;
    size_t len = 0;

    for (; len < s->len && s->ptr[len] >= '0' && s->ptr[len] <= '9'; len++) {
        n = n * 10 + (s->ptr[len] - '0');
        if (n > most)
            return false;
    }
    if (len == 0 || n < least)
        return false;
    *s = str_skip(*s, len);
    *out = n;
    return true;
}

static bool take_char(Str *s, char c)
{
    if (!s->len || s->ptr[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

/* "CET", or "<+03>" for what is not only letters. */
static bool take_name(Str *s, Str *out)
{
    size_t len = 0;

    if (take_char(s, '<')) {
        size_t end = str_find_char(*s, '>');

        if (end == STR_NONE)
            return false;
        *out = str_slice(*s, 0, end);
        *s = str_skip(*s, end + 1);
        return true;
    }
    while (len < s->len && str_find_char(STR("0123456789,-+"), s->ptr[len]) == STR_NONE)
        len++;
    if (len < 3)
        return false;
    *out = str_slice(*s, 0, len);
    *s = str_skip(*s, len);
    return true;
}

/* "-3:30" and the like as seconds; a week at most. */
static bool take_offset(Str *s, int *out)
{
    int parts[3] = {0};
    bool negative = take_char(s, '-');

    if (!negative)
        take_char(s, '+');
    if (!take_number(s, 0, 24 * 7, &parts[0]))
        return false;
    for (int i = 1; i < 3 && take_char(s, ':'); i++)
        if (!take_number(s, 0, 59, &parts[i]))
            return false;
    *out = (negative ? -1 : 1) * (parts[0] * HOUR + parts[1] * 60 + parts[2]);
    return true;
}

/* "M3.5.0/3", "J60" or "59". */
static bool take_day(Str *s, RuleDay *out)
{
    *out = (RuleDay){.time = 2 * HOUR};
    if (take_char(s, 'J')) {
        out->kind = RULE_DAY_JULIAN;
        if (!take_number(s, 1, 365, &out->day))
            return false;
    } else if (take_char(s, 'M')) {
        out->kind = RULE_DAY_OF_MONTH;
        if (!take_number(s, 1, 12, &out->month) || !take_char(s, '.') ||
            !take_number(s, 1, 5, &out->week) || !take_char(s, '.') ||
            !take_number(s, 0, 6, &out->day))
            return false;
    } else {
        out->kind = RULE_DAY_OF_YEAR;
        if (!take_number(s, 0, 365, &out->day))
            return false;
    }
    return !take_char(s, '/') || take_offset(s, &out->time);
}

bool zone_rule_parse(Str text, ZoneRule *out)
{
    Str s = text;

    *out = (ZoneRule){0};
    if (!take_name(&s, &out->standard_name) || !take_offset(&s, &out->standard_offset))
        return false;
    out->standard_offset = -out->standard_offset; // written as what leads to UTC
    if (!s.len || s.ptr[0] == ',')
        return true;

    out->has_summer = true;
    out->summer_offset = out->standard_offset + HOUR;
    if (!take_name(&s, &out->summer_name))
        return false;
    if (s.len && s.ptr[0] != ',') {
        if (!take_offset(&s, &out->summer_offset))
            return false;
        out->summer_offset = -out->summer_offset;
    }
    if (!s.len)
        s = STR(",M3.2.0,M11.1.0");
    return (take_char(&s, ',') || take_char(&s, ';')) && take_day(&s, &out->summer_start) &&
           take_char(&s, ',') && take_day(&s, &out->summer_end) && !s.len;
}

/* The weekday that MONTH of YEAR begins with. Source: Zeller's congruence, as Go has it. */
static int first_weekday(int64_t year, int month)
{
    int64_t m = (month + 9) % 12 + 1, y = month <= 2 ? year - 1 : year;
    int64_t century = y / 100, in_century = y % 100;
    int64_t weekday =
        ((26 * m - 2) / 10 + 1 + in_century + in_century / 4 + century / 4 - 2 * century) % 7;

    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

static int day_in_month(const RuleDay *rule, int64_t year)
{
    int day = (rule->day - first_weekday(year, rule->month) + 7) % 7;

    for (int week = 1; week < rule->week && day + 7 < days_in_month(rule->month, year); week++)
        day += 7;
    return day + days_before_month(rule->month) + (year_is_leap(year) && rule->month > 2);
}

/* Seconds from the start of YEAR in UTC to when RULE applies, at OFFSET until then. */
static int64_t rule_seconds(const RuleDay *rule, int64_t year, int offset)
{
    int day = rule->day;

    if (rule->kind == RULE_DAY_JULIAN)
        day = rule->day - 1 + (year_is_leap(year) && rule->day >= 60);
    else if (rule->kind == RULE_DAY_OF_MONTH)
        day = day_in_month(rule, year);
    return (int64_t)day * SECONDS_PER_DAY + rule->time - offset;
}

static int64_t plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

ZonePeriod zone_rule_period(const ZoneRule *rule, int64_t last, int64_t seconds)
{
    ZonePeriod outer = {rule->standard_name, rule->standard_offset, false, last, INT64_MAX};
    ZonePeriod inner = {rule->summer_name, rule->summer_offset, true, 0, 0};

    if (!rule->has_summer)
        return outer;

    Time utc = {.seconds = seconds};
    int64_t year = time_civil(utc).year;
    int64_t into_year =
        (int64_t)(time_year_day(utc) - 1) * SECONDS_PER_DAY + seconds % SECONDS_PER_DAY;
    int64_t year_start = plus(seconds, -into_year);
    int64_t from = rule_seconds(&rule->summer_start, year, rule->standard_offset);
    int64_t to = rule_seconds(&rule->summer_end, year, rule->summer_offset);

    if (to < from) { // south of the equator: what is inside the year is winter
        ZonePeriod summer = inner;
        int64_t end = from;

        inner = outer;
        outer = summer;
        from = to;
        to = end;
    }
    // A year's start and end are no changes, but the only user asks what is near a change.
    ZonePeriod found = into_year >= from && into_year < to ? inner : outer;
    found.start = plus(year_start, into_year < from ? 0 : into_year < to ? from : to);
    found.end = plus(year_start, into_year < from ? from : into_year < to ? to : SECONDS_IN_YEAR);
    return found;
}
