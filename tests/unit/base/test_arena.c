/*
 * test_arena.c - memory: aligned, zeroed, apart, and given back.
 */
#include "base/arena.h"
#include "base/vec.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    size_t size, align;
} Row;

static Row rows[] = {
    {"bytes", 1, 1},
    {"words", 8, 8},
    {"what needs more alignment", 24, 16},
    {"odd sizes", 13, 4},
    {"large things among small ones", 20000, 8},
    {"things larger than a block", 200000, 16},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    unsigned char *before = NULL;

    for (int i = 0; i < 300; i++) {
        unsigned char *memory = arena_alloc(&a, 1, row->size, row->align);

        assert_int_equal((uintptr_t)memory % row->align, 0);
        for (size_t j = 0; j < row->size; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, i, row->size);
        arena_text(&a, 3)[2] = 'x'; // so that the next one is not aligned by itself
        if (before)
            assert_int_equal(before[row->size - 1], (unsigned char)(i - 1));
        before = memory;
    }
    assert_true(a.taken >= 300 * row->size);
}

static void an_arena_can_be_used_again(void **state)
{
    Arena a = {0};

    (void)state;
    arena_free(&a);
    *arena_new(&a, int) = 5;
    arena_free(&a);
    assert_null(a.blocks);
    assert_int_equal(a.taken, 0);
    assert_int_equal(*arena_new(&a, int), 0);
    arena_free(&a);
}

static void small_things_go_on_in_their_block(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    arena_text(&a, 100);
    size_t taken = a.taken;
    arena_text(&a, 100000);
    size_t with_large = a.taken;
    assert_true(with_large >= taken + 100000);
#if !defined(ARENA_BLOCK_BYTES) || ARENA_BLOCK_BYTES > 1000
    arena_text(&a, 100);
    assert_int_equal(a.taken, with_large);
#endif
}

static void nothing_is_an_allocation_as_well(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_non_null(arena_array(&a, int, 0));
    assert_non_null(arena_text(&a, 0));
}

typedef VEC(int) IntList;

static void lists_grow(void **state)
{
    DEFER(arena_free) Arena a = {0};
    IntList list = {0};

    (void)state;
    for (int i = 0; i < 5000; i++)
        *vec_add(&a, &list) = i;
    assert_int_equal(list.len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(list.items[i], i);
    assert_int_equal(*vec_add(&a, &list), 0);
}

/* Beyond some megabytes blocks are larger; a text that grows and moves must leave the rest there.
 */
static void what_is_beside_a_growing_text_stays(void **state)
{
    enum { NUMBERS = 200000, BYTES = 1 << 20 };
    DEFER(arena_free) Arena a = {.lasting = true};
    Buf text = {.arena = &a, .moves = true};
    size_t **numbers = arena_array(&a, size_t *, NUMBERS);

    (void)state;
    for (size_t i = 0; i < NUMBERS; i++) {
        numbers[i] = arena_new(&a, size_t);
        *numbers[i] = i;
        buf_fill(&text, (char)('a' + i % 26), BYTES / NUMBERS);
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        assert_int_equal(*numbers[i], i);
        assert_int_equal(text.ptr[i * (BYTES / NUMBERS)], 'a' + i % 26);
    }
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(an_arena_can_be_used_again),
    cmocka_unit_test(small_things_go_on_in_their_block),
    cmocka_unit_test(nothing_is_an_allocation_as_well),
    cmocka_unit_test(lists_grow),
    cmocka_unit_test(what_is_beside_a_growing_text_stays),
};

TEST_ROWS_AND(rows, check, others)
