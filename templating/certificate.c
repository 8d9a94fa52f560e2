#include "templating/certificate.h"

#include "base/duration.h"
#include "base/openssl.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "templating/pem.h"
#include "templating/private_key.h"
#include "templating/template.h"

#include <arpa/inet.h>
#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum {
    VERSION_3 = 2,
    KEY_ID_BYTES = 20,
    LEAST_RSA_BITS = 1024, // Go signs with no shorter ones
};

/* Bits of the key usage extension. */
enum { DIGITAL_SIGNATURE = 0, KEY_ENCIPHERMENT = 2, KEY_CERT_SIGN = 5 };

void certificate_free(X509 **certificate)
{
    X509_free(*certificate);
    *certificate = NULL;
}

/* The digest to sign with; NULL for Ed25519, which has one built in. */
static Error *digest_for(const EVP_PKEY *key, const EVP_MD **out)
{
    *out = EVP_sha256();
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        if (EVP_PKEY_get_bits(key) < LEAST_RSA_BITS)
            return FAIL("crypto/rsa: %d-bit keys are insecure", EVP_PKEY_get_bits(key));
        return NULL;
    case EVP_PKEY_EC:
        if (EVP_PKEY_get_bits(key) > 256)
            *out = EVP_PKEY_get_bits(key) > 384 ? EVP_sha512() : EVP_sha384();
        return NULL;
    case EVP_PKEY_ED25519:
        *out = NULL;
        return NULL;
    default:
        return FAIL("x509: certificate private key does not implement crypto.Signer");
    }
}

static bool add_extension(X509 *certificate, int nid, void *value, bool critical)
{
    return value && X509_add1_ext_i2d(certificate, nid, value, critical, X509V3_ADD_APPEND) > 0;
}

static bool add_key_usage(X509 *certificate, bool authority)
{
    ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
    bool added = usage && ASN1_BIT_STRING_set_bit(usage, DIGITAL_SIGNATURE, 1) &&
                 ASN1_BIT_STRING_set_bit(usage, KEY_ENCIPHERMENT, 1) &&
                 (!authority || ASN1_BIT_STRING_set_bit(usage, KEY_CERT_SIGN, 1)) &&
                 add_extension(certificate, NID_key_usage, usage, true);

    ASN1_BIT_STRING_free(usage);
    return added;
}

static bool add_extended_key_usage(X509 *certificate)
{
    EXTENDED_KEY_USAGE *usage = EXTENDED_KEY_USAGE_new();
    bool added = usage && sk_ASN1_OBJECT_push(usage, OBJ_nid2obj(NID_server_auth)) > 0 &&
                 sk_ASN1_OBJECT_push(usage, OBJ_nid2obj(NID_client_auth)) > 0 &&
                 add_extension(certificate, NID_ext_key_usage, usage, false);

    EXTENDED_KEY_USAGE_free(usage);
    return added;
}

static bool add_basic_constraints(X509 *certificate, bool authority)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    bool added = false;

    if (constraints) {
        constraints->ca = authority ? 0xFF : 0;
        added = add_extension(certificate, NID_basic_constraints, constraints, true);
    }
    BASIC_CONSTRAINTS_free(constraints);
    return added;
}

/* Source: RFC 7093, section 2, method 1. */
static bool add_subject_key_id(X509 *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    bool added = id && X509_pubkey_digest(certificate, EVP_sha256(), digest, &len) &&
                 ASN1_OCTET_STRING_set(id, digest, KEY_ID_BYTES) &&
                 add_extension(certificate, NID_subject_key_identifier, id, false);

    ASN1_OCTET_STRING_free(id);
    return added;
}

static Str name_bytes(const X509_NAME *name)
{
    const unsigned char *der = NULL;
    size_t len = 0;

    X509_NAME_get0_der(name, &der, &len);
    return (Str){(const char *)der, len};
}

/* The issuer's key, where that has another name and an identifier of its key. */
static bool add_authority_key_id(X509 *certificate, X509 *issuer)
{
    const ASN1_OCTET_STRING *id = issuer ? X509_get0_subject_key_id(issuer) : NULL;

    if (!id || !ASN1_STRING_length(id) ||
        str_equal(name_bytes(X509_get_subject_name(certificate)),
                  name_bytes(X509_get_subject_name(issuer))))
        return true;

    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
    bool added = authority && (authority->keyid = ASN1_OCTET_STRING_dup(id)) &&
                 add_extension(certificate, NID_authority_key_identifier, authority, false);

    AUTHORITY_KEYID_free(authority);
    return added;
}

/* A name of TYPE with the BYTES of STRING, at the end of NAMES. */
static bool add_name(GENERAL_NAMES *names, int type, ASN1_STRING *string, const void *bytes,
                     size_t len)
{
    GENERAL_NAME *name = GENERAL_NAME_new();

    if (!name || !string || !ASN1_STRING_set(string, bytes, (int)len)) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(string);
        return false;
    }
    GENERAL_NAME_set0_value(name, type, string);
    if (sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

/* TEXT as an IP address, 4 or 16 bytes long; 0 where it is none. */
static size_t read_address(Str text, unsigned char address[16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    char plain[INET6_ADDRSTRLEN + 1];

    if (text.len >= sizeof(plain) || str_find_char(text, '\0') != STR_NONE)
        return 0;
    memcpy(plain, text.ptr ? text.ptr : "", text.len);
    plain[text.len] = '\0';
    if (inet_pton(AF_INET, plain, address) == 1)
        return 4;
    if (inet_pton(AF_INET6, plain, address) != 1)
        return 0;
    if (memcmp(address, mapped, sizeof(mapped)) != 0)
        return 16;
    memmove(address, address + sizeof(mapped), 4);
    return 4;
}

static Error *check_addresses(ValueList addresses)
{
    DEFER(arena_free) Arena scratch = {0};
    unsigned char unused[16];

    for (size_t i = 0; i < addresses.len; i++) {
        Value address = addresses.items[i];

        if (address.kind != VALUE_STRING)
            return FAIL("error parsing ip: %s is not a string",
                        str_c(&scratch, template_text(&scratch, address)));
        if (!read_address(address.string, unused))
            return FAIL("error parsing ip: %.*s", STR_ARG(address.string));
    }
    return NULL;
}

static Error *check_names(ValueList names)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < names.len; i++)
        if (names.items[i].kind != VALUE_STRING)
            return FAIL("error processing alternate dns name: %s is not a string",
                        str_c(&scratch, template_text(&scratch, names.items[i])));
    return NULL;
}

static Error *check_ascii(ValueList names)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < names.len; i++)
        for (size_t j = 0; j < names.items[i].string.len; j++)
            if (names.items[i].string.ptr[j] < 0) {
                Buf shown = {.arena = &scratch};

                quote_add(&shown, names.items[i].string, false);
                return FAIL("x509: %.*s cannot be encoded as an IA5String",
                            STR_ARG(buf_str(&shown)));
            }
    return NULL;
}

static bool add_alternative_names(X509 *certificate, const CertificateOrder *order)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool added = names != NULL;

    for (size_t i = 0; added && i < order->names.len; i++) {
        Str name = order->names.items[i].string;

        added = add_name(names, GEN_DNS, ASN1_IA5STRING_new(), name.ptr, name.len);
    }
    for (size_t i = 0; added && i < order->addresses.len; i++) {
        unsigned char address[16];
        size_t len = read_address(order->addresses.items[i].string, address);

        added = add_name(names, GEN_IPADD, ASN1_OCTET_STRING_new(), address, len);
    }
    if (added && order->names.len + order->addresses.len > 0)
        added = add_extension(certificate, NID_subject_alt_name, names, !order->common_name.len);
    GENERAL_NAMES_free(names);
    return added;
}

/* Whether S can be a PrintableString. Source: Go, encoding/asn1, isPrintable. */
static bool is_printable(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              str_find_char(STR(" '()+,-./:=?"), c) != STR_NONE))
            return false;
    }
    return true;
}

static bool set_subject(X509 *certificate, Str name)
{
    int type = is_printable(name) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;

    return !name.len ||
           X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName, type,
                                      (const unsigned char *)name.ptr, (int)name.len, -1, 0);
}

static bool set_serial(X509 *certificate, const unsigned char bytes[16])
{
    BIGNUM *n = BN_bin2bn(bytes, 16, NULL);
    bool set = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(certificate));

    BN_free(n);
    return set;
}

/* Days are nanoseconds in Go: beyond 292 years they wrap around, here as there. */
static bool set_validity(X509 *certificate, Time now, int64_t days)
{
    int64_t nanoseconds = (int64_t)((uint64_t)days * (uint64_t)(24 * HOUR_NS));
    Time end = time_add(now, nanoseconds);

    return ASN1_TIME_set(X509_getm_notBefore(certificate), now.seconds) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), end.seconds);
}

static bool fill(X509 *certificate, const CertificateOrder *order)
{
    const X509_NAME *issuer;

    if (!X509_set_version(certificate, VERSION_3) || !set_serial(certificate, order->serial) ||
        !set_validity(certificate, order->now, order->days) ||
        !set_subject(certificate, order->common_name) || !X509_set_pubkey(certificate, order->key))
        return false;
    issuer = X509_get_subject_name(order->issuer ? order->issuer : certificate);
    return X509_set_issuer_name(certificate, issuer) &&
           add_key_usage(certificate, order->authority) && add_extended_key_usage(certificate) &&
           add_basic_constraints(certificate, order->authority) &&
           (!order->authority || add_subject_key_id(certificate)) &&
           add_authority_key_id(certificate, order->issuer) &&
           add_alternative_names(certificate, order);
}

/* What must be right before a certificate is made, checked in the order that Go has. */
static Error *check_keys(const CertificateOrder *order, const EVP_MD **digest)
{
    const EVP_PKEY *issuers = order->issuer ? X509_get0_pubkey(order->issuer) : NULL;

    TRY(digest_for(order->issuer_key, digest));
    if (EVP_PKEY_get_base_id(order->key) == EVP_PKEY_DSA)
        return FAIL("x509: unsupported public key type: *dsa.PublicKey");
    if (EVP_PKEY_get_base_id(order->key) == EVP_PKEY_X25519)
        return FAIL("x509: unsupported public key type: *ecdh.PublicKey");
    if (!utf8_valid(order->common_name))
        return FAIL("asn1: string not valid UTF-8");
    if (order->issuer && (!issuers || EVP_PKEY_eq(issuers, order->issuer_key) != 1)) {
        ERR_clear_error();
        return FAIL("x509: provided PrivateKey doesn't match parent's PublicKey");
    }
    return check_ascii(order->names);
}

static Error *create(Arena *a, const CertificateOrder *order, Str *out)
{
    DEFER(certificate_free) X509 *certificate = X509_new();
    const EVP_MD *digest = NULL;
    unsigned char *der = NULL;

    TRY(check_keys(order, &digest));
    if (!certificate || !fill(certificate, order) ||
        !X509_sign(certificate, order->issuer_key, digest))
        return openssl_error("x509");

    int len = i2d_X509(certificate, &der);
    if (len <= 0)
        return openssl_error("x509");
    *out = pem_encode(a, "CERTIFICATE", (Str){(const char *)der, (size_t)len});
    OPENSSL_free(der);
    return NULL;
}

Error *certificate_make(Arena *a, const CertificateOrder *order, Str *out)
{
    TRY(check_addresses(order->addresses));
    TRY(check_names(order->names));
    return error_wrap(create(a, order, out), "error creating certificate");
}

/* Whether Go would want to understand CERTIFICATE's public key. */
static bool has_known_key(const X509 *certificate)
{
    ASN1_OBJECT *algorithm = NULL;

    X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(certificate));
    switch (OBJ_obj2nid(algorithm)) {
    case NID_rsaEncryption:
    case NID_X9_62_id_ecPublicKey:
    case NID_dsa:
    case NID_ED25519:
    case NID_X25519:
        return true;
    default:
        return false;
    }
}

/* What OpenSSL reads but Go does not. */
static const char *fault(X509 *certificate)
{
    const X509_ALGOR *outer;
    struct tm unused;

    X509_get0_signature(NULL, &outer, certificate);
    if (X509_get_version(certificate) > VERSION_3)
        return "invalid version";
    if (ASN1_STRING_type(X509_get0_serialNumber(certificate)) == V_ASN1_NEG_INTEGER)
        return "negative serial number";
    if (X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(certificate)) != 0)
        return "inner and outer signature algorithm identifiers don't match";
    if (!ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &unused) ||
        !ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &unused))
        return "malformed validity";
    if (has_known_key(certificate) && !X509_get0_pubkey(certificate))
        return "invalid public key";
    return NULL;
}

Error *certificate_parse(Str pem, X509 **out)
{
    DEFER(arena_free) Arena scratch = {0};
    PemBlock block;

    if (!pem_decode(&scratch, pem, &block))
        return FAIL("unable to decode certificate");

    const unsigned char *at = (const unsigned char *)block.bytes.ptr;
    DEFER(certificate_free) X509 *certificate = d2i_X509(NULL, &at, (long)block.bytes.len);
    const char *why = certificate ? fault(certificate) : "malformed certificate";

    ERR_clear_error();
    if (!why && at != (const unsigned char *)block.bytes.ptr + block.bytes.len)
        why = "trailing data";
    if (why)
        return FAIL("error parsing certificate: decodedCert.Bytes: x509: %s", why);
    *out = certificate;
    certificate = NULL;
    return NULL;
}

static const ValueField fields[] = {{"Cert", "Cert", false}, {"Key", "Key", false}};

const ValueObjectType template_certificate_type = {
    .name = "sprig.certificate", .fields = fields, .len = COUNT(fields)};

Value value_of_certificate(Arena *a, Str certificate, Str key)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *values = arena_array(a, Value, COUNT(fields));

    values[0] = value_string(certificate);
    values[1] = value_string(key);
    *object = (ValueObject){.type = &template_certificate_type, .fields = values};
    return value_of_object(object);
}
