/*
 * shared.h - things that are made once each, however many threads ask: charts, values files,
 * connections to clusters.
 */
#pragma once

#include "base/error.h"

typedef struct Shared Shared;

/* How things of one kind begin and end. */
typedef struct SharedKind {
    Error *(*make)(Arena *a, const void *request, void **out); /* in an arena of its own */
    void (*end)(void *thing);                                  /* NULL: the arena is all there is */
} SharedKind;

Shared *shared_new(void);

/* With all that was made. */
void shared_free(Shared **shared);

/*
 * The thing of KIND that KEY names, from any thread: made of REQUEST by the first that asks, while
 * others that want the same one wait. If that fails, everybody is told the same. What has an
 * empty KEY is nobody else's.
 */
Error *shared_get(Shared *shared, const SharedKind *kind, Str key, const void *request, void **out)
    MUST_CHECK;
