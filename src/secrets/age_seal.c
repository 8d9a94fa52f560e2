/*
 * age_seal.c - small texts encrypted with age, for one recipient.
 * Source: C2SP, age.md.
 */
#include "secrets/age.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "io/world.h"
enum {
    FILE_KEY_BYTES = 16,
    NONCE_BYTES = 16,  /* of the payload's key */
    MOST_TEXT = 65536, /* one part of a payload */
    COLUMNS = 64,
};

static Str random_bytes(Arena *a, size_t len)
{
    char *bytes = arena_text(a, len);

    world_real.random(bytes, len);
    return (Str){bytes, len};
}

static Str sealed(Arena *a, Str key, const char nonce[12], Str text, Error **err)
{
    CipherUse use = {.kind = CIPHER_CHACHA20_POLY1305, .key = key, .nonce = {nonce, 12}};
    Str out = {"", 0};

    *err = cipher_seal(a, &use, text, &out);
    return out;
}

static Str armor(Arena *a, Str file)
{
    Buf b = {.arena = a};
    Str text = base64_encode(a, file);

    buf_add_c(&b, "-----BEGIN AGE ENCRYPTED FILE-----\n");
    for (size_t i = 0; i < text.len; i += COLUMNS) {
        size_t end = i + COLUMNS < text.len ? i + COLUMNS : text.len;

        buf_format(&b, "%.*s\n", STR_ARG(str_slice(text, i, end)));
    }
    buf_add_c(&b, "-----END AGE ENCRYPTED FILE-----\n");
    return buf_str(&b);
}

Error *age_seal(Arena *a, Str recipient, Str text, Str *out)
{
    static const char last[12] = {[11] = 1}; // of a payload that has one part
    Str file_key = random_bytes(a, FILE_KEY_BYTES), nonce = random_bytes(a, NONCE_BYTES);
    AgeRecipient who;
    Buf file = {.arena = a};
    Error *err;

    if (text.len > MOST_TEXT)
        BUG("%zu bytes are too many", text.len);
    TRY(age_recipient_parse(a, recipient, &who));
    buf_add_c(&file, "age-encryption.org/v1\n");
    TRY(age_wrap(&file, &who, file_key));
    buf_add_c(&file, "---");
    Str mac_key = cipher_derive_key(a, file_key, (Str){"", 0}, STR("header"), CIPHER_KEY_BYTES);
    Str mac = digest_hmac(a, DIGEST_SHA256, mac_key, buf_str(&file));
    buf_format(&file, " %.*s\n", STR_ARG(age_encode(a, mac)));
    buf_add(&file, nonce);
    Str key = cipher_derive_key(a, file_key, nonce, STR("payload"), CIPHER_KEY_BYTES);
    buf_add(&file, sealed(a, key, last, text, &err));
    TRY(err);
    *out = armor(a, buf_str(&file));
    return NULL;
}
