/*
 * test_escape.c - foreign text on its way to a terminal, and tables of it.
 */
#include "base/escape.h"
#include "base/table.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text, *want;
    size_t width; /* of what is wanted */
} Row;

static Row rows[] = {
    {"plain text stays", "plain text", "plain text", 10},
    {"newlines and tabs stay", "a\n\tb", "a\n\tb", SIZE_MAX},
    {"an escape is shown", "\x1b[31m", "\\x1b[31m", 8},
    {"a bell is shown", "\a", "\\x07", 4},
    {"a carriage return is shown", "a\rb", "a\\x0db", 6},
    {"DEL is shown", "\x7f", "\\x7f", 4},
    {"C1 controls are shown", "\xC2\x9B", "\\x9b", 4},
    {"bytes that are no UTF-8 are shown", "a\xFFz", "a\\xffz", 6},
    {"a character that is cut off is shown", "\xE6\x97", "\\xe6\\x97", 8},
    {"marks of direction are shown",
     "a\xE2\x80\xAE"
     "b",
     "a\\u202eb", 8},
    {"wide characters take two columns", "日本", "日本", 4},
    {"combining characters take none", "e\xCC\x81", "e\xCC\x81", 1},
    {"nothing is nothing", "", "", 0},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str got = text_escaped(&a, str_from(row->text));

    assert_str(got, row->want);
    if (row->width != SIZE_MAX)
        assert_int_equal(text_width(got), row->width);
}

static void check_table(const Str *cells, size_t rows_len, const char *want)
{
    DEFER(arena_free) Arena a = {0};
    Table table = {.arena = &a, .columns = 2};
    Buf b = {.arena = &a};

    for (size_t i = 0; i < rows_len; i++)
        table_add(&table, cells + 2 * i);
    table_write(&b, &table, "  ");
    assert_str(buf_str(&b), want);
}

static void test_columns(void **state)
{
    static const Str cells[] = {STR_INIT("NAME"), STR_INIT("STATUS"), STR_INIT("a-long-name"),
                                STR_INIT("ok")};

    (void)state;
    check_table(cells, 2, "NAME         STATUS\na-long-name  ok\n");
}

static void test_trailing_space(void **state)
{
    static const Str cells[] = {STR_INIT("a"), STR_INIT(""), STR_INIT("bb"), STR_INIT("c")};

    (void)state;
    check_table(cells, 2, "a\nbb  c\n");
}

static void test_wide_cells(void **state)
{
    static const Str cells[] = {STR_INIT("日本"), STR_INIT("x"), STR_INIT("abcd"), STR_INIT("y")};

    (void)state;
    check_table(cells, 2, "日本  x\nabcd  y\n");
}

static void test_escaped_cells(void **state)
{
    static const Str cells[] = {STR_INIT("\x1b"), STR_INIT("x")};

    (void)state;
    check_table(cells, 1, "\\x1b  x\n");
}

static const struct CMUnitTest others[] = {
    {"a column is as wide as its widest cell", test_columns, NULL, NULL, NULL},
    {"no line ends in white space", test_trailing_space, NULL, NULL, NULL},
    {"cells are as wide as a terminal shows them", test_wide_cells, NULL, NULL, NULL},
    {"cells are escaped", test_escaped_cells, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
