#include "base/cipher.h"

#include "base/digest.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static Str bytes(Arena *a, const char *hex)
{
    Buf b = {.arena = a};
    unsigned byte;

    for (; *hex && sscanf(hex, "%2x", &byte) == 1; hex += 2)
        buf_add_char(&b, (char)byte);
    return buf_str(&b);
}

/* Source: RFC 5869, A.1 and A.3; RFC 7748, 6.1. */
static void keys_are_those_of_the_standards(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str secret = bytes(&a, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), out;

    (void)state;
    out = cipher_derive_key(&a, secret, bytes(&a, "000102030405060708090a0b0c"),
                            bytes(&a, "f0f1f2f3f4f5f6f7f8f9"), 42);
    assert_str(digest_shown(&a, out),
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
               "34007208d5b887185865");
    out = cipher_derive_key(&a, secret, (Str){"", 0}, (Str){"", 0}, 42);
    assert_str(digest_shown(&a, out),
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
               "9d201395faa4b61a96c8");
    Str alice = bytes(&a, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    Str bob = bytes(&a, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_success(cipher_x25519(&a, alice, (Str){"", 0}, &out));
    assert_str(digest_shown(&a, out),
               "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_success(cipher_x25519(&a, alice, bob, &out));
    assert_str(digest_shown(&a, out),
               "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    bob = (Str){arena_array(&a, char, CURVE_BYTES), CURVE_BYTES};
    assert_failure(cipher_x25519(&a, alice, bob, &out), ERROR_INPUT, "not valid");
    assert_failure(cipher_x25519(&a, alice, bytes(&a, "00"), &out), ERROR_INPUT, "32 bytes");
}

static void what_is_sealed_can_be_opened_by_who_has_all_of_it(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str key = cipher_derive_key(&a, STR("secret"), (Str){"", 0}, STR("test"), CIPHER_KEY_BYTES);

    (void)state;
    for (int kind = CIPHER_AES256_GCM; kind <= CIPHER_CHACHA20_POLY1305; kind++) {
        CipherUse use = {
            .kind = (CipherKind)kind, .key = key, .nonce = STR("123456789012"), .beside = STR("x")};
        Str sealed, open;

        assert_success(cipher_seal(&a, &use, STR("a text"), &sealed));
        assert_int_equal(sealed.len, 6 + CIPHER_TAG_BYTES);
        assert_success(cipher_open(&a, &use, sealed, &open));
        assert_str(open, "a text");
        use.beside = STR("y");
        assert_failure(cipher_open(&a, &use, sealed, &open), ERROR_INPUT, "it was changed");
        use.beside = STR("x");
        use.nonce = STR("123456789013");
        assert_failure(cipher_open(&a, &use, sealed, &open), ERROR_INPUT, "it was changed");
        use.nonce = STR("1234567890123");
        if (kind == CIPHER_CHACHA20_POLY1305)
            assert_failure(cipher_open(&a, &use, sealed, &open), ERROR_INPUT, "13 bytes");
        use.key = STR("short");
        assert_failure(cipher_seal(&a, &use, STR("x"), &open), ERROR_INPUT,
                       "5 bytes instead of 32");
    }
}

static void an_empty_text_has_a_tag_only(void **state)
{
    DEFER(arena_free) Arena a = {0};
    CipherUse use = {.key = cipher_derive_key(&a, STR("s"), STR(""), STR(""), 32),
                     .nonce = STR("1")};
    Str sealed, open;

    (void)state;
    assert_success(cipher_seal(&a, &use, (Str){0}, &sealed));
    assert_int_equal(sealed.len, CIPHER_TAG_BYTES);
    assert_success(cipher_open(&a, &use, sealed, &open));
    assert_int_equal(open.len, 0);
    assert_failure(cipher_open(&a, &use, str_skip(sealed, 1), &open), ERROR_INPUT, "too short");
}

static void equal_texts_are_equal(void **state)
{
    (void)state;
    assert_true(cipher_equal(STR("abc"), STR("abc")));
    assert_true(cipher_equal((Str){0}, STR("")));
    assert_false(cipher_equal(STR("abc"), STR("abd")));
    assert_false(cipher_equal(STR("abc"), STR("abcd")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_those_of_the_standards),
        cmocka_unit_test(what_is_sealed_can_be_opened_by_who_has_all_of_it),
        cmocka_unit_test(an_empty_text_has_a_tag_only),
        cmocka_unit_test(equal_texts_are_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
