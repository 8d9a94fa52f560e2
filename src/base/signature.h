/*
 * signature.h - texts signed with a key, and whether they were.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/*
 * Whether SIGNATURE is one of TEXT by the key whose public half is in KEY_PEM: ECDSA or RSA
 * (PKCS #1 v1.5) over SHA-256, or Ed25519. ERROR_INPUT where KEY_PEM is no public key.
 */
Error *signature_verify(Str key_pem, Str text, Str signature, bool *out) MUST_CHECK;

/*
 * A signature of TEXT by the private key in KEY_PEM, of RSA (PKCS #1 v1.5) or ECDSA, over SHA-256.
 * False: that is no such key.
 */
bool signature_make(Arena *a, Str key_pem, Str text, Str *out) MUST_CHECK;
