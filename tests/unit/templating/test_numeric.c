/*
 * test_numeric.c - arithmetic with what is and what is no number.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"sums of anything",
     "{{ add 1 \"2\" 3.9 true nil \"x\" (list) }} {{ add }} {{ add1 \"0x10\" }}", "7 0 17", NULL},
    {"texts in any base",
     "{{ int \"010\" }} {{ int \"0o17\" }} {{ int \"0b11\" }} {{ int \"0x1F\" }} {{ int \"1_000\" "
     "}} {{ int \"08\" }} {{ int \"+5\" }}",
     "8 15 3 31 1000 0 5", NULL},
    {"texts with a fraction of zeros",
     "{{ int \"1.0\" }} {{ int \"1.00\" }} {{ int \"1.5\" }} {{ int \"7.0.\" }} {{ int \"0.\" }} "
     "{{ int \".0\" }} {{ int \"1e3\" }}",
     "1 1 0 7 0 0 0", NULL},
    {"floats that are no integers",
     "{{ int 1e19 }} {{ int -1e19 }} {{ int (float64 \"nan\") }} {{ int (float64 \"inf\") }} {{ "
     "int 9.2e18 }}",
     "-9223372036854775808 -9223372036854775808 -9223372036854775808 -9223372036854775808 "
     "9200000000000000000",
     NULL},
    {"integers wrap around",
     "{{ add 9223372036854775807 1 }} {{ mul 9223372036854775807 2 }} {{ sub -9223372036854775808 "
     "1 }} {{ add1 9223372036854775807 }}",
     "-9223372036854775808 -2 9223372036854775807 -9223372036854775808", NULL},
    {"the smallest integer can be divided",
     "{{ div -9223372036854775808 -1 }} {{ mod -9223372036854775808 -1 }}",
     "-9223372036854775808 0", NULL},
    {"division rounds to zero", "{{ div -7 2 }} {{ mod -7 2 }} {{ div 7 -2 }} {{ mod 7 -2 }}",
     "-3 -1 -3 1", NULL},
    {"division by zero", "{{ div 1 0 }}", NULL, "divide by zero"},
    {"no rest of zero", "{{ mod 1 \"x\" }}", NULL, "divide by zero"},
    {"atoi takes the largest there is",
     "{{ atoi \"99999999999999999999\" }} {{ atoi \"-99999999999999999999x\" }} {{ atoi \"12x\" }} "
     "{{ atoi \"010\" }}",
     "9223372036854775807 -9223372036854775808 0 10", NULL},
    {"decimals are exact",
     "{{ addf 0.1 0.2 }} {{ subf 1 0.9 }} {{ mulf 1.1 1.1 }} {{ divf 1 3 }} {{ divf 2 3 }} {{ "
     "add1f 0.1 }}",
     "0.3 0.1 1.21 0.3333333333333333 0.6666666666666667 1.1", NULL},
    {"quotients are rounded away from zero",
     "{{ divf 1 2e16 }} {{ divf -1 2e16 }} {{ divf 1 2.1e16 }} {{ divf 5 3 7 }}",
     "1e-16 -1e-16 0 0.2380952380952381", NULL},
    {"decimals of very different sizes",
     "{{ addf 1e300 1e-300 }} {{ subf 1e300 1e300 1 }} {{ mulf 1e300 1e300 }} {{ mulf 1e-300 "
     "1e-300 }} {{ mulf -1e-300 1e-300 }}",
     "1e+300 -1 +Inf 0 -0", NULL},
    {"decimal division by zero", "{{ divf 1 0 }}", NULL, "division by 0"},
    {"floats of texts",
     "{{ float64 \"1e3\" }} {{ float64 \"0x1p4\" }} {{ float64 \"1_0\" }} {{ float64 \"1e400\" }} "
     "{{ float64 \" 1\" }}",
     "1000 16 10 0 0", NULL},
    {"rounding goes up in magnitude only above zero",
     "{{ round 2.5 0 }} {{ round -2.5 0 }} {{ round -0.5 0 }} {{ round 123.555555 3 }} {{ round "
     "1234.5 -2 }} {{ round 0.3 0 0.3 }}",
     "3 -3 -1 123.556 1200 1", NULL},
    {"rounding to absurd places",
     "{{ round 1.5 400 }} {{ round 1.5 -400 }} {{ round 0 400 }} {{ round 1e300 30 }}",
     "NaN NaN NaN +Inf", NULL},
    {"floor and ceil", "{{ floor -1.5 }} {{ ceil -1.5 }} {{ floor \"2.7\" }} {{ ceil \"x\" }}",
     "-2 -1 2 0", NULL},
    {"largest and smallest",
     "{{ max 1 \"5\" 3.9 }} {{ min 4 nil }} {{ biggest 1 }} {{ maxf 1.5 \"2.5\" }} {{ minf 1.5 "
     "-0.0 0 }}",
     "5 0 1 2.5 -0", NULL},
    {"NaN and infinity",
     "{{ maxf 1 (float64 \"nan\") }} {{ maxf (float64 \"nan\") (float64 \"inf\") }} {{ minf "
     "(float64 \"nan\") (float64 \"-inf\") }}",
     "NaN +Inf -Inf", NULL},
    {"octal numbers",
     "{{ toDecimal \"777\" }} {{ toDecimal 10 }} {{ toDecimal \"8\" }} {{ toDecimal 1.0 }}",
     "511 8 0 1", NULL},
    {"sequences",
     "{{ until 3 }} {{ until -3 }} {{ untilStep 3 9 3 }} {{ untilStep 5 1 -2 }} {{ untilStep 1 5 "
     "-1 }} {{ untilStep 1 5 0 }}",
     "[0 1 2] [0 -1 -2] [3 6] [5 3] [] []", NULL},
    {"sequences as text",
     "{{ seq 3 }}|{{ seq -2 }}|{{ seq 2 4 }}|{{ seq 0 5 12 }}|{{ seq 5 -2 0 }}|{{ seq 5 1 0 }}|{{ "
     "seq }}|{{ seq 1 2 3 4 }}",
     "1 2 3|1 0 -1 -2|2 3 4|0 5 10|5 3 1|||", NULL},
    {"an end that is the largest integer", "{{ seq 9223372036854775806 9223372036854775807 }}|",
     "|", NULL},
    {"types of the results",
     "{{ printf \"%T %T %T %T %T %T\" (add 1 1) (int 1) (floor 1) (until 1) (atoi \"1\") (round 1 "
     "0) }}",
     "int64 int float64 []int int float64", NULL},
    {"a random number",
     "{{ range until 50 }}{{ $n := randInt 3 5 }}{{ if or (lt $n 3) (ge $n 5) }}x{{ end }}{{ end "
     "}}",
     "", NULL},
    {"no random number", "{{ randInt 5 5 }}", NULL, "no number"},
    {"a sequence without end", "{{ untilStep 0 9223372036854775807 9223372036854775806 }}", NULL,
     "more than"},
    {"a sequence that is too long", "{{ until 1000000000000 }}", NULL, "more than 4194304 items"},
    {"a text that is too long", "{{ seq 1 9223372036854775806 }}", NULL, "more than"},
    {"no decimal of infinity", "{{ addf 1 \"inf\" }}", NULL, "cannot create a decimal from +Inf"},
};

TEST_ROWS(rows, check_function)
