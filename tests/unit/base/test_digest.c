/*
 * test_digest.c - fingerprints, against known ones.
 */
#include "base/digest.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *want;
} Row;

/* Source: FIPS 180-2, appendix B. */
static Row rows[] = {
    {"SHA-256 of nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"SHA-256 of one block", "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"SHA-256 of two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};

    assert_str(digest_hex(&memory, DIGEST_SHA256, str_from(row->text)), row->want);
}

TEST_ROWS(rows, check)
