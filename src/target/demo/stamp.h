/*
 * stamp.h - points in time as objects have them: "2026-01-02T15:04:05Z".
 */
#pragma once

#include "base/value.h"

/* MS milliseconds since 1970 as text, in whole seconds. */
Str stamp_text(Arena *a, int64_t ms);
Value stamp_value(Arena *a, int64_t ms);

/* With a fraction of a second: "2026-01-02T15:04:05.000000Z". */
Value stamp_fine(Arena *a, int64_t ms);

/* Whether TEXT is a time of RFC 3339; *MS is it. */
bool stamp_parse(Str text, int64_t *ms);

/* Milliseconds since 1970; FALLBACK where TEXT is no time. */
int64_t stamp_ms(Str text, int64_t fallback);
