#include "remote/cache.h"

#include "base/digest.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"
#include "io/tree.h"

#include <stdlib.h>

const char *cache_usual(Arena *a)
{
    static const char *const own[] = {"RELFILE_CACHE_HOME"};
    static const char *const shared[] = {"HELMFILE_CACHE_HOME", "HELM_CACHE_HOME",
                                         "XDG_CACHE_HOME"};
    const char *folder = env_first(own, COUNT(own));
    const char *home = env_get("HOME");

    if (folder)
        return folder;
    folder = env_first(shared, COUNT(shared));
    if (folder)
        return str_format(a, "%s/relfile", folder).ptr;
    return str_format(a, "%s/.cache/relfile", home && *home ? home : ".").ptr;
}

Str cache_key(Arena *a, const Str *parts, size_t count)
{
    DigestStream *stream = digest_start(DIGEST_SHA256);
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < count; i++) {
        digest_add(stream, str_format(&scratch, "%zu ", parts[i].len));
        digest_add(stream, parts[i]);
    }
    return digest_end(a, &stream);
}

/* The first two digits are a folder: some file systems are slow with many files in one. */
static const char *path_of(Arena *a, const char *cache, const char *kind, Str name, const char *end)
{
    return str_format(a, "%s/%s/%.2s/%.*s%s", cache, kind, name.ptr, STR_ARG(name), end).ptr;
}

const char *cache_blob_path(Arena *a, const char *cache, Str digest)
{
    return path_of(a, cache, "blobs", digest, "");
}

const char *cache_folder_path(Arena *a, const char *cache, Str digest)
{
    return path_of(a, cache, "folders", digest, "");
}

const char *cache_named_path(Arena *a, const char *cache, Str digest, Str name)
{
    return str_format(a, "%s/%.*s", path_of(a, cache, "named", digest, ""), STR_ARG(name)).ptr;
}

const char *cache_drafts(Arena *a, const char *cache)
{
    return str_format(a, "%s/drafts", cache).ptr;
}

const char *cache_lock_path(Arena *a, const char *cache, Str key)
{
    return str_format(a, "%s/locks/%.*s", cache, STR_ARG(key)).ptr;
}

static bool is_digest(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
            return false;
    return text.len == 64;
}

static Error *read_ref(Arena *a, const char *path, CacheRef *out)
{
    Value v;
    Str text;

    TRY(file_read_limited(a, path, 64 << 10, &text));
    TRY(json_parse(a, path, text, &v));
    if (v.kind != VALUE_MAP || !is_digest(value_map_string(v.map, "digest")))
        return error_new(ERROR_INPUT, "%s: is no entry of the cache", path);
    *out = (CacheRef){value_map_string(v.map, "name"), value_map_string(v.map, "digest"),
                      value_map_string(v.map, "tag"), value_map_string(v.map, "modified")};
    return NULL;
}

CacheRef cache_ref_read(Arena *a, const char *cache, Str key)
{
    CacheRef ref = {0};

    // whatever is wrong with it, it can be fetched again
    error_free(read_ref(a, path_of(a, cache, "refs", key, ".json"), &ref));
    return ref;
}

Error *cache_ref_write(const char *cache, Str key, const CacheRef *ref)
{
    DEFER(arena_free) Arena scratch = {0};
    ValueMap *map = value_map_new(&scratch);
    Buf b = {.arena = &scratch};

    value_map_set_c(&scratch, map, "name", value_string(ref->name));
    value_map_set_c(&scratch, map, "digest", value_string(ref->digest));
    value_map_set_c(&scratch, map, "tag", value_string(ref->tag));
    value_map_set_c(&scratch, map, "modified", value_string(ref->modified));
    TRY(json_write(&b, value_of_map(map), (JsonStyle){0}));
    return file_replace_unsynced(path_of(&scratch, cache, "refs", key, ".json"), buf_str(&b));
}

static Error *add_part(void *context, Str part)
{
    digest_add(context, part);
    return NULL;
}

Error *cache_file_digest(Arena *a, const char *path, Str *out)
{
    DEFER(digest_drop) DigestStream *stream = digest_start(DIGEST_SHA256);

    TRY(file_stream(path, add_part, stream));
    *out = digest_end(a, &stream);
    return NULL;
}

bool cache_has(const char *cache, Str digest, bool is_folder)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = is_folder ? cache_folder_path(&scratch, cache, digest)
                                 : cache_blob_path(&scratch, cache, digest);
    FileKind wanted = is_folder ? FILE_DIRECTORY : FILE_REGULAR;
    Str is;

    if (!is_digest(digest) || file_kind(path) != wanted)
        return false;
    Error *err =
        is_folder ? tree_digest(&scratch, path, &is) : cache_file_digest(&scratch, path, &is);
    if (!err && str_equal(is, digest))
        return true;
    error_free(err);
    log_warn("%s: is not what it was when it was fetched, and is not used", path);
    error_free(tree_remove(path));
    return false;
}

static Error *add_folder(Arena *a, const char *cache, const char *folder, RemoteKeptList *out)
{
    FileEntryList entries;

    TRY(directory_read(a, folder, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        CacheRef ref = {0};
        uint64_t bytes = 0;

        error_free(read_ref(a, str_format(a, "%s/%.*s", folder, STR_ARG(entries.items[i].name)).ptr,
                            &ref));
        if (!ref.digest.len)
            continue;
        const char *blob = cache_blob_path(a, cache, ref.digest);
        if (file_kind(blob) == FILE_REGULAR)
            TRY(file_size(blob, &bytes));
        else
            TRY(tree_size(cache_folder_path(a, cache, ref.digest), &bytes));
        *vec_add(a, out) = (RemoteKept){ref.name, bytes};
    }
    return NULL;
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(((const RemoteKept *)a)->name, ((const RemoteKept *)b)->name);
}

Error *cache_refs(Arena *a, const char *cache, RemoteKeptList *out)
{
    const char *refs = str_format(a, "%s/refs", cache).ptr;
    FileEntryList folders;

    *out = (RemoteKeptList){0};
    if (file_kind(refs) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(a, refs, &folders));
    for (size_t i = 0; i < folders.len; i++)
        if (folders.items[i].is_directory)
            TRY(add_folder(
                a, cache, str_format(a, "%s/%.*s", refs, STR_ARG(folders.items[i].name)).ptr, out));
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), compare_names);
    return NULL;
}
