/*
 * test_quote.c - Go's literals, read and written. Source of what is expected: Go, strconv.
 */
#include "base/quote.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *literal;
    const char *text; /* NULL: it is malformed */
} Row;

static Row rows[] = {
    {"nothing between quotes is nothing", "\"\"", ""},
    {"letters stand for themselves", "\"abc\"", "abc"},
    {"escapes have names", "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\"", "\a\b\f\n\r\t\v\\\""},
    {"\\x is a byte", "\"\\xff\"", "\xff"},
    {"octal ones are bytes", "\"\\101\\377\"", "A\xff"},
    {"\\u is a character", "\"\\u00e9\\U0001F600\"", "\xc3\xa9\xf0\x9f\x98\x80"},
    {"bytes that are no character become U+FFFD", "\"\xff\"", "\xef\xbf\xbd"},
    {"raw ones have no escapes", "`\\n\"`", "\\n\""},
    {"raw ones may have lines", "`a\nb`", "a\nb"},
    {"raw ones lose carriage returns", "`a\r\nb`", "a\nb"},
    {"raw ones keep bytes", "`\xff`", "\xff"},
    {"a quote must end it", "\"abc", NULL},
    {"a quote alone is none", "\"", NULL},
    {"quotes must be the same", "\"abc`", NULL},
    {"a quote inside needs a backslash", "\"a\"b\"", NULL},
    {"a backquote cannot be inside", "`a`b`", NULL},
    {"a line cannot be inside", "\"a\nb\"", NULL},
    {"the last quote is not escaped", "\"a\\\"", NULL},
    {"an escape must be one", "\"\\q\"", NULL},
    {"single quotes need no escape", "\"\\'\"", NULL},
    {"\\x has two digits", "\"\\x4\"", NULL},
    {"\\u has four", "\"\\u12\"", NULL},
    {"octal ones have three", "\"\\08\"", NULL},
    {"octal ones end at 377", "\"\\400\"", NULL},
    {"half of a surrogate pair is no character", "\"\\ud800\"", NULL},
    {"characters end at 10FFFF", "\"\\U00110000\"", NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str text;

    assert_int_equal(quote_read(&a, str_from(row->literal), &text), row->text != NULL);
    if (row->text)
        assert_str(text, row->text);
}

static void characters_are_read(void **state)
{
    static const struct {
        const char *literal;
        bool valid;
        uint32_t rune;
    } characters[] = {
        {"'a'", true, 'a'},        {"'\\n'", true, '\n'},      {"'\\''", true, '\''},
        {"'\\xff'", true, 0xFF},   {"'\xc3\xa9'", true, 0xE9}, {"'\"'", true, '"'},
        {"''", false, 0},          {"'ab'", false, 0},         {"'\\\"'", false, 0},
        {"'''", false, 0},         {"'a", false, 0},           {"'", false, 0},
        {"'\\u00e9'", true, 0xE9},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(characters); i++) {
        uint32_t rune = 0;
        bool valid = quote_read_char(str_from(characters[i].literal), &rune);

        if (valid != characters[i].valid || (valid && rune != characters[i].rune))
            fail_msg("%s: %d, %x", characters[i].literal, valid, rune);
    }
}

static void assert_quoted(Str text, bool ascii_only, const char *want)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    quote_add(&b, text, ascii_only);
    assert_str(buf_str(&b), want);
}

static void what_cannot_be_seen_is_escaped(void **state)
{
    (void)state;
    assert_quoted(STR("a\"\\'"), false, "\"a\\\"\\\\'\"");
    assert_quoted(STR("\0\n\x7f\x1b"), false, "\"\\x00\\n\\x7f\\x1b\"");
    assert_quoted(STR("\xc3\xa9\xf0\x9f\x98\x80"), false, "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    assert_quoted(STR("\xc3\xa9\xf0\x9f\x98\x80"), true, "\"\\u00e9\\U0001f600\"");
    assert_quoted(STR("\xc2\xa0\xe2\x80\xa8"), false, "\"\\u00a0\\u2028\"");
    assert_quoted(STR("\xff\xef\xbf\xbd"), false, "\"\\xff\xef\xbf\xbd\"");
    assert_quoted(STR("\xff\xef\xbf\xbd"), true, "\"\\xff\\ufffd\"");
}

static void characters_are_quoted(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    quote_add_char(&b, '\'', false);
    quote_add_char(&b, '"', false);
    quote_add_char(&b, 0xE9, true);
    quote_add_char(&b, 0xD800, false);
    quote_add_char(&b, 0x110000, false);
    assert_str(buf_str(&b), "'\\'''\"''\\u00e9''\xef\xbf\xbd''\xef\xbf\xbd'");
}

static void what_fits_between_backquotes(void **state)
{
    (void)state;
    assert_true(quote_fits_raw(STR("a\t\"\\")));
    assert_false(quote_fits_raw(STR("`")));
    assert_false(quote_fits_raw(STR("\n")));
    assert_false(quote_fits_raw(STR("\x7f")));
    assert_false(quote_fits_raw(STR("\xff")));
    assert_false(quote_fits_raw(STR("\xef\xbb\xbf")));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(characters_are_read),
    cmocka_unit_test(what_cannot_be_seen_is_escaped),
    cmocka_unit_test(characters_are_quoted),
    cmocka_unit_test(what_fits_between_backquotes),
};

TEST_ROWS_AND(rows, check, others)
