/*
 * print.h - values as text, as Go's fmt package writes them. Source: Go, fmt.
 *
 * All fail only where a value contains itself, or where they write more than MOST bytes.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/* MOST where there is no limit to ask for. */
#define PRINT_MOST_BYTES ((size_t)64 << 20)

/* V as {{ V }} shows it: %v, but "<no value>" for what is missing. */
Error *print_value(Buf *b, Value v, size_t most) MUST_CHECK;

/* fmt.Sprint: a space between two operands when neither is a string. */
Error *print_all(Buf *b, const Value *operands, size_t len, size_t most) MUST_CHECK;

/* fmt.Sprintln: a space between all operands, and a newline. */
Error *print_line(Buf *b, const Value *operands, size_t len, size_t most) MUST_CHECK;

/* fmt.Sprintf; what does not fit the format is shown in it, as %!d(string=x). */
Error *print_format(Buf *b, Str format, const Value *operands, size_t len, size_t most) MUST_CHECK;
