/*
 * test_number_format.c - floats as text, as Go's strconv writes them.
 */
#include "base/number.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    double number;
    char format;
    int precision;
    const char *want;
} Row;

static Row rows[] = {
    {"zero", 0, 'g', -1, "0"},
    {"minus zero", -0.0, 'g', -1, "-0"},
    {"a whole number", 123456, 'g', -1, "123456"},
    {"a large whole number has an exponent", 1e21, 'g', -1, "1e+21"},
    {"a whole number with six zeros too", 1000000, 'g', -1, "1e+06"},
    {"a fraction of few digits", 0.1, 'g', -1, "0.1"},
    {"a small one has an exponent", 0.00001, 'g', -1, "1e-05"},
    {"seventeen digits", 0.30000000000000004, 'g', -1, "0.30000000000000004"},
    {"the smallest number", 5e-324, 'g', -1, "5e-324"},
    {"a denormal number", 1.2e-310, 'g', -1, "1.2e-310"},
    {"the smallest normal number", 2.2250738585072014e-308, 'g', -1, "2.2250738585072014e-308"},
    {"the largest number", 1.7976931348623157e308, 'g', -1, "1.7976931348623157e+308"},
    {"a power of two whose nearest digits are too low", 9.5367431640625e-07, 'e', -1,
     "9.5367431640625e-07"},
    {"two to the -44", 5.684341886080802e-14, 'g', -1, "5.684341886080802e-14"},
    {"two to the 122", 5.316911983139664e+36, 'g', -1, "5.316911983139664e+36"},
    {"all digits behind the point", 1e-10, 'f', -1, "0.0000000001"},
    {"all digits before it", 1e22, 'f', -1, "10000000000000000000000"},
    {"rounding half to even", 0.125, 'f', 2, "0.12"},
    {"rounding what is really below half", 2.675, 'f', 2, "2.67"},
    {"more places than there are digits", 0.1, 'f', 30, "0.100000000000000005551115123126"},
    {"no places", 2.5, 'f', 0, "2"},
    {"a denormal in full", 5e-324, 'f', 20, "0.00000000000000000000"},
    {"an exponent with a precision", 123456, 'e', 2, "1.23e+05"},
    {"a large exponent", 1e100, 'E', 0, "1E+100"},
    {"significant digits", 123456, 'g', 3, "1.23e+05"},
    {"significant digits without zeros", 1.5, 'G', 10, "1.5"},
    {"no significant digits are one", 0.5, 'g', 0, "0.5"},
    {"bits", 1, 'b', -1, "4503599627370496p-52"},
    {"bits of a denormal", 5e-324, 'b', -1, "1p-1074"},
    {"hexadecimal", 1.5, 'x', -1, "0x1.8p+00"},
    {"hexadecimal with a carry", 1.9999, 'x', 0, "0x1p+01"},
    {"hexadecimal half to even", 1.5, 'X', 0, "0X1P+01"},
    {"hexadecimal with places", -0.1, 'x', 5, "-0x1.9999ap-04"},
    {"hexadecimal of zero", 0, 'x', 3, "0x0.000p+00"},
    {"hexadecimal of a denormal", 5e-324, 'x', -1, "0x1p-1074"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};

    assert_str(number_float(&a, row->number, row->format, row->precision), row->want);
}

TEST_ROWS(rows, check)
