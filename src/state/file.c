/*
 * file.c - state in a folder: file:///var/lib/relfile. For one machine, or a network share.
 *
 * A key is a file below the folder, and its version a hash of what is in it. A lock on the
 * folder keeps two writers from both finding the version they expect; it is held only while one of
 * them looks and puts its text in place, so that many can wait for the disk at a time. Nothing is
 * open between calls.
 */
#include "base/digest.h"
#include "io/folder.h"
#include "state/stores.h"

#include <pthread.h>
#include <stdatomic.h>

enum { BUSY_MS = 30000 }; /* how long another process may take for one change */

typedef struct FileStore {
    StateStore store;
    const char *path;
    atomic_bool seen;     /* the folder is there, or was */
    bool cleared;         /* of what runs that were killed have left */
    pthread_mutex_t turn; /* of threads, before they try for the lock that keeps processes apart */
} FileStore;

/* One change of KEY, from the version EXPECTED: to DRAFT, or to nothing without one. */
typedef struct Change {
    Str key, expected;
    const StateGuard *guard;
    FolderDraft *draft;
} Change;

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
    pthread_mutex_init(&store->turn, NULL);

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
    if (!err)
        store->seen = true;
    return err;
}

static Error *read_entry(const FileStore *store, const Folder *folder, Arena *a, Str key,
                         StateEntry *out)
{
    Str text;

    TRY(folder_read(folder, a, key, &text));
    if (!text.len)
        return error_hint(
            error_new(ERROR_INPUT, "%s/%.*s: is an empty file", store->path, STR_ARG(key)),
            "relfile state fsck looks at all of them; docs/state.md says how to repair one");
    *out = (StateEntry){text, digest_hex(a, DIGEST_SHA256, text)};
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

static Error *check_guard(const FileStore *store, const Folder *folder, Arena *a,
                          const StateGuard *guard)
{
    StateEntry lock = {0};
    Error *err = read_entry(store, folder, a, guard->key, &lock);

    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return state_check_guard(&store->store, guard, lock.text);
}

/* Take the lock, and see that KEY has the version EXPECTED, and that CHANGE's guard is there. */
static Error *begin_change(FileStore *store, Arena *a, const Change *change, Folder *folder)
{
    Str key = change->key, expected = change->expected;
    StateEntry now = {0};

    TRY(folder_lock(folder, BUSY_MS));
    if (change->guard)
        TRY(check_guard(store, folder, a, change->guard));
    Error *err = read_entry(store, folder, a, key, &now);
    if (err && (expected.len || error_kind_of(err) != ERROR_NOT_FOUND))
        return err;
    error_free(err);
    if (!str_equal(now.version, expected))
        return error_new(ERROR_CONFLICT, "%s/%.*s: %s", store->path, STR_ARG(key),
                         expected.len ? "was changed since it was read" : "is there already");
    return NULL;
}

static Error *make_change(FileStore *store, Folder *folder, const Change *change)
{
    DEFER(arena_free) Arena scratch = {0};

    if (!store->cleared)
        TRY(folder_clear(folder));
    store->cleared = true;
    TRY(begin_change(store, &scratch, change, folder));
    return change->draft ? folder_publish(folder, change->draft, change->key)
                         : folder_remove(folder, change->key);
}

static Error *change_in_turn(FileStore *store, Folder *folder, const Change *change)
{
    pthread_mutex_lock(&store->turn);
    Error *err = make_change(store, folder, change);
    folder_unlock(folder);
    pthread_mutex_unlock(&store->turn);
    return err;
}

static Error *file_put(StateStore *base, Arena *a, Str key, Str text, Str expected,
                       const StateGuard *guard, Str *version)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;
    DEFER(folder_drop) FolderDraft *draft = NULL;

    TRY(open_folder(store, &scratch, FOLDER_MAKE, &folder));
    TRY(folder_draft(folder, &scratch, text, &draft));
    Error *err = change_in_turn(store, folder, &(Change){key, expected, guard, draft});
    if (err && expected.len && error_kind_of(err) == ERROR_NOT_FOUND)
        return error_as(err, ERROR_CONFLICT);
    TRY(err);
    *version = digest_hex(a, DIGEST_SHA256, text);
    return folder_settle(draft);
}

static Error *file_remove_key(StateStore *base, Str key, Str expected, const StateGuard *guard)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;

    TRY(open_folder(store, &scratch, FOLDER_MAKE, &folder));
    return change_in_turn(store, folder, &(Change){key, expected, guard, NULL});
}

/* PREFIX may end within a name: the folder before that is listed, and what does not fit left out.
 */
static Error *file_list(StateStore *base, Arena *a, Str prefix, StrList *out)
{
    FileStore *store = (FileStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(folder_close) Folder *folder = NULL;
    size_t slash = str_find_last(prefix, STR("/"));
    StrList paths = {0};
    StrList keys = {0};

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
    FileStore *store = (FileStore *)base;

    pthread_mutex_destroy(&store->turn);
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
