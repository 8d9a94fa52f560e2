/*
 * when.h - moments as people write them: "2026-11-21 14:03", "2 days ago", "90m".
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

/*
 * The moment that TEXT means at NOW_MS, in milliseconds since 1970: RFC 3339; a day, with or
 * without a time, in the zone of this machine; "now"; or how long ago, with or without that word:
 * "1h30m", "3 days", "2 weeks ago". ERROR_USAGE for anything else, and for what is to come.
 */
Error *when_parse(Str text, int64_t now_ms, int64_t *out) MUST_CHECK;
