/*
 * nearest.h - "did you mean": the known word that a mistyped one is closest to.
 */
#pragma once

#include "base/str.h"

/* The one of WORDS that WORD is most likely a misspelling of, or NULL if none is near. */
const char *nearest_word(Str word, const char *const *words, size_t len);
