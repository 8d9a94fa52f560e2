/*
 * test_rsa.c - RSA keys: new ones, and of numbers.
 */
#include "base/rsa.h"

#include "base/lang.h"
#include "tests/unit/unit.h"

#include <openssl/evp.h>

static void is_sound(unsigned bits)
{
    DEFER(openssl_key_free) EVP_PKEY *key = rsa_new(bits);
    DEFER(openssl_number_free) BIGNUM *exponent = NULL;

    assert_non_null(key);
    assert_int_equal(EVP_PKEY_get_bits(key), bits);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent), 1);
    assert_int_equal(BN_get_word(exponent), 65537);

    EVP_PKEY_CTX *checker = EVP_PKEY_CTX_new(key, NULL);
    assert_int_equal(EVP_PKEY_check(checker), 1); // primes, too
    openssl_key_context_free(&checker);
}

static void a_new_key_is_sound_and_as_long_as_asked_for(void **state)
{
    (void)state;
    is_sound(2048);
    is_sound(4096);
}

static void two_new_keys_are_not_the_same(void **state)
{
    DEFER(openssl_key_free) EVP_PKEY *one = rsa_new(1024), *other = rsa_new(1024);

    (void)state;
    assert_int_equal(EVP_PKEY_eq(one, other), 0);
}

static void without_one_of_its_numbers_there_is_no_key(void **state)
{
    DEFER(rsa_numbers_free) BIGNUM *numbers[RSA_NUMBERS] = {[RSA_N] = BN_new()};

    (void)state;
    assert_null(rsa_of_numbers(numbers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_is_sound_and_as_long_as_asked_for),
        cmocka_unit_test(two_new_keys_are_not_the_same),
        cmocka_unit_test(without_one_of_its_numbers_there_is_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
