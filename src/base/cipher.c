#include "base/cipher.h"

#include "base/digest.h"
#include "base/openssl.h"

#include <limits.h>
#include <string.h>

enum { SHA256_BYTES = 32, MOST_DERIVED = 255 * SHA256_BYTES };

static const unsigned char *bytes_of(Str s)
{
    return (const unsigned char *)(s.ptr ? s.ptr : "");
}

static Error *check_use(const CipherUse *use, Str text)
{
    if (use->key.len != CIPHER_KEY_BYTES)
        return error_new(ERROR_INPUT, "the key has %zu bytes instead of %d", use->key.len,
                         CIPHER_KEY_BYTES);
    if (use->kind == CIPHER_CHACHA20_POLY1305 ? use->nonce.len != 12
                                              : !use->nonce.len || use->nonce.len > 128)
        return error_new(ERROR_INPUT, "the nonce has %zu bytes", use->nonce.len);
    if (text.len > INT_MAX - CIPHER_TAG_BYTES || use->beside.len > INT_MAX)
        return error_new(ERROR_INPUT, "the text is too large to be encrypted");
    return NULL;
}

static bool start(EVP_CIPHER_CTX *context, const CipherUse *use, bool seals)
{
    const EVP_CIPHER *cipher =
        use->kind == CIPHER_AES256_GCM ? EVP_aes_256_gcm() : EVP_chacha20_poly1305();
    int len;

    return context && EVP_CipherInit_ex(context, cipher, NULL, NULL, NULL, seals) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)use->nonce.len, NULL) == 1 &&
           EVP_CipherInit_ex(context, NULL, NULL, bytes_of(use->key), bytes_of(use->nonce),
                             seals) == 1 &&
           (!use->beside.len || EVP_CipherUpdate(context, NULL, &len, bytes_of(use->beside),
                                                 (int)use->beside.len) == 1);
}

/* TEXT through CONTEXT, to OUT; of a text that is opened, the tag is known already. */
static bool run(EVP_CIPHER_CTX *context, Str text, char *out)
{
    int len = 0, rest = 0;

    if (text.len &&
        EVP_CipherUpdate(context, (unsigned char *)out, &len, bytes_of(text), (int)text.len) != 1)
        return false;
    return EVP_CipherFinal_ex(context, (unsigned char *)out + len, &rest) == 1;
}

Error *cipher_open(Arena *a, const CipherUse *use, Str sealed, Str *out)
{
    DEFER(openssl_cipher_free) EVP_CIPHER_CTX *context = NULL;
    unsigned char tag[CIPHER_TAG_BYTES];

    TRY(check_use(use, sealed));
    if (sealed.len < CIPHER_TAG_BYTES)
        return error_new(ERROR_INPUT, "the encrypted text is too short");
    size_t len = sealed.len - CIPHER_TAG_BYTES;
    char *text = arena_text(a, len + EVP_MAX_BLOCK_LENGTH);
    memcpy(tag, sealed.ptr + len, sizeof(tag));
    context = EVP_CIPHER_CTX_new();
    if (!start(context, use, false) ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) != 1 ||
        !run(context, str_slice(sealed, 0, len), text))
        return error_new(ERROR_INPUT, "it was changed, or the key is another one");
    text[len] = '\0';
    *out = (Str){text, len};
    return NULL;
}

Error *cipher_seal(Arena *a, const CipherUse *use, Str text, Str *out)
{
    DEFER(openssl_cipher_free) EVP_CIPHER_CTX *context = NULL;

    TRY(check_use(use, text));
    char *sealed = arena_text(a, text.len + CIPHER_TAG_BYTES + EVP_MAX_BLOCK_LENGTH);
    context = EVP_CIPHER_CTX_new();
    if (!start(context, use, true) || !run(context, text, sealed) ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CIPHER_TAG_BYTES, sealed + text.len) !=
            1)
        BUG("the crypto library cannot encrypt");
    *out = (Str){sealed, text.len + CIPHER_TAG_BYTES};
    return NULL;
}

Str cipher_derive_key(Arena *a, Str secret, Str salt, Str purpose, size_t len)
{
    Str extracted = digest_hmac(a, DIGEST_SHA256, salt, secret), block = {"", 0};
    Buf key = {.arena = a};

    if (len > MOST_DERIVED)
        BUG("a derived key of %zu bytes", len);
    for (int i = 1; key.len < len; i++) {
        Buf input = {.arena = a};

        buf_add(&input, block);
        buf_add(&input, purpose);
        buf_add_char(&input, (char)i);
        block = digest_hmac(a, DIGEST_SHA256, extracted, buf_str(&input));
        buf_add(&key, block);
    }
    return str_slice(buf_str(&key), 0, len);
}

Error *cipher_stretch(Arena *a, Str word, Str salt, Str *out)
{
    enum { COST = 1 << 15, BLOCK = 8, LANES = 1, MOST_BYTES = 64 << 20 };
    char *key = arena_text(a, CIPHER_KEY_BYTES);

    if (EVP_PBE_scrypt(word.ptr, word.len, (const unsigned char *)salt.ptr, salt.len, COST, BLOCK,
                       LANES, MOST_BYTES, (unsigned char *)key, CIPHER_KEY_BYTES) != 1)
        return error_new(ERROR_INPUT, "no key can be made of the text");
    *out = (Str){key, CIPHER_KEY_BYTES};
    return NULL;
}

/* What SECRET times the base point is. */
static bool public_point(EVP_PKEY *own, unsigned char *out)
{
    size_t len = CURVE_BYTES;

    return EVP_PKEY_get_raw_public_key(own, out, &len) == 1 && len == CURVE_BYTES;
}

static bool multiply(EVP_PKEY *own, Str point, unsigned char *out)
{
    DEFER(openssl_key_free)
    EVP_PKEY *other =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, bytes_of(point), point.len);
    DEFER(openssl_key_context_free) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, NULL);
    size_t len = CURVE_BYTES;

    return other && context && EVP_PKEY_derive_init(context) == 1 &&
           EVP_PKEY_derive_set_peer(context, other) == 1 &&
           EVP_PKEY_derive(context, out, &len) == 1 && len == CURVE_BYTES;
}

Error *cipher_x25519(Arena *a, Str secret, Str point, Str *out)
{
    DEFER(openssl_key_free) EVP_PKEY *own = NULL;
    unsigned char result[CURVE_BYTES];

    if (secret.len != CURVE_BYTES || (point.len && point.len != CURVE_BYTES))
        return error_new(ERROR_INPUT, "a key for X25519 has %d bytes", CURVE_BYTES);
    own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, bytes_of(secret), secret.len);
    if (!own || !(point.len ? multiply(own, point, result) : public_point(own, result)))
        return error_new(ERROR_INPUT, "the key for X25519 is not valid");
    *out = str_copy(a, (Str){(const char *)result, sizeof(result)});
    return NULL;
}

bool cipher_equal(Str a, Str b)
{
    return a.len == b.len && CRYPTO_memcmp(bytes_of(a), bytes_of(b), a.len) == 0;
}
