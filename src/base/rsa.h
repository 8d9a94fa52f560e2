/*
 * rsa.h - RSA keys: new ones, and such as are known by their numbers.
 */
#pragma once

#include "base/openssl.h"

/* The numbers of a key: modulus, exponents, primes, and what makes signing faster. */
enum {
    RSA_N,
    RSA_E,
    RSA_D,
    RSA_COEFFICIENT, /* of Q, modulo P */
    RSA_P,
    RSA_Q,
    RSA_DP, /* D modulo P - 1 */
    RSA_DQ,
    RSA_NUMBERS
};

/* For DEFER. They are wiped. */
void rsa_numbers_free(BIGNUM *(*numbers)[RSA_NUMBERS]);

/* The key that has NUMBERS, or NULL where one is missing. */
EVP_PKEY *rsa_of_numbers(BIGNUM *const numbers[RSA_NUMBERS]);

/* The public key that has the first two of them, or NULL. */
EVP_PKEY *rsa_public_of_numbers(BIGNUM *n, BIGNUM *e);

/*
 * A new key of BITS with the exponent 65537, or NULL; its randomness is that of OpenSSL. Its primes
 * are looked for by nettle, which takes a third of OpenSSL's time, or by OpenSSL where the machine
 * has no nettle.
 */
EVP_PKEY *rsa_new(unsigned bits);
