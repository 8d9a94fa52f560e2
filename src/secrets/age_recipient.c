/*
 * age_recipient.c - whom files of age are encrypted for: keys of age and of ssh.
 * Source: C2SP, age.md; age, agessh/agessh.go.
 */
#include "secrets/age.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/openssl.h"
#include "io/world.h"
#include "secrets/bech32.h"

#include <string.h>

enum { COLUMNS = 64 }; /* of base64 in a line, and of what messages show */

Error *age_recipient_parse(Arena *a, Str text, AgeRecipient *out)
{
    Str prefix;

    *out = (AgeRecipient){.kind = AGE_X25519};
    if (str_starts(text, STR("ssh-")))
        return age_recipient_from_ssh(a, text, out);
    if (!str_starts(text, STR("age1")))
        return error_new(ERROR_INPUT,
                         "\"%.*s\" is no recipient of age: those begin with age1, ssh-ed25519 or "
                         "ssh-rsa",
                         STR_ARG(str_for_message(a, text, COLUMNS)));
    TRY(error_wrap(bech32_decode(a, text, &prefix, &out->point), "%.*s",
                   STR_ARG(str_for_message(a, text, COLUMNS))));
    if (!str_is(prefix, "age") || out->point.len != CURVE_BYTES)
        return error_new(ERROR_INPUT, "%.*s: is not a recipient of age that relfile knows",
                         STR_ARG(str_for_message(a, text, COLUMNS)));
    return NULL;
}

/* ---- public keys of ssh */

static void reverse(unsigned char out[CURVE_BYTES], const unsigned char *bytes)
{
    for (int i = 0; i < CURVE_BYTES; i++)
        out[i] = bytes[CURVE_BYTES - 1 - i];
}

/* The number Y of a point of Ed25519 as the one of the same point of X25519: (1 + Y) / (1 - Y). */
static bool to_curve(const BIGNUM *y, BIGNUM *out)
{
    DEFER(openssl_numbers_free) BN_CTX *numbers = BN_CTX_new();
    DEFER(openssl_number_free) BIGNUM *prime = BN_new();
    DEFER(openssl_number_free) BIGNUM *below = BN_new();
    DEFER(openssl_number_free) BIGNUM *above = BN_dup(y);
    DEFER(openssl_number_free) BIGNUM *inverse = BN_new();
    unsigned char bytes[CURVE_BYTES];

    memset(bytes, 0xff, sizeof(bytes)); // 2^255 - 19
    bytes[0] = 0x7f;
    bytes[CURVE_BYTES - 1] = 0xed;
    return numbers && prime && below && above && inverse &&
           BN_bin2bn(bytes, sizeof(bytes), prime) && BN_cmp(y, prime) < 0 &&
           BN_set_word(below, 1) && BN_add(below, below, prime) && BN_sub(below, below, y) &&
           BN_add_word(above, 1) && BN_mod_inverse(inverse, below, prime, numbers) &&
           BN_mod_mul(out, above, inverse, prime, numbers);
}

static bool parse_ed25519(Arena *a, Str key, AgeRecipient *out)
{
    DEFER(openssl_number_free) BIGNUM *y = NULL;
    DEFER(openssl_number_free) BIGNUM *u = BN_new();
    unsigned char bytes[CURVE_BYTES], number[CURVE_BYTES] = {0};

    if (key.len != CURVE_BYTES || !u)
        return false;
    reverse(bytes, (const unsigned char *)key.ptr);
    bytes[0] &= 0x7f; // a sign
    y = BN_bin2bn(bytes, sizeof(bytes), NULL);
    if (!y || !to_curve(y, u))
        return false;
    BN_bn2bin(u, number + CURVE_BYTES - BN_num_bytes(u));
    reverse(bytes, number);
    out->kind = AGE_SSH_ED25519;
    out->point = str_copy(a, (Str){(const char *)bytes, sizeof(bytes)});
    return true;
}

Error *age_recipient_from_ssh(Arena *a, Str text, AgeRecipient *out)
{
    Str rest = text, type, encoded, bytes, inner, key = {"", 0};

    str_cut(&rest, ' ', &type);
    rest = str_trim(rest);
    str_cut(&rest, ' ', &encoded);
    Error *err = base64_decode(a, encoded, &bytes);
    bool whole = !err;
    error_free(err);
    out->ssh_public = whole ? bytes : encoded;
    whole = whole && age_ssh_take(&bytes, &inner) && str_equal(inner, type) &&
            age_ssh_take(&bytes, &key);
    out->kind = AGE_SSH_RSA;
    if (whole && str_is(type, "ssh-rsa"))
        return NULL;
    if (whole && !bytes.len && str_is(type, "ssh-ed25519") && parse_ed25519(a, key, out))
        return NULL;
    return error_new(ERROR_INPUT, "\"%.*s\" is no public key of ssh that age knows",
                     STR_ARG(str_for_message(a, text, COLUMNS)));
}

/* ---- stanzas */

static Error *wrap_with(Arena *a, Str shared, Str salt, Str label, Str file_key, Str *out)
{
    static const char zeros[12];
    CipherUse use = {.kind = CIPHER_CHACHA20_POLY1305,
                     .key = cipher_derive_key(a, shared, salt, label, CIPHER_KEY_BYTES),
                     .nonce = {zeros, sizeof(zeros)}};

    return cipher_seal(a, &use, file_key, out);
}

/* BODY in lines, the last of which is shorter than the others: it may be empty. */
static void add_body(Buf *b, Str body)
{
    Str text = age_encode(b->arena, body);

    for (; text.len >= COLUMNS; text = str_skip(text, COLUMNS))
        buf_format(b, "%.*s\n", COLUMNS, text.ptr);
    buf_format(b, "%.*s\n", STR_ARG(text));
}

static Error *wrap_point(Buf *b, const AgeRecipient *who, Str file_key)
{
    Arena *a = b->arena;
    char *own = arena_text(a, CURVE_BYTES);
    bool is_ssh = who->kind == AGE_SSH_ED25519;
    Str label =
        is_ssh ? STR("age-encryption.org/v1/ssh-ed25519") : STR("age-encryption.org/v1/X25519");
    Str secret = {own, CURVE_BYTES}, share, shared, body;

    world_real.random(own, CURVE_BYTES);
    TRY(cipher_x25519(a, secret, (Str){"", 0}, &share));
    TRY(cipher_x25519(a, secret, who->point, &shared));
    if (is_ssh)
        TRY(cipher_x25519(a,
                          cipher_derive_key(a, (Str){"", 0}, who->ssh_public, label, CURVE_BYTES),
                          shared, &shared));
    TRY(wrap_with(a, shared, str_join(a, share, who->point), label, file_key, &body));
    if (is_ssh)
        buf_format(b, "-> ssh-ed25519 %.*s", STR_ARG(age_ssh_tag(a, who->ssh_public)));
    else
        buf_add_c(b, "-> X25519");
    buf_format(b, " %.*s\n", STR_ARG(age_encode(a, share)));
    add_body(b, body);
    return NULL;
}

static Error *wrap_rsa(Buf *b, const AgeRecipient *who, Str file_key)
{
    Str body;

    TRY(age_wrap_rsa(b->arena, who, file_key, &body));
    buf_format(b, "-> ssh-rsa %.*s\n", STR_ARG(age_ssh_tag(b->arena, who->ssh_public)));
    add_body(b, body);
    return NULL;
}

Error *age_wrap(Buf *b, const AgeRecipient *who, Str file_key)
{
    return who->kind == AGE_SSH_RSA ? wrap_rsa(b, who, file_key) : wrap_point(b, who, file_key);
}
