/*
 * number.h - numbers from text and back, exactly as Go's strconv does it: whatever
 * the locale, with the shortest digits that read back as the same number.
 * Source: Go, strconv.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum NumberResult {
    NUMBER_OK,
    NUMBER_SYNTAX, /* not a number at all; *OUT is 0 */
    NUMBER_RANGE,  /* too large: *OUT is the nearest there is (an infinity for floats) */
} NumberResult;

/*
 * BASE is 2 to 36, or 0 for what the text says: 0x, 0o, 0b, a leading 0 (octal), and
 * underscores between digits.
 */
NumberResult number_parse_int(Str text, int base, int64_t *out);
NumberResult number_parse_uint(Str text, int base, uint64_t *out);

/* Decimal or hexadecimal, "inf", "infinity", "nan" in any case, underscores as in Go. */
NumberResult number_parse_float(Str text, double *out);

/*
 * FORMAT is 'e', 'E', 'f', 'g' or 'G' (or 'b', 'x', 'X': Go's other ones); PRECISION -1
 * is the fewest digits that are exact.
 */
void number_add_float(Buf *b, double n, char format, int precision);
void number_add_int(Buf *b, int64_t n);

/* In at least WIDTH places, up to 20, with PAD in front; its sign is not counted. */
void number_add_padded(Buf *b, int64_t n, size_t width, char pad);
Str number_float(Arena *a, double n, char format, int precision);
