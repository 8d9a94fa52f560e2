/*
 * test_json.c - JSON as Go's encoding/json reads and writes it.
 */
#include "base/json.h"
#include "tests/unit/unit.h"

#define REPLACED "\xef\xbf\xbd"

typedef struct Row {
    const char *name;
    const char *text;
    const char *want; /* written again on one line; NULL: it fails with PROBLEM */
    const char *problem;
} Row;

static Row rows[] = {
    {"spaces around it", " \t\r\n1 \n", "1", NULL},
    {"other spaces", "\v1", NULL, "invalid character '\\v' looking for beginning of value"},
    {"nothing", "", NULL, "unexpected end of JSON input"},
    {"two values", "1 2", NULL, "invalid character '2' after top-level value"},
    {"a comma at the end", "[1,]", NULL, "invalid character ']' looking for beginning of value"},
    {"no comma", "[1 2]", NULL, "invalid character '2' after array element"},
    {"a key without quotes", "{a:1}", NULL,
     "invalid character 'a' looking for beginning of object key string"},
    {"no colon", "{\"a\" 1}", NULL, "invalid character '1' after object key"},
    {"comments", "/**/1", NULL, "invalid character '/' looking for beginning of value"},
    {"keys in their order, the last of each", "{\"b\":1,\"a\":2,\"b\":3}", "{\"a\":2,\"b\":3}",
     NULL},
    {"a key with its NUL", "{\"a\\u0000b\":1}", "{\"a\\u0000b\":1}", NULL},
    {"a zero in front", "01", NULL, "invalid character '1' after top-level value"},
    {"a plus", "+1", NULL, "invalid character '+' looking for beginning of value"},
    {"no digit behind the point", "1.", NULL,
     "invalid character ' ' after decimal point in numeric literal"},
    {"minus zero", "-0", "-0", NULL},
    {"2^63", "9223372036854775808", "9223372036854776000", NULL},
    {"2^53 + 1, which no float is", "9007199254740993", "9007199254740992", NULL},
    {"the smallest float", "4.9e-324", "5e-324", NULL},
    {"below it", "1e-400", "0", NULL},
    {"the largest float", "1.7976931348623157e308", "1.7976931348623157e+308", NULL},
    {"above it", "1e309", NULL, "cannot unmarshal number 1e309 into Go value of type float64"},
    {"when exponents are written", "[1e20,1e21,1e-6,1e-7]",
     "[100000000000000000000,1e+21,0.000001,1e-7]", NULL},
    {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\xc3\xa9\"",
     NULL},
    {"other escapes", "\"\\a\"", NULL, "invalid character 'a' in string escape code"},
    {"short ones", "\"\\u12\"", NULL, "invalid character '\"' in \\u hexadecimal character escape"},
    {"surrogates", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", NULL},
    {"half of them", "\"\\ud83dx\\ude00\"", "\"" REPLACED "x" REPLACED "\"", NULL},
    {"two first halves", "\"\\ud83d\\ud83d\\ude00\"", "\"" REPLACED "\xf0\x9f\x98\x80\"", NULL},
    {"malformed UTF-8", "\"\xff\xe4\xb8\"", "\"" REPLACED REPLACED REPLACED "\"", NULL},
    {"lines in a string", "\"\n\"", NULL, "invalid character '\\n' in string literal"},
    {"what HTML would take", "\"<&>\"", "\"\\u003c\\u0026\\u003e\"", NULL},
    {"what JavaScript would take", "\"\xe2\x80\xa8\xe2\x80\xa9\"", "\"\\u2028\\u2029\"", NULL},
    {"DEL", "\"\x7f\"", "\"\x7f\"", NULL},
    {"half a word", "tru", NULL, "invalid character ' ' in literal true (expecting 'e')"},
    {"another word", "nul1", NULL, "invalid character '1' in literal null (expecting 'l')"},
    {"10 000 levels", "[[", NULL, "unexpected end of JSON input"},
    {"one more", "[[[", NULL, "exceeded max depth"},
};

/* Brackets alone stand for 9998 more. */
static Str text_of(Arena *a, const char *text)
{
    Buf b = {.arena = a};

    buf_add_c(&b, text);
    if (str_starts(str_from(text), STR("[[")))
        buf_fill(&b, '[', 9998);
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value v;
    Error *err = json_parse(&a, "test", text_of(&a, row->text), &v);

    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_success(json_write(&b, v, (JsonStyle){.escapes_html = true}));
    assert_str(buf_str(&b), row->want);
}

TEST_ROWS(rows, check)
