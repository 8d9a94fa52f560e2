/*
 * test_cipher.c - encryption and random bytes; the random block is 0, 1, 2, … here.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"what is encrypted is decrypted",
     "{{ encryptAES \"k\" \"sixteen bytes!!!\" | decryptAES \"k\" }}", "sixteen bytes!!!", NULL},
    {"the block of randomness comes first", "{{ encryptAES \"k\" \"x\" }}",
     "AAECAwQFBgcICQoLDA0OD7ThA5INSSDcu7W7x26AHZk=", NULL},
    {"nothing is not encrypted", "{{ encryptAES \"k\" \"\" }}", "", NULL},
    {"nothing is not decrypted", "{{ decryptAES \"k\" \"\" }}", "", NULL},
    {"a password is cut off at 32 bytes",
     "{{ encryptAES \"12345678901234567890123456789012\" \"x\" | decryptAES "
     "\"12345678901234567890123456789012345\" }}",
     "x", NULL},
    {"what another implementation encrypted is decrypted",
     "{{ decryptAES \"k\" \"BgYGBgYGBgYGBgYGBgYGBslDXQm90ikMvoKU0LLnPkm8vwUJC6O61CuGa3Azw9uz\" }}",
     "sixteen bytes!!!", NULL},
    {"another password shows in the padding",
     "{{ decryptAES \"wrong\" \"CQkJCQkJCQkJCQkJCQkJCWKNO2dDSsQQ72cS59E5dME=\" }}", NULL,
     "padding out of range: 249 of 16 bytes"},
    {"base64 must be valid", "{{ decryptAES \"k\" \"a*\" }}", NULL,
     "illegal base64 data at input byte 1"},
    {"a block of randomness must be there", "{{ decryptAES \"k\" \"YWJj\" }}", NULL,
     "out of range: there are only 3 bytes"},
    {"a text must be there", "{{ decryptAES \"k\" \"AAAAAAAAAAAAAAAAAAAAAA==\" }}", NULL,
     "there is no text"},
    {"blocks must be whole", "{{ decryptAES \"k\" \"AAAAAAAAAAAAAAAAAAAAAAA=\" }}", NULL,
     "input not full blocks"},
    {"random bytes are in base64", "{{ randBytes 4 }}", "AAECAw==", NULL},
    {"no random bytes are nothing", "{{ randBytes 0 }}", "", NULL},
    {"less than none is an error", "{{ randBytes -1 }}", NULL, "len out of range: -1"},
    {"there is an end to them", "{{ randBytes 99999999999 }}", NULL,
     "the result is larger than 67108864 bytes"},
};

static void without_a_world_there_is_no_randomness(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str text;

    (void)state;
    assert_failure(render_in(&a, NULL, "{{ randBytes 1 }}", value_null(), &text), ERROR_INPUT,
                   "there is no randomness here");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(without_a_world_there_is_no_randomness)};

TEST_ROWS_AND(rows, check_function, others)
