#include "base/rsa.h"

#include "base/lang.h"

#include <limits.h>
#include <nettle/bignum.h>
#include <nettle/rsa.h>
#include <pthread.h>

enum { MOST_BYTES = 2048 }; /* of a number */

#define NETTLE_FUNCTIONS(F)                                                                        \
    F(nettle_mpz_get_str_256)                                                                      \
    F(nettle_mpz_set_str_256_u)                                                                    \
    F(nettle_mpz_sizeinbase_256_u)                                                                 \
    F(nettle_rsa_generate_keypair)                                                                 \
    F(nettle_rsa_private_key_clear)                                                                \
    F(nettle_rsa_private_key_init)                                                                 \
    F(nettle_rsa_public_key_clear)                                                                 \
    F(nettle_rsa_public_key_init)

LIBRARY_FUNCTIONS(Nettle, NETTLE_FUNCTIONS);

static Nettle nettle;
static bool has_nettle;

static void load(void)
{
    Error *err = LIBRARY_LOAD("libhogweed.so.6", "libhogweed6", NETTLE_FUNCTIONS, &nettle);

    has_nettle = !err;
    error_free(err);
}

void rsa_numbers_free(BIGNUM *(*numbers)[RSA_NUMBERS])
{
    for (size_t i = 0; i < RSA_NUMBERS; i++)
        openssl_number_free(&(*numbers)[i]);
}

static void free_builder(OSSL_PARAM_BLD **builder)
{
    OSSL_PARAM_BLD_free(*builder);
}

static void free_parameters(OSSL_PARAM **parameters)
{
    OSSL_PARAM_free(*parameters);
}

/* The key that has the first LEN of NUMBERS. */
static EVP_PKEY *key_of_first(BIGNUM *const *numbers, size_t len, int selection)
{
    static const char *const names[RSA_NUMBERS] = {
        [RSA_N] = OSSL_PKEY_PARAM_RSA_N,
        [RSA_E] = OSSL_PKEY_PARAM_RSA_E,
        [RSA_D] = OSSL_PKEY_PARAM_RSA_D,
        [RSA_COEFFICIENT] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        [RSA_P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
        [RSA_Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
        [RSA_DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
        [RSA_DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
    };
    DEFER(free_builder) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    DEFER(free_parameters) OSSL_PARAM *parameters = NULL;
    DEFER(openssl_key_context_free)
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;

    if (!builder || !maker)
        return NULL;
    for (size_t i = 0; i < len; i++)
        if (!numbers[i] || !OSSL_PARAM_BLD_push_BN(builder, names[i], numbers[i]))
            return NULL;
    parameters = OSSL_PARAM_BLD_to_param(builder);
    if (!parameters || EVP_PKEY_fromdata_init(maker) <= 0 ||
        EVP_PKEY_fromdata(maker, &key, selection, parameters) <= 0)
        return NULL;
    return key;
}

EVP_PKEY *rsa_of_numbers(BIGNUM *const numbers[RSA_NUMBERS])
{
    return key_of_first(numbers, RSA_NUMBERS, EVP_PKEY_KEYPAIR);
}

EVP_PKEY *rsa_public_of_numbers(BIGNUM *n, BIGNUM *e)
{
    BIGNUM *const numbers[] = {[RSA_N] = n, [RSA_E] = e};

    return key_of_first(numbers, COUNT(numbers), EVP_PKEY_PUBLIC_KEY);
}

static void give_random(void *context, size_t len, uint8_t *out)
{
    (void)context;
    if (len > INT_MAX || RAND_bytes(out, (int)len) != 1)
        BUG("the crypto library has no randomness");
}

/* N as OpenSSL has numbers, or NULL. */
static BIGNUM *number_of(const mpz_t n)
{
    unsigned char bytes[MOST_BYTES];
    size_t len = nettle.nettle_mpz_sizeinbase_256_u(n);

    if (len > sizeof(bytes))
        return NULL;
    nettle.nettle_mpz_get_str_256(len, bytes, n);
    BIGNUM *number = BN_bin2bn(bytes, (int)len, NULL);
    OPENSSL_cleanse(bytes, len);
    return number;
}

static EVP_PKEY *key_of(const struct rsa_public_key *public, const struct rsa_private_key *secret)
{
    DEFER(rsa_numbers_free)
    BIGNUM *numbers[RSA_NUMBERS] = {
        [RSA_N] = number_of(public->n),  [RSA_E] = number_of(public->e),
        [RSA_D] = number_of(secret->d),  [RSA_COEFFICIENT] = number_of(secret->c),
        [RSA_P] = number_of(secret->p),  [RSA_Q] = number_of(secret->q),
        [RSA_DP] = number_of(secret->a), [RSA_DQ] = number_of(secret->b),
    };

    return rsa_of_numbers(numbers);
}

static EVP_PKEY *new_of_nettle(unsigned bits)
{
    static const uint8_t exponent[] = {1, 0, 1};
    struct rsa_public_key public;
    struct rsa_private_key secret;
    EVP_PKEY *key = NULL;

    nettle.nettle_rsa_public_key_init(&public);
    nettle.nettle_rsa_private_key_init(&secret);
    nettle.nettle_mpz_set_str_256_u(public.e, sizeof(exponent), exponent);
    if (nettle.nettle_rsa_generate_keypair(&public, &secret, NULL, give_random, NULL, NULL, bits,
                                           0))
        key = key_of(&public, &secret);
    nettle.nettle_rsa_private_key_clear(&secret);
    nettle.nettle_rsa_public_key_clear(&public);
    return key;
}

EVP_PKEY *rsa_new(unsigned bits)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return has_nettle ? new_of_nettle(bits) : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
}
