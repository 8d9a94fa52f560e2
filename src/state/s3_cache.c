#include "state/s3_cache.h"

#include "base/digest.h"
#include "io/clock.h"
#include "io/env.h"
#include "io/file.h"
#include "io/folder.h"

#include <stdlib.h>

enum { FRESH_MS = 2000, NAME_LENGTH = 40, MOST_BYTES = 16 << 20 };

static const Str kept = STR_INIT("releases/");

void s3_cache_init(Arena *a, S3Cache *cache, Str base)
{
    const char *folder = env_get("XDG_CACHE_HOME"), *home = env_get("HOME");
    Str name = digest_hex(a, DIGEST_SHA256, base);

    pthread_mutex_init(&cache->turn, NULL);
    if (folder && *folder)
        cache->folder = str_format(a, "%s/relfile/s3/%.*s", folder, NAME_LENGTH, name.ptr).ptr;
    else if (home && *home)
        cache->folder = str_format(a, "%s/.cache/relfile/s3/%.*s", home, NAME_LENGTH, name.ptr).ptr;
}

void s3_cache_close(S3Cache *cache)
{
    pthread_mutex_destroy(&cache->turn);
    arena_free(&cache->memory);
}

void s3_cache_note(S3Cache *cache, const S3SeenList *seen, int64_t start_ms)
{
    Arena memory = {0}, old;
    S3SeenList copy = {0};

    for (size_t i = 0; i < seen->len; i++)
        if (str_starts(seen->items[i].key, kept))
            *vec_add(&memory, &copy) = (S3Seen){str_copy(&memory, seen->items[i].key),
                                                str_copy(&memory, seen->items[i].etag)};
    pthread_mutex_lock(&cache->turn);
    old = cache->memory;
    cache->memory = memory;
    cache->seen = start_ms > cache->changed_ms ? copy : (S3SeenList){0};
    cache->seen_ms = start_ms;
    pthread_mutex_unlock(&cache->turn);
    arena_free(&old);
}

static int compare_key(const void *key, const void *seen)
{
    return str_compare(*(const Str *)key, ((const S3Seen *)seen)->key);
}

/* With the turn: what was seen of KEY; NULL for nothing. */
static S3Seen *find(S3Cache *cache, Str key)
{
    return cache->seen.len ? bsearch(&key, cache->seen.items, cache->seen.len,
                                     sizeof(*cache->seen.items), compare_key)
                           : NULL;
}

/* The ETag that the last list has said of KEY; empty where it is none, or too old. */
static Str etag_of(S3Cache *cache, Arena *a, Str key)
{
    Str etag = {"", 0};

    pthread_mutex_lock(&cache->turn);
    const S3Seen *seen = clock_ms() - cache->seen_ms < FRESH_MS ? find(cache, key) : NULL;
    if (seen)
        etag = str_copy(a, seen->etag);
    pthread_mutex_unlock(&cache->turn);
    return etag;
}

static const char *file_of(const S3Cache *cache, Arena *a, Str key)
{
    Str name = digest_hex(a, DIGEST_SHA256, key);

    return str_format(a, "%s/%.*s", cache->folder, NAME_LENGTH, name.ptr).ptr;
}

/* The first line of a file: what it is of, and that it is whole. */
static Str head_of(Arena *a, Str key, Str etag, Str text)
{
    Str sum = digest_hex(a, DIGEST_SHA256, text);

    return str_format(a, "%.*s %.*s %.*s\n", STR_ARG(key), STR_ARG(etag), STR_ARG(sum));
}

bool s3_cache_get(S3Cache *cache, Arena *a, Str key, StateEntry *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str etag = cache->folder && str_starts(key, kept) ? etag_of(cache, &scratch, key) : (Str){0};
    Str file, head;

    if (!etag.len)
        return false;
    Error *err = file_read_limited(&scratch, file_of(cache, &scratch, key), MOST_BYTES, &file);
    if (err) {
        error_free(err);
        return false;
    }
    size_t line = str_find_char(file, '\n');
    if (line == STR_NONE)
        return false;
    Str text = str_skip(file, line + 1);
    head = head_of(&scratch, key, etag, text);
    if (!str_equal(str_slice(file, 0, line + 1), head))
        return false;
    *out = (StateEntry){str_copy(a, text), str_copy(a, etag)};
    return true;
}

static Error *write_file(const S3Cache *cache, Str key, const StateEntry *entry)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;
    Str head = head_of(&scratch, key, entry->version, entry->text);

    // for nobody else to read
    TRY(folder_open(&scratch, cache->folder, FOLDER_MAKE, &folder));
    return file_replace_unsynced(file_of(cache, &scratch, key),
                                 str_join(&scratch, head, entry->text));
}

void s3_cache_put(S3Cache *cache, Str key, const StateEntry *entry)
{
    if (cache->folder && str_starts(key, kept) && entry->text.len < MOST_BYTES / 2)
        error_free(write_file(cache, key, entry));
}

void s3_cache_forget(S3Cache *cache, Str key)
{
    pthread_mutex_lock(&cache->turn);
    S3Seen *seen = find(cache, key);
    cache->changed_ms = clock_ms();
    if (seen)
        seen->etag.len = 0;
    pthread_mutex_unlock(&cache->turn);
}
