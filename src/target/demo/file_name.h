/*
 * file_name.h - the names of objects as names of files, and back.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>

/* Longer names would leave no room for what a file's name needs besides. */
enum { FILE_NAME_MOST = 240 };

/* NAME without what a file name should not have: written as %XX. Without ".json". */
Str file_name(Arena *a, Str name);

/* Whether FILE ("web-1.json") is an object's; if so, *NAME is the object's name. */
bool file_name_read(Arena *a, Str file, Str *name);

/* Whether FILE was made by file_replace and never finished. */
bool file_name_is_left_over(Str file);
