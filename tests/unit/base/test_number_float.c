/*
 * test_number_float.c - floats out of text, as Go's strconv reads them.
 */
#include "base/number.h"

#include "tests/unit/unit.h"

#include <math.h>

typedef struct Row {
    const char *name;
    const char *text;
    NumberResult result;
    double want;
} Row;

static Row rows[] = {
    {"a number", "1.5", NUMBER_OK, (double)1.5},
    {"an exponent", "-1.5e3", NUMBER_OK, (double)-1500},
    {"no digits before the point", ".5", NUMBER_OK, (double)0.5},
    {"none behind it", "5.", NUMBER_OK, (double)5},
    {"none at all", ".", NUMBER_SYNTAX, (double)0},
    {"no digits in the exponent", "1e", NUMBER_SYNTAX, (double)0},
    {"hexadecimal", "0x1.8p1", NUMBER_OK, (double)3},
    {"hexadecimal needs its exponent", "0x1.8", NUMBER_SYNTAX, (double)0},
    {"underscores", "1_0.2_5", NUMBER_OK, (double)10.25},
    {"an underscore at the point", "1_.5", NUMBER_SYNTAX, (double)0},
    {"infinity", "-Inf", NUMBER_OK, (double)-INFINITY},
    {"infinity in full", "+INFINITY", NUMBER_OK, (double)INFINITY},
    {"part of infinity", "infi", NUMBER_SYNTAX, (double)0},
    {"not a number", "nan", NUMBER_OK, (double)NAN},
    {"a signed one", "-nan", NUMBER_SYNTAX, (double)0},
    {"too large", "1e309", NUMBER_RANGE, (double)INFINITY},
    {"too small is zero", "1e-400", NUMBER_OK, (double)0},
    {"half of the smallest is zero", "2.4703282292062327e-324", NUMBER_OK, (double)0},
    {"just above it is not", "2.4703282292062329e-324", NUMBER_OK, (double)5e-324},
    {"space", " 1", NUMBER_SYNTAX, (double)0},
    {"C's suffix", "1.5f", NUMBER_SYNTAX, (double)0},
    {"an exponent beyond all", "1e99999999999999999999", NUMBER_RANGE, (double)INFINITY},
    {"many digits", "0.1000000000000000055511151231257827021181583404541015625", NUMBER_OK,
     (double)0.1},
};

static void check(void **state)
{
    const Row *row = *state;
    double n = 1;

    assert_int_equal(number_parse_float(str_from(row->text), &n), row->result);
    assert_true(isnan(row->want) ? isnan(n) : n == row->want);
}

TEST_ROWS(rows, check)
