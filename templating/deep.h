/*
 * deep.h - values compared and copied all the way down, also where a template has made them
 * contain themselves.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/*
 * Whether A and B are equal in type and content. NaN is not equal to itself, but a list or
 * map is. ERROR_INPUT where they nest too deep or are too large.
 * Source: Go, reflect.DeepEqual.
 */
Error *deep_equal(Value a, Value b, bool *out) MUST_CHECK;

/*
 * A value that shares nothing with V that can be changed. ERROR_INPUT where V contains itself,
 * nests too deep or is too large. Source: mitchellh/copystructure.
 */
Error *deep_copy(Arena *a, Value v, Value *out) MUST_CHECK;
