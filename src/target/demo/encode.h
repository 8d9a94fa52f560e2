/*
 * encode.h - an object as the server would write it again, once it has read it.
 *
 * An API server turns what it is sent into its own types and those back into JSON. On the way
 * nulls go, and fields that are empty; what is always written comes; quantities, numbers and
 * bytes get one form. Source: the json tags of k8s.io/api, and encoding/json.
 */
#pragma once

#include "base/error.h"
#include "target/demo/schema.h"

/*
 * V as it is after that, in A. ERROR_INPUT, with the field, where the types cannot hold it: 1.5 as
 * an integer, text that is no base64.
 */
Error *object_encode(Arena *a, Shape *shape, Value v, Value *out) MUST_CHECK;

/*
 * V as JSON knows it: numbers as float64, lists and maps without Go's other types, nothing shared
 * that could be changed. ERROR_INPUT for what is deeper than 200 levels, larger than an API server
 * takes, or cannot be JSON.
 */
Error *object_plain(Arena *a, Value v, Value *out) MUST_CHECK;
