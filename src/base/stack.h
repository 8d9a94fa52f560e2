/*
 * stack.h - how deep recursion may go.
 *
 * What users write can nest without end: parentheses, templates that include each other.
 * Counting levels does not bound the stack, since levels differ in size; so recursive code
 * asks stack_low() once a level, and fails with an ordinary error when it says so.
 * Threads that run such code are made with STACK_BYTES.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Address space, not memory: pages are there once they are touched. */
#define STACK_BYTES ((size_t)512 << 20)

/* Whether less than a safe reserve is left of the calling thread's stack. */
bool stack_low(void);
