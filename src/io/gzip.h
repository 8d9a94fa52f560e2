/*
 * gzip.h - texts made small, and large again.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

Str gzip_pack(Arena *a, Str text);

/* The same with a time in it, in seconds since 1970; and that time, 0 where PACKED has none. */
Str gzip_pack_at(Arena *a, Str text, int64_t time_s);
int64_t gzip_time(Str packed);

/* ERROR_INPUT where PACKED is no gzip, or has more than MOST_BYTES in it. */
Error *gzip_unpack(Arena *a, Str packed, size_t most_bytes, Str *out) MUST_CHECK;
