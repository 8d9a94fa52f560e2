/*
 * json.h - JSON text to values and back, as Go's encoding/json does it.
 *
 * Both ways are our own and not jansson's: templates show Go's messages and its bytes. jansson
 * refuses malformed UTF-8, lone surrogates and integers beyond 64 bits, which Go reads; it
 * escapes other characters, and writes numbers otherwise.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/*
 * One JSON value, and nothing behind it. Numbers are float64; of a key that comes twice
 * the later counts; malformed UTF-8 and lone surrogates become U+FFFD. ERROR_INPUT with the
 * place where TEXT is something else, in Go's words. FILE is for messages; NULL: those have
 * no place.
 */
Error *json_parse(Arena *a, const char *file, Str text, Value *out) MUST_CHECK;

/* The value that TEXT starts with. *USED is how many bytes of TEXT that is. */
Error *json_parse_prefix(Arena *a, const char *file, Str text, size_t *used,
                         Value *out) MUST_CHECK;

/*
 * For templates: a value of KIND, VALUE_MAP or VALUE_LIST, whose null is Go's nil of that kind.
 * Unlike elsewhere *OUT is set when this fails, too: where a number is too large, to all that
 * could be read.
 */
Error *json_parse_kind(Arena *a, Str text, ValueKind kind, Value *out) MUST_CHECK;

typedef struct JsonStyle {
    bool escapes_html;  /* <, > and & as \u003c and so on: Go's usual way */
    const char *indent; /* NULL: all on one line, without spaces */
} JsonStyle;

/*
 * V at the end of B, without a newline. ERROR_INPUT for NaN, infinities and the like; and for
 * what is more than 10 000 levels deep, as a value is that contains itself, or needs more than
 * 256 MiB.
 */
Error *json_write(Buf *b, Value v, JsonStyle style) MUST_CHECK;
