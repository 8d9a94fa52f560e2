/*
 * signature.h - whether a text was signed with a key.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/*
 * Whether SIGNATURE is one of TEXT by the key whose public half is in KEY_PEM: ECDSA or RSA
 * (PKCS #1 v1.5) over SHA-256, or Ed25519. ERROR_INPUT where KEY_PEM is no public key.
 */
Error *signature_verify(Str key_pem, Str text, Str signature, bool *out) MUST_CHECK;
