/*
 * test_diagnostic.c - errors as people read them.
 */
#include "base/diagnostic.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

typedef struct Row {
    const char *name;
    Place place;
    const char *message, *source, *hint;
    const char *want;
} Row;

static Row rows[] = {
    {"a message alone", {0}, "no such release", NULL, NULL, "error: no such release\n"},
    {"a message with a file", {"a.yaml", 0, 0}, "m", NULL, NULL, "error: m\n  --> a.yaml\n"},
    {"a message with a place", {"a.yaml", 3, 5}, "m", NULL, NULL, "error: m\n  --> a.yaml:3:5\n"},
    {"a hint comes last",
     {"a.yaml", 3, 0},
     "m",
     NULL,
     "try this",
     "error: m\n  --> a.yaml:3\nhint: try this\n"},
    {"the caret is under the column",
     {"a.yaml", 2, 3},
     "m",
     "first\nsecond\n",
     NULL,
     "error: m\n  --> a.yaml:2:3\n   |\n 2 | second\n   |   ^\n"},
    {"the margin is as wide as the number",
     {"a.yaml", 10, 1},
     "m",
     "\n\n\n\n\n\n\n\n\nx",
     NULL,
     "error: m\n   --> a.yaml:10:1\n    |\n 10 | x\n    | ^\n"},
    {"tabs before the column stay",
     {"a.yaml", 1, 3},
     "m",
     "\t\tx",
     NULL,
     "error: m\n  --> a.yaml:1:3\n   |\n 1 | \t\tx\n   | \t\t^\n"},
    {"wide characters before the column take two",
     {"a.yaml", 1, 7},
     "m",
     "日本x",
     NULL,
     "error: m\n  --> a.yaml:1:7\n   |\n 1 | 日本x\n   |     ^\n"},
    {"what is escaped before the column takes more",
     {"a.yaml", 1, 2},
     "m",
     "\x1bx",
     NULL,
     "error: m\n  --> a.yaml:1:2\n   |\n 1 | \\x1bx\n   |     ^\n"},
    {"a column behind the line is there, too",
     {"a.yaml", 1, 4},
     "m",
     "x",
     NULL,
     "error: m\n  --> a.yaml:1:4\n   |\n 1 | x\n   |    ^\n"},
    {"foreign text does nothing to a terminal",
     {"\x1b[31m", 0, 0},
     "a\x1b[2Jb",
     NULL,
     "c\rd",
     "error: a\\x1b[2Jb\n  --> \\x1b[31m\nhint: c\\x0dd\n"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Error *err = row->place.file ? error_at(row->place, "%s", row->message)
                                 : error_new(ERROR_INPUT, "%s", row->message);

    if (row->source)
        err = error_source(err, str_from(row->source));
    if (row->hint)
        err = error_hint(err, "%s", row->hint);
    diagnostic_write(&b, err, false);
    error_free(err);
    assert_str(buf_str(&b), row->want);
}

static void test_long_line(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a}, line = {.arena = &a};

    (void)state;
    buf_fill(&line, 'x', 100 * 1000);
    Error *err = error_source(error_at((Place){"a", 1, 50 * 1000}, "m"), buf_str(&line));
    diagnostic_write(&b, err, true);
    error_free(err);
    assert_true(b.len < 1000);
}

static void test_many_frames(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Error *err = error_new(ERROR_INPUT, "m");

    (void)state;
    for (int i = 0; i < 50; i++)
        err = error_called(err, (Place){"a", i + 1, 1}, "frame %d", i);
    diagnostic_write(&b, err, false);
    error_free(err);
    assert_true(str_find(buf_str(&b), STR("and ")) != STR_NONE);
    assert_true(str_find(buf_str(&b), STR("frame 0\n")) != STR_NONE);
    assert_true(str_find(buf_str(&b), STR("frame 49\n")) != STR_NONE);
    assert_true(b.len < 1000);
}

static const struct CMUnitTest others[] = {
    {"of a long line some is shown", test_long_line, NULL, NULL, NULL},
    {"of many frames the inner and the outermost are shown", test_many_frames, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
