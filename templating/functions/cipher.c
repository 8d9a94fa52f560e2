/*
 * cipher.c - encryption of texts, and random bytes. Source: sprig, crypto.go.
 */
#include "base/base64.h"
#include "base/openssl.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/private_key.h"
#include "templating/world.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum {
    BLOCK = 16,          /* bytes, of AES */
    MOST_TEXT = 1 << 30, /* bytes: OpenSSL counts in int */
};

/* IN, whole blocks, by AES-256 in CBC mode. The key is PASSWORD, cut off or filled with zeros. */
static Error *run_aes(Str password, const unsigned char *iv, Str in, unsigned char *out,
                      bool encrypts)
{
    DEFER(openssl_cipher_free) EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    unsigned char key[32] = {0};
    int len, rest;

    if (password.len)
        memcpy(key, password.ptr, password.len < sizeof(key) ? password.len : sizeof(key));
    bool done = cipher && EVP_CipherInit(cipher, EVP_aes_256_cbc(), key, iv, encrypts) &&
                EVP_CIPHER_CTX_set_padding(cipher, 0) &&
                EVP_CipherUpdate(cipher, out, &len, (const unsigned char *)in.ptr, (int)in.len) &&
                EVP_CipherFinal(cipher, out + len, &rest);
    OPENSSL_cleanse(key, sizeof(key));
    return done ? NULL : openssl_error("aes");
}

/* A block of randomness, and TEXT filled up to whole blocks, encrypted; all in base64. */
static Error *run_encrypt(const TemplateCall *call, Value *out)
{
    Str password = call->args[0].string, text = call->args[1].string;
    size_t padding = BLOCK - text.len % BLOCK, len = text.len + padding;
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = call->arena};

    *out = value_c("");
    if (!text.len)
        return NULL;
    if (text.len > MOST_TEXT)
        return FAIL("the text has more than %d bytes", MOST_TEXT);

    char *plain = arena_text(&scratch, len), *secret = arena_text(&scratch, BLOCK + len);
    memcpy(plain, text.ptr, text.len);
    memset(plain + text.len, (int)padding, padding);
    TRY(call_random(call, secret, BLOCK));
    Error *err = run_aes(password, (const unsigned char *)secret, (Str){plain, len},
                         (unsigned char *)secret + BLOCK, true);
    OPENSSL_cleanse(plain, len);
    TRY(err);
    base64_add(&b, (Str){secret, BLOCK + len});
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_decrypt(const TemplateCall *call, Value *out)
{
    Str password = call->args[0].string, secret;

    *out = value_c("");
    if (!call->args[1].string.len)
        return NULL;
    TRY(base64_decode(call->arena, call->args[1].string, &secret));
    if (secret.len < BLOCK)
        return FAIL("initialization vector out of range: there are only %zu bytes", secret.len);
    if (secret.len > MOST_TEXT)
        return FAIL("the text has more than %d bytes", MOST_TEXT);

    Str rest = str_skip(secret, BLOCK);
    if (rest.len % BLOCK)
        return FAIL("crypto/cipher: input not full blocks");
    if (!rest.len)
        return FAIL("padding out of range: there is no text");

    char *plain = arena_text(call->arena, rest.len);
    TRY(run_aes(password, (const unsigned char *)secret.ptr, rest, (unsigned char *)plain, false));
    size_t padding = (unsigned char)plain[rest.len - 1];
    if (padding > rest.len)
        return FAIL("padding out of range: %zu of %zu bytes; is it another password?", padding,
                    rest.len);
    *out = value_string((Str){plain, rest.len - padding});
    return NULL;
}

static Error *run_random_bytes(const TemplateCall *call, Value *out)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t count = call->args[0].integer;
    Buf b = {.arena = call->arena};

    if (count < 0)
        return FAIL("len out of range: %lld", (long long)count);
    TRY(text_check(call, (size_t)count));
    char *bytes = arena_text(&scratch, (size_t)count);
    TRY(call_random(call, bytes, (size_t)count));
    base64_add(&b, (Str){bytes, (size_t)count});
    OPENSSL_cleanse(bytes, (size_t)count);
    *out = value_string(buf_str(&b));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"decryptAES", "ss", "decryptAES PASSWORD TEXT", "What encryptAES made TEXT of.", run_decrypt},
    {"encryptAES", "ss", "encryptAES PASSWORD TEXT", "TEXT encrypted with AES-256, in base64.",
     run_encrypt},
    {"randBytes", "i", "randBytes COUNT", "COUNT random bytes, in base64.", run_random_bytes},
};

const TemplateFunctionSet template_functions_cipher = {
    .name = "encryption",
    .source = "sprig, crypto.go",
    .functions = functions,
    .len = COUNT(functions),
};
