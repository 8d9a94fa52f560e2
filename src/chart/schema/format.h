/*
 * format.h - formats of texts, for format.c: what is wrong with TEXT, or NULL.
 * Source: santhosh-tekuri/jsonschema v6, format.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef const char *FormatCheck(Arena *a, Str text);

/* format_time.c */
FormatCheck format_date, format_time, format_date_time, format_duration, format_period;

/* format_semver.c */
FormatCheck format_semver;

/* "WHAT: PROBLEM"; NULL without a problem. */
const char *format_within(Arena *a, const char *what, const char *problem);

/* What ERR says, which is gone then. */
const char *format_problem_of(Arena *a, Error *err);
