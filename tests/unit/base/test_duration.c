/*
 * test_duration.c - durations from text, as text, and rounded. Source of what is expected: Go.
 */
#include "base/duration.h"
#include "tests/unit/unit.h"

#include <inttypes.h>

typedef struct Row {
    const char *name;
    const char *text;
    int64_t duration; /* that TEXT is */
    const char *error;
    const char *shown; /* NULL: TEXT itself */
} Row;

static Row rows[] = {
    {.name = "zero needs no unit", .text = "0", .shown = "0s"},
    {.name = "zero may have a sign", .text = "-0", .shown = "0s"},
    {.name = "nanoseconds stand alone", .text = "1ns", .duration = 1},
    {.name = "u is micro", .text = "1.1us", .duration = 1100, .shown = "1.1\xc2\xb5s"},
    {.name = "the Greek letter is micro",
     .text = "2\xce\xbcs",
     .duration = 2000,
     .shown = "2\xc2\xb5s"},
    {.name = "below a second there are milliseconds", .text = "2.2ms", .duration = 2200000},
    {.name = "seconds have up to nine places", .text = "3.000000003s", .duration = 3000000003},
    {.name = "units add up", .text = "1h15m30.918s", .duration = 4530918000000},
    {.name = "the same unit may come twice",
     .text = "1h1h",
     .duration = 7200000000000,
     .shown = "2h0m0s"},
    {.name = "hours do not become days", .text = "100h0m0s", .duration = 360000000000000},
    {.name = "a sign is for all of it", .text = "-1m30s", .duration = -90000000000},
    {.name = "a plus is no text", .text = "+5s", .duration = 5000000000, .shown = "5s"},
    {.name = "a point needs digits on one side only",
     .text = "5.s.5s",
     .duration = 5500000000,
     .shown = "5.5s"},
    {.name = "what is finer than a nanosecond is cut off", .text = "0.9999999999ns", .shown = "0s"},
    {.name = "thirty digits behind the point do no harm",
     .text = "0.333333333333333333333333333333h",
     .duration = 1200000000000,
     .shown = "20m0s"},
    {.name = "the largest is 2^63 - 1", .text = "2562047h47m16.854775807s", .duration = INT64_MAX},
    {.name = "the smallest is -2^63", .text = "-2562047h47m16.854775808s", .duration = INT64_MIN},
    {.name = "2^63 without a sign is too large",
     .text = "9223372036854775808ns",
     .error = "time: invalid duration \"9223372036854775808ns\""},
    {.name = "a sum can be too large",
     .text = "9223372036854775807ns1ns",
     .error = "invalid duration"},
    {.name = "a number can be too large for its unit",
     .text = "3000000h",
     .error = "invalid duration"},
    {.name = "more digits than 64 bits are too large",
     .text = "99999999999999999999s",
     .error = "invalid duration"},
    {.name = "nothing is no duration", .text = "", .error = "time: invalid duration \"\""},
    {.name = "a sign is no duration", .text = "-", .error = "invalid duration \"-\""},
    {.name = "a number needs a unit", .text = "3", .error = "time: missing unit in duration \"3\""},
    {.name = "a day is no unit",
     .text = "3d",
     .error = "time: unknown unit \"d\" in duration \"3d\""},
    {.name = "units are small letters", .text = "2H", .error = "unknown unit \"H\""},
    {.name = "a unit needs a number", .text = ".s", .error = "invalid duration"},
    {.name = "spaces are no part of it", .text = "1 h", .error = "unknown unit \" h\""},
    {.name = "messages show bytes that are not ASCII",
     .text = "1\xc3\xa9\"",
     .error = "unknown unit \"\\xc3\\xa9\\\"\""},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    int64_t d;
    Error *err = duration_parse(str_from(row->text), &d);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    if (d != row->duration)
        fail_msg("got %" PRId64 ", want %" PRId64, d, row->duration);
    assert_str(duration_text(&a, d), row->shown ? row->shown : row->text);
}

static void round_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(duration_round(15, 10), 20);
    assert_int_equal(duration_round(-15, 10), -20);
    assert_int_equal(duration_round(14, 10), 10);
    assert_int_equal(duration_round(-14, 10), -10);
    assert_int_equal(duration_round(7, 0), 7);
    assert_int_equal(duration_round(7, -3), 7);
    assert_int_equal(duration_round(INT64_MAX, HOUR_NS), INT64_MAX);
    assert_int_equal(duration_round(INT64_MIN, HOUR_NS), INT64_MIN);
    assert_int_equal(duration_round(INT64_MIN, INT64_MAX), -INT64_MAX);
}

static void truncate_toward_zero(void **state)
{
    (void)state;
    assert_int_equal(duration_truncate(19, 10), 10);
    assert_int_equal(duration_truncate(-19, 10), -10);
    assert_int_equal(duration_truncate(19, -10), 19);
    assert_int_equal(duration_truncate(INT64_MIN, 1), INT64_MIN);
}

static void the_smallest_has_no_opposite(void **state)
{
    (void)state;
    assert_int_equal(duration_absolute(INT64_MIN), INT64_MAX);
    assert_int_equal(duration_absolute(-5), 5);
}

static void fractions_are_of_the_unit(void **state)
{
    (void)state;
    assert_true(duration_seconds(1500 * 1000 * 1000) == 1.5);
    assert_true(duration_minutes(90 * SECOND_NS) == 1.5);
    assert_true(duration_hours(-90 * MINUTE_NS) == -1.5);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(round_half_away_from_zero),
    cmocka_unit_test(truncate_toward_zero),
    cmocka_unit_test(the_smallest_has_no_opposite),
    cmocka_unit_test(fractions_are_of_the_unit),
};

TEST_ROWS_AND(rows, check, others)
