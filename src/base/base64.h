/*
 * base64.h - bytes as text, and back: base64 and base32 with the standard alphabets and
 * padding, decoded exactly as strictly as Go does it.
 * Source: Go, encoding/base64 and encoding/base32, StdEncoding.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

Str base64_encode(Arena *a, Str bytes);
void base64_add(Buf *b, Str bytes);
void base32_add(Buf *b, Str bytes);

/*
 * The bytes that TEXT stands for; its line breaks do not count. ERROR_INPUT: "illegal base64
 * data at input byte 4".
 */
Error *base64_decode(Arena *a, Str text, Str *out) MUST_CHECK;
Error *base32_decode(Arena *a, Str text, Str *out) MUST_CHECK;
