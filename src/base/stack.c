#include "base/stack.h"

#include <pthread.h>
#include <stdint.h>

/* Bytes for library calls, and for reporting the error; of a small stack, a quarter. */
enum { RESERVE = 256 << 10, SMALL = 4 * RESERVE };

static _Thread_local uintptr_t lowest; /* safe address; 0: not asked for yet */

static void find_lowest(void)
{
    pthread_attr_t attributes;
    void *base = NULL;
    size_t size = 0;

    lowest = 1;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &base, &size) == 0)
        lowest = (uintptr_t)base + (size < SMALL ? size / 4 : RESERVE);
    pthread_attr_destroy(&attributes);
}

bool stack_low(void)
{
    if (!lowest)
        find_lowest();
    return (uintptr_t)__builtin_frame_address(0) < lowest;
}
