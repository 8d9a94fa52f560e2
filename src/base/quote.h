/*
 * quote.h - Go's string and character literals. Source: Go, strconv/quote.go.
 */
#pragma once

#include "base/str.h"

/* The text that LITERAL ("…" or `…`, with its quotes) stands for; false if it is malformed. */
bool quote_read(Arena *a, Str literal, Str *out);

/* The character that LITERAL ('…', with its quotes) stands for; false if it is malformed. */
bool quote_read_char(Str literal, uint32_t *out);

/* S in double quotes as %q writes it; ASCII_ONLY is %+q. */
void quote_add(Buf *b, Str s, bool ascii_only);

/* RUNE in single quotes. */
void quote_add_char(Buf *b, uint32_t rune, bool ascii_only);

/* Whether S can stand between backquotes. */
bool quote_fits_raw(Str s);
