/*
 * json_path.h - JSONPath, as suites use it: a.b[0], a["b.c"], a[*].b, ..b, a[?(@.name == "x")],
 * a[0,2], a[1:3].
 * Source: github.com/vmware-labs/yaml-jsonpath.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef VEC(Value) FoundValues;

/* All that PATH leads to below ROOT; ROOT itself for an empty one. ERROR_INPUT: it is no path. */
Error *json_path_find(Arena *a, Str path, Value root, FoundValues *out) MUST_CHECK;
