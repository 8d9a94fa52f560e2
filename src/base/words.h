/*
 * words.h - a command line in one text, taken apart as a shell does it.
 * Source: POSIX, shell command language, quoting; github.com/google/shlex.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

/* The words of TEXT, without what quotes them. ERROR_INPUT where a quote has no end. */
Error *words_split(Arena *a, Str text, StrList *out) MUST_CHECK;
