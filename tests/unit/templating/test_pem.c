/*
 * test_pem.c - which block is found in a text. Source of what is expected: Go, encoding/pem.
 */
#include "templating/pem.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *type; /* NULL: there is no block */
    const char *bytes;
} Row;

#define BLOCK "-----BEGIN TEST-----\nYWJj\n-----END TEST-----\n"

static Row rows[] = {
    {"a block", BLOCK, "TEST", "abc"},
    {"text before and behind does not count", "x: y\n" BLOCK "z", "TEST", "abc"},
    {"the first of two", BLOCK "-----BEGIN B-----\nZGVm\n-----END B-----\n", "TEST", "abc"},
    {"lines may end as on Windows", "-----BEGIN TEST-----\r\nYW\r\nJj\r\n-----END TEST-----\r\n",
     "TEST", "abc"},
    {"lines may end in blanks", "-----BEGIN TEST----- \t\nYW Jj\t\n-----END TEST-----  \n", "TEST",
     "abc"},
    {"the last line may end the text", "-----BEGIN TEST-----\nYWJj\n-----END TEST-----", "TEST",
     "abc"},
    {"a type may have spaces", "-----BEGIN A B-----\nYWJj\n-----END A B-----\n", "A B", "abc"},
    {"headers are skipped", "-----BEGIN TEST-----\nA: b\nC: d\n\nYWJj\n-----END TEST-----\n",
     "TEST", "abc"},
    {"a block may be empty", "-----BEGIN TEST-----\n-----END TEST-----\n", "TEST", ""},
    {"a beginning without an end is skipped", "-----BEGIN X-----\nYWJj\n" BLOCK, "TEST", "abc"},
    {"a block that is no base64 is skipped", "-----BEGIN X-----\nY*Jj\n-----END X-----\n" BLOCK,
     "TEST", "abc"},
    {"a block with another end is skipped", "-----BEGIN X-----\nYWJj\n-----END Y-----\n" BLOCK,
     "TEST", "abc"},
    {"text behind the last line is none of it", "-----BEGIN TEST-----\nYWJj\n-----END TEST-----x\n",
     NULL, NULL},
    {"a block begins a line", "x" BLOCK, NULL, NULL},
    {"an end begins a line", "-----BEGIN TEST-----\nYWJj-----END TEST-----\n", NULL, NULL},
    {"nothing has no block", "", NULL, NULL},
    {"an end alone is no block", "\n-----END TEST-----\n", NULL, NULL},
    {"a beginning alone is no block", "-----BEGIN TEST-----\nYWJj\n", NULL, NULL},
    {"headers alone are no block", "-----BEGIN TEST-----\nA: b\n-----END TEST: x-----\n", NULL,
     NULL},
    {"dashes must be five", "-----BEGIN TEST----\nYWJj\n-----END TEST-----\n", NULL, NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    PemBlock block;

    assert_int_equal(pem_decode(&a, str_from(row->text), &block), row->type != NULL);
    if (!row->type)
        return;
    assert_str(block.type, row->type);
    assert_str(block.bytes, row->bytes);
}

static void lines_have_64_characters(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf bytes = {.arena = &a};
    PemBlock block;

    (void)state;
    for (size_t len = 1; len < 300; len++) {
        buf_add_char(&bytes, (char)(len * 7));
        Str text = pem_encode(&a, "X Y", buf_str(&bytes)), line, rest = text;

        assert_true(pem_decode(&a, text, &block));
        assert_true(str_equal(block.bytes, buf_str(&bytes)));
        while (str_cut(&rest, '\n', &line))
            assert_true(line.len == 64 || str_starts(line, STR("-----")) ||
                        str_starts(rest, STR("-----END")));
    }
}

static const struct CMUnitTest others[] = {cmocka_unit_test(lines_have_64_characters)};

TEST_ROWS_AND(rows, check, others)
