/*
 * test_name_index.c - names are found again, however many there are, and whoever owns them.
 */
#include "base/name_index.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    int names;
} Row;

static Row rows[] = {
    {"no name", 0},
    {"one", 1},
    {"as many as fit", 8},
    {"a hundred thousand", 100 * 1000},
};

static Str name_of(Arena *a, int number)
{
    Buf b = {.arena = a};

    buf_format(&b, "name%d", number);
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    NameIndex index = {0};
    int *numbers = arena_array(&a, int, row->names + 1);

    for (int i = 0; i < row->names; i++) {
        name_index_set(&a, &index, NULL, name_of(&a, i), &numbers[0]);
        name_index_set(&a, &index, NULL, name_of(&a, i), &numbers[i]);
        name_index_set(&a, &index, numbers, name_of(&a, i), &numbers[i + 1]);
    }
    for (int i = 0; i < row->names; i++) {
        assert_ptr_equal(name_index_get(&index, NULL, name_of(&a, i)), &numbers[i]);
        assert_ptr_equal(name_index_get(&index, numbers, name_of(&a, i)), &numbers[i + 1]);
    }
    assert_int_equal(index.len, 2 * row->names);
    assert_null(name_index_get(&index, NULL, name_of(&a, row->names)));
    assert_null(name_index_get(&index, &index, STR("name0")));
}

TEST_ROWS(rows, check)
