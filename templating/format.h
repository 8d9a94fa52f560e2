/*
 * format.h - single numbers and texts under the flags, width and precision of a format's
 * verb, for print.c and printf.c. Source: Go, fmt/format.go.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands between the % and the verb. */
typedef struct Format {
    bool minus, plus, sharp, space, zero;
    bool plus_v, sharp_v; /* %+v and %#v, which leave .plus and .sharp unset */
    bool has_width, has_precision;
    int width, precision; /* 0 where there is none */
} Format;

/* TEXT, at least as wide as F says. */
void format_padded(Buf *b, const Format *f, Str text);

/* TEXT, no longer than the precision. */
void format_text(Buf *b, const Format *f, Str text);

/* The bytes of TEXT in hexadecimal, in capitals if UPPER. */
void format_hex(Buf *b, const Format *f, Str text, bool upper);

/* TEXT in double quotes, or in back quotes where %#q allows that. */
void format_quoted(Buf *b, const Format *f, Str text);

/* N in BASE 2, 8, 10 or 16. VERB is X for capitals, O for 0o in front. */
void format_integer(Buf *b, const Format *f, uint64_t n, int base, bool is_signed, uint32_t verb);

/* N as a character; as a quoted one; as U+0041. What is no character is U+FFFD. */
void format_char(Buf *b, const Format *f, uint64_t n);
void format_quoted_char(Buf *b, const Format *f, uint64_t n);
void format_unicode(Buf *b, const Format *f, uint64_t n);

/* N in number_add_float's FORM, with PRECISION unless F has one. */
void format_float(Buf *b, const Format *f, double n, char form, int precision);
