/*
 * test_slice.c - the room that append() leaves in Go's slices.
 */
#include "base/slice.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    ValueType type;
    size_t len;
    uint32_t room;
} Row;

static Row rows[] = {
    {"nothing has no room", TYPE_LIST, 0, 0},
    {"slices double", TYPE_LIST, 5, 3},
    {"up to the allocator's header", TYPE_LIST, 32, 0},
    {"which makes room", TYPE_LIST, 33, 38},
    {"large ones grow by a quarter", TYPE_LIST, 600, 423},
    {"very large ones come in pages", TYPE_LIST, 5000, 120},
    {"texts are as large as interfaces", TYPE_STRINGS, 33, 38},
    {"integers are smaller, and need no header", TYPE_INTS, 33, 31},
    {"many integers", TYPE_INTS, 1281, 511},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value list = value_list(arena_array(&a, Value, row->len), row->len);

    assert_int_equal(slice_appended(value_typed(list, row->type)).room, row->room);
}

TEST_ROWS(rows, check)
