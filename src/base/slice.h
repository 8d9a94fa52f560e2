/*
 * slice.h - how many items Go's slices have room for.
 *
 * Templates can see it: sprig's `slice` may go beyond a list's end, as far as the memory
 * behind it goes. Source: Go, runtime/slice.go and msize.go; amd64.
 */
#pragma once

#include "base/value.h"

#include <stddef.h>

/*
 * The capacity once append() had to grow a slice of CAPACITY to LEN items, of ITEM_BYTES
 * each. Items larger than a number are taken to hold pointers.
 */
size_t slice_grown(size_t capacity, size_t len, size_t item_bytes);

/* LIST, whose items were appended one by one to an empty slice: with its room. */
Value slice_appended(Value list);
