/*
 * test_str.c - texts, and texts that grow.
 */
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text, *part;
    size_t first, last;
} Row;

static Row rows[] = {
    {"a part is found", "abcabc", "bc", 1, 4},
    {"the whole is a part", "abc", "abc", 0, 0},
    {"what is longer is none", "abc", "abcd", STR_NONE, STR_NONE},
    {"what is not there is not found", "abc", "x", STR_NONE, STR_NONE},
    {"nothing is at both ends", "abc", "", 0, 3},
    {"nothing is in nothing", "", "", 0, 0},
    {"parts may overlap", "aaa", "aa", 0, 1},
    {"the end is looked at", "xxa", "a", 2, 2},
};

static void check(void **state)
{
    const Row *row = *state;

    assert_int_equal(str_find(str_from(row->text), str_from(row->part)), row->first);
    assert_int_equal(str_find_last(str_from(row->text), str_from(row->part)), row->last);
}

static void texts_may_have_nul_bytes(void **state)
{
    Str a = STR("a\0b"), b = STR("a\0c");

    (void)state;
    assert_int_equal(a.len, 3);
    assert_false(str_equal(a, b));
    assert_true(str_compare(a, b) < 0);
    assert_int_equal(str_find_char(a, '\0'), 1);
    assert_int_equal(str_find(a, STR("\0b")), 1);
}

static void nothing_needs_no_pointer(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str none = {0};

    (void)state;
    assert_true(str_equal(none, STR("")));
    assert_int_equal(str_compare(none, STR("")), 0);
    assert_true(str_starts(none, none) && str_ends(none, none));
    assert_int_equal(str_find(none, STR("x")), STR_NONE);
    assert_int_equal(str_find_last(none, STR("x")), STR_NONE);
    assert_int_equal(str_find_char(none, 'x'), STR_NONE);
    assert_string_equal(str_copy(&a, none).ptr, "");
    assert_int_equal(str_trim(none).len, 0);
}

static void order_is_that_of_bytes(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_true(str_compare(STR("\xff"), STR("a")) > 0);
    assert_true(str_compare(STR("a"), STR("A")) > 0);
}

static void ends_are_compared(void **state)
{
    (void)state;
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("abc"), STR("b")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("abc"), STR("b")));
    assert_false(str_starts(STR("a"), STR("ab")));
    assert_false(str_ends(STR("a"), STR("ba")));
}

static void blanks_at_the_ends_go(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\na b\n ")), "a b");
    assert_str(str_trim(STR(" \n\t")), "");
    assert_str(str_trim(STR("\v")), "\v");
}

static void texts_are_cut_at_separators(void **state)
{
    Str rest = STR("a,,b"), head;

    (void)state;
    assert_true(str_cut(&rest, ',', &head));
    assert_str(head, "a");
    assert_true(str_cut(&rest, ',', &head));
    assert_str(head, "");
    assert_false(str_cut(&rest, ',', &head));
    assert_str(head, "b");
}

static void copies_end_in_a_nul(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str part = str_slice(STR("abcdef"), 1, 3);

    (void)state;
    assert_string_equal(str_copy(&a, part).ptr, "bc");
    assert_string_equal(str_join(&a, part, STR("X")).ptr, "bcX");
    assert_string_equal(str_c(&a, part), "bc");
    assert_string_equal(str_format(&a, "%d%.*s", 5, STR_ARG(part)).ptr, "5bc");
    assert_string_equal(str_lower(&a, STR("AbC\xc3\x89")).ptr, "abc\xc3\x89");
}

static void long_texts_are_formatted(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    for (int len = 250; len < 260; len++) {
        Str text = str_format(&a, "%*s|", len, "x");

        assert_int_equal(text.len, len + 1);
        assert_int_equal(text.ptr[len], '|');
        assert_int_equal(text.ptr[len + 1], '\0');
    }
}

static void messages_have_one_line(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_str(str_for_message(&a, STR("a\nb\x7f"), 100), "a\\x0ab\\x7f");
    assert_str(str_for_message(&a, STR("abcdef"), 3), "abc...");
    assert_str(str_for_message(&a, STR("abc"), 3), "abc");
}

static void buffers_grow(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    for (int i = 0; i < 10000; i++) {
        buf_add_char(&b, (char)('a' + i % 26));
        if (i % 100 == 0)
            buf_add_c(&b, "--");
    }
    buf_fill(&b, '.', 3);
    buf_fill(&b, '.', 0);
    buf_add(&b, (Str){0});
    buf_format(&b, "%d", 42);
    assert_int_equal(b.len, 10000 + 200 + 5);
    assert_true(str_ends(buf_str(&b), STR("...42")));
    assert_true(str_starts(buf_str(&b), STR("a--bcd")));
}

static void room_is_at_the_end(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    buf_add_c(&b, "ab");
    char *room = buf_room(&b, 1000);
    memset(room, 'x', 1000);
    b.len -= 999;
    assert_str(buf_str(&b), "abx");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void what_fits_is_taken(void **state)
{
    Str rest = STR("12ab");

    (void)state;
    assert_str(str_take_while(&rest, is_digit), "12");
    assert_str(rest, "ab");
    assert_str(str_take_while(&rest, is_digit), "");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(texts_may_have_nul_bytes), cmocka_unit_test(nothing_needs_no_pointer),
    cmocka_unit_test(order_is_that_of_bytes),   cmocka_unit_test(ends_are_compared),
    cmocka_unit_test(blanks_at_the_ends_go),    cmocka_unit_test(texts_are_cut_at_separators),
    cmocka_unit_test(copies_end_in_a_nul),      cmocka_unit_test(long_texts_are_formatted),
    cmocka_unit_test(messages_have_one_line),   cmocka_unit_test(buffers_grow),
    cmocka_unit_test(room_is_at_the_end),       cmocka_unit_test(what_fits_is_taken),
};

TEST_ROWS_AND(rows, check, others)
