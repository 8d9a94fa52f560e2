/*
 * rsa_key.c - primes by Miller and Rabin, and the key that two of them make.
 * Source: FIPS 186-5, A.1.3 and B.3.1; Go, crypto/internal/fips140/rsa/keygen.go.
 */
#include "templating/rsa_key.h"

#include "base/lang.h"
#include "base/openssl.h"
#include "templating/openssl.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    EXPONENT = 65537,
    LEAST_BITS = 512,
    SIEVE_PRIMES = 1 << 14, /* candidates that a prime below divides are not tested */
    WINDOW = 2048,          /* odd numbers that are looked at from a random one on */
    LEAST_DISTANCE = 100,   /* the primes differ by 2^(bits / 2 - this) or more */
};

/* A search for one prime. */
typedef struct Search {
    BN_CTX *numbers;
    BN_MONT_CTX *montgomery;
    BIGNUM *candidate, *less_one, *odd_part, *base, *power;
    int twos; /* less_one is odd_part times 2 to this */
} Search;

static void free_montgomery(BN_MONT_CTX **context)
{
    BN_MONT_CTX_free(*context);
}

/* For random numbers, not for chosen ones: BoringSSL, crypto/fipsmodule/bn/prime.c. */
static int rounds_for(int bits)
{
    if (bits >= 3747)
        return 3;
    if (bits >= 1345)
        return 4;
    if (bits >= 476)
        return 5;
    return bits >= 347 ? 7 : 27;
}

/* ---- candidates without small divisors */

static void small_primes(bool composite[SIEVE_PRIMES])
{
    for (uint32_t i = 3; i * i < SIEVE_PRIMES; i += 2)
        for (uint32_t j = i * i; !composite[i] && j < SIEVE_PRIMES; j += 2 * i)
            composite[j] = true;
}

/* Of START + 2 I, which DIVIDED[I] have a small divisor; START is odd. */
static bool sieve(const BIGNUM *start, bool divided[WINDOW])
{
    bool composite[SIEVE_PRIMES] = {false};

    small_primes(composite);
    memset(divided, 0, WINDOW * sizeof(*divided));
    for (uint32_t p = 3; p < SIEVE_PRIMES; p += 2) {
        if (composite[p])
            continue;
        BN_ULONG left = BN_mod_word(start, p);
        if (left == (BN_ULONG)-1)
            return false;
        uint32_t missing = (p - (uint32_t)left) % p;
        for (uint32_t i = missing % 2 ? (missing + p) / 2 : missing / 2; i < WINDOW; i += p)
            divided[i] = true;
    }
    return true;
}

/* ---- Miller and Rabin */

static bool prepare(Search *s)
{
    s->twos = 0;
    if (!BN_copy(s->less_one, s->candidate) || !BN_sub_word(s->less_one, 1))
        return false;
    while (!BN_is_bit_set(s->less_one, s->twos))
        s->twos++;
    return BN_rshift(s->odd_part, s->less_one, s->twos) &&
           BN_MONT_CTX_set(s->montgomery, s->candidate, s->numbers);
}

/* A random number from 2 to the candidate less 2. */
static bool draw_base(Search *s)
{
    do
        if (!BN_priv_rand_range(s->base, s->less_one))
            return false;
    while (BN_is_zero(s->base) || BN_is_one(s->base));
    return true;
}

/* One round; *PASSES: the candidate may be prime. */
static bool round_of(Search *s, bool *passes)
{
    if (!draw_base(s) || !BN_mod_exp_mont_consttime(s->power, s->base, s->odd_part, s->candidate,
                                                    s->numbers, s->montgomery))
        return false;
    *passes = BN_is_one(s->power) || BN_cmp(s->power, s->less_one) == 0;
    for (int i = 1; i < s->twos && !*passes; i++) {
        if (!BN_mod_sqr(s->power, s->power, s->candidate, s->numbers))
            return false;
        *passes = BN_cmp(s->power, s->less_one) == 0;
    }
    return true;
}

static bool test(Search *s, bool *prime)
{
    *prime = true;
    if (!prepare(s))
        return false;
    for (int left = rounds_for(BN_num_bits(s->candidate)); left > 0 && *prime; left--)
        if (!round_of(s, prime))
            return false;
    return true;
}

/* ---- a prime */

/* Whether the candidate suits the exponent: that has an inverse. */
static bool suits(const Search *s)
{
    return BN_mod_word(s->candidate, EXPONENT) != 1;
}

/* The first prime in a window that begins at a random place; *FOUND: there is one. */
static bool look(Search *s, int bits, bool *found)
{
    bool divided[WINDOW];

    *found = false;
    if (!BN_priv_rand(s->candidate, bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD) ||
        !sieve(s->candidate, divided))
        return false;
    for (size_t i = 0; i < WINDOW && !*found; i++) {
        if (i && !BN_add_word(s->candidate, 2))
            return false;
        if (!divided[i] && suits(s) && !test(s, found))
            return false;
        if (*found)
            *found = BN_num_bits(s->candidate) == bits; // it may have gone over
    }
    return true;
}

static bool find_prime(BN_CTX *numbers, int bits, BIGNUM *out)
{
    DEFER(free_montgomery) BN_MONT_CTX *montgomery = BN_MONT_CTX_new();
    DEFER(free_number) BIGNUM *less_one = BN_new(), *odd_part = BN_new();
    DEFER(free_number) BIGNUM *base = BN_new(), *power = BN_new();
    Search s = {numbers, montgomery, out, less_one, odd_part, base, power, 0};
    bool found = false;

    if (!montgomery || !less_one || !odd_part || !base || !power)
        return false;
    while (!found)
        if (!look(&s, bits, &found))
            return false;
    return true;
}

/* ---- the key */

/* Whether P and Q, of which P becomes the larger, are far enough apart. */
static bool order(BIGNUM *p, BIGNUM *q, unsigned bits, bool *good)
{
    DEFER(free_number) BIGNUM *distance = BN_new();

    if (BN_cmp(p, q) < 0)
        BN_swap(p, q);
    if (!distance || !BN_sub(distance, p, q))
        return false;
    *good = BN_num_bits(distance) > (int)bits / 2 - LEAST_DISTANCE;
    return true;
}

static bool find_primes(BN_CTX *numbers, unsigned bits, BIGNUM *p, BIGNUM *q)
{
    bool good = false;

    while (!good)
        if (!find_prime(numbers, (int)(bits + 1) / 2, p) ||
            !find_prime(numbers, (int)bits / 2, q) || !order(p, q, bits, &good))
            return false;
    return true;
}

/* D: the inverse of E modulo the least common multiple of P - 1 and Q - 1; and what follows. */
static bool exponents(BN_CTX *numbers, const BIGNUM *e, const BIGNUM *p, const BIGNUM *q, BIGNUM *d,
                      BIGNUM *dp, BIGNUM *dq)
{
    DEFER(free_number) BIGNUM *p1 = BN_dup(p), *q1 = BN_dup(q), *both = BN_new();
    DEFER(free_number) BIGNUM *common = BN_new();

    return p1 && q1 && both && common && BN_sub_word(p1, 1) && BN_sub_word(q1, 1) &&
           BN_mul(both, p1, q1, numbers) && BN_gcd(common, p1, q1, numbers) &&
           BN_div(both, NULL, both, common, numbers) && BN_mod_inverse(d, e, both, numbers) &&
           BN_mod(dp, d, p1, numbers) && BN_mod(dq, d, q1, numbers);
}

static EVP_PKEY *assemble(const BIGNUM *const numbers[8])
{
    static const char *const names[] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    DEFER(free_builder) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    DEFER(free_parameters) OSSL_PARAM *parameters = NULL;
    DEFER(free_context) EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;

    for (size_t i = 0; i < COUNT(names); i++)
        if (!builder || !OSSL_PARAM_BLD_push_BN(builder, names[i], numbers[i]))
            return NULL;
    parameters = OSSL_PARAM_BLD_to_param(builder);
    if (!parameters || !maker || EVP_PKEY_fromdata_init(maker) <= 0 ||
        EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parameters) <= 0)
        return NULL;
    return key;
}

EVP_PKEY *rsa_key_new(unsigned bits)
{
    DEFER(free_numbers) BN_CTX *numbers = BN_CTX_new();
    DEFER(free_number) BIGNUM *n = BN_new(), *e = BN_new(), *d = BN_new(), *p = BN_new();
    DEFER(free_number) BIGNUM *q = BN_new(), *dp = BN_new(), *dq = BN_new(), *inverse = BN_new();

    if (bits < LEAST_BITS || !numbers || !n || !e || !d || !p || !q || !dp || !dq || !inverse)
        return NULL;
    if (!BN_set_word(e, EXPONENT) || !find_primes(numbers, bits, p, q) ||
        !BN_mul(n, p, q, numbers) || !exponents(numbers, e, p, q, d, dp, dq) ||
        !BN_mod_inverse(inverse, q, p, numbers))
        return NULL;
    return assemble((const BIGNUM *const[]){n, e, d, p, q, dp, dq, inverse});
}
