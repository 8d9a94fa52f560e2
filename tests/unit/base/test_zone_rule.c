/*
 * test_zone_rule.c - the rules at the end of time zone files. Source of what is expected: Go.
 */
#include "base/time_layout.h"
#include "base/zone_rule.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *rule;
    const char *utc;
    const char *abbreviation; /* NULL: RULE is none */
    int64_t offset;
} Row;

static Row rows[] = {
    {"without daylight saving time there is one offset", "CET-1", "2024-07-01 00:00:00", "CET",
     3600},
    {"offsets are what leads to UTC", "EST5", "2024-07-01 00:00:00", "EST", -18000},
    {"offsets may have minutes and seconds", "X+YZ+1:02:03", "2024-01-01 00:00:00", NULL, 0},
    {"minutes and seconds count", "XYZ-1:02:03", "2024-01-01 00:00:00", "XYZ", 3723},
    {"names in brackets may be numbers", "<+0330>-3:30", "2024-01-01 00:00:00", "+0330", 12600},
    {"daylight saving time is an hour more", "AAA0BBB,M3.5.0,M10.5.0", "2024-07-01 00:00:00", "BBB",
     3600},
    {"daylight saving time may say its offset", "IST-1GMT0,M10.5.0,M3.5.0/1", "2024-01-01 00:00:00",
     "GMT", 0},
    {"without days those of America count", "EST5EDT", "2024-03-10 07:00:00", "EDT", -14400},
    {"the hour before the change is standard time", "EST5EDT", "2024-03-10 06:59:59", "EST",
     -18000},
    {"it ends on the clock of daylight saving time", "EST5EDT", "2024-11-03 05:59:59", "EDT",
     -14400},
    {"then it is standard time again", "EST5EDT", "2024-11-03 06:00:00", "EST", -18000},
    {"week 5 is the last one", "CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31 01:00:00", "CEST", 7200},
    {"south of the equator summer is at new year", "AEST-10AEDT,M10.1.0,M4.1.0/3",
     "2024-01-01 00:00:00", "AEDT", 39600},
    {"south of the equator winter is inside", "AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-01 00:00:00",
     "AEST", 36000},
    {"J60 is March 1 in leap years as well", "AAA0BBB,J60/0,J300", "2024-03-01 00:00:00", "BBB",
     3600},
    {"J60 is not February 29", "AAA0BBB,J60/0,J300", "2024-02-29 12:00:00", "AAA", 0},
    {"59 is February 29 in leap years", "AAA0BBB,59/0,300", "2024-02-29 00:00:00", "BBB", 3600},
    {"times may be below 0", "AAA0BBB,J2/-1,J300", "2024-01-01 23:00:00", "BBB", 3600},
    {"times may be days", "AAA0BBB,J1/167,J300", "2024-01-07 22:59:59", "AAA", 0},
    {"a semicolon may begin the days", "AAA0BBB-1;J1/0,J300", "2024-01-02 00:00:00", "BBB", 3600},
    {"a name is no rule", "CET", "2024-01-01 00:00:00", NULL, 0},
    {"a name has three letters", "AB0", "2024-01-01 00:00:00", NULL, 0},
    {"brackets must close", "<+03-3", "2024-01-01 00:00:00", NULL, 0},
    {"an offset is a week at most", "AAA169", "2024-01-01 00:00:00", NULL, 0},
    {"minutes are below 60", "AAA1:60", "2024-01-01 00:00:00", NULL, 0},
    {"both days must be there", "AAA0BBB,J1", "2024-01-01 00:00:00", NULL, 0},
    {"nothing may stand behind", "AAA0BBB,J1,J2x", "2024-01-01 00:00:00", NULL, 0},
    {"months are up to 12", "AAA0BBB,M13.1.0,J2", "2024-01-01 00:00:00", NULL, 0},
    {"weeks are from 1", "AAA0BBB,M1.0.0,J2", "2024-01-01 00:00:00", NULL, 0},
    {"weekdays are up to 6", "AAA0BBB,M1.1.7,J2", "2024-01-01 00:00:00", NULL, 0},
    {"J0 is no day", "AAA0BBB,J0,J2", "2024-01-01 00:00:00", NULL, 0},
    {"366 is no day", "AAA0BBB,366,2", "2024-01-01 00:00:00", NULL, 0},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    ZoneRule rule;
    Time t;

    assert_int_equal(zone_rule_parse(str_from(row->rule), &rule), row->abbreviation != NULL);
    if (!row->abbreviation)
        return;
    assert_success(time_parse(&a, STR("2006-01-02 15:04:05"), str_from(row->utc), NULL, NULL, &t));
    ZonePeriod period = zone_rule_period(&rule, INT64_MIN, t.seconds);
    assert_str(period.name, row->abbreviation);
    assert_int_equal(period.offset, row->offset);
    assert_true(period.start <= t.seconds);
}

TEST_ROWS(rows, check)
