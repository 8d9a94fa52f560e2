/*
 * tree.h - folders with all that is in them: made aside and moved into place, told apart by a
 * digest, removed. Links are never followed.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* A new empty folder in FOLDER, which is made. */
Error *tree_make_temporary(Arena *a, const char *folder, const char **out) MUST_CHECK;

/*
 * Let the folder FROM be at TO; the folders above are made. If there is one already, that one stays
 * and FROM is removed.
 */
Error *tree_move(const char *from, const char *to) MUST_CHECK;

/* Take what is at PATH away, file or folder; it need not be there. */
Error *tree_remove(const char *path) MUST_CHECK;

/*
 * The SHA-256, in hexadecimal, of the names, contents, links and execute permissions below PATH.
 * ERROR_INPUT for devices and the like.
 */
Error *tree_digest(Arena *a, const char *path, Str *out) MUST_CHECK;

/* How many bytes the files below PATH have; 0 where it is not there. */
Error *tree_size(const char *path, uint64_t *out) MUST_CHECK;
