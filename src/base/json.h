/*
 * json.h - JSON text to values and back, as Go's encoding/json does it.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/*
 * One JSON value, and nothing behind it. Numbers are float64; of a key that comes twice
 * the later counts; malformed UTF-8 and lone surrogates become U+FFFD. ERROR_INPUT with the
 * place where TEXT is something else. FILE is for messages.
 */
Error *json_parse(Arena *a, const char *file, Str text, Value *out) MUST_CHECK;

typedef struct JsonStyle {
    bool escapes_html;  /* <, > and & as \u003c and so on: Go's usual way */
    const char *indent; /* NULL: all on one line, without spaces */
} JsonStyle;

/* V at the end of B, without a newline. ERROR_INPUT for NaN, infinities and the like. */
Error *json_write(Buf *b, Value v, JsonStyle style) MUST_CHECK;
