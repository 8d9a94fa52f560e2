/*
 * location.h - what stands after the "://" of a store's URL, taken apart: a place, and
 * options behind a "?": BUCKET/PREFIX?region=eu-central-1&pathStyle=true.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef struct LocationOption {
    const char *name;
    Str *value; /* set where the option is there: %XX replaced, and never empty */
} LocationOption;

/* ERROR_INPUT for options which are not among OPTIONS, and for those without a value. */
Error *location_split(Arena *a, Str location, const LocationOption *options, size_t len, Str *place)
    MUST_CHECK;
