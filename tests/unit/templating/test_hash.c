/*
 * test_hash.c - checksums.
 */
#include "tests/unit/templating/rendered.h"

static RenderRow rows[] = {
    {"sha1sum", "{{ sha1sum \"abc\" }}", "a9993e364706816aba3e25717850c26c9cd0d89d", NULL},
    {"sha256sum", "{{ sha256sum \"abc\" }}",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", NULL},
    {"sha512sum", "{{ sha512sum \"\" }}",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
     NULL},
    {"adler32sum is decimal", "{{ adler32sum \"Wikipedia\" }}", "300286872", NULL},
    {"adler32sum of nothing is 1", "{{ adler32sum \"\" }}", "1", NULL},
    {"bytes may be anything", "{{ adler32sum \"\\xff\\x00\\xff\" }}", "67043839", NULL},
};

/* The sums are reduced every few thousand bytes; they must not overflow before. */
static void adler32sum_of_long_texts_does_not_overflow(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Str text;

    (void)state;
    buf_fill(&b, (char)0xFF, 1000000);
    assert_success(rendered(&a, NULL, "{{ adler32sum . }}", value_string(buf_str(&b)), &text));
    uint64_t sum = 1, sums = 0;
    for (int i = 0; i < 1000000; i++) {
        sum = (sum + 255) % 65521;
        sums = (sums + sum) % 65521;
    }
    assert_str(text, str_format(&a, "%u", (unsigned)(sums << 16 | sum)).ptr);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(adler32sum_of_long_texts_does_not_overflow)};

TEST_ROWS_AND(rows, rendered_check, others)
