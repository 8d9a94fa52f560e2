/*
 * cast.h - values of any kind as numbers or texts, as sprig takes its arguments.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/* What is no number is 0. Source: spf13/cast, caste.go. */
int64_t cast_int(Value v);
double cast_float(Value v);

/* N without its fraction; the smallest int64 where it does not fit, as Go on amd64 has it. */
int64_t cast_float_to_int(double n);

/* V as %v prints it; bytes are a text already. Source: sprig, strings.go, strval. */
Error *cast_string(Arena *a, Value v, Str *out) MUST_CHECK;

/*
 * V as a []string: of a list, its items but for nil; of anything else, one; of nil, none. A
 * []string is itself. Source: sprig, strings.go, strslice.
 */
Error *cast_strings(Arena *a, Value v, Value *out) MUST_CHECK;
