#include "base/shared.h"

#include "base/name_index.h"

#include <pthread.h>

typedef struct Entry {
    struct Entry *next;
    const SharedKind *kind;
    pthread_mutex_t making; /* held by who makes it */
    Arena arena;
    void *thing;
    Error *failure;
    bool done;
} Entry;

struct Shared {
    pthread_mutex_t busy;
    Arena arena; /* of the entries and the index; the struct itself is in it */
    NameIndex index;
    Entry *entries;
};

Shared *shared_new(void)
{
    Arena arena = {0};
    Shared *shared = arena_new(&arena, Shared);

    pthread_mutex_init(&shared->busy, NULL);
    shared->arena = arena;
    return shared;
}

void shared_free(Shared **shared)
{
    if (!*shared)
        return;
    for (Entry *e = (*shared)->entries; e; e = e->next) {
        if (e->thing && e->kind->end)
            e->kind->end(e->thing);
        error_free(e->failure);
        pthread_mutex_destroy(&e->making);
        arena_free(&e->arena);
    }
    pthread_mutex_destroy(&(*shared)->busy);
    Arena arena = (*shared)->arena;
    arena_free(&arena);
    *shared = NULL;
}

static Entry *new_entry(Shared *shared, const SharedKind *kind, Str key)
{
    Entry *entry = arena_new(&shared->arena, Entry);

    entry->kind = kind;
    entry->arena.lasting = true;
    pthread_mutex_init(&entry->making, NULL);
    entry->next = shared->entries;
    shared->entries = entry;
    if (key.len)
        name_index_set(&shared->arena, &shared->index, kind, str_copy(&shared->arena, key), entry);
    return entry;
}

static Entry *entry_of(Shared *shared, const SharedKind *kind, Str key)
{
    pthread_mutex_lock(&shared->busy);
    Entry *entry = key.len ? name_index_get(&shared->index, kind, key) : NULL;
    if (!entry)
        entry = new_entry(shared, kind, key);
    pthread_mutex_unlock(&shared->busy);
    return entry;
}

Error *shared_get(Shared *shared, const SharedKind *kind, Str key, const void *request, void **out)
{
    Entry *entry = entry_of(shared, kind, key);

    pthread_mutex_lock(&entry->making);
    if (!entry->done)
        entry->failure = kind->make(&entry->arena, request, &entry->thing);
    entry->done = true;
    *out = entry->thing;
    Error *err = entry->failure ? error_copy(entry->failure) : NULL;
    pthread_mutex_unlock(&entry->making);
    return err;
}
