/*
 * test_utf8.c - characters, and bytes that are none. Source of what is expected: Go,
 * unicode/utf8 and unicode.
 */
#include "base/utf8.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    uint32_t first, last;
    size_t first_width, last_width, count;
    bool valid;
} Row;

static Row rows[] = {
    {"ASCII", "ab", 'a', 'b', 1, 1, 2, true},
    {"two bytes", "\xc3\xa9", 0xE9, 0xE9, 2, 2, 1, true},
    {"three bytes", "x\xe2\x82\xac", 'x', 0x20AC, 1, 3, 2, true},
    {"four bytes", "\xf0\x9f\x98\x80!", 0x1F600, '!', 4, 1, 2, true},
    {"the last character there is", "\xf4\x8f\xbf\xbf", 0x10FFFF, 0x10FFFF, 4, 4, 1, true},
    {"beyond it there is none", "\xf4\x90\x80\x80", RUNE_ERROR, RUNE_ERROR, 1, 1, 4, false},
    {"half of a surrogate pair is none", "\xed\xa0\x80", RUNE_ERROR, RUNE_ERROR, 1, 1, 3, false},
    {"a longer form is none", "\xc0\x80", RUNE_ERROR, RUNE_ERROR, 1, 1, 2, false},
    {"a longer form of three bytes is none", "\xe0\x9f\xbf", RUNE_ERROR, RUNE_ERROR, 1, 1, 3,
     false},
    {"a beginning alone is none", "\xe2\x82", RUNE_ERROR, RUNE_ERROR, 1, 1, 2, false},
    {"a beginning before another character is none", "\xe2\x82z", RUNE_ERROR, 'z', 1, 1, 3, false},
    {"a continuation alone is none", "\x80", RUNE_ERROR, RUNE_ERROR, 1, 1, 1, false},
    {"FF is none", "a\xff", 'a', RUNE_ERROR, 1, 1, 2, false},
    {"U+FFFD itself is one", "\xef\xbf\xbd", RUNE_ERROR, RUNE_ERROR, 3, 3, 1, true},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str text = str_from(row->text);
    size_t width;

    assert_int_equal(utf8_first(text, &width), row->first);
    assert_int_equal(width, row->first_width);
    assert_int_equal(utf8_last(text, &width), row->last);
    assert_int_equal(width, row->last_width);
    assert_int_equal(utf8_count(text), row->count);
    assert_int_equal(utf8_valid(text), row->valid);
    assert_int_equal(utf8_cleaned(&a, text).ptr == text.ptr, row->valid);
    assert_true(utf8_valid(utf8_cleaned(&a, text)));
}

static void what_is_added_is_read(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    for (uint32_t rune = 0; rune <= RUNE_MAX + 5; rune += rune < 0x300 ? 1 : 251) {
        bool exists = rune <= RUNE_MAX && (rune < 0xD800 || rune > 0xDFFF);
        Buf b = {.arena = &a};
        size_t width;

        utf8_add(&b, rune);
        assert_int_equal(utf8_first(buf_str(&b), &width), exists ? rune : RUNE_ERROR);
        assert_int_equal(width, b.len);
        assert_int_equal(utf8_last(buf_str(&b), &width), exists ? rune : RUNE_ERROR);
    }
}

static void each_byte_that_is_none_becomes_one(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_str(utf8_cleaned(&a, STR("a\xe2\x82z\xff")), "a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd");
}

static void categories_are_unicodes(void **state)
{
    (void)state;
    assert_true(rune_is_letter(0x4E2D) && !rune_is_letter('_') && !rune_is_letter(0x0301));
    assert_true(rune_is_digit(0x0669) && !rune_is_digit(0xB2));
    assert_true(rune_is_number(0xB2) && rune_is_number(0x2167) && !rune_is_number('a'));
    assert_true(rune_is_upper(0xC9) && !rune_is_upper(0xE9) && !rune_is_upper(0x01C5));
    assert_true(rune_is_lower(0xE9) && rune_is_title(0x01C5));
    assert_true(rune_is_punct('!') && !rune_is_punct('$') && rune_is_punct(0xBF));
    assert_true(rune_is_space(0x85) && rune_is_space(0x3000) && !rune_is_space(0x200B));
    assert_true(rune_is_print(' ') && !rune_is_print(0xA0) && !rune_is_print(0xAD) &&
                !rune_is_print(0x7F) && rune_is_print(0x1F600));
}

static void cases_are_simple_ones(void **state)
{
    (void)state;
    assert_int_equal(rune_to_upper(0xDF), 0xDF);
    assert_int_equal(rune_to_upper(0xFF), 0x178);
    assert_int_equal(rune_to_lower(0x130), 'i');
    assert_int_equal(rune_to_title(0x01C6), 0x01C5);
    assert_int_equal(rune_fold('K'), 'k');
    assert_int_equal(rune_fold('k'), 0x212A);
    assert_int_equal(rune_fold(0x212A), 'K');
    assert_int_equal(rune_fold('1'), '1');
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(what_is_added_is_read),
    cmocka_unit_test(each_byte_that_is_none_becomes_one),
    cmocka_unit_test(categories_are_unicodes),
    cmocka_unit_test(cases_are_simple_ones),
};

TEST_ROWS_AND(rows, check, others)
