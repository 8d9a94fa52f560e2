/*
 * hash.h - fingerprints of texts: the same for the same text, another for any other.
 */
#pragma once

#include "base/str.h"

/* 64 hexadecimal digits. */
Str hash_sha256(Arena *a, Str text);
