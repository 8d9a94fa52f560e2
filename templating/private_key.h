/*
 * private_key.h - private keys as sprig makes, reads and writes them: RSA, ECDSA, Ed25519,
 * DSA, in OpenSSL's EVP_PKEY. Source: sprig, crypto.go; Go, crypto/x509.
 */
#pragma once

#include "base/error.h"
#include "base/openssl.h"
#include "base/str.h"

/* Of BITS. */
Error *private_key_new_rsa(unsigned bits, EVP_PKEY **out) MUST_CHECK;

/* On the curve P-256. */
Error *private_key_new_ecdsa(EVP_PKEY **out) MUST_CHECK;
Error *private_key_new_ed25519(EVP_PKEY **out) MUST_CHECK;

/* Of 2048 bits, with a subgroup of 256. */
Error *private_key_new_dsa(EVP_PKEY **out) MUST_CHECK;

/* The key in the first block of PEM. ERROR_INPUT where that is none, or one that Go does not read.
 */
Error *private_key_parse(Str pem, EVP_PKEY **out) MUST_CHECK;

/* PKCS 1 for RSA, SEC 1 for ECDSA, OpenSSL's own form for DSA, PKCS 8 for the others. */
Error *private_key_pem(Arena *a, EVP_PKEY *key, Str *out) MUST_CHECK;

/* What failed in OpenSSL, which keeps a list of its troubles; it is empty then. */
Error *openssl_error(const char *what) MUST_CHECK;
