/*
 * toml.h - TOML text to values and back.
 * Source: github.com/BurntSushi/toml v1.6.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/* The map that TEXT is. ERROR_INPUT, in the library's words: "toml: line 2: …". */
Error *toml_parse(Arena *a, Str text, Value *out) MUST_CHECK;

/* V, mostly a map, at the end of B. ERROR_INPUT for what TOML has no place for. */
Error *toml_write(Buf *b, Value v) MUST_CHECK;
