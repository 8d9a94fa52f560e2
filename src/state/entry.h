/*
 * entry.h - an entry's JSON: typed fields out of a map and into one, times as RFC 3339.
 *
 * Readers leave *OUT as it is where the field is missing or null, and fail with ERROR_INPUT,
 * naming it, where it is of another type. Writers leave out what is empty or 0.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

Error *entry_string(const ValueMap *map, const char *name, Str *out) MUST_CHECK;
Error *entry_integer(const ValueMap *map, const char *name, int64_t *out) MUST_CHECK;

/* The map that TEXT is, which FILE has; otherwise it "is not WHAT". */
Error *entry_parse(Arena *a, const char *file, Str text, const char *what, ValueMap **out)
    MUST_CHECK;

/* The entry's "format", 0 if it has none. ERROR_INPUT if it is above NEWEST. */
Error *entry_format(const ValueMap *map, int64_t newest, int64_t *out) MUST_CHECK;
Error *entry_map(const ValueMap *map, const char *name, const ValueMap **out) MUST_CHECK;
Error *entry_list(const ValueMap *map, const char *name, ValueList *out) MUST_CHECK;

/* The texts of a list, added to OUT; what else is in it is left out. */
Error *entry_texts(Arena *a, const ValueMap *map, const char *name, StrList *out) MUST_CHECK;

/* Milliseconds since 1970. helm writes an empty text for a time that is none. */
Error *entry_time(const ValueMap *map, const char *name, int64_t *out) MUST_CHECK;

void entry_set_string(Arena *a, ValueMap *map, const char *name, Str text);
void entry_set_integer(Arena *a, ValueMap *map, const char *name, int64_t n);
void entry_set_texts(Arena *a, ValueMap *map, const char *name, const StrList *texts);
Error *entry_set_time(Arena *a, ValueMap *map, const char *name, int64_t ms) MUST_CHECK;

/* MAP as the text of an entry. */
Error *entry_text(Arena *a, ValueMap *map, Str *out) MUST_CHECK;

/* The map at NAME, a copy that can be changed; made if there is none. */
ValueMap *entry_child(Arena *a, ValueMap *map, const char *name);

/* A time for people: 2026-09-01T10:00:00Z. */
Str time_shown(Arena *a, int64_t ms);
