/*
 * nesting.h - what a walk through a value is inside of: so that it ends where a value contains
 * itself, as those can that templates make, and where it nests too deep.
 *
 *     Nesting here;
 *
 *     if (!nesting_enter(&here, w->inside, v))
 *         return error_new(…);
 *     w->inside = &here;
 *     …
 *     w->inside = here.outer;
 *
 * Source: Go, encoding/json, encode.go, which begins to look at the same depth.
 */
#pragma once

#include "base/value.h"

enum {
    NESTING_UNWATCHED = 1000, /* levels: only what is deeper is held against what it is in */
    NESTING_MOST = 10000,
};

/* One level of a walk, in a variable of the function that takes it. */
typedef struct Nesting {
    const struct Nesting *outer; /* NULL: the value that the walk began with */
    const void *inside;
    int depth; /* from 1 */
} Nesting;

/* Enter V, a list, a map or an object, from OUTER. False where V is inside itself, or too deep. */
bool nesting_enter(Nesting *here, const Nesting *outer, Value v);
