#include "secrets/age.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "secrets/bech32.h"

#include <string.h>

enum {
    COLUMNS = 64,    /* of base64 in a line */
    LINE_BYTES = 48, /* which are so many */
    FILE_KEY_BYTES = 16,
    NONCE_BYTES = 16, /* of the payload's key */
    CHUNK_BYTES = 65536,
    MOST_STANZAS = 1024,
    TAG_SHOWN_BYTES = 4, /* of an ssh key's digest */
};

static const Str intro = STR_INIT("age-encryption.org/v1\n");
static const Str armor_begin = STR_INIT("-----BEGIN AGE ENCRYPTED FILE-----");
static const Str armor_end = STR_INIT("-----END AGE ENCRYPTED FILE-----");

/* What the file key is wrapped in, for one recipient. */
typedef struct Stanza {
    Str type;
    Str arguments[2];
    size_t argument_count;
    Str body;
} Stanza;

typedef struct Header {
    VEC(Stanza) stanzas;
    Str signed_text; /* that the MAC is of */
    Str mac;
} Header;

static Error *damaged(const char *what)
{
    return error_new(ERROR_INPUT, "the age file is damaged: %s", what);
}

/* ---- base64 as age writes it: no padding, one way to write each text */

static Error *decode(Arena *a, Str text, Str *out)
{
    Str padded = str_format(a, "%.*s%.*s", STR_ARG(text), (int)((4 - text.len % 4) % 4), "===");
    Str bytes;

    if (str_find_char(text, '=') != STR_NONE || str_find_char(text, '\r') != STR_NONE)
        return damaged("malformed base64");
    Error *err = base64_decode(a, padded, &bytes);
    if (err) {
        error_free(err);
        return damaged("malformed base64");
    }
    if (!str_equal(base64_encode(a, bytes), padded))
        return damaged("base64 that could be shorter");
    *out = bytes;
    return NULL;
}

Str age_encode(Arena *a, Str bytes)
{
    Str text = base64_encode(a, bytes);

    while (str_ends(text, STR("=")))
        text.len--;
    return text;
}

static Error *unarmor(Arena *a, Str text, Str *out)
{
    Buf b = {.arena = a};
    Str line;
    bool ends = false;

    text = str_trim(text);
    str_line(&text, &line);
    while (!ends && str_line(&text, &line)) {
        Str bytes;

        if (str_ends(line, STR("\r")))
            line.len--;
        ends = str_equal(line, armor_end);
        if (ends)
            break;
        if (!line.len || line.len > COLUMNS)
            return damaged("its armor has a line of another length");
        Error *err = base64_decode(a, line, &bytes);
        if (err) {
            error_free(err);
            return damaged("its armor is no base64");
        }
        buf_add(&b, bytes);
    }
    if (!ends || text.len)
        return damaged("its armor has no end");
    *out = buf_str(&b);
    return NULL;
}

bool age_is_file(Str text)
{
    return str_starts(text, STR("age-encryption.org/")) || str_starts(text, armor_begin);
}

/* ---- the header */

static Error *parse_stanza(Arena *a, Str *rest, Stanza *out)
{
    Buf body = {.arena = a};
    Str line, word;
    size_t len = LINE_BYTES;
    bool more = true;

    if (!str_line(rest, &line) || !str_starts(line, STR("-> ")))
        return damaged("a stanza has no beginning");
    line = str_skip(line, 3);
    more = str_cut(&line, ' ', &out->type);
    while (more) {
        more = str_cut(&line, ' ', &word);
        if (out->argument_count < COUNT(out->arguments))
            out->arguments[out->argument_count] = word;
        out->argument_count++;
    }
    while (len == LINE_BYTES) {
        Str bytes;

        if (!str_line(rest, &line) || line.len > COLUMNS)
            return damaged("a stanza has no end");
        TRY(decode(a, line, &bytes));
        buf_add(&body, bytes);
        len = bytes.len;
    }
    out->body = buf_str(&body);
    return NULL;
}

static Error *parse_header(Arena *a, Str *rest, Header *out)
{
    const char *begin = rest->ptr;
    Str line;

    if (!str_starts(*rest, intro))
        return error_new(ERROR_INPUT, "it is not an age file of version 1");
    *rest = str_skip(*rest, intro.len);
    while (!str_starts(*rest, STR("---"))) {
        if (out->stanzas.len >= MOST_STANZAS)
            return damaged("it has too many recipients");
        TRY(parse_stanza(a, rest, vec_add(a, &out->stanzas)));
    }
    out->signed_text = (Str){begin, (size_t)(rest->ptr - begin) + 3};
    if (!str_line(rest, &line) || !str_starts(line, STR("--- ")))
        return damaged("its header has no end");
    return decode(a, str_skip(line, 4), &out->mac);
}

/* ---- the file key */

static Str nonce_of_zeros(void)
{
    static const char zeros[12];

    return (Str){zeros, sizeof(zeros)};
}

static Error *unwrap_with(Arena *a, Str shared, Str salt, Str label, Str body, Str *out)
{
    CipherUse use = {.kind = CIPHER_CHACHA20_POLY1305,
                     .key = cipher_derive_key(a, shared, salt, label, CIPHER_KEY_BYTES),
                     .nonce = nonce_of_zeros()};

    if (body.len != FILE_KEY_BYTES + CIPHER_TAG_BYTES)
        return damaged("a wrapped key has another length");
    return cipher_open(a, &use, body, out);
}

/* Sets *FOUND where STANZA is for IDENTITY. */
static Error *unwrap_x25519(Arena *a, const AgeIdentity *identity, const Stanza *stanza,
                            bool *found, Str *out)
{
    Str share, shared;

    if (stanza->argument_count != 1)
        return damaged("an X25519 stanza is malformed");
    TRY(decode(a, stanza->arguments[0], &share));
    if (share.len != CURVE_BYTES)
        return damaged("an X25519 stanza is malformed");
    TRY(cipher_x25519(a, identity->secret, share, &shared));
    Error *err = unwrap_with(a, shared, str_join(a, share, identity->public),
                             STR("age-encryption.org/v1/X25519"), stanza->body, out);
    *found = !err;
    error_free(err); // it is somebody else's: the stanza does not say whose
    return NULL;
}

Str age_ssh_tag(Arena *a, Str ssh_public)
{
    Str digest = digest_bytes(a, DIGEST_SHA256, ssh_public);

    return age_encode(a, str_slice(digest, 0, TAG_SHOWN_BYTES));
}

static Error *unwrap_ed25519(Arena *a, const AgeIdentity *identity, const Stanza *stanza, Str *out)
{
    static const Str label = STR_INIT("age-encryption.org/v1/ssh-ed25519");
    Str share, shared;
    Str tweak = cipher_derive_key(a, (Str){"", 0}, identity->ssh_public, label, CURVE_BYTES);

    if (stanza->argument_count != 2)
        return damaged("an ssh-ed25519 stanza is malformed");
    TRY(decode(a, stanza->arguments[1], &share));
    if (share.len != CURVE_BYTES)
        return damaged("an ssh-ed25519 stanza is malformed");
    TRY(cipher_x25519(a, identity->secret, share, &shared));
    TRY(cipher_x25519(a, tweak, shared, &shared));
    return unwrap_with(a, shared, str_join(a, share, identity->public), label, stanza->body, out);
}

static Error *unwrap(Arena *a, const AgeIdentity *identity, const Stanza *stanza, bool *found,
                     Str *out)
{
    static const char *const types[] = {
        [AGE_X25519] = "X25519", [AGE_SSH_ED25519] = "ssh-ed25519", [AGE_SSH_RSA] = "ssh-rsa"};

    *found = false;
    if (!str_is(stanza->type, types[identity->kind]))
        return NULL;
    if (identity->kind == AGE_X25519)
        return unwrap_x25519(a, identity, stanza, found, out);
    if (!stanza->argument_count ||
        !str_equal(stanza->arguments[0], age_ssh_tag(a, identity->ssh_public)))
        return NULL;
    TRY(identity->kind == AGE_SSH_RSA ? age_unwrap_rsa(a, identity, stanza->body, out)
                                      : unwrap_ed25519(a, identity, stanza, out));
    *found = true;
    return NULL;
}

static Error *find_file_key(Arena *a, const AgeIdentities *identities, const Header *header,
                            Str *out)
{
    for (size_t i = 0; i < identities->len; i++)
        for (size_t j = 0; j < header->stanzas.len; j++) {
            bool found;

            TRY(unwrap(a, &identities->items[i], &header->stanzas.items[j], &found, out));
            if (found && out->len != FILE_KEY_BYTES)
                return damaged("its key has another length");
            if (found)
                return NULL;
        }
    return error_new(ERROR_DENIED, "it was made for none of the %zu age keys at hand",
                     identities->len);
}

/* ---- the payload */

/* The number of a chunk, and whether it is the last. */
static void set_nonce(unsigned char nonce[12], uint64_t number, bool last)
{
    memset(nonce, 0, 12);
    for (int i = 0; i < 8; i++)
        nonce[3 + i] = (unsigned char)(number >> (56 - 8 * i));
    nonce[11] = last;
}

static Error *open_payload(Arena *a, Str file_key, Str payload, Str *out)
{
    Buf b = {.arena = a};
    unsigned char nonce[12];
    uint64_t number = 0;

    if (payload.len < NONCE_BYTES + CIPHER_TAG_BYTES)
        return damaged("it ends early");
    CipherUse use = {.kind = CIPHER_CHACHA20_POLY1305,
                     .key = cipher_derive_key(a, file_key, str_slice(payload, 0, NONCE_BYTES),
                                              STR("payload"), CIPHER_KEY_BYTES),
                     .nonce = {(const char *)nonce, sizeof(nonce)}};
    payload = str_skip(payload, NONCE_BYTES);
    for (bool last = false; !last; number++) {
        size_t len = CHUNK_BYTES + CIPHER_TAG_BYTES;
        Str chunk;

        last = payload.len <= len;
        set_nonce(nonce, number, last);
        TRY(cipher_open(a, &use, str_slice(payload, 0, last ? payload.len : len), &chunk));
        if (last && number && !chunk.len)
            return damaged("its last part is empty");
        buf_add(&b, chunk);
        payload = str_skip(payload, last ? payload.len : len);
    }
    *out = buf_str(&b);
    return NULL;
}

Error *age_open(Arena *a, const AgeIdentities *identities, Str file, Str *out)
{
    Header header = {0};
    Str key, hmac_key;

    if (str_starts(str_trim(file), armor_begin))
        TRY(unarmor(a, file, &file));
    TRY(parse_header(a, &file, &header));
    TRY(find_file_key(a, identities, &header, &key));
    hmac_key = cipher_derive_key(a, key, (Str){"", 0}, STR("header"), CIPHER_KEY_BYTES);
    if (!cipher_equal(digest_hmac(a, DIGEST_SHA256, hmac_key, header.signed_text), header.mac))
        return damaged("its header was changed");
    return open_payload(a, key, file, out);
}

Error *age_identity_parse(Arena *a, Str text, AgeIdentity *out)
{
    Str prefix;

    *out = (AgeIdentity){.kind = AGE_X25519};
    if (!str_starts(text, STR("AGE-SECRET-KEY-1")))
        return error_new(ERROR_INPUT, "it is no age key: those begin with AGE-SECRET-KEY-1");
    TRY(bech32_decode(a, text, &prefix, &out->secret));
    if (out->secret.len != CURVE_BYTES)
        return error_new(ERROR_INPUT, "the age key has another length");
    return cipher_x25519(a, out->secret, (Str){"", 0}, &out->public);
}
