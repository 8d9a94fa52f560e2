/*
 * test_time.c - the calendar, its ends, and arithmetic with times. Source of what is expected: Go.
 */
#include "base/duration.h"
#include "base/time.h"
#include "base/zone.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    int64_t seconds;
    int32_t nanoseconds;
    const char *text;
    const char *json; /* NULL: there is none */
} Row;

static Row rows[] = {
    {"1970 is the start", 0, 0, "1970-01-01 00:00:00 +0000 UTC", "\"1970-01-01T00:00:00Z\""},
    {"a fraction loses its zeros", 0, 500000000, "1970-01-01 00:00:00.5 +0000 UTC",
     "\"1970-01-01T00:00:00.5Z\""},
    {"the second before 1970 is in 1969", -1, 0, "1969-12-31 23:59:59 +0000 UTC",
     "\"1969-12-31T23:59:59Z\""},
    {"2000 was a leap year", 951782400, 0, "2000-02-29 00:00:00 +0000 UTC",
     "\"2000-02-29T00:00:00Z\""},
    {"1900 was none", -2203891200, 0, "1900-03-01 00:00:00 +0000 UTC", "\"1900-03-01T00:00:00Z\""},
    {"year 0 is before year 1", -62135596801, 0, "0000-12-31 23:59:59 +0000 UTC",
     "\"0000-12-31T23:59:59Z\""},
    {"a year below 0 is not in JSON", -62198755200, 0, "-0001-01-01 00:00:00 +0000 UTC", NULL},
    {"year 9999 is the last in JSON", 253402300799, 0, "9999-12-31 23:59:59 +0000 UTC",
     "\"9999-12-31T23:59:59Z\""},
    {"year 10000 is not", 253402300800, 0, "10000-01-01 00:00:00 +0000 UTC", NULL},
    {"the last moment prints", INT64_MAX, 999999999,
     "292277026596-12-04 15:30:07.999999999 +0000 UTC", NULL},
    {"the first moment is one after the last", INT64_MIN, 0,
     "292277026596-12-04 15:30:08 +0000 UTC", NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Time t = {.seconds = row->seconds, .nanoseconds = row->nanoseconds};
    Str json = time_object_type.json(&a, value_of_time(&a, t).object);

    assert_str(time_text(&a, t), row->text);
    if (row->json)
        assert_str(json, row->json);
    else
        assert_null(json.ptr);
}

/* Every day from 1600 to 2400, by counting. */
static void the_calendar_counts_days(void **state)
{
    int64_t seconds = -11676096000; // 1600-01-01, a Saturday
    int weekday = 6;

    (void)state;
    for (int year = 1600; year < 2400; year++)
        for (int month = 1, of_year = 1; month <= 12; month++)
            for (int day = 1; day <= days_in_month(month, year); day++, of_year++) {
                Time t = {.seconds = seconds + 86399};
                CivilTime civil = time_civil(t);

                if (civil.year != year || civil.month != month || civil.day != day ||
                    time_weekday(t) != weekday || time_year_day(t) != of_year)
                    fail_msg("wrong day for %d-%d-%d", year, month, day);
                assert_int_equal(time_of_civil(&civil, NULL).seconds, t.seconds);
                seconds += SECONDS_PER_DAY;
                weekday = (weekday + 1) % 7;
            }
}

static void assert_civil(CivilTime civil, const char *want)
{
    DEFER(arena_free) Arena a = {0};

    assert_str(time_text(&a, time_of_civil(&civil, NULL)), want);
}

static void what_is_too_large_carries_over(void **state)
{
    (void)state;
    assert_civil((CivilTime){.year = 2023, .month = 1, .day = 32}, "2023-02-01 00:00:00 +0000 UTC");
    assert_civil((CivilTime){.year = 2023, .month = 14, .day = 0}, "2024-01-31 00:00:00 +0000 UTC");
    assert_civil((CivilTime){.year = 2023, .month = -10, .day = 1, .hour = 25, .minute = -1},
                 "2022-02-02 00:59:00 +0000 UTC");
    assert_civil((CivilTime){.year = 2023, .month = 1, .day = 1, .nanosecond = -1},
                 "2022-12-31 23:59:59.999999999 +0000 UTC");
}

static void extremes_wrap_around_as_in_go(void **state)
{
    CivilTime civil = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX};
    DEFER(arena_free) Arena a = {0};
    Time t = time_of_civil(&civil, NULL), last = {.seconds = INT64_MAX};

    (void)state;
    assert_true(t.nanoseconds >= 0 && t.nanoseconds < SECOND_NS);
    assert_true(time_text(&a, time_add_date(last, INT64_MAX, INT64_MIN, INT64_MAX)).len > 0);
    assert_int_equal(time_sub((Time){.seconds = 1LL << 40}, (Time){.seconds = -(1LL << 40)}),
                     INT64_MAX);
    assert_int_equal(time_sub((Time){.seconds = -(1LL << 40)}, (Time){.seconds = 1LL << 40}),
                     INT64_MIN);
}

static void rounding_counts_from_year_1(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Time t = {.seconds = 1614814567, .nanoseconds = 500000000};

    (void)state;
    assert_str(time_text(&a, time_round(t, SECOND_NS)), "2021-03-03 23:36:08 +0000 UTC");
    assert_str(time_text(&a, time_truncate(t, SECOND_NS)), "2021-03-03 23:36:07 +0000 UTC");
    assert_str(time_text(&a, time_truncate(t, 24 * HOUR_NS)), "2021-03-03 00:00:00 +0000 UTC");
    assert_str(time_text(&a, time_truncate(t, 7 * 24 * HOUR_NS)), "2021-03-01 00:00:00 +0000 UTC");
    assert_str(time_text(&a, time_round(t, 0)), "2021-03-03 23:36:07.5 +0000 UTC");
}

static void the_monotonic_reading_shows_and_counts(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Time t = {.seconds = 1700000000, .has_monotonic = true, .monotonic = 1500000001};
    Time u = t;

    (void)state;
    u.monotonic += 7;
    assert_str(time_text(&a, t), "2023-11-14 22:13:20 +0000 UTC m=+1.500000001");
    assert_int_equal(time_sub(u, t), 7);
    assert_int_equal(time_compare(t, u), -1);
    assert_str(time_text(&a, time_add(t, -2 * SECOND_NS)),
               "2023-11-14 22:13:18 +0000 UTC m=-0.499999999");
    assert_false(time_in(t, NULL).has_monotonic);
    assert_false(time_add(t, INT64_MAX).has_monotonic); // it is out of its range
}

static void times_copy_and_compare_with_their_zones(void **state)
{
    DEFER(arena_free) Arena a = {0}, b = {0};
    Time t = {.seconds = 5, .zone = zone_fixed(&a, STR("XYZ"), 3600)};
    Value v = value_of_time(&a, t), w = value_of_time(&a, t), copy = value_copy(&b, v);

    (void)state;
    assert_true(value_equal(v, w));
    t.nanoseconds = 1;
    assert_false(value_equal(v, value_of_time(&a, t)));
    arena_free(&a);
    assert_str(time_text(&b, *time_of_value(copy)), "1970-01-01 01:00:05 +0100 XYZ");
    assert_null(time_of_value(value_int(5)));
}

static void literals_are_go_code(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Time t = {.seconds = 1614814567};

    (void)state;
    assert_str(time_literal(&a, t), "time.Date(2021, time.March, 3, 23, 36, 7, 0, time.UTC)");
    t.zone = zone_fixed(&a, STR("a\"b"), 60);
    assert_str(time_literal(&a, t),
               "time.Date(2021, time.March, 3, 23, 37, 7, 0, time.Location(\"a\\\"b\"))");
}

static void months_and_weekdays_have_names(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str text;

    (void)state;
    assert_str(month_text(&a, 12), "December");
    assert_str(month_text(&a, 0), "%!Month(0)");
    assert_str(weekday_text(&a, 0), "Sunday");
    assert_str(weekday_text(&a, -1), "%!Weekday(18446744073709551615)");
    assert_true(time_number_text(&a, value_typed(value_int(90 * SECOND_NS), TYPE_DURATION), &text));
    assert_str(text, "1m30s");
    assert_false(time_number_text(&a, value_int(3), &text));
}

static void binary_forms_have_no_strange_zones(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str bytes;

    (void)state;
    assert_success(time_binary(&a, time_zero(), &bytes));
    assert_int_equal(bytes.len, 15);
    assert_success(time_binary(&a, (Time){.zone = zone_fixed(&a, STR("X"), 30)}, &bytes));
    assert_int_equal(bytes.len, 16);
    assert_failure(time_binary(&a, (Time){.zone = zone_fixed(&a, STR("X"), -60)}, &bytes),
                   ERROR_INPUT, "unexpected zone offset");
    assert_failure(time_rfc3339(&a, (Time){.zone = zone_fixed(&a, STR("X"), 86400)}, &bytes),
                   ERROR_INPUT, "timezone hour outside of range [0,23]");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(the_calendar_counts_days),
    cmocka_unit_test(what_is_too_large_carries_over),
    cmocka_unit_test(extremes_wrap_around_as_in_go),
    cmocka_unit_test(rounding_counts_from_year_1),
    cmocka_unit_test(the_monotonic_reading_shows_and_counts),
    cmocka_unit_test(times_copy_and_compare_with_their_zones),
    cmocka_unit_test(literals_are_go_code),
    cmocka_unit_test(months_and_weekdays_have_names),
    cmocka_unit_test(binary_forms_have_no_strange_zones),
};

TEST_ROWS_AND(rows, check, others)
