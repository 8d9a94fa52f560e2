/*
 * store.c - charts that are loaded, each once, however many releases and threads ask.
 */
#include "chart/sources/sources.h"
#include "chart/tree.h"

#include <stdlib.h>

/* A chart, or the attempt to load it. Whoever makes the entry loads; the others wait. */
typedef struct Entry {
    struct Entry *next;
    Arena arena;
    Str path;
    pthread_mutex_t loading;
    bool done;
    Chart *chart;
    Error *failure;
} Entry;

struct ChartStore {
    pthread_mutex_t busy;
    Arena arena;
    Entry *entries;
};

ChartStore *chart_store_new(void)
{
    Arena arena = {0};
    ChartStore *store = arena_new(&arena, ChartStore);

    pthread_mutex_init(&store->busy, NULL);
    store->arena = arena;
    return store;
}

void chart_store_free(ChartStore **store)
{
    if (!*store)
        return;
    for (Entry *e = (*store)->entries; e; e = e->next) {
        if (e->chart)
            chart_release(e->chart);
        error_free(e->failure);
        pthread_mutex_destroy(&e->loading);
        arena_free(&e->arena);
    }
    pthread_mutex_destroy(&(*store)->busy);
    Arena arena = (*store)->arena; // which the store itself is in
    arena_free(&arena);
    *store = NULL;
}

static Entry *new_entry(ChartStore *store, Str path)
{
    Entry *entry = arena_new(&store->arena, Entry);

    entry->path = str_copy(&store->arena, path);
    pthread_mutex_init(&entry->loading, NULL);
    entry->next = store->entries;
    store->entries = entry;
    return entry;
}

/* The entry of PATH, made if it is not there, with its lock taken. */
static Entry *take_entry(ChartStore *store, Str path)
{
    pthread_mutex_lock(&store->busy);
    Entry *entry = store->entries;
    while (entry && !str_equal(entry->path, path))
        entry = entry->next;
    if (!entry)
        entry = new_entry(store, path);
    pthread_mutex_unlock(&store->busy);
    pthread_mutex_lock(&entry->loading);
    return entry;
}

static Error *load_path(Entry *entry)
{
    ChartFileList files = {0};

    TRY(source_read(&entry->arena, entry->path.ptr, &files));
    return chart_of_files(&entry->arena, entry->path.ptr, &files, &entry->chart);
}

/* Every release that wants the chart is told why it cannot have it. */
static Error *outcome(const Entry *entry, const Chart **out)
{
    *out = entry->chart;
    return entry->failure ? error_copy(entry->failure) : NULL;
}

Error *chart_load(ChartStore *store, const char *path, const Chart **out)
{
    Entry *entry = take_entry(store, str_from(path));

    if (!entry->done) {
        entry->failure = load_path(entry);
        entry->done = true;
    }
    Error *err = outcome(entry, out);
    pthread_mutex_unlock(&entry->loading);
    return err;
}

Error *chart_load_files(ChartStore *store, const ChartFileList *files, const Chart **out)
{
    pthread_mutex_lock(&store->busy);
    Entry *entry = new_entry(store, (Str){"", 0});
    pthread_mutex_unlock(&store->busy);

    entry->done = true;
    entry->failure = chart_of_files(&entry->arena, "chart", files, &entry->chart);
    return outcome(entry, out);
}
