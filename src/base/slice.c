/*
 * slice.c - Go's growth of slices, and its allocator's sizes.
 */
#include "base/slice.h"

#include "base/lang.h"

enum {
    NUMBER_BYTES = 8, /* an int; all other items here are pairs of words, or more */
    HEADER_BYTES = 8, /* in front of memory that is */
    HEADERLESS = 512, /* larger than this and has pointers in it */
    LARGEST_CLASS = 32768,
    PAGE_BYTES = 8192,
    STEADY = 256, /* items, up to which a slice doubles */
};

static size_t size_class(size_t bytes)
{
    static const uint16_t classes[] = {
        8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,   160,
        176,   192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,
        480,   512,   576,   640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,
        1792,  2048,  2304,  2688,  3072,  3200,  3456,  4096,  4864,  5376,  6144,  6528,
        6784,  6912,  8192,  9472,  9728,  10240, 10880, 12288, 13568, 14336, 16384, 18432,
        19072, 20480, 21760, 24576, 27264, 28672, 32768};

    for (size_t i = 0; i < COUNT(classes); i++)
        if (classes[i] >= bytes)
            return classes[i];
    BUG("no size class for %zu bytes", bytes);
}

/* What Go's allocator really gives to who asks for BYTES. */
static size_t allocated(size_t bytes, bool has_pointers)
{
    size_t header = has_pointers && bytes > HEADERLESS ? HEADER_BYTES : 0;

    if (bytes > LARGEST_CLASS - HEADER_BYTES)
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    return size_class(bytes + header) - header;
}

static size_t wanted_capacity(size_t capacity, size_t len)
{
    if (len > 2 * capacity)
        return len;
    if (capacity < STEADY)
        return 2 * capacity;
    do
        capacity += (capacity + 3 * STEADY) / 4;
    while (capacity < len);
    return capacity;
}

size_t slice_grown(size_t capacity, size_t len, size_t item_bytes)
{
    if (len <= capacity)
        return capacity;
    return allocated(wanted_capacity(capacity, len) * item_bytes, item_bytes > NUMBER_BYTES) /
           item_bytes;
}

Value slice_appended(Value list)
{
    size_t capacity = 0, bytes = 2 * NUMBER_BYTES;

    if (value_type_of(list) == TYPE_INTS)
        bytes = NUMBER_BYTES;
    while (capacity < list.list.len)
        capacity = slice_grown(capacity, capacity + 1, bytes);
    list.room = (uint32_t)(capacity - list.list.len);
    return list;
}
