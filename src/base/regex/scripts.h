/*
 * scripts.h - which characters are of which script.
 */
#pragma once

#include "base/regex/set.h"
#include "base/str.h"

/* The *LEN ranges of script NAME, "Greek", or NULL if there is none. Source: Unicode 15.0. */
const RuneRange *script_ranges(Str name, size_t *len);
