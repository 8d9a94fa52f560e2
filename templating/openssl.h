/*
 * openssl.h - what of OpenSSL's must be given back, for DEFER.
 */
#pragma once

#include "base/openssl.h"

static inline void free_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static inline void free_number(BIGNUM **n)
{
    BN_clear_free(*n);
}

static inline void free_numbers(BN_CTX **context)
{
    BN_CTX_free(*context);
}

static inline void free_builder(OSSL_PARAM_BLD **builder)
{
    OSSL_PARAM_BLD_free(*builder);
}

static inline void free_parameters(OSSL_PARAM **parameters)
{
    OSSL_PARAM_free(*parameters);
}
