/*
 * test_private_key.c - private keys made, written and read.
 */
#include "templating/pem.h"
#include "templating/private_key.h"
#include "tests/unit/unit.h"

#include <openssl/x509.h>

typedef struct Row {
    const char *name;
    const char *key; /* in PEM, as Go would not write it */
    const char *type;
    const char *error; /* NULL: it is read, and written as TYPE */
} Row;

static Row rows[] = {
    {"Ed25519 is PKCS 8",
     "-----BEGIN PRIVATE KEY-----\n"
     "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
     "-----END PRIVATE KEY-----\n",
     "PRIVATE KEY", NULL},
    {"a public part is added where it is missing",
     "-----BEGIN EC PRIVATE KEY-----\n"
     "MDECAQEEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHoAoGCCqGSM49\n"
     "AwEH\n"
     "-----END EC PRIVATE KEY-----\n",
     "EC PRIVATE KEY", NULL},
    {"a key of Ed448 is none that Go knows",
     "-----BEGIN PRIVATE KEY-----\n"
     "MEcCAQAwBQYDK2VxBDsEOQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
     "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==\n"
     "-----END PRIVATE KEY-----\n",
     NULL, "unknown algorithm: 1.3.101.113"},
    {"a key that is 0 is none",
     "-----BEGIN EC PRIVATE KEY-----\n"
     "MDECAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAoAoGCCqGSM49\n"
     "AwEH\n"
     "-----END EC PRIVATE KEY-----\n",
     NULL, "parsing EC private key from PEM: x509: "},
    {"an encrypted key is none",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\nYWJj\n-----END ENCRYPTED PRIVATE KEY-----\n", NULL,
     "invalid private key type ENCRYPTED PRIVATE KEY"},
    {"a public key is none", "-----BEGIN PUBLIC KEY-----\nYWJj\n-----END PUBLIC KEY-----\n", NULL,
     "no private key data in PEM block of type PUBLIC KEY"},
    {"PKCS 8 is not PKCS 1",
     "-----BEGIN RSA PRIVATE KEY-----\n"
     "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
     "-----END RSA PRIVATE KEY-----\n",
     NULL, "parsing RSA private key from PEM"},
    {"nonsense is none", "-----BEGIN EC PRIVATE KEY-----\nYWJj\n-----END EC PRIVATE KEY-----\n",
     NULL, "malformed private key"},
    {"nothing is none", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", NULL,
     "decoding PEM as PKCS#8: x509: malformed private key"},
    {"no PEM is none", "x", NULL, "no PEM data in input"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(openssl_key_free) EVP_PKEY *key = NULL, *again = NULL;
    DEFER(arena_free) Arena a = {0};
    PemBlock block;
    Str pem;
    Error *err = private_key_parse(str_from(row->key), &key);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        assert_null(key);
        return;
    }
    assert_success(err);
    assert_success(private_key_pem(&a, key, &pem));
    assert_true(pem_decode(&a, pem, &block));
    assert_str(block.type, row->type);
    assert_success(private_key_parse(pem, &again));
    assert_int_equal(EVP_PKEY_eq(key, again), 1);
}

/* KEY, which MAKING made, is written and read; and then freed. */
static void check_made(Error *making, EVP_PKEY **key, const char *type, int bits)
{
    DEFER(openssl_key_free) EVP_PKEY *again = NULL;
    DEFER(arena_free) Arena a = {0};
    PemBlock block;
    Str pem;

    assert_success(making);
    assert_int_equal(EVP_PKEY_get_bits(*key), bits);
    assert_success(private_key_pem(&a, *key, &pem));
    assert_true(pem_decode(&a, pem, &block));
    assert_str(block.type, type);
    assert_success(private_key_parse(pem, &again));
    assert_int_equal(EVP_PKEY_eq(*key, again), 1);
    openssl_key_free(key);
}

static void keys_are_of_the_usual_kinds(void **state)
{
    EVP_PKEY *key = NULL;
    Error *err;

    (void)state;
    err = private_key_new_rsa(2048, &key);
    check_made(err, &key, "RSA PRIVATE KEY", 2048);
    err = private_key_new_ecdsa(&key);
    check_made(err, &key, "EC PRIVATE KEY", 256);
    err = private_key_new_ed25519(&key);
    check_made(err, &key, "PRIVATE KEY", 256);
    err = private_key_new_dsa(&key);
    check_made(err, &key, "DSA PRIVATE KEY", 2048);
}

/* A bit of the numbers of an RSA key is changed; whichever it is, they no longer fit together. */
static void numbers_of_an_rsa_key_belong_together(void **state)
{
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    DEFER(arena_free) Arena a = {0};
    unsigned char *der = NULL;

    (void)state;
    assert_success(private_key_new_rsa(1024, &key));
    int len = i2d_PrivateKey(key, &der);
    for (int i = 8; i < len; i++) {
        EVP_PKEY *changed = NULL;

        der[i] ^= 4;
        Str pem = pem_encode(&a, "RSA PRIVATE KEY", (Str){(const char *)der, (size_t)len});
        assert_failure(private_key_parse(pem, &changed), ERROR_INPUT, "parsing RSA private key");
        der[i] ^= 4;
    }
    OPENSSL_free(der);
}

/* OpenSSL holds the primes to its own test, and the other numbers to them. */
static void openssl_finds_rsa_keys_sound(void **state)
{
    static const unsigned sizes[] = {512, 1023, 1024, 1025, 2048};

    (void)state;
    for (size_t i = 0; i < 3 * COUNT(sizes); i++) {
        DEFER(openssl_key_free) EVP_PKEY *key = NULL;

        assert_success(private_key_new_rsa(sizes[i % COUNT(sizes)], &key));
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
        assert_int_equal(EVP_PKEY_get_bits(key), sizes[i % COUNT(sizes)]);
        assert_int_equal(EVP_PKEY_check(context), 1);
        EVP_PKEY_CTX_free(context);
    }
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(openssl_finds_rsa_keys_sound),
    cmocka_unit_test(keys_are_of_the_usual_kinds),
    cmocka_unit_test(numbers_of_an_rsa_key_belong_together),
};

TEST_ROWS_AND(rows, check, others)
