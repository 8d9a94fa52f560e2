/*
 * utf8.h - UTF-8 as Go reads it: a byte that is not part of a character counts as
 * U+FFFD and is one byte wide. Source: Go, unicode/utf8 and unicode.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUNE_ERROR = 0xFFFD, RUNE_MAX = 0x10FFFF };

/* The character at the start of S, which is not empty, and its *WIDTH in bytes. */
uint32_t utf8_first(Str s, size_t *width);

/* The character at the end of S, which is not empty. */
uint32_t utf8_last(Str s, size_t *width);

/* RUNE at the end of B; what is no character becomes U+FFFD. */
void utf8_add(Buf *b, uint32_t rune);

bool utf8_valid(Str s);

/* How many characters S has. */
size_t utf8_count(Str s);

/* S with each byte that is not part of a character replaced by U+FFFD; S itself if there is none.
 */
Str utf8_cleaned(Arena *a, Str s);

/* The categories of Unicode that Go's functions of the same names look at. */
bool rune_is_letter(uint32_t rune);
bool rune_is_digit(uint32_t rune);
bool rune_is_upper(uint32_t rune);
bool rune_is_lower(uint32_t rune);
bool rune_is_title(uint32_t rune);
bool rune_is_number(uint32_t rune);
bool rune_is_punct(uint32_t rune);
bool rune_is_space(uint32_t rune);
bool rune_is_print(uint32_t rune);
uint32_t rune_to_upper(uint32_t rune);
uint32_t rune_to_lower(uint32_t rune);
uint32_t rune_to_title(uint32_t rune);

/*
 * The next larger character that differs from RUNE only in case, or the smallest one if
 * RUNE is the largest: K, k, K (the Kelvin sign), K. RUNE itself where there is no other.
 * Source: Go, unicode.SimpleFold.
 */
uint32_t rune_fold(uint32_t rune);
