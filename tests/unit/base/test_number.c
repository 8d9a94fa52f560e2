/*
 * test_number.c - numbers from text and back. Source of what is expected: Go, strconv.
 */
#include "base/number.h"
#include "tests/unit/unit.h"

#include <inttypes.h>
#include <math.h>

typedef struct Row {
    const char *name;
    const char *text;
    NumberResult result;
    double number;
    char format; /* that NUMBER is then written in; 'g' if it is not said */
    int precision;
    const char *shown; /* NULL: it is not written */
} Row;

static Row rows[] = {
    {"an integer is a float", "42", NUMBER_OK, 42, 'g', -1, "42"},
    {"there may be a point only", "1.", NUMBER_OK, 1, 'f', 2, "1.00"},
    {"there may be no digit before it", ".5", NUMBER_OK, .5, 'g', -1, "0.5"},
    {"a point alone is none", ".", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"an exponent needs digits", "1e", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"nothing is none", "", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"a space is no part of one", " 1", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"an f is no part of one", "1f", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"a minus counts for zero", "-0", NUMBER_OK, -0.0, 'g', -1, "-0"},
    {"infinity has two names", "-Infinity", NUMBER_OK, -HUGE_VAL, 'g', -1, "-Inf"},
    {"infinity has a plus", "inf", NUMBER_OK, HUGE_VAL, 'f', 3, "+Inf"},
    {"half of its name is none", "infin", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"NaN has no sign", "-nan", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"what is too large is infinite", "-1e309", NUMBER_RANGE, -HUGE_VAL, 0, 0, NULL},
    {"what is too small is zero", "1e-400", NUMBER_OK, 0, 'g', -1, "0"},
    {"an exponent may be too large for an int", "1e99999999999999999999", NUMBER_RANGE, HUGE_VAL, 0,
     0, NULL},
    {"zero may have any exponent", "0e99999999999999999999", NUMBER_OK, 0, 'g', -1, "0"},
    {"the smallest is denormal", "4.9406564584124654e-324", NUMBER_OK, 4.9406564584124654e-324, 'g',
     -1, "5e-324"},
    {"halves go to the even one", "9007199254740993", NUMBER_OK, 9007199254740992, 'f', -1,
     "9007199254740992"},
    {"more than a half goes up", "9007199254740993.00000000000000000000000000000000000000000000001",
     NUMBER_OK, 9007199254740994, 'f', 0, "9007199254740994"},
    {"hexadecimal ones have an exponent of two", "0x1.8p1", NUMBER_OK, 3, 'x', -1, "0x1.8p+01"},
    {"hexadecimal ones must have one", "0x1.8", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"underscores may stand between digits", "1_000.5", NUMBER_OK, 1000.5, 'g', -1, "1000.5"},
    {"and behind a base", "0x_1_0p0", NUMBER_OK, 16, 'g', -1, "16"},
    {"underscores do not stand at the end", "0x10_p0", NUMBER_SYNTAX, 0, 0, 0, NULL},
    {"exponents begin at 21 digits for %v, but at 7 here", "1000000", NUMBER_OK, 1e6, 'g', -1,
     "1e+06"},
    {"six digits have none", "999999", NUMBER_OK, 999999, 'g', -1, "999999"},
    {"four zeros behind the point have none", "0.0001", NUMBER_OK, 1e-4, 'g', -1, "0.0001"},
    {"five have one", "0.00001", NUMBER_OK, 1e-5, 'g', -1, "1e-05"},
    {"the fewest digits that read back are written", "0.1", NUMBER_OK, .1, 'e', -1, "1e-01"},
    {"all digits can be had", "0.1", NUMBER_OK, .1, 'f', 55,
     "0.1000000000000000055511151231257827021181583404541015625"},
    {"and zeros behind them", "0.5", NUMBER_OK, .5, 'f', 5, "0.50000"},
    {"rounding is exact", "2.675", NUMBER_OK, 2.675, 'f', 2, "2.67"},
    {"halves go to the even digit", "0.125", NUMBER_OK, .125, 'f', 2, "0.12"},
    {"rounding can carry", "9.99", NUMBER_OK, 9.99, 'f', 1, "10.0"},
    {"rounding can carry into the exponent", "9.99", NUMBER_OK, 9.99, 'e', 1, "1.0e+01"},
    {"%g drops zeros", "100", NUMBER_OK, 100, 'g', 6, "100"},
    {"%g of precision 0 is of 1", "123", NUMBER_OK, 123, 'g', 0, "1e+02"},
    {"capitals are for exponents too", "1e100", NUMBER_OK, 1e100, 'G', -1, "1E+100"},
    {"%b has the mantissa", "1", NUMBER_OK, 1, 'b', -1, "4503599627370496p-52"},
    {"%x rounds", "1.999999999", NUMBER_OK, 1.999999999, 'x', 2, "0x1.00p+01"},
    {"%X has capitals", "0x1.abp-1000", NUMBER_OK, 0x1.abp-1000, 'X', -1, "0X1.ABP-1000"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    double n = 7;

    assert_int_equal(number_parse_float(str_from(row->text), &n), row->result);
    if (n != row->number || !signbit(n) != !signbit(row->number))
        fail_msg("got %.17g, want %.17g", n, row->number);
    if (row->shown)
        assert_str(number_float(&a, n, row->format, row->precision), row->shown);
}

typedef struct IntRow {
    const char *text;
    int base;
    NumberResult result;
    int64_t number;
} IntRow;

static void integers_may_have_any_base(void **state)
{
    static const IntRow ints[] = {
        {"0", 10, NUMBER_OK, 0},
        {"-0", 10, NUMBER_OK, 0},
        {"+5", 10, NUMBER_OK, 5},
        {"010", 10, NUMBER_OK, 10},
        {"010", 0, NUMBER_OK, 8},
        {"08", 0, NUMBER_SYNTAX, 0},
        {"0b101", 0, NUMBER_OK, 5},
        {"0O17", 0, NUMBER_OK, 15},
        {"-0xfF", 0, NUMBER_OK, -255},
        {"0xff", 16, NUMBER_SYNTAX, 0},
        {"zz", 36, NUMBER_OK, 1295},
        {"1_000", 0, NUMBER_OK, 1000},
        {"1_000", 10, NUMBER_SYNTAX, 0},
        {"_1", 0, NUMBER_SYNTAX, 0},
        {"1__0", 0, NUMBER_SYNTAX, 0},
        {"0_1", 0, NUMBER_OK, 1},
        {"", 10, NUMBER_SYNTAX, 0},
        {"-", 10, NUMBER_SYNTAX, 0},
        {"--1", 10, NUMBER_SYNTAX, 0},
        {"1.0", 10, NUMBER_SYNTAX, 0},
        {"9223372036854775807", 10, NUMBER_OK, INT64_MAX},
        {"9223372036854775808", 10, NUMBER_RANGE, INT64_MAX},
        {"-9223372036854775808", 10, NUMBER_OK, INT64_MIN},
        {"-9223372036854775809", 10, NUMBER_RANGE, INT64_MIN},
        {"99999999999999999999999", 10, NUMBER_RANGE, INT64_MAX},
        {"99999999999999999999999x", 10, NUMBER_RANGE, INT64_MAX}, // Go reads no further
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ints); i++) {
        int64_t n = 7;
        NumberResult result = number_parse_int(str_from(ints[i].text), ints[i].base, &n);

        if (result != ints[i].result || n != ints[i].number)
            fail_msg("\"%s\" in base %d: %d, %" PRId64, ints[i].text, ints[i].base, (int)result, n);
    }
}

static void natural_numbers_have_no_sign(void **state)
{
    uint64_t n = 7;

    (void)state;
    assert_int_equal(number_parse_uint(STR("-1"), 10, &n), NUMBER_SYNTAX);
    assert_int_equal(number_parse_uint(STR("+1"), 10, &n), NUMBER_SYNTAX);
    assert_int_equal(number_parse_uint(STR("18446744073709551615"), 10, &n), NUMBER_OK);
    assert_true(n == UINT64_MAX);
    assert_int_equal(number_parse_uint(STR("18446744073709551616"), 10, &n), NUMBER_RANGE);
    assert_true(n == UINT64_MAX);
}

static void integers_are_written_in_full(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    number_add_int(&b, INT64_MIN);
    number_add_int(&b, 0);
    number_add_int(&b, INT64_MAX);
    assert_str(buf_str(&b), "-922337203685477580809223372036854775807");
}

/* Whatever precision is asked for, there is an end to what is written. */
static void no_precision_is_too_large(void **state)
{
    static const double numbers[] = {1e308, 5e-324, .1, 0};
    DEFER(arena_free) Arena a = {0};

    (void)state;
    for (const char *format = "eEfgGbxX"; *format; format++)
        for (size_t i = 0; i < COUNT(numbers); i++)
            for (int precision = 0; precision < 3000; precision += 97)
                assert_true(number_float(&a, numbers[i], *format, precision).len <
                            (size_t)precision + 400);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(integers_may_have_any_base),
    cmocka_unit_test(natural_numbers_have_no_sign),
    cmocka_unit_test(integers_are_written_in_full),
    cmocka_unit_test(no_precision_is_too_large),
};

TEST_ROWS_AND(rows, check, others)
