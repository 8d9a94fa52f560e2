/*
 * time.h - Go's time package, as far as templates see it: times in zones, layouts, durations.
 * Source: Go, time.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/world.h"

typedef struct Zone Zone;

typedef struct Time {
    int64_t seconds;     /* since 1970, UTC */
    int32_t nanoseconds; /* 0 to 999 999 999 */
    const Zone *zone;    /* NULL: UTC */
} Time;

extern const ValueObjectType time_object_type; /* time.Time */

Value value_of_time(Arena *a, Time time);
