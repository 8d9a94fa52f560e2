#include "templating/private_key.h"

#include "base/rsa.h"
#include "templating/pem.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { DSA_BITS = 2048, DSA_SUBGROUP_BITS = 256, LONGEST_NAME = 80 };

static void free_group(EC_GROUP **group)
{
    EC_GROUP_free(*group);
}

static void free_point(EC_POINT **point)
{
    EC_POINT_free(*point);
}

static void free_builder(OSSL_PARAM_BLD **builder)
{
    OSSL_PARAM_BLD_free(*builder);
}

static void free_parameters(OSSL_PARAM **parameters)
{
    OSSL_PARAM_free(*parameters);
}

static void free_pkcs8(PKCS8_PRIV_KEY_INFO **info)
{
    PKCS8_PRIV_KEY_INFO_free(*info);
}

Error *openssl_error(const char *what)
{
    char text[256] = "no reason given";
    unsigned long code = ERR_peek_last_error();

    if (code)
        ERR_error_string_n(code, text, sizeof(text));
    ERR_clear_error();
    return error_new(ERROR_INTERNAL, "%s: %s", what, text);
}

Error *private_key_new_rsa(unsigned bits, EVP_PKEY **out)
{
    *out = rsa_new(bits);
    return *out ? NULL : openssl_error("generating an rsa key");
}

Error *private_key_new_ecdsa(EVP_PKEY **out)
{
    *out = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    return *out ? NULL : openssl_error("generating an ecdsa key");
}

Error *private_key_new_ed25519(EVP_PKEY **out)
{
    *out = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return *out ? NULL : openssl_error("generating an ed25519 key");
}

Error *private_key_new_dsa(EVP_PKEY **out)
{
    DEFER(openssl_key_free) EVP_PKEY *parameters = NULL;
    DEFER(openssl_key_context_free)
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    unsigned bits = DSA_BITS, subgroup_bits = DSA_SUBGROUP_BITS;
    OSSL_PARAM sizes[] = {
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_FFC_PBITS, &bits),
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_FFC_QBITS, &subgroup_bits),
        OSSL_PARAM_construct_end(),
    };

    if (EVP_PKEY_paramgen_init(maker) <= 0 || EVP_PKEY_CTX_set_params(maker, sizes) <= 0 ||
        EVP_PKEY_generate(maker, &parameters) <= 0)
        return openssl_error("generating dsa parameters");

    DEFER(openssl_key_context_free) EVP_PKEY_CTX *generator = EVP_PKEY_CTX_new(parameters, NULL);
    *out = NULL; // or it would be filled
    if (EVP_PKEY_keygen_init(generator) <= 0 || EVP_PKEY_generate(generator, out) <= 0)
        return openssl_error("generating a dsa key");
    return NULL;
}

/* Number NAME of KEY, or NULL. */
static BIGNUM *number_of(const EVP_PKEY *key, const char *name)
{
    BIGNUM *n = NULL;

    EVP_PKEY_get_bn_param(key, name, &n);
    return n;
}

/* Whether EXPONENT and E undo each other for PRIME: their product is 1 modulo PRIME - 1. */
static bool undoes(const BIGNUM *exponent, const BIGNUM *e, const BIGNUM *prime, BN_CTX *numbers)
{
    DEFER(openssl_number_free) BIGNUM *order = BN_dup(prime), *one = BN_new();

    return order && one && exponent && BN_sub_word(order, 1) &&
           BN_mod_mul(one, exponent, e, order, numbers) && BN_is_one(one);
}

/* Whether the numbers of an RSA KEY belong together. Source: Go, crypto/internal/fips140/rsa. */
static bool is_sound_rsa(const EVP_PKEY *key)
{
    DEFER(openssl_numbers_free) BN_CTX *numbers = BN_CTX_secure_new();
    DEFER(openssl_number_free) BIGNUM *n = number_of(key, OSSL_PKEY_PARAM_RSA_N);
    DEFER(openssl_number_free) BIGNUM *e = number_of(key, OSSL_PKEY_PARAM_RSA_E);
    DEFER(openssl_number_free) BIGNUM *d = number_of(key, OSSL_PKEY_PARAM_RSA_D);
    DEFER(openssl_number_free) BIGNUM *p = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    DEFER(openssl_number_free) BIGNUM *q = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    DEFER(openssl_number_free) BIGNUM *dp = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
    DEFER(openssl_number_free) BIGNUM *dq = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
    DEFER(openssl_number_free) BIGNUM *inverse = number_of(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
    DEFER(openssl_number_free) BIGNUM *product = BN_new();

    DEFER(openssl_number_free) BIGNUM *third = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR3);

    if (third)
        return true; // Go looks no closer at such keys either
    if (!numbers || !n || !e || !d || !p || !q || !inverse || !product)
        return false;
    if (!BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > 31 || BN_is_one(p) ||
        BN_is_one(q))
        return false;
    if (!BN_mul(product, p, q, numbers) || BN_cmp(product, n) != 0)
        return false;
    if (!BN_mod_mul(product, inverse, q, p, numbers) || !BN_is_one(product))
        return false;
    return undoes(dp, e, p, numbers) && undoes(dq, e, q, numbers) && undoes(d, e, p, numbers) &&
           undoes(d, e, q, numbers);
}

/* A key on the curve GROUP with the secret number SECRET; its public part is computed. */
static EVP_PKEY *ecdsa_key(const EC_GROUP *group, const char *name, const BIGNUM *secret)
{
    DEFER(openssl_numbers_free) BN_CTX *numbers = BN_CTX_secure_new();
    DEFER(free_point) EC_POINT *public = EC_POINT_new(group);
    DEFER(free_builder) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    DEFER(free_parameters) OSSL_PARAM *parameters = NULL;
    DEFER(openssl_key_context_free)
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    unsigned char point[1 + 2 * 66]; // two numbers of up to 521 bits
    EVP_PKEY *key = NULL;

    if (!numbers || !public || !builder || !maker ||
        !EC_POINT_mul(group, public, secret, NULL, NULL, numbers))
        return NULL;
    size_t len = EC_POINT_point2oct(group, public, POINT_CONVERSION_UNCOMPRESSED, point,
                                    sizeof(point), numbers);
    if (!len || !OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0) ||
        !OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, len) ||
        !OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret) ||
        !(parameters = OSSL_PARAM_BLD_to_param(builder)))
        return NULL;
    if (EVP_PKEY_fromdata_init(maker) <= 0 ||
        EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parameters) <= 0)
        return NULL;
    return key;
}

/*
 * PARSED as Go has it: on one of the curves that Go knows, with the public part that follows
 * from the secret one, whatever was written beside that.
 */
static Error *clean_ecdsa(const EVP_PKEY *parsed, EVP_PKEY **out)
{
    DEFER(openssl_number_free) BIGNUM *secret = number_of(parsed, OSSL_PKEY_PARAM_PRIV_KEY);
    char name[LONGEST_NAME] = "", encoding[LONGEST_NAME] = "";

    EVP_PKEY_get_utf8_string_param(parsed, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof(name), NULL);
    EVP_PKEY_get_utf8_string_param(parsed, OSSL_PKEY_PARAM_EC_ENCODING, encoding, sizeof(encoding),
                                   NULL);
    int nid = OBJ_sn2nid(name);
    bool known = nid == NID_secp224r1 || nid == NID_X9_62_prime256v1 || nid == NID_secp384r1 ||
                 nid == NID_secp521r1;
    if (!known || strcmp(encoding, OSSL_PKEY_EC_ENCODING_GROUP) != 0)
        return FAIL("x509: unknown elliptic curve");

    DEFER(free_group) EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
    if (!group || !secret || BN_is_zero(secret) || BN_is_negative(secret) ||
        BN_cmp(secret, EC_GROUP_get0_order(group)) >= 0)
        return FAIL("x509: invalid private key");
    *out = ecdsa_key(group, name, secret);
    return *out ? NULL : openssl_error("x509");
}

/* PARSED, which is then given up, where it is a sound key. */
static Error *accept(EVP_PKEY *parsed, EVP_PKEY **out)
{
    DEFER(openssl_key_free) EVP_PKEY *key = parsed;

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
        return clean_ecdsa(key, out);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && !is_sound_rsa(key))
        return FAIL("x509: the numbers of the rsa key do not belong together");
    *out = key;
    key = NULL;
    return NULL;
}

/* PKCS 8 at the start of DER, or NULL. */
static PKCS8_PRIV_KEY_INFO *pkcs8_of(Str der)
{
    const unsigned char *at = (const unsigned char *)der.ptr;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);

    ERR_clear_error();
    return info;
}

/* A key of TYPE in the form that only such keys have; the whole of DER, where that is WHOLE. */
static Error *parse_own_form(int type, Str der, bool whole, EVP_PKEY **out)
{
    DEFER(free_pkcs8) PKCS8_PRIV_KEY_INFO *info = pkcs8_of(der);
    const unsigned char *at = (const unsigned char *)der.ptr;

    if (info) // which OpenSSL would take as well
        return FAIL("x509: failed to parse private key: the PEM block must be a PRIVATE KEY");
    EVP_PKEY *key = d2i_PrivateKey(type, NULL, &at, (long)der.len);
    ERR_clear_error();
    if (!key)
        return FAIL("x509: malformed private key");
    if (whole && at != (const unsigned char *)der.ptr + der.len) {
        EVP_PKEY_free(key);
        return FAIL("asn1: syntax error: trailing data");
    }
    return accept(key, out);
}

static Error *parse_pkcs8(Str der, EVP_PKEY **out)
{
    DEFER(free_pkcs8) PKCS8_PRIV_KEY_INFO *info = pkcs8_of(der);
    const ASN1_OBJECT *algorithm = NULL;
    char name[LONGEST_NAME];

    if (!info || !PKCS8_pkey_get0(&algorithm, NULL, NULL, NULL, info))
        return FAIL("x509: malformed private key");
    switch (OBJ_obj2nid(algorithm)) {
    case NID_rsaEncryption:
    case NID_X9_62_id_ecPublicKey:
    case NID_ED25519:
    case NID_X25519:
        break;
    default:
        OBJ_obj2txt(name, sizeof(name), algorithm, 1);
        return FAIL("x509: PKCS#8 wrapping contained private key with unknown algorithm: %s", name);
    }
    EVP_PKEY *key = EVP_PKCS82PKEY(info);
    ERR_clear_error();
    return key ? accept(key, out) : FAIL("x509: malformed private key");
}

static Error *parse_block(const PemBlock *block, EVP_PKEY **out)
{
    static const Str suffix = STR_INIT(" PRIVATE KEY");
    Str type = block->type;

    if (str_is(type, "PRIVATE KEY"))
        return error_wrap(parse_pkcs8(block->bytes, out), "decoding PEM as PKCS#8");
    if (!str_ends(type, suffix))
        return FAIL("no private key data in PEM block of type %.*s", STR_ARG(type));
    type.len -= suffix.len;
    if (str_is(type, "RSA"))
        return error_wrap(parse_own_form(EVP_PKEY_RSA, block->bytes, true, out),
                          "parsing RSA private key from PEM");
    if (str_is(type, "EC"))
        return error_wrap(parse_own_form(EVP_PKEY_EC, block->bytes, false, out),
                          "parsing EC private key from PEM");
    if (str_is(type, "DSA"))
        return error_wrap(parse_own_form(EVP_PKEY_DSA, block->bytes, false, out),
                          "parsing DSA private key from PEM");
    return FAIL("invalid private key type %.*s", STR_ARG(block->type));
}

Error *private_key_parse(Str pem, EVP_PKEY **out)
{
    DEFER(arena_free) Arena scratch = {0};
    PemBlock block;

    if (!pem_decode(&scratch, pem, &block))
        return FAIL("no PEM data in input");

    Error *err = parse_block(&block, out);
    if (block.bytes.len)
        OPENSSL_cleanse((void *)(uintptr_t)block.bytes.ptr, block.bytes.len);
    return err;
}

static const char *pem_type(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "RSA PRIVATE KEY";
    case EVP_PKEY_EC:
        return "EC PRIVATE KEY";
    case EVP_PKEY_DSA:
        return "DSA PRIVATE KEY";
    default:
        return "PRIVATE KEY";
    }
}

Error *private_key_pem(Arena *a, EVP_PKEY *key, Str *out)
{
    unsigned char *der = NULL;
    int len = i2d_PrivateKey(key, &der);

    if (len <= 0)
        return openssl_error("writing a private key");
    *out = pem_encode(a, pem_type(key), (Str){(const char *)der, (size_t)len});
    OPENSSL_clear_free(der, (size_t)len);
    return NULL;
}
