/*
 * nearest.h - "did you mean": the known word that a mistyped one is closest to.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* The one of WORDS that WORD is most likely a misspelling of, or NULL if none is near. */
const char *nearest_word(Str word, const char *const *words, size_t len);

/* CAUSE with that word as its hint, if there is one: "did you mean \"chart\"?" */
Error *nearest_hint(Error *cause, Str word, const char *const *words, size_t len) MUST_CHECK;
