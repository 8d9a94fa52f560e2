/*
 * sorted.h - where something is in an array that is sorted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* <0, 0 or >0: ITEM, which is in the array, comes before KEY, is it, or comes after it. */
typedef int SortedCompare(const void *item, const void *key);

/*
 * Where the first of LEN items, SIZE bytes each, is that does not come before KEY: LEN if all do.
 * FOUND (or NULL): whether it is KEY's. In a header, so that COMPARE is compiled into it.
 */
static inline size_t sorted_position(const void *items, size_t len, size_t size, const void *key,
                                     SortedCompare *compare, bool *found)
{
    size_t low = 0, high = len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare((const char *)items + middle * size, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (found)
        *found = low < len && compare((const char *)items + low * size, key) == 0;
    return low;
}
