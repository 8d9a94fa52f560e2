/*
 * certificate.h - X.509 certificates as sprig makes them, each with its key.
 * Source: sprig, crypto.go; Go, crypto/x509, CreateCertificate.
 */
#pragma once

#include "base/openssl.h"
#include "base/time.h"
#include "templating/types.h"

/* What to put into a certificate. */
typedef struct CertificateOrder {
    Str common_name;
    ValueList addresses; /* of strings: IPv4 and IPv6 */
    ValueList names;     /* of strings: DNS */
    int64_t days;        /* valid from now on; below 0 it has expired */
    bool authority;      /* others may be signed with it */

    Time now;
    unsigned char serial[16];

    EVP_PKEY *key;        /* the owner's */
    X509 *issuer;         /* NULL: the owner itself */
    EVP_PKEY *issuer_key; /* that it is signed with */
} CertificateOrder;

/* For DEFER. */
void certificate_free(X509 **certificate);

/* The certificate, in PEM. ERROR_INPUT for what cannot be in one. */
Error *certificate_make(Arena *a, const CertificateOrder *order, Str *out) MUST_CHECK;

/* The certificate in the first block of PEM, whatever its type. ERROR_INPUT where it is none. */
Error *certificate_parse(Str pem, X509 **out) MUST_CHECK;

/* sprig's certificate, with .Cert and .Key. */
Value value_of_certificate(Arena *a, Str certificate, Str key);
