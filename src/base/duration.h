/*
 * duration.h - Go's time.Duration: nanoseconds, and how they are written, "1h15m30.918s".
 * Source: Go, time, time.go and format.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)
#define HOUR_NS (60 * MINUTE_NS)

/* "300ms", "-1.5h", "2h45m". ERROR_INPUT for anything else, and for what is too large. */
Error *duration_parse(Str text, int64_t *out) MUST_CHECK;

void duration_add(Buf *b, int64_t d);
Str duration_text(Arena *a, int64_t d);

/* To a multiple of UNIT: halves away from zero, or toward zero. D itself if UNIT is not above 0. */
int64_t duration_round(int64_t d, int64_t unit);
int64_t duration_truncate(int64_t d, int64_t unit);

/* D without its sign; the largest duration for the smallest. */
int64_t duration_absolute(int64_t d);

double duration_seconds(int64_t d);
double duration_minutes(int64_t d);
double duration_hours(int64_t d);
