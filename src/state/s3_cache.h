/*
 * s3_cache.h - the records of a bucket that this machine has read before, by their ETags.
 *
 * A list of a bucket has the ETag of each object. Whoever lists records and then reads them gets
 * from here what has not changed since: reading the state of a thousand releases is one list and
 * what is new. A list counts for two seconds, and not for what was written since; and whatever is
 * read from here has its ETag for a version, so that a change of what is not like that any more is
 * refused by the server. Locks are never read from here. The folder may be taken away at any time.
 */
#pragma once

#include "state/state.h"

#include <pthread.h>

/* What a list has said of one object. */
typedef struct S3Seen {
    Str key, etag;
} S3Seen;

typedef VEC(S3Seen) S3SeenList;

typedef struct S3Cache {
    const char *folder;   /* NULL: nothing can be kept here */
    pthread_mutex_t turn; /* for what follows */
    Arena memory;
    S3SeenList seen;    /* by the last list, in byte order of the keys */
    int64_t seen_ms;    /* clock_ms before it was asked for */
    int64_t changed_ms; /* of the last change of ours: earlier lists do not count */
} S3Cache;

/* For the objects whose URLs begin with BASE. */
void s3_cache_init(Arena *a, S3Cache *cache, Str base);
void s3_cache_close(S3Cache *cache);

/* A list that was asked for at START_MS has said SEEN, in byte order of the keys. */
void s3_cache_note(S3Cache *cache, const S3SeenList *seen, int64_t start_ms);

/* What KEY has, if a list has just said what that is, and it is here. */
bool s3_cache_get(S3Cache *cache, Arena *a, Str key, StateEntry *out);

/* KEY has ENTRY. It is no matter if that cannot be kept. */
void s3_cache_put(S3Cache *cache, Str key, const StateEntry *entry);

/* KEY is about to be changed, or has just been: what was listed before does not count any more. */
void s3_cache_forget(S3Cache *cache, Str key);
