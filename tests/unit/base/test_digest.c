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

/* OpenSSL makes those in parts, and of large texts, nettle those of small ones. */
static void the_libraries_agree(void **state)
{
    static const size_t sizes[] = {0, 1, 63, 64, 111, 112, 127, 128, 4096, (1 << 20) - 1, 1 << 20};
    static const DigestKind kinds[] = {DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512};
    DEFER(arena_free) Arena memory = {0};
    Buf b = {.arena = &memory};

    (void)state;
    for (size_t i = 0; i < 1 << 20; i++)
        buf_add_char(&b, (char)(i * 7));
    for (size_t i = 0; i < COUNT(sizes) * COUNT(kinds); i++) {
        Str text = str_slice(buf_str(&b), 0, sizes[i / COUNT(kinds)]);
        DigestStream *stream = digest_start(kinds[i % COUNT(kinds)]);

        digest_add(stream, text);
        assert_str(digest_hex(&memory, kinds[i % COUNT(kinds)], text),
                   str_c(&memory, digest_end(&memory, &stream)));
    }
}

static const struct CMUnitTest others[] = {cmocka_unit_test(the_libraries_agree)};

TEST_ROWS_AND(rows, check, others)
