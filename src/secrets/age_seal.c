/*
 * age_seal.c - small texts encrypted with age, for one recipient. Source: C2SP, age.md.
 */
#include "secrets/age.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "io/world.h"
#include "secrets/bech32.h"

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

/* As age writes it: without padding. */
static Str encode(Arena *a, Str bytes)
{
    Str text = base64_encode(a, bytes);

    while (str_ends(text, STR("=")))
        text.len--;
    return text;
}

static Str sealed(Arena *a, Str key, const char nonce[12], Str text, Error **err)
{
    CipherUse use = {.kind = CIPHER_CHACHA20_POLY1305, .key = key, .nonce = {nonce, 12}};
    Str out = {"", 0};

    *err = cipher_seal(a, &use, text, &out);
    return out;
}

Error *age_recipient_parse(Arena *a, Str text, Str *out)
{
    Str prefix;

    if (!str_starts(text, STR("age1")))
        return error_new(ERROR_INPUT, "\"%.*s\" is no recipient of age: those begin with age1",
                         STR_ARG(str_for_message(a, text, COLUMNS)));
    TRY(error_wrap(bech32_decode(a, text, &prefix, out), "%.*s",
                   STR_ARG(str_for_message(a, text, COLUMNS))));
    if (!str_is(prefix, "age") || out->len != CURVE_BYTES)
        return error_new(ERROR_INPUT, "%.*s: is not a recipient of age that relfile knows",
                         STR_ARG(str_for_message(a, text, COLUMNS)));
    return NULL;
}

/* The stanza that has FILE_KEY for RECIPIENT, a point. */
static Error *wrap(Arena *a, Str recipient, Str file_key, Buf *out)
{
    static const char zeros[12];
    Str own = random_bytes(a, CURVE_BYTES), share, shared;
    Error *err;

    TRY(cipher_x25519(a, own, (Str){"", 0}, &share));
    TRY(cipher_x25519(a, own, recipient, &shared));
    Str key = cipher_derive_key(a, shared, str_join(a, share, recipient),
                                STR("age-encryption.org/v1/X25519"), CIPHER_KEY_BYTES);
    Str body = sealed(a, key, zeros, file_key, &err);
    TRY(err);
    buf_format(out, "-> X25519 %.*s\n%.*s\n", STR_ARG(encode(a, share)), STR_ARG(encode(a, body)));
    return NULL;
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
    Str file_key = random_bytes(a, FILE_KEY_BYTES), nonce = random_bytes(a, NONCE_BYTES), point;
    Buf file = {.arena = a};
    Error *err;

    if (text.len > MOST_TEXT)
        BUG("%zu bytes are too many", text.len);
    TRY(age_recipient_parse(a, recipient, &point));
    buf_add_c(&file, "age-encryption.org/v1\n");
    TRY(wrap(a, point, file_key, &file));
    buf_add_c(&file, "---");
    Str mac_key = cipher_derive_key(a, file_key, (Str){"", 0}, STR("header"), CIPHER_KEY_BYTES);
    Str mac = digest_hmac(a, DIGEST_SHA256, mac_key, buf_str(&file));
    buf_format(&file, " %.*s\n", STR_ARG(encode(a, mac)));
    buf_add(&file, nonce);
    Str key = cipher_derive_key(a, file_key, nonce, STR("payload"), CIPHER_KEY_BYTES);
    buf_add(&file, sealed(a, key, last, text, &err));
    TRY(err);
    *out = armor(a, buf_str(&file));
    return NULL;
}
