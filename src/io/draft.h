/*
 * draft.h - a file that is on its way: written in parts, beside where it will be; then it is
 * there as a whole, or not at all. Its digest is made on the way.
 *
 *     DEFER(draft_drop) Draft *draft = NULL;
 *     TRY(draft_open(a, "/var/cache/relfile/drafts", limit_bytes, &draft));
 *     TRY(draft_add(draft, part));
 *     TRY(draft_publish(draft, "/var/cache/relfile/blobs/1f"));
 *
 * It is not synced: after a crash of the machine the published file may be empty or cut off, so
 * who reads it must know its digest.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef struct Draft Draft;

/* A new, empty one in FOLDER, which is made; it takes MOST_BYTES. Its name lives as long as A. */
Error *draft_open(Arena *a, const char *folder, size_t most_bytes, Draft **out) MUST_CHECK;

/* ERROR_INPUT beyond what it takes. */
Error *draft_add(Draft *draft, Str part) MUST_CHECK;

/* Throw away what it has. */
Error *draft_restart(Draft *draft) MUST_CHECK;

size_t draft_size(const Draft *draft);

/* The SHA-256 of what it has, in hexadecimal. Nothing may be added then, but it may be restarted.
 */
Str draft_digest(Arena *a, Draft *draft);

/* Let the file at PATH be it; the folders above are made. */
Error *draft_publish(Draft *draft, const char *path) MUST_CHECK;

/* What was not published is gone. */
void draft_drop(Draft **draft);
