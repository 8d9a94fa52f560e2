/*
 * gzip.h - texts made small, and large again.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

Str gzip_pack(Arena *a, Str text);

/* ERROR_INPUT where PACKED is no gzip, or has more than MOST_BYTES in it. */
Error *gzip_unpack(Arena *a, Str packed, size_t most_bytes, Str *out) MUST_CHECK;
