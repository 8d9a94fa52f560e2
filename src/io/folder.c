#include "io/folder.h"
#include "io/failpoint.h"

#include "io/clock.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DEEPEST = 16,         /* folders in folders */
    STALE_TRIES = 3,      /* a file on a network share may be replaced while it is opened */
    LONGEST_PAUSE_MS = 50 /* between looks at a lock that is taken */
};

static const char lock_name[] = ".lock";
static const char new_name[] = ".new-"; /* what names of drafts begin with; then comes whose */

struct Folder {
    int fd, lock; /* lock: -1 when not held */
    const char *path;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* On some network file systems folders cannot be synced; they have no need for it. */
static Error *sync_folder(int fd, const char *name)
{
    if (fsync(fd) < 0 && errno != EINVAL)
        return error_os(errno, "%s", name);
    return NULL;
}

/* The folder that PATH is in. */
static const char *folder_above(Arena *a, const char *path)
{
    size_t end = strlen(path);

    while (end > 1 && path[end - 1] == '/')
        end--;
    while (end && path[end - 1] != '/')
        end--;
    while (end > 1 && path[end - 1] == '/')
        end--;
    return end ? str_c(a, (Str){path, end}) : ".";
}

/* Make the folder at PATH, and those above it that are not there, so that they stay. */
static Error *make_folder(Arena *a, const char *path)
{
    const char *above = folder_above(a, path);
    bool made = mkdir(path, 0700) == 0;

    if (!made && errno == ENOENT && strlen(above) < strlen(path)) {
        TRY(make_folder(a, above));
        made = mkdir(path, 0700) == 0;
    }
    if (!made)
        return errno == EEXIST ? NULL : error_os(errno, "%s", path);

    DEFER(close_fd) int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? error_os(errno, "%s", above) : sync_folder(fd, above);
}

Error *folder_open(Arena *a, const char *path, FolderMode mode, Folder **out)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT && mode == FOLDER_MAKE) {
        TRY(make_folder(a, path));
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0 && errno == ENOTDIR && file_kind(path) != FILE_MISSING)
        return error_new(ERROR_INPUT, "%s: is not a folder", path);
    if (fd < 0)
        return error_os(errno, "%s", path);
    *out = arena_new(a, Folder);
    **out = (Folder){fd, -1, str_c(a, str_from(path))};
    return NULL;
}

void folder_close(Folder **folder)
{
    if (!*folder)
        return;
    folder_unlock(*folder);
    close_fd(&(*folder)->fd);
    *folder = NULL;
}

void folder_unlock(Folder *folder)
{
    close_fd(&folder->lock);
}

/* Why NAME in the folder AT could not be opened. A link must not look like nothing at all. */
static Error *open_failure(int at, const char *name, const char *path)
{
    int errnum = errno;
    struct stat info;

    if ((errnum == ELOOP || errnum == ENOTDIR) &&
        fstatat(at, name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISLNK(info.st_mode))
            return error_new(ERROR_DENIED, "%s: %s is a link, which is not followed here", path,
                             name);
        return error_new(ERROR_INPUT, "%s: %s is not a folder", path, name);
    }
    return error_os(errnum, "%s", path);
}

static const char *path_of(const Folder *folder, Arena *a, Str path)
{
    return str_format(a, "%s/%.*s", folder->path, STR_ARG(path)).ptr;
}

/* What a walk down a path is at. */
typedef struct Walk {
    int fd;           /* of the folder */
    const char *name; /* of the next step in it */
    const char *path; /* all of it, for messages */
} Walk;

static void end_walk(Walk *walk)
{
    close_fd(&walk->fd);
}

/* Go into WALK's next step. */
static Error *walk_into(Walk *walk, bool make)
{
    bool made = make && mkdirat(walk->fd, walk->name, 0700) == 0;

    if (make && !made && errno != EEXIST)
        return error_os(errno, "%s", walk->path);
    if (made)
        TRY(sync_folder(walk->fd, walk->path));
    int next = openat(walk->fd, walk->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0)
        return open_failure(walk->fd, walk->name, walk->path);
    close(walk->fd);
    walk->fd = next;
    return NULL;
}

/* Walk to the folder that PATH's last name is in. */
static Error *walk_to(const Folder *folder, Arena *a, Str path, bool make, Walk *walk)
{
    Str name;

    walk->path = path_of(folder, a, path);
    walk->fd = fcntl(folder->fd, F_DUPFD_CLOEXEC, 0);
    if (walk->fd < 0)
        return error_os(errno, "%s", walk->path);
    for (bool more = true; more;) {
        more = str_cut(&path, '/', &name);
        walk->name = str_c(a, name);
        if (more)
            TRY(walk_into(walk, make));
    }
    return NULL;
}

/* A lock file that was replaced while we waited for it locks nobody out. */
static bool is_lock_file(const Folder *folder, int fd)
{
    struct stat ours, named;

    return fstat(fd, &ours) == 0 &&
           fstatat(folder->fd, lock_name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* Look once whether the lock is free. *OUT stays -1 where it is not. */
static Error *try_lock(const Folder *folder, const char *path, int *out)
{
    DEFER(close_fd)
    int fd =
        openat(folder->fd, lock_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

    if (fd < 0)
        return open_failure(folder->fd, lock_name, path);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK || errno == EINTR ? NULL : error_os(errno, "%s", path);
    if (is_lock_file(folder, fd)) {
        *out = fd;
        fd = -1;
    }
    return NULL;
}

Error *folder_lock(Folder *folder, int64_t timeout_ms)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = path_of(folder, &scratch, str_from(lock_name));
    int64_t start = clock_ms();

    for (int pause = 1;; pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS) {
        TRY(try_lock(folder, path, &folder->lock));
        if (folder->lock >= 0)
            return NULL;
        if (clock_ms() - start >= timeout_ms)
            return error_new(ERROR_UNAVAILABLE, "%s: another process has held it for %lld ms", path,
                             (long long)timeout_ms);
        clock_sleep(pause);
    }
}

Error *folder_read(const Folder *folder, Arena *a, Str path, Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(end_walk) Walk walk = {.fd = -1};
    DEFER(close_fd) int fd = -1;

    TRY(walk_to(folder, &scratch, path, false, &walk));
    for (int i = 0; i < STALE_TRIES && fd < 0 && (i == 0 || errno == ESTALE); i++)
        fd = openat(walk.fd, walk.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return open_failure(walk.fd, walk.name, walk.path);
    return file_read_open(a, fd, walk.path, FILE_MOST_BYTES, out);
}

static void need_lock(const Folder *folder)
{
    if (folder->lock < 0)
        BUG("%s is changed without its lock", folder->path);
}

/* ---- drafts */

static void close_stream(DIR **stream)
{
    if (*stream)
        closedir(*stream);
}

/*
 * The writer of a draft holds a lock on it until it is published: a draft that can be locked is
 * of a run that was killed.
 */
struct FolderDraft {
    int folder, fd; /* the folder it is in, borrowed; itself */
    const char *name;
    bool published;
    int into; /* the folder that it was published to */
    const char *path;
};

/* Remove the draft NAME if nobody holds it; whether it is gone. */
static bool clear_draft(int folder, const char *name)
{
    DEFER(close_fd) int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    // with the lock held, so that a writer that is only about to take it sees that its file is gone
    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(folder, name, 0) == 0;
}

/*
 * Runs that were killed may have left their drafts, and folders that are not on the disk yet: what
 * is made next builds on them, so that they must be there before.
 */
Error *folder_clear(const Folder *folder)
{
    DEFER(close_stream) DIR *stream = NULL;
    struct dirent *entry;
    bool cleared = false;
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    stream = fd < 0 ? NULL : fdopendir(fd);
    if (!stream)
        return error_os(errno, "%s", folder->path);
    while ((entry = readdir(stream)))
        if (strncmp(entry->d_name, new_name, strlen(new_name)) == 0)
            cleared |= clear_draft(folder->fd, entry->d_name);
    if (cleared && syncfs(folder->fd) < 0)
        return error_os(errno, "%s", folder->path);
    return NULL;
}

/* A new empty file, locked. One that somebody took for abandoned before it was locked is no use. */
static Error *make_draft(FolderDraft *draft, const char *path)
{
    struct stat info = {0};

    while (info.st_nlink == 0) {
        close_fd(&draft->fd);
        draft->fd = openat(draft->folder, draft->name,
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (draft->fd < 0 || flock(draft->fd, LOCK_EX) < 0 || fstat(draft->fd, &info) < 0)
            return error_os(errno, "%s", path);
    }
    return NULL;
}

Error *folder_draft(const Folder *folder, Arena *a, Str data, FolderDraft **out)
{
    static atomic_uint count;
    FolderDraft *draft = *out = arena_new(a, FolderDraft);

    *draft = (FolderDraft){.folder = folder->fd, .fd = -1, .into = -1};
    draft->name = str_format(a, "%s%lx-%lx-%x", new_name, (unsigned long)getpid(),
                             (unsigned long)clock_ms(), atomic_fetch_add(&count, 1))
                      .ptr;
    draft->path = path_of(folder, a, str_from(draft->name));
    TRY(make_draft(draft, draft->path));
    TRY(FAILPOINT(FILE_DRAFT));
    TRY(file_write_open(draft->fd, draft->path, data));
    return FAILPOINT(FILE_DRAFTED);
}

Error *folder_publish(Folder *folder, FolderDraft *draft, Str path)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(end_walk) Walk walk = {.fd = -1};

    need_lock(folder);
    TRY(walk_to(folder, &scratch, path, true, &walk));
    TRY(FAILPOINT(FILE_RENAME));
    if (renameat(draft->folder, draft->name, walk.fd, walk.name) < 0)
        return error_os(errno, "%s", walk.path);
    draft->published = true;
    draft->into = walk.fd;
    walk.fd = -1;
    return FAILPOINT(FILE_RENAMED);
}

Error *folder_settle(FolderDraft *draft)
{
    TRY(sync_folder(draft->into, draft->path));
    return FAILPOINT(FILE_SETTLED);
}

void folder_drop(FolderDraft **draft)
{
    if (!*draft)
        return;
    if ((*draft)->fd >= 0 && !(*draft)->published)
        unlinkat((*draft)->folder, (*draft)->name, 0);
    close_fd(&(*draft)->into);
    close_fd(&(*draft)->fd);
    *draft = NULL;
}

/* Empty folders are only untidy, so whatever goes wrong here does not matter. */
static void remove_empty_above(const Folder *folder, Arena *a, Str path)
{
    for (size_t slash; (slash = str_find_last(path, STR("/"))) != STR_NONE;) {
        DEFER(end_walk) Walk walk = {.fd = -1};

        path = str_slice(path, 0, slash);
        Error *err = walk_to(folder, a, path, false, &walk);
        bool done = err || unlinkat(walk.fd, walk.name, AT_REMOVEDIR) < 0;
        error_free(err);
        if (done)
            return;
    }
}

Error *folder_remove(Folder *folder, Str path)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(end_walk) Walk walk = {.fd = -1};

    need_lock(folder);
    TRY(walk_to(folder, &scratch, path, false, &walk));
    TRY(FAILPOINT(FILE_UNLINK));
    if (unlinkat(walk.fd, walk.name, 0) < 0)
        return error_os(errno, "%s", walk.path);
    TRY(FAILPOINT(FILE_UNLINKED));
    TRY(sync_folder(walk.fd, walk.path));
    remove_empty_above(folder, &scratch, path);
    return NULL;
}

static bool is_folder(int fd, const struct dirent *entry)
{
    struct stat info;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

/* What is not there has nothing in it: it may have been removed since it was seen. */
static Error *unless_missing(Error *err)
{
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

/* Open the folder that is WALK's next step; none, where it is not there. */
static Error *open_stream(Walk *walk, DIR **out)
{
    Error *err = walk_into(walk, false);

    if (err)
        return unless_missing(err);
    *out = fdopendir(walk->fd);
    if (!*out)
        return error_os(errno, "%s", walk->path);
    walk->fd = -1; // the stream's from now on
    return NULL;
}

/* Add the paths of all files in WALK's next step, the folder at PATH, and below it. */
static Error *list_into(Walk *walk, Arena *a, Str path, int depth, StrList *out)
{
    DEFER(close_stream) DIR *stream = NULL;
    struct dirent *entry;

    if (depth > DEEPEST)
        return error_new(ERROR_INPUT, "%s: folders are nested too deep", walk->path);
    TRY(open_stream(walk, &stream));
    while (stream && (errno = 0, entry = readdir(stream))) {
        if (entry->d_name[0] == '.')
            continue;
        Str below = path.len ? str_format(a, "%.*s/%s", STR_ARG(path), entry->d_name)
                             : str_copy(a, str_from(entry->d_name));
        if (!is_folder(dirfd(stream), entry)) {
            *vec_add(a, out) = below;
            continue;
        }
        DEFER(end_walk)
        Walk next = {fcntl(dirfd(stream), F_DUPFD_CLOEXEC, 0), entry->d_name,
                     str_format(a, "%s/%s", walk->path, entry->d_name).ptr};
        TRY(list_into(&next, a, below, depth + 1, out));
    }
    return stream && errno ? error_os(errno, "%s", walk->path) : NULL;
}

static int compare_paths(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

Error *folder_list(const Folder *folder, Arena *a, Str path, StrList *out)
{
    DEFER(end_walk) Walk walk = {.fd = -1};
    StrList paths = {0};
    Error *err = walk_to(folder, a, path.len ? path : STR("."), false, &walk);

    TRY(unless_missing(err ? err : list_into(&walk, a, path, 0, &paths)));
    if (paths.len)
        qsort(paths.items, paths.len, sizeof(*paths.items), compare_paths);
    *out = paths;
    return NULL;
}
