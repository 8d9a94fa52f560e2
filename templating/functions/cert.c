/*
 * cert.c - private keys and certificates. Source: sprig, crypto.go.
 */
#include "base/base64.h"
#include "templating/certificate.h"
#include "templating/functions/sets.h"
#include "templating/library_random.h"
#include "templating/private_key.h"
#include "templating/world.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { STANDALONE_RSA_BITS = 4096, CERTIFICATE_RSA_BITS = 2048 };
enum { KEY_COST = 16, CERTIFICATE_COST = 4 }; /* see template_slow */

static Error *run_private_key(const TemplateCall *call, Value *out)
{
    DEFER(library_random_end) LibraryRandom lent = library_random_begin(call);
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    Str type = call->args[0].string, pem;

    TRY(template_slow(call, KEY_COST));
    if (!type.len || str_is(type, "rsa"))
        TRY(private_key_new_rsa(STANDALONE_RSA_BITS, &key));
    else if (str_is(type, "dsa"))
        TRY(private_key_new_dsa(&key));
    else if (str_is(type, "ecdsa"))
        TRY(private_key_new_ecdsa(&key));
    else if (str_is(type, "ed25519"))
        TRY(private_key_new_ed25519(&key));
    else {
        *out = value_string(str_join(call->arena, STR("Unknown type "), type));
        return NULL;
    }
    TRY(private_key_pem(call->arena, key, &pem));
    *out = value_string(pem);
    return NULL;
}

/* The owner's key: the one in PEM, or a new one where that is NULL. */
static Error *owner_key(const Value *pem, EVP_PKEY **out)
{
    if (pem)
        return error_wrap(private_key_parse(pem->string, out), "parsing private key");
    return private_key_new_rsa(CERTIFICATE_RSA_BITS, out);
}

/* What ORDER says, for the owner of the key in PEM (NULL: of a new one); with that key. */
static Error *give(const TemplateCall *call, CertificateOrder order, const Value *pem, Value *out)
{
    DEFER(library_random_end) LibraryRandom lent = library_random_begin(call);
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    Str certificate, key_pem;

    TRY(template_slow(call, CERTIFICATE_COST));
    TRY(owner_key(pem, &key));
    TRY(call_now(call, &order.now));
    TRY(call_random(call, order.serial, sizeof(order.serial)));
    order.key = key;
    if (!order.issuer)
        order.issuer_key = key;
    TRY(certificate_make(call->arena, &order, &certificate));
    TRY(private_key_pem(call->arena, key, &key_pem));
    *out = value_of_certificate(call->arena, certificate, key_pem);
    return NULL;
}

static Error *give_authority(const TemplateCall *call, const Value *pem, Value *out)
{
    CertificateOrder order = {
        .common_name = call->args[0].string, .days = call->args[1].integer, .authority = true};

    return give(call, order, pem, out);
}

static CertificateOrder order_of(const Value *args)
{
    return (CertificateOrder){.common_name = args[0].string,
                              .addresses = args[1].list,
                              .names = args[2].list,
                              .days = args[3].integer};
}

static Error *give_signed(const TemplateCall *call, const Value *pem, Value *out)
{
    DEFER(certificate_free) X509 *issuer = NULL;
    DEFER(openssl_key_free) EVP_PKEY *issuer_key = NULL;
    const Value *authority = call->args[4].object->fields;
    CertificateOrder order = order_of(call->args);

    if (pem) { // of several faults Go finds the owner's key first
        DEFER(openssl_key_free) EVP_PKEY *key = NULL;

        TRY(owner_key(pem, &key));
    }
    TRY(certificate_parse(authority[0].string, &issuer));
    TRY(error_wrap(private_key_parse(authority[1].string, &issuer_key),
                   "error parsing private key"));
    order.issuer = issuer;
    order.issuer_key = issuer_key;
    return give(call, order, pem, out);
}

static Error *run_ca(const TemplateCall *call, Value *out)
{
    return give_authority(call, NULL, out);
}

static Error *run_ca_with_key(const TemplateCall *call, Value *out)
{
    return give_authority(call, &call->args[2], out);
}

static Error *run_self_signed(const TemplateCall *call, Value *out)
{
    return give(call, order_of(call->args), NULL, out);
}

static Error *run_self_signed_with_key(const TemplateCall *call, Value *out)
{
    return give(call, order_of(call->args), &call->args[4], out);
}

static Error *run_signed(const TemplateCall *call, Value *out)
{
    return give_signed(call, NULL, out);
}

static Error *run_signed_with_key(const TemplateCall *call, Value *out)
{
    return give_signed(call, &call->args[5], out);
}

static Error *decoded(const TemplateCall *call, size_t i, const char *what, Str *out)
{
    Error *err = base64_decode(call->arena, call->args[i].string, out);

    if (!err)
        return NULL;
    error_free(err);
    return FAIL("unable to decode base64 %s", what);
}

/* Both are given back as they are, but they must be what they should be. */
static Error *run_build_custom(const TemplateCall *call, Value *out)
{
    DEFER(certificate_free) X509 *certificate = NULL;
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    Str certificate_pem, key_pem;

    TRY(decoded(call, 0, "certificate", &certificate_pem));
    TRY(decoded(call, 1, "private key", &key_pem));
    TRY(certificate_parse(certificate_pem, &certificate));
    TRY(error_wrap(private_key_parse(key_pem, &key), "error parsing private key"));
    *out = value_of_certificate(call->arena, certificate_pem, key_pem);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"buildCustomCert", "ss", "buildCustomCert CERTIFICATE KEY",
     "A certificate and its key, from base64 of PEM.", run_build_custom},
    {"genCA", "si", "genCA NAME DAYS", "A new certificate authority.", run_ca},
    {"genCAWithKey", "sis", "genCAWithKey NAME DAYS KEY", "A certificate authority for KEY.",
     run_ca_with_key},
    {"genPrivateKey", "s", "genPrivateKey TYPE", "A new private key: rsa, ecdsa, ed25519 or dsa.",
     run_private_key},
    {"genSelfSignedCert", "slli", "genSelfSignedCert NAME IPS NAMES DAYS",
     "A new certificate that vouches for itself.", run_self_signed},
    {"genSelfSignedCertWithKey", "sllis", "genSelfSignedCertWithKey NAME IPS NAMES DAYS KEY",
     "A certificate for KEY that vouches for itself.", run_self_signed_with_key},
    {"genSignedCert", "sllic", "genSignedCert NAME IPS NAMES DAYS CA",
     "A new certificate signed by CA.", run_signed},
    {"genSignedCertWithKey", "sllics", "genSignedCertWithKey NAME IPS NAMES DAYS CA KEY",
     "A certificate for KEY signed by CA.", run_signed_with_key},
};

const TemplateFunctionSet template_functions_cert = {
    .name = "keys and certificates",
    .source = "sprig, crypto.go",
    .functions = functions,
    .len = COUNT(functions),
};
