/*
 * test_number_int.c - integers out of text, as Go's strconv reads them.
 */
#include "base/number.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    int base;
    NumberResult result;
    int64_t want;
} Row;

static Row rows[] = {
    {"decimal", "-42", 10, NUMBER_OK, -42},
    {"a plus", "+42", 10, NUMBER_OK, 42},
    {"hexadecimal by its prefix", "0x1F", 0, NUMBER_OK, 31},
    {"a prefix that the base does not allow", "0x1F", 16, NUMBER_SYNTAX, 0},
    {"octal by a zero", "017", 0, NUMBER_OK, 15},
    {"octal by its prefix", "0o17", 0, NUMBER_OK, 15},
    {"binary", "-0b101", 0, NUMBER_OK, -5},
    {"no octal digit", "08", 0, NUMBER_SYNTAX, 0},
    {"underscores", "1_000", 0, NUMBER_OK, 1000},
    {"underscores in a plain base", "1_000", 10, NUMBER_SYNTAX, 0},
    {"underscores behind a prefix", "0x_1", 0, NUMBER_OK, 1},
    {"an underscore too many", "1__0", 0, NUMBER_SYNTAX, 0},
    {"an underscore at the end", "1_", 0, NUMBER_SYNTAX, 0},
    {"base 36", "zZ", 36, NUMBER_OK, 1295},
    {"the largest", "9223372036854775807", 10, NUMBER_OK, 9223372036854775807},
    {"too large", "9223372036854775808", 10, NUMBER_RANGE, 9223372036854775807},
    {"the smallest", "-9223372036854775808", 10, NUMBER_OK, INT64_MIN},
    {"too small", "-9223372036854775809", 10, NUMBER_RANGE, INT64_MIN},
    {"too large, whatever follows", "99999999999999999999x", 10, NUMBER_RANGE, 9223372036854775807},
    {"nothing", "", 10, NUMBER_SYNTAX, 0},
    {"only a sign", "-", 10, NUMBER_SYNTAX, 0},
    {"only a prefix", "0x", 0, NUMBER_SYNTAX, 0},
    {"space", " 1", 10, NUMBER_SYNTAX, 0},
    {"a point", "1.0", 10, NUMBER_SYNTAX, 0},
};

static void check(void **state)
{
    const Row *row = *state;
    int64_t n = 1;

    assert_int_equal(number_parse_int(str_from(row->text), row->base, &n), row->result);
    assert_int_equal(n, row->want);
}

TEST_ROWS(rows, check)
