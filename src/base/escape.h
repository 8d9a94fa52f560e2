/*
 * escape.h - foreign text on its way to a terminal: what would do something there is made visible.
 */
#pragma once

#include "base/str.h"

/*
 * TEXT with control characters as \x1b, bytes that are no UTF-8 as \xff, and characters that cannot
 * be printed (direction marks among them) as \u202e; newlines and tabs stay. TEXT itself if it is clean.
 */
Str text_escaped(Arena *a, Str text);
