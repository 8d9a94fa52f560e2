/*
 * world.h - what code that is otherwise pure asks of the outside: the time, randomness,
 * time zones. io/world.c has the real ones; a test, or a run that must be repeatable,
 * brings its own.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

typedef struct World {
    /* Nanoseconds since 1970, UTC. */
    int64_t (*now_ns)(void);

    /* LEN unpredictable BYTES. */
    void (*random)(void *bytes, size_t len);

    /*
     * The name of the zone that the user has set: "Europe/Berlin", "UTC"; "Local" where it is
     * the system's. Valid until the environment changes.
     */
    Str (*local_zone)(void);

    /*
     * The content of the time zone file (RFC 8536) of NAME: "Europe/Berlin", or what
     * local_zone() says. ERROR_NOT_FOUND where there is none.
     */
    Error *(*zone)(Arena *a, Str name, Str *out);

    /*
     * Nanoseconds that only go forward, for how long something takes; and whether the user wants
     * an end of it. NULL: it may take as long as it does; never.
     */
    int64_t (*elapsed_ns)(void);
    bool (*stopped)(void);

    /* An address of the host NAME. NULL: hosts are not to be known. ERROR_NOT_FOUND: it has none.
     */
    Error *(*host)(Arena *a, Str name, Str *out);
} World;
