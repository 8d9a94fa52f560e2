/*
 * git_message.h - what the commits of a state say they have changed.
 */
#pragma once

#include "state/state.h"

/* One change of a store: the key's text, which had the version EXPECTED, is TEXT now. */
typedef struct GitChange {
    Str key, text, expected; /* an empty text: it is removed */
} GitChange;

/*
 * One change: its message. Several: how many, and then each on a line of its own; but for texts,
 * where there is anything else.
 */
Str git_message(Arena *a, const StateStore *store, const GitChange *changes, size_t len);

/*
 * The same of a whole run, if the entry of one is among CHANGES: what it did with how many
 * releases, and then the rest. *TRAILERS: which run, and whose; or empty.
 */
Str git_publish_message(Arena *a, const StateStore *store, const GitChange *changes, size_t len,
                        Str *trailers);
