/*
 * cipher.h - authenticated encryption, and how its keys come about.
 *
 * Texts are bytes. What does not fit its tag, was changed, or has another key is an ERROR_INPUT
 * that says nothing of either.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* Both have a key of 32 bytes and put a tag of 16 bytes behind the text. */
typedef enum CipherKind {
    CIPHER_AES256_GCM,        /* a nonce of 1 to 128 bytes; 12 is usual */
    CIPHER_CHACHA20_POLY1305, /* a nonce of 12 bytes */
} CipherKind;

enum { CIPHER_KEY_BYTES = 32, CIPHER_TAG_BYTES = 16, CURVE_BYTES = 32 };

typedef struct CipherUse {
    CipherKind kind;
    Str key, nonce;
    Str beside; /* is not encrypted, but must be the same for both */
} CipherUse;

Error *cipher_open(Arena *a, const CipherUse *use, Str sealed, Str *out) MUST_CHECK;
Error *cipher_seal(Arena *a, const CipherUse *use, Str text, Str *out) MUST_CHECK;

/* LEN bytes, at most 8160, of a key made of SECRET. Source: RFC 5869, with SHA-256. */
Str cipher_derive_key(Arena *a, Str secret, Str salt, Str purpose, size_t len);

/* A key of a word that somebody chose: making it takes long enough to spoil trying. RFC 7914. */
Error *cipher_stretch(Arena *a, Str word, Str salt, Str *out) MUST_CHECK;

/* SECRET times POINT; an empty POINT is the base point. Source: RFC 7748, X25519. */
Error *cipher_x25519(Arena *a, Str secret, Str point, Str *out) MUST_CHECK;

/* Whether both are the same, in a time that does not tell where they differ. */
bool cipher_equal(Str a, Str b);
