/*
 * file.c - state in a folder: file:///var/lib/relfile. For one machine, or a network share.
 *
 * A key is a file below the folder, and its version a hash of what is in it. A lock on the
 * folder keeps two processes from both finding the version they expect; it is held for the
 * moment of one change. Nothing is open between calls.
 */
#include "base/hash.h"
#include "io/folder.h"
#include "state/stores.h"

enum { BUSY_MS = 30000 }; /* how long another process may take for one change */

typedef struct FileStore {
    StateStore store;
    const char *path;
    bool seen; /* the folder is there, or was */
} FileStore;

static Error *file_open(Arena *a, Str location, StateStore **out)
{
    DEFER(folder_close) Folder *folder = NULL;
    FileStore *store = arena_new(a, FileStore);

    if (!location.len)
        return error_new(ERROR_INPUT, "the path of a folder is missing");
    if (location.ptr[0] == '~')
        return error_new(ERROR_INPUT, "%.*s: write the whole path: ~ is not replaced",
                         STR_ARG(location));
    store->path = str_c(a, location);

    Error *err = folder_open(a, store->path, FOLDER_READ, &folder);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    store->seen = folder != NULL;
    *out = &store->store;
    return NULL;
}

/*
 * A store that is gone (a share that is not mounted any more) must not look like one that is
 * empty: everything would be installed anew.
 */
static Error *open_folder(FileStore *store, Arena *a, FolderMode mode, Folder **out)
{
    Error *err = folder_open(a, store->path, store->seen ? FOLDER_READ : mode, out);

    if (err && store->seen && error_kind_of(err) == ERROR_NOT_FOUND)
        return error_hint(error_as(err, ERROR_UNAVAILABLE), "the folder was there before");
    store->seen |= !err;
    return err;
}

static Error *read_entry(const FileStore *store, const Folder *folder, Arena *a, Str key,
                         StateEntry *out)
{
    Str text;

    TRY(folder_read(folder, a, key, &text));
    if (!text.len)
        return error_new(ERROR_INPUT, "%s/%.*s: is an empty file", store->path, STR_ARG(key));
    *out = (StateEntry){text, hash_sha256(a, text)};
    return NULL;
}

static Error *file_get(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;

    TRY(error_wrap(open_folder(store, &scratch, FOLDER_READ, &folder), "%.*s", STR_ARG(key)));
    return read_entry(store, folder, a, key, out);
}

/* Take the lock, and see that KEY has the version EXPECTED. */
static Error *begin_change(FileStore *store, Arena *a, Str key, Str expected, Folder **out)
{
    StateEntry now = {0};

    TRY(open_folder(store, a, FOLDER_MAKE, out));
    TRY(folder_lock(*out, BUSY_MS));
    Error *err = read_entry(store, *out, a, key, &now);
    if (err && (expected.len || error_kind_of(err) != ERROR_NOT_FOUND))
        return err;
    error_free(err);
    if (!str_equal(now.version, expected))
        return error_new(ERROR_CONFLICT, "%s/%.*s: %s", store->path, STR_ARG(key),
                         expected.len ? "was changed since it was read" : "is there already");
    return NULL;
}

static Error *file_put(StateStore *base, Arena *a, Str key, Str text, Str expected, Str *version)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;

    Error *err = begin_change(store, &scratch, key, expected, &folder);
    if (err && expected.len && error_kind_of(err) == ERROR_NOT_FOUND)
        return error_as(err, ERROR_CONFLICT);
    TRY(err);
    TRY(folder_replace(folder, key, text));
    *version = hash_sha256(a, text);
    return NULL;
}

static Error *file_remove_key(StateStore *base, Str key, Str expected)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;

    TRY(begin_change(store, &scratch, key, expected, &folder));
    return folder_remove(folder, key);
}

/* PREFIX may end within a name: the folder before that is listed, and what does not fit left out.
 */
static Error *file_list(StateStore *base, Arena *a, Str prefix, StateKeys *out)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;
    size_t slash = str_find_last(prefix, STR("/"));
    FolderPaths paths = {0};
    StateKeys keys = {0};

    Error *err = open_folder(store, &scratch, FOLDER_READ, &folder);
    if (!err)
        err = folder_list(folder, a, str_slice(prefix, 0, slash == STR_NONE ? 0 : slash), &paths);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    for (size_t i = 0; i < paths.len; i++)
        if (str_starts(paths.items[i], prefix))
            *vec_add(a, &keys) = paths.items[i];
    *out = keys;
    return NULL;
}

static void file_close(StateStore *base)
{
    (void)base; // nothing is open between calls
}

const StateStoreType state_store_file = {
    .scheme = "file",
    .help = "A folder on this machine or a network share: file:///var/lib/relfile, or its path.",
    .open = file_open,
    .get = file_get,
    .put = file_put,
    .remove = file_remove_key,
    .list = file_list,
    .close = file_close,
};
