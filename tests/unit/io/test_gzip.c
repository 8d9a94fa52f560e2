/*
 * test_gzip.c - what is packed comes out again, and nothing else does.
 */
#include "io/gzip.h"

#include "tests/unit/unit.h"

#include <stdio.h>

enum { MOST = 1 << 20 };

static void what_is_packed_comes_out_again(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf text = {.arena = &a};
    Str out;

    (void)state;
    for (int i = 0; i < 50000; i++)
        buf_format(&text, "%d ", i);
    Str packed = gzip_pack(&a, buf_str(&text));
    assert_true(packed.len < text.len / 2);
    assert_success(gzip_unpack(&a, packed, MOST, &out));
    assert_true(str_equal(out, buf_str(&text)));
    assert_success(gzip_unpack(&a, gzip_pack(&a, STR("")), MOST, &out));
    assert_int_equal(out.len, 0);
}

static void damage_is_told(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str packed = gzip_pack(&a, STR("a text that is long enough to be cut")), out;

    (void)state;
    assert_failure(gzip_unpack(&a, STR("no gzip"), MOST, &out), ERROR_INPUT, "damaged");
    assert_failure(gzip_unpack(&a, STR(""), MOST, &out), ERROR_INPUT, "too early");
    assert_failure(gzip_unpack(&a, str_slice(packed, 0, packed.len - 9), MOST, &out), ERROR_INPUT,
                   "too early");
}

static void a_small_text_does_not_become_a_large_one(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf text = {.arena = &a};
    Str out;

    (void)state;
    buf_fill(&text, 'x', MOST + 100000);
    assert_failure(gzip_unpack(&a, gzip_pack(&a, buf_str(&text)), MOST, &out), ERROR_INPUT,
                   "more than 1048576 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_out_again),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(a_small_text_does_not_become_a_large_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
