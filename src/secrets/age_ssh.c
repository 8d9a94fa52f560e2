/*
 * age_ssh.c - secret keys of ssh as keys of age.
 * Source: OpenSSH, PROTOCOL.key; age, agessh/agessh.go.
 */
#include "secrets/age.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "base/rsa.h"

#include <limits.h>
#include <string.h>

enum { MOST_RSA_BYTES = 2049, LEAST_RSA_BITS = 2048 };

static Error *malformed(void)
{
    return error_new(ERROR_INPUT, "it is no secret key of ssh");
}

static Error *protected(void)
{
    return error_new(ERROR_DENIED, "it is protected by a passphrase");
}

/* ---- ssh's own format: numbers and texts with their lengths in front */

static bool take_number(Str *rest, uint32_t *out)
{
    if (rest->len < 4)
        return false;
    const unsigned char *p = (const unsigned char *)rest->ptr;
    *out = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    *rest = str_skip(*rest, 4);
    return true;
}

bool age_ssh_take(Str *rest, Str *out)
{
    uint32_t len;

    if (!take_number(rest, &len) || len > rest->len)
        return false;
    *out = str_slice(*rest, 0, len);
    *rest = str_skip(*rest, len);
    return true;
}

static void add_text(Buf *b, Str text)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)(text.len >> shift & 255));
    buf_add(b, text);
}

/* NUMBER as ssh writes it: no more bytes than it needs, and none negative. */
static void add_mpint(Buf *b, const BIGNUM *number)
{
    Buf bytes = {.arena = b->arena};
    int len = BN_num_bytes(number);
    unsigned char *room = (unsigned char *)arena_text(b->arena, (size_t)len + 1);

    BN_bn2bin(number, room);
    if (len && room[0] & 0x80)
        buf_add_char(&bytes, '\0');
    buf_add(&bytes, (Str){(const char *)room, (size_t)len});
    add_text(b, buf_str(&bytes));
}

static Error *ed25519_identity(Arena *a, Str seed, Str public_key, AgeIdentity *out)
{
    Buf ssh = {.arena = a};

    add_text(&ssh, STR("ssh-ed25519"));
    add_text(&ssh, public_key);
    *out = (AgeIdentity){.kind = AGE_SSH_ED25519,
                         .secret = str_slice(digest_bytes(a, DIGEST_SHA512, seed), 0, CURVE_BYTES),
                         .ssh_public = buf_str(&ssh)};
    return cipher_x25519(a, out->secret, (Str){"", 0}, &out->public);
}

/* KEY, of RSA, in the form in which it is kept. */
static Error *rsa_identity(Arena *a, EVP_PKEY *key, AgeIdentity *out)
{
    DEFER(openssl_number_free) BIGNUM *n = NULL;
    DEFER(openssl_number_free) BIGNUM *e = NULL;
    Buf ssh = {.arena = a};
    unsigned char *der = NULL;

    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
        return malformed();
    add_text(&ssh, STR("ssh-rsa"));
    add_mpint(&ssh, e);
    add_mpint(&ssh, n);
    int len = i2d_PrivateKey(key, &der);
    if (len <= 0)
        return malformed();
    *out = (AgeIdentity){.kind = AGE_SSH_RSA,
                         .secret = str_copy(a, (Str){(const char *)der, (size_t)len}),
                         .ssh_public = buf_str(&ssh)};
    OPENSSL_clear_free(der, (size_t)len);
    return NULL;
}

enum { SSH_RSA_NUMBERS = RSA_DP }; /* what ssh keeps of an RSA key: the first ones, in this order */

static bool take_rsa_numbers(Str *rest, BIGNUM *numbers[RSA_NUMBERS])
{
    for (size_t i = 0; i < SSH_RSA_NUMBERS; i++) {
        Str text;

        if (!age_ssh_take(rest, &text) || text.len > 4096)
            return false;
        numbers[i] = BN_bin2bn((const unsigned char *)text.ptr, (int)text.len, NULL);
        if (!numbers[i] || BN_is_zero(numbers[i]))
            return false;
    }
    return true;
}

/* D modulo PRIME - 1. */
static BIGNUM *exponent_of(const BIGNUM *d, const BIGNUM *prime)
{
    DEFER(openssl_number_free) BIGNUM *less = BN_dup(prime);
    DEFER(openssl_numbers_free) BN_CTX *numbers = BN_CTX_new();
    BIGNUM *exponent = BN_new();

    if (!less || !numbers || !exponent || !BN_sub_word(less, 1) || BN_is_zero(less) ||
        !BN_mod(exponent, d, less, numbers))
        openssl_number_free(&exponent);
    return exponent;
}

static Error *rsa_from_ssh(Arena *a, Str rest, AgeIdentity *out)
{
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    DEFER(rsa_numbers_free) BIGNUM *numbers[RSA_NUMBERS] = {0};

    if (take_rsa_numbers(&rest, numbers)) {
        numbers[RSA_DP] = exponent_of(numbers[RSA_D], numbers[RSA_P]);
        numbers[RSA_DQ] = exponent_of(numbers[RSA_D], numbers[RSA_Q]);
        key = rsa_of_numbers(numbers);
    }
    return key ? rsa_identity(a, key, out) : malformed();
}

/* The part of the file that may be encrypted: two equal numbers, then the keys. */
static Error *parse_private(Arena *a, Str rest, AgeIdentity *out)
{
    uint32_t check[2];
    Str type, public_key, secret;

    if (!take_number(&rest, &check[0]) || !take_number(&rest, &check[1]) || check[0] != check[1] ||
        !age_ssh_take(&rest, &type))
        return malformed();
    if (str_is(type, "ssh-rsa"))
        return rsa_from_ssh(a, rest, out);
    if (!str_is(type, "ssh-ed25519"))
        return error_new(ERROR_INPUT, "a key of type %.*s cannot be used with age", STR_ARG(type));
    if (!age_ssh_take(&rest, &public_key) || !age_ssh_take(&rest, &secret) ||
        public_key.len != 32 || secret.len != 64)
        return malformed();
    return ed25519_identity(a, str_slice(secret, 0, 32), public_key, out);
}

static Error *parse_openssh(Arena *a, Str bytes, AgeIdentity *out)
{
    static const char magic[] = "openssh-key-v1"; // its NUL is part of it
    Str cipher, derivation, options, public_key, private;
    uint32_t count;

    if (!str_starts(bytes, (Str){magic, sizeof(magic)}))
        return malformed();
    bytes = str_skip(bytes, sizeof(magic));
    if (!age_ssh_take(&bytes, &cipher) || !age_ssh_take(&bytes, &derivation) ||
        !age_ssh_take(&bytes, &options) || !take_number(&bytes, &count) || count != 1 ||
        !age_ssh_take(&bytes, &public_key) || !age_ssh_take(&bytes, &private))
        return malformed();
    return str_is(cipher, "none") ? parse_private(a, private, out) : protected();
}

/* ---- other formats */

static int no_passphrase(char *room, int size, int writes, void *asked)
{
    (void)room, (void)size, (void)writes;
    *(bool *)asked = true;
    return -1;
}

static Error *ed25519_from_key(Arena *a, EVP_PKEY *key, AgeIdentity *out)
{
    unsigned char seed[32], public_key[32];
    size_t seed_len = sizeof(seed), public_len = sizeof(public_key);

    if (EVP_PKEY_get_raw_private_key(key, seed, &seed_len) != 1 ||
        EVP_PKEY_get_raw_public_key(key, public_key, &public_len) != 1)
        return malformed();
    return ed25519_identity(a, (Str){(const char *)seed, sizeof(seed)},
                            str_copy(a, (Str){(const char *)public_key, sizeof(public_key)}), out);
}

static Error *parse_pem(Arena *a, Str text, AgeIdentity *out)
{
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    DEFER(openssl_text_free) BIO *bio = NULL;
    bool asked = false;

    if (text.len > INT_MAX)
        return malformed();
    bio = BIO_new_mem_buf(text.ptr, (int)text.len);
    key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked) : NULL;
    if (asked)
        return protected();
    if (key && EVP_PKEY_is_a(key, "RSA"))
        return rsa_identity(a, key, out);
    if (key && EVP_PKEY_is_a(key, "ED25519"))
        return ed25519_from_key(a, key, out);
    return malformed();
}

Error *age_identity_from_ssh(Arena *a, Str text, AgeIdentity *out)
{
    static const Str begin = STR_INIT("-----BEGIN OPENSSH PRIVATE KEY-----");
    static const Str end = STR_INIT("-----END OPENSSH PRIVATE KEY-----");
    Str bytes;

    text = str_trim(text);
    if (!str_starts(text, begin))
        return parse_pem(a, text, out);
    if (!str_ends(text, end) || text.len < begin.len + end.len)
        return malformed();
    Error *err = base64_decode(a, str_trim(str_slice(text, begin.len, text.len - end.len)), &bytes);
    if (err) {
        error_free(err);
        return malformed();
    }
    return parse_openssh(a, bytes, out);
}

/* ---- RSA */

/* CONTEXT as age uses RSA; the label goes to OpenSSL, which frees it. */
static bool use_oaep(EVP_PKEY_CTX *context)
{
    static const char label[] = "age-encryption.org/v1/ssh-rsa";
    void *own_label = OPENSSL_memdup(label, sizeof(label) - 1);

    if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set0_rsa_oaep_label(context, own_label, sizeof(label) - 1) == 1)
        return true;
    OPENSSL_free(own_label);
    return false;
}

/* What BODY was before it was encrypted for KEY. */
static bool decrypt_rsa(Arena *a, EVP_PKEY *key, Str body, Str *out)
{
    DEFER(openssl_key_context_free) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t len = (size_t)EVP_PKEY_get_size(key);
    unsigned char *room = (unsigned char *)arena_text(a, len);

    if (!context || EVP_PKEY_decrypt_init(context) != 1 || !use_oaep(context))
        return false;
    if (EVP_PKEY_decrypt(context, room, &len, (const unsigned char *)body.ptr, body.len) != 1)
        return false;
    *out = (Str){(const char *)room, len};
    return true;
}

Error *age_unwrap_rsa(Arena *a, const AgeIdentity *identity, Str body, Str *out)
{
    const unsigned char *der = (const unsigned char *)identity->secret.ptr;
    DEFER(openssl_key_free)
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)identity->secret.len);

    if (!key || !decrypt_rsa(a, key, body, out))
        return error_new(ERROR_INPUT, "the age file is damaged: a key wrapped by ssh-rsa cannot be "
                                      "decrypted");
    return NULL;
}

static bool encrypt_rsa(Arena *a, EVP_PKEY *key, Str text, Str *out)
{
    DEFER(openssl_key_context_free) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t len = (size_t)EVP_PKEY_get_size(key);
    unsigned char *room = (unsigned char *)arena_text(a, len);

    if (!context || EVP_PKEY_encrypt_init(context) != 1 || !use_oaep(context) ||
        EVP_PKEY_encrypt(context, room, &len, (const unsigned char *)text.ptr, text.len) != 1)
        return false;
    *out = (Str){(const char *)room, len};
    return true;
}

Error *age_wrap_rsa(Arena *a, const AgeRecipient *who, Str file_key, Str *out)
{
    DEFER(openssl_key_free) EVP_PKEY *key = NULL;
    DEFER(openssl_number_free) BIGNUM *e = NULL;
    DEFER(openssl_number_free) BIGNUM *n = NULL;
    Str rest = who->ssh_public, type, exponent, modulus;

    if (age_ssh_take(&rest, &type) && age_ssh_take(&rest, &exponent) &&
        age_ssh_take(&rest, &modulus) && !rest.len && modulus.len <= MOST_RSA_BYTES &&
        exponent.len <= 8) {
        e = BN_bin2bn((const unsigned char *)exponent.ptr, (int)exponent.len, NULL);
        n = BN_bin2bn((const unsigned char *)modulus.ptr, (int)modulus.len, NULL);
        key = rsa_public_of_numbers(n, e);
    }
    if (key && EVP_PKEY_get_bits(key) < LEAST_RSA_BITS)
        return error_new(ERROR_INPUT, "an ssh-rsa key of less than %d bits cannot be used with age",
                         LEAST_RSA_BITS);
    if (!key || !encrypt_rsa(a, key, file_key, out))
        return error_new(ERROR_INPUT, "the ssh-rsa key is no public key that can be used");
    return NULL;
}
