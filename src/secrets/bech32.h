/*
 * bech32.h - bytes as age writes them in its keys: age1…, AGE-SECRET-KEY-1….
 * Source: BIP 173, without its limit on length.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* TEXT is *PREFIX, "1" and *BYTES with a checksum. ERROR_INPUT, without TEXT, for anything else. */
Error *bech32_decode(Arena *a, Str text, Str *prefix, Str *bytes) MUST_CHECK;
