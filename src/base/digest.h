/*
 * digest.h - checksums, in hexadecimal.
 */
#pragma once

#include "base/str.h"

typedef enum DigestKind { DIGEST_SHA1, DIGEST_SHA256 } DigestKind;

Str digest_hex(Arena *a, DigestKind kind, Str text);
