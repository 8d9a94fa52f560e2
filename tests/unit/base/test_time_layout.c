/*
 * test_time_layout.c - times written and read by layouts. Source of what is expected: Go.
 */
#include "base/time_layout.h"
#include "base/zone.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *layout;
    const char *text;  /* that is read; NULL: 2021-03-04 05:06:07.123456789 +05:30 is written */
    const char *shown; /* what was read, as it prints; or what was written */
    const char *error;
} Row;

static Row rows[] = {
    {"a year has four digits", "2006", NULL, "2021", NULL},
    {"06 is the year of the century", "06", NULL, "21", NULL},
    {"January is the month in full", "January Jan 1 01", NULL, "March Mar 3 03", NULL},
    {"Janet is no month", "Janet", NULL, "Janet", NULL},
    {"Month is no weekday", "Month", NULL, "Month", NULL},
    {"Monday is the day in full", "Monday Mon", NULL, "Thursday Thu", NULL},
    {"_2 is padded with a space", "2 _2 02", NULL, "4  4 04", NULL},
    {"__2 is the day of the year", "__2 002", NULL, " 63 063", NULL},
    {"_2006 is a year behind a line", "_2006", NULL, "_2021", NULL},
    {"15 is the hour of 24", "15 3 03 PM pm", NULL, "05 5 05 AM am", NULL},
    {"zeros are digits of a fraction", ".000 ,000000", NULL, ".123 ,123456", NULL},
    {"nines drop zeros at the end", ".999999999 .99", NULL, ".123456789 .12", NULL},
    {"digits behind zeros make no fraction", ".0001", NULL, ".0003", NULL},
    {"more than nine digits are nine", ".000000000000", NULL, ".123456789", NULL},
    {"4096 digits are none", NULL, NULL, ".", NULL},
    {"offsets come in five forms", "-0700 -07:00 -07 -070000 -07:00:00", NULL,
     "+0530 +05:30 +05 +053000 +05:30:00", NULL},
    {"Z is only for UTC", "Z0700 Z07:00 Z07", NULL, "+0530 +05:30 +05", NULL},
    {"a zone without a name shows its offset", "MST", NULL, "+0530", NULL},
    {"an empty layout writes nothing", "", NULL, "", NULL},

    {"RFC 3339 is read", "2006-01-02T15:04:05Z07:00", "2020-02-29T23:59:58+05:30",
     "2020-02-29 23:59:58 +0530 +0530", NULL},
    {"Z is UTC", "2006-01-02T15:04:05Z07:00", "2020-02-29T23:59:58Z",
     "2020-02-29 23:59:58 +0000 UTC", NULL},
    {"what is not said is the first", "15:04", "12:30", "0000-01-01 12:30:00 +0000 UTC", NULL},
    {"a fraction may follow seconds unasked", "15:04:05", "12:30:01,5",
     "0000-01-01 12:30:01.5 +0000 UTC", NULL},
    {"names are read in any case", "Mon Jan 2 2006", "wED jUL 5 2023",
     "2023-07-05 00:00:00 +0000 UTC", NULL},
    {"a weekday need not be right", "Monday 2006-01-02", "Sunday 2024-01-01",
     "2024-01-01 00:00:00 +0000 UTC", NULL},
    {"spaces stand for spaces", "2006  01", "2024      03", "2024-03-01 00:00:00 +0000 UTC", NULL},
    {"noon is 12PM", "3PM", "12PM", "0000-01-01 12:00:00 +0000 UTC", NULL},
    {"midnight is 12AM", "3PM", "12AM", "0000-01-01 00:00:00 +0000 UTC", NULL},
    {"a year of two digits is from 1969 on", "06", "69", "1969-01-01 00:00:00 +0000 UTC", NULL},
    {"a year of two digits is up to 2068", "06", "68", "2068-01-01 00:00:00 +0000 UTC", NULL},
    {"a sign counts in a year of two digits", "06", "-5", "1995-01-01 00:00:00 +0000 UTC", NULL},
    {"the day of the year tells month and day", "2006 002", "2024 060",
     "2024-02-29 00:00:00 +0000 UTC", NULL},
    {"an unknown abbreviation is UTC by that name", "2006 MST", "2024 XYZ",
     "2024-01-01 00:00:00 +0000 XYZ", NULL},
    {"GMT may have hours, which the clock does not", "2006 MST", "2024 GMT-3",
     "2023-12-31 21:00:00 -0300 GMT-3", NULL},
    {"24 hours from UTC are allowed", "-0700", "+2400", "0000-01-01 00:00:00 +2400 +2400", NULL},

    {"text behind is an error", "2006", "2024x", NULL, "parsing time \"2024x\": extra text: \"x\""},
    {"text that does not fit is an error", "2006-01-02", "2024/01/02", NULL,
     "parsing time \"2024/01/02\" as \"2006-01-02\": cannot parse \"/01/02\" as \"-\""},
    {"too little text is an error", "2006-01-02", "2024", NULL, "cannot parse \"\" as \"-\""},
    {"a month is up to 12", "01", "13", NULL, "parsing time \"13\": month out of range"},
    {"a day must be in its month", "2006-01-02", "2023-02-29", NULL, "day out of range"},
    {"a day 0 is none", "2", "0", NULL, "day out of range"},
    {"an hour is up to 23", "15", "24", NULL, "hour out of range"},
    {"a minute is up to 59", "04", "60", NULL, "minute out of range"},
    {"there are no leap seconds", "05", "60", NULL, "second out of range"},
    {"an offset is up to 24 hours", "-0700", "+2500", NULL, "time zone offset hour out of range"},
    {"a day of the year is up to 365", "2006 002", "2023 366", NULL, "day-of-year out of range"},
    {"month and day of the year must agree", "01 002", "02 001", NULL,
     "day-of-year does not match month"},
    {"a fraction must have its digits", ".000", ".12", NULL, "cannot parse \".12\" as \".000\""},
    {"a fraction is not below 0", ".000", ".-12", NULL, "fractional second out of range"},
    {"an abbreviation has capitals", "MST", "abc", NULL, "cannot parse \"abc\" as \"MST\""},
    {"six capitals are no abbreviation", "MST", "ABCDEF", NULL, "as \"MST\""},
};

static Str layout_of(Arena *a, const Row *row)
{
    Buf b = {.arena = a};

    if (row->layout)
        return str_from(row->layout);
    buf_add_char(&b, '.');
    buf_fill(&b, '0', 4096);
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Time t = {.seconds = 1614814567,
              .nanoseconds = 123456789,
              .zone = zone_fixed(&a, (Str){0}, 5 * 3600 + 1800)};

    if (!row->text) {
        assert_str(time_format(&a, t, layout_of(&a, row)), row->shown);
        return;
    }
    Error *err = time_parse(&a, str_from(row->layout), str_from(row->text), NULL, NULL, &t);
    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(time_text(&a, t), row->shown);
}

TEST_ROWS(rows, check)
