/*
 * openssl.h - what OpenSSL's objects need for DEFER, and its errors; for files that use libcrypto.
 */
#pragma once

#include "base/error.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

/* Each leaves NULL. Numbers are cleared first. */
void openssl_free_key(EVP_PKEY **key);
void openssl_free_key_context(EVP_PKEY_CTX **context);
void openssl_free_cipher(EVP_CIPHER_CTX **context);
void openssl_free_digest(EVP_MD_CTX **context);
void openssl_free_bio(BIO **bio);
void openssl_free_number(BIGNUM **number);
void openssl_free_numbers(BN_CTX **context);
void openssl_free_builder(OSSL_PARAM_BLD **builder);
void openssl_free_parameters(OSSL_PARAM **parameters);

/* What failed in OpenSSL, which keeps a list of its troubles; it is empty then. */
Error *openssl_error(const char *what) MUST_CHECK;
