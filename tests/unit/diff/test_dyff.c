/*
 * test_dyff.c - differences as dyff tells them: what the recorded texts of tests/e2e do not show.
 */
#include "tests/unit/unit.h"

#include "diff/diff.h"

#define DOCUMENT(rest) "{apiVersion: v1, kind: Thing, metadata: {name: x}, " rest "}"

typedef struct Row {
    const char *name, *from, *to, *want;
} Row;

static Row rows[] = {
    {"what is equal is not told", DOCUMENT("a: 1"), DOCUMENT("a: 1"), "\n"},
    {"spaces at the ends of a text do not matter", DOCUMENT("a: 'b '"), DOCUMENT("a: b"), "\n"},
    {"one way to write nothing is as good as another", DOCUMENT("a: ~"), DOCUMENT("a: null"), "\n"},
    {"numbers and texts are of different types", DOCUMENT("a: 1"), DOCUMENT("a: '1'"),
     "\na  (v1/Thing/x)\n± type change from int to string\n- 1\n+ \"1\"\n\n"},
    {"items with an id are told apart by it", DOCUMENT("a: [{id: p, v: 1}, {id: q, v: 1}]"),
     DOCUMENT("a: [{id: p, v: 1}, {id: q, v: 2}]"),
     "\na.q.v  (v1/Thing/x)\n± value change\n- 1\n+ 2\n\n"},
    {"an object that comes is told as a whole", "", DOCUMENT("a: {}"),
     "\n(root level)  (v1/Thing/x)\n+ one document added:\napiVersion: v1\nkind: Thing\nmetadata:\n"
     "  name: x\na: {}\n\n"},
    {"control characters do not reach a terminal", DOCUMENT("a: \"\\e[31m\""), DOCUMENT("a: b"),
     "\na  (v1/Thing/x)\n± value change\n- \\x1b[31m\n+ b\n\n"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    DyffDocument document = {str_from(row->from), str_from(row->to)};

    assert_success(diff_as_dyff(&b, &document, 1, true));
    assert_str(buf_str(&b), row->want);
}

static void long_lists_and_maps_take_no_time(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf from = {.arena = &a}, to = {.arena = &a}, b = {.arena = &a};

    (void)state;
    for (int i = 0; i < 50000; i++) {
        buf_format(&from, "%s%d", i ? "," : "{list: [", i);
        buf_format(&to, "%s%d", i ? "," : "{list: [", i + 1);
    }
    buf_add_c(&from, "], map: {");
    buf_add_c(&to, "], map: {");
    for (int i = 0; i < 50000; i++) {
        buf_format(&from, "%sk%d: 1", i ? "," : "", i);
        buf_format(&to, "%sk%d: 1", i ? "," : "", i + 1);
    }
    buf_add_c(&from, "}}");
    buf_add_c(&to, "}}");
    DyffDocument document = {buf_str(&from), buf_str(&to)};
    assert_success(diff_as_dyff(&b, &document, 1, true));
    assert_true(str_find(buf_str(&b), STR("value change")) != STR_NONE);
}

static void what_grows_without_end_is_refused(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf deep = {.arena = &a}, wide = {.arena = &a}, b = {.arena = &a};

    (void)state;
    buf_add_c(&deep, "a: ");
    for (int i = 0; i < 5000; i++)
        buf_add_c(&deep, "[");
    for (int i = 0; i < 5000; i++)
        buf_add_c(&deep, "]");
    assert_failure(diff_as_dyff(&b, &(DyffDocument){buf_str(&deep), STR("a: 1")}, 1, true),
                   ERROR_INPUT, "levels deep");
    buf_add_c(&wide, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        buf_format(&wide, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            buf_format(&wide, "%s*a%d", j ? ", " : "", i - 1);
        buf_add_c(&wide, "]\n");
    }
    assert_failure(diff_as_dyff(&b, &(DyffDocument){buf_str(&wide), STR("a: 1")}, 1, true),
                   ERROR_INPUT, "");
    assert_failure(diff_as_dyff(&b, &(DyffDocument){STR("a: ["), STR("a: 1")}, 1, true),
                   ERROR_INPUT, "");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(long_lists_and_maps_take_no_time),
    cmocka_unit_test(what_grows_without_end_is_refused),
};

TEST_ROWS_AND(rows, check, others)
