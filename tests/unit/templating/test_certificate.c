/*
 * test_certificate.c - what is in a certificate. Source of what is expected: sprig on Go.
 */
#include "templating/certificate.h"
#include "templating/private_key.h"
#include "tests/unit/unit.h"

#include <openssl/x509v3.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        .kind = VALUE_STRING, .string = STR_INIT(literal)                                          \
    }

static EVP_PKEY *key;

static int make_key(void **state)
{
    (void)state;
    assert_success(private_key_new_ed25519(&key));
    return 0;
}

static int free_key(void **state)
{
    (void)state;
    openssl_key_free(&key);
    return 0;
}

static CertificateOrder order_of(Str name)
{
    return (CertificateOrder){.common_name = name,
                              .days = 1,
                              .now = {.seconds = 1614814567},
                              .serial = {0, 1, 2},
                              .key = key,
                              .issuer_key = key};
}

static X509 *made(const CertificateOrder *order)
{
    DEFER(arena_free) Arena a = {0};
    X509 *certificate = NULL;
    Str pem;

    assert_success(certificate_make(&a, order, &pem));
    assert_success(certificate_parse(pem, &certificate));
    return certificate;
}

/* The value of CERTIFICATE's extension NID, in hexadecimal. */
static Str extension(Arena *a, const X509 *certificate, int nid, bool critical)
{
    int at = X509_get_ext_by_NID(certificate, nid, -1);
    Buf b = {.arena = a};

    if (at < 0)
        return STR("none");
    X509_EXTENSION *found = X509_get_ext(certificate, at);
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(found);
    assert_int_equal(X509_EXTENSION_get_critical(found), critical);
    for (int i = 0; i < ASN1_STRING_length(value); i++)
        buf_format(&b, "%02x", ASN1_STRING_get0_data(value)[i]);
    return buf_str(&b);
}

typedef struct Row {
    const char *name;
    bool authority;
    const char *common_name;
    Value names[2];
    size_t name_count;
    Value addresses[3];
    size_t address_count;
    int nid;
    bool critical;
    const char *value;
} Row;

static Row rows[] = {
    {"a certificate may sign and encipher", .common_name = "x", .nid = NID_key_usage,
     .critical = true, .value = "030205a0"},
    {"an authority may sign certificates", .authority = true, .common_name = "x",
     .nid = NID_key_usage, .critical = true, .value = "030202a4"},
    {"it is for servers and clients", .common_name = "x", .nid = NID_ext_key_usage,
     .value = "301406082b0601050507030106082b06010505070302"},
    {"it is no authority", .common_name = "x", .nid = NID_basic_constraints, .critical = true,
     .value = "3000"},
    {"an authority is one", .authority = true, .common_name = "x", .nid = NID_basic_constraints,
     .critical = true, .value = "30030101ff"},
    {"only an authority has an identifier", .common_name = "x", .nid = NID_subject_key_identifier,
     .value = "none"},
    {"what vouches for itself names no other", .authority = true, .common_name = "x",
     .nid = NID_authority_key_identifier, .value = "none"},
    {"without names there are no alternatives", .common_name = "x", .nid = NID_subject_alt_name,
     .value = "none"},
    {"names come before addresses", .common_name = "x", .names = {TEXT("a.b"), TEXT("*.c")},
     .name_count = 2, .addresses = {TEXT("1.2.3.4")}, .address_count = 1,
     .nid = NID_subject_alt_name, .value = "30108203612e6282032a2e63870401020304"},
    {"IPv4 in IPv6 is IPv4", .common_name = "x", .addresses = {TEXT("::ffff:1.2.3.4"), TEXT("::1")},
     .address_count = 2, .nid = NID_subject_alt_name,
     .value = "30188704010203048710"
              "00000000000000000000000000000001"},
    {"without a subject the alternatives are critical", .common_name = "", .names = {TEXT("a")},
     .name_count = 1, .nid = NID_subject_alt_name, .critical = true, .value = "3003820161"},
};

static void check(void **state)
{
    Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    CertificateOrder order = order_of(str_from(row->common_name));

    if (!key)
        make_key(NULL);
    order.key = order.issuer_key = key;
    order.authority = row->authority;
    order.names = (ValueList){row->names, row->name_count};
    order.addresses = (ValueList){row->addresses, row->address_count};
    DEFER(certificate_free) X509 *certificate = made(&order);
    assert_str(extension(&a, certificate, row->nid, row->critical), row->value);
}

static void the_serial_number_is_not_below_0(void **state)
{
    CertificateOrder order = order_of(STR("x"));

    (void)state;
    order.serial[0] = 0xFF;
    DEFER(certificate_free) X509 *certificate = made(&order);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    assert_int_equal(ASN1_STRING_type(serial), V_ASN1_INTEGER);
    assert_int_equal(ASN1_STRING_length(serial), 16);
}

static int name_type(Str name)
{
    CertificateOrder order = order_of(name);
    DEFER(certificate_free) X509 *certificate = made(&order);
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(X509_get_subject_name(certificate), 0);

    assert_ptr_not_equal(entry, NULL);
    return ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry));
}

static void names_are_as_simple_as_they_can_be(void **state)
{
    (void)state;
    assert_int_equal(name_type(STR("Abc 09 '()+,-./:=?")), V_ASN1_PRINTABLESTRING);
    assert_int_equal(name_type(STR("*.example.com")), V_ASN1_UTF8STRING);
    assert_int_equal(name_type(STR("a_b")), V_ASN1_UTF8STRING);
    assert_int_equal(name_type(STR("\xc3\xa9")), V_ASN1_UTF8STRING);
}

static void assert_end(int64_t days, int type, const char *want)
{
    CertificateOrder order = order_of(STR("x"));

    order.days = days;
    DEFER(certificate_free) X509 *certificate = made(&order);
    const ASN1_TIME *end = X509_get0_notAfter(certificate);
    assert_int_equal(ASN1_STRING_type(end), type);
    assert_string_equal((const char *)ASN1_STRING_get0_data(end), want);
}

static void validity_is_in_days(void **state)
{
    (void)state;
    assert_end(0, V_ASN1_UTCTIME, "210303233607Z");
    assert_end(-1, V_ASN1_UTCTIME, "210302233607Z");
    assert_end(10000, V_ASN1_UTCTIME, "480719233607Z");
    assert_end(20000, V_ASN1_GENERALIZEDTIME, "20751205233607Z");
    // 1000 years do not fit into Go's durations: sprig's certificate has expired, and so has ours
    assert_end(365000, V_ASN1_GENERALIZEDTIME, "18510527002659Z");
}

static void addresses_must_be_addresses(void **state)
{
    static const char *const wrong[] = {
        "",        "1.2.3", "01.2.3.4", "1.2.3.4%x", "fe80::1%eth0", ":::", "1:2:3:4:5:6:7:8:9",
        "12345::", "x",     "1.2.3.4 "};
    DEFER(arena_free) Arena a = {0};
    Str pem;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Value address = value_c(wrong[i]);
        CertificateOrder order = order_of(STR("x"));

        order.addresses = (ValueList){&address, 1};
        assert_failure(certificate_make(&a, &order, &pem), ERROR_INPUT, "error parsing ip: ");
    }
}

static void names_must_be_ascii_texts(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value name = value_c("\xc3\xa9");
    CertificateOrder order = order_of(STR("x"));
    Str pem;

    (void)state;
    order.names = (ValueList){&name, 1};
    assert_failure(certificate_make(&a, &order, &pem), ERROR_INPUT,
                   "x509: \"\xc3\xa9\" cannot be encoded as an IA5String");
    name = value_bool(true);
    assert_failure(certificate_make(&a, &order, &pem), ERROR_INPUT,
                   "error processing alternate dns name: true is not a string");
}

static void the_issuer_is_named_as_it_names_itself(void **state)
{
    CertificateOrder authority = order_of(STR("ca")), order = order_of(STR("x"));
    DEFER(openssl_key_free) EVP_PKEY *other = NULL;
    DEFER(arena_free) Arena a = {0};
    Str pem;

    (void)state;
    authority.authority = true;
    DEFER(certificate_free) X509 *issuer = made(&authority);
    order.issuer = issuer;
    DEFER(certificate_free) X509 *certificate = made(&order);
    assert_int_equal(X509_check_issued(issuer, certificate), X509_V_OK);
    assert_int_equal(X509_verify(certificate, key), 1);
    assert_true(str_starts(extension(&a, certificate, NID_authority_key_identifier, false),
                           STR("30168014")));
    assert_success(private_key_new_ed25519(&other));
    order.issuer_key = other;
    assert_failure(certificate_make(&a, &order, &pem), ERROR_INPUT,
                   "provided PrivateKey doesn't match parent's PublicKey");
}

static void half_a_certificate_is_none(void **state)
{
    DEFER(arena_free) Arena a = {0};
    CertificateOrder order = order_of(STR("x"));
    X509 *certificate;
    Str pem;

    (void)state;
    assert_success(certificate_make(&a, &order, &pem));
    size_t line = str_find(pem, STR("\n")) + 1;
    Str half = str_join(&a, str_slice(pem, 0, line + 64), STR("\n-----END CERTIFICATE-----\n"));
    assert_failure(certificate_parse(half, &certificate), ERROR_INPUT,
                   "error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(the_serial_number_is_not_below_0),
    cmocka_unit_test(names_are_as_simple_as_they_can_be),
    cmocka_unit_test(validity_is_in_days),
    cmocka_unit_test(addresses_must_be_addresses),
    cmocka_unit_test(names_must_be_ascii_texts),
    cmocka_unit_test(the_issuer_is_named_as_it_names_itself),
    cmocka_unit_test_teardown(half_a_certificate_is_none, free_key),
};

TEST_ROWS_AND(rows, check, others)
