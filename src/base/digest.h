/*
 * digest.h - checksums, in hexadecimal or as bytes.
 */
#pragma once

#include "base/str.h"

typedef enum DigestKind { DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 } DigestKind;

Str digest_hex(Arena *a, DigestKind kind, Str text);
Str digest_bytes(Arena *a, DigestKind kind, Str text);

/* The bytes of TEXT's HMAC (RFC 2104). */
Str digest_hmac(Arena *a, DigestKind kind, Str key, Str text);

/* BYTES in hexadecimal, lower case. */
Str digest_shown(Arena *a, Str bytes);

/* A digest of a text that comes in parts. Each that is started must be ended, or dropped. */
typedef struct DigestStream DigestStream;

DigestStream *digest_start(DigestKind kind);
void digest_add(DigestStream *stream, Str part);

/* In hexadecimal; *STREAM is gone then. */
Str digest_end(Arena *a, DigestStream **stream);
void digest_drop(DigestStream **stream);
