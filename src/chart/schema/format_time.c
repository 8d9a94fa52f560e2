/*
 * format_time.c - formats of times and of how long something takes.
 * Source: santhosh-tekuri/jsonschema v6, format.go.
 */
#include "chart/schema/format.h"

#include "base/time_layout.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *format_date(Arena *a, Str text)
{
    Time time;

    return format_problem_of(a, time_parse(a, STR("2006-01-02"), text, NULL, NULL, &time));
}

/* The two digits at the start of TEXT, or a sign and one, as Go's Atoi takes them; -1: none. */
static int pair_of(Str text)
{
    char first = text.ptr[0], second = text.ptr[1];

    if (!is_digit(second) || !(is_digit(first) || first == '+' || (first == '-' && second == '0')))
        return -1;
    return (is_digit(first) ? (first - '0') * 10 : 0) + second - '0';
}

/* What is behind the seconds: "+01:30", and in *MINUTES what that takes away from the time. */
static const char *check_offset(Str text, int *minutes)
{
    int hour, minute;

    if (str_is(text, "z") || str_is(text, "Z"))
        return NULL;
    if (text.len != 6)
        return "offset must be 6 characters long";
    if (text.ptr[0] != '+' && text.ptr[0] != '-')
        return "offset must begin with plus/minus";
    if (text.ptr[3] != ':')
        return "missing colon in offset in correct place";
    hour = pair_of(str_skip(text, 1));
    minute = pair_of(str_skip(text, 4));
    if (hour < 0 || minute < 0)
        return "invalid hour/min in offset";
    if (hour > 23 || minute > 59)
        return "hour/min in offset out of range";
    *minutes = (hour * 60 + minute) * (text.ptr[0] == '+' ? -1 : 1);
    return NULL;
}

const char *format_time(Arena *a, Str text)
{
    int hour, minute, second, offset = 0;
    const char *problem;
    Str rest;

    (void)a;
    if (text.len < 9)
        return "less than 9 characters long";
    if (text.ptr[2] != ':' || text.ptr[5] != ':')
        return "missing colon in correct place";
    hour = pair_of(text);
    minute = pair_of(str_skip(text, 3));
    second = pair_of(str_skip(text, 6));
    if (hour < 0 || minute < 0 || second < 0)
        return "invalid hour/min/sec";
    if (hour > 23 || minute > 59 || second > 60)
        return "hour/min/sec out of range";
    rest = str_skip(text, 8);
    if (str_starts(rest, STR("."))) {
        rest = str_skip(rest, 1);
        if (!str_take_while(&rest, is_digit).len)
            return "no digits in second fraction";
    }
    problem = check_offset(rest, &offset);
    if (problem)
        return problem;
    offset += hour * 60 + minute;
    offset += offset < 0 ? 24 * 60 : 0;
    return second == 60 && offset != 23 * 60 + 59 ? "invalid leap second" : NULL;
}

const char *format_date_time(Arena *a, Str text)
{
    const char *problem;

    if (text.len < 20)
        return "less than 20 characters long";
    if (text.ptr[10] != 't' && text.ptr[10] != 'T')
        return "11th character must be t or T";
    problem = format_within(a, "invalid date element", format_date(a, str_slice(text, 0, 10)));
    if (problem)
        return problem;
    return format_within(a, "invalid time element", format_time(a, str_skip(text, 11)));
}

/* Numbers, each with one of UNITS, which come in this order. */
static const char *check_units(Arena *a, Str text, Str units)
{
    Str left = units;

    while (text.len) {
        if (!str_take_while(&text, is_digit).len)
            return "missing number";
        if (!text.len)
            return "missing unit";
        size_t at = str_find_char(left, text.ptr[0]);
        if (at == STR_NONE)
            return str_format(a,
                              str_find_char(units, text.ptr[0]) != STR_NONE
                                  ? "unit '%c' out of order"
                                  : "invalid unit '%c'",
                              text.ptr[0])
                .ptr;
        left = str_skip(left, at + 1);
        text = str_skip(text, 1);
    }
    return NULL;
}

const char *format_duration(Arena *a, Str text)
{
    const char *problem;
    Str days;

    if (!str_starts(text, STR("P")))
        return "must start with P";
    text = str_skip(text, 1);
    if (!text.len)
        return "nothing after P";
    if (str_ends(text, STR("W"))) {
        Str digits = str_take_while(&text, is_digit);

        return !digits.len && text.len == 1 ? "no number in week"
               : text.len > 1               ? "invalid week"
                                            : NULL;
    }
    if (!str_cut(&text, 'T', &days))
        return check_units(a, days, STR("YMD"));
    problem = check_units(a, days, STR("YMD"));
    if (problem)
        return problem;
    if (!text.len)
        return "no time elements";
    return str_find_char(text, 'T') != STR_NONE ? "more than one T"
                                                : check_units(a, text, STR("HMS"));
}

const char *format_period(Arena *a, Str text)
{
    size_t slash = str_find_char(text, '/');
    const char *problem;

    if (slash == STR_NONE)
        return "missing slash";
    Str start = str_slice(text, 0, slash), end = str_skip(text, slash + 1);
    if (str_starts(start, STR("P"))) {
        problem = format_within(a, "invalid start duration", format_duration(a, start));
    } else {
        problem = format_within(a, "invalid start date-time", format_date_time(a, start));
        if (!problem && str_starts(end, STR("P")))
            return format_within(a, "invalid end duration", format_duration(a, end));
    }
    return problem ? problem : format_within(a, "invalid end date-time", format_date_time(a, end));
}
