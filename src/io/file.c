#include "io/file.h"

#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STREAM_BYTES = 64 << 10,
    MAPPED_BYTES = 16 << 10, /* from here on mapping costs less than reading */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/*
 * FIRST, and all that FD gives, SIZE bytes as far as is known. Where it gives just these although
 * it was asked for more, that is the end: what says 0 and gives more (in /proc) is asked again.
 */
static Error *read_all(Arena *a, int fd, const char *path, Str first, size_t size, size_t limit,
                       Str *out)
{
    Buf text = {.arena = a};
    size_t room = size + 1;

    buf_add(&text, first);
    for (;;) {
        char *at = buf_room(&text, room);
        ssize_t got = read(fd, at, room);

        text.len -= room - (got > 0 ? (size_t)got : 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_os(errno, "%s", path);
        if (got == 0)
            break;
        if (text.len > limit)
            return error_new(ERROR_INPUT, "%s: the file has more than %zu bytes", path, limit);
        if (size && (size_t)got == size)
            break;
        room = text.cap > text.len ? text.cap - text.len : STREAM_BYTES; // mostly the end is next
    }
    *out = buf_str(&text);
    return NULL;
}

/*
 * Whether nobody has opened the other end of the pipe: waiting for that might have no end. Where
 * nobody ever did, poll says nothing, and read says the end; with a writer it says "not yet". What
 * is written just then is the FIRST byte.
 */
static bool is_silent(int fd, char *first, size_t *len)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    if (poll(&ready, 1, 0) != 0)
        return false;
    ssize_t got = read(fd, first, 1);
    *len = got > 0;
    return got == 0;
}

/* What FD is open for, which INFO is of. */
static Error *read_known(Arena *a, int fd, const struct stat *info, const char *name, size_t limit,
                         Str *out)
{
    char byte[1];
    Str first = {byte, 0};

    if (S_ISDIR(info->st_mode))
        return error_new(ERROR_INPUT, "%s: is a directory, not a file", name);
    if (!S_ISREG(info->st_mode) && !S_ISFIFO(info->st_mode) && !S_ISCHR(info->st_mode))
        return error_new(ERROR_INPUT, "%s: is not a file", name);
    if (S_ISFIFO(info->st_mode) && is_silent(fd, byte, &first.len))
        return error_new(ERROR_INPUT, "%s: is a pipe that nobody writes to", name);
    if (!S_ISREG(info->st_mode) && fcntl(fd, F_SETFL, 0) < 0)
        return error_os(errno, "%s", name);
    if ((uint64_t)info->st_size > limit)
        return error_new(ERROR_INPUT, "%s: the file has more than %zu bytes", name, limit);
    return read_all(a, fd, name, first, (size_t)info->st_size, limit, out);
}

Error *file_read_open(Arena *a, int fd, const char *name, size_t limit, Str *out)
{
    struct stat info;

    if (fstat(fd, &info) < 0)
        return error_os(errno, "%s", name);
    return read_known(a, fd, &info, name, limit, out);
}

static Error *open_file(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0 && errno == ENOENT && file_exists(path))
        return error_new(ERROR_NOT_FOUND, "%s: is a link to what is not there", path);
    return *fd < 0 ? error_os(errno, "%s", path) : NULL;
}

Error *file_read_limited(Arena *a, const char *path, size_t limit, Str *out)
{
    DEFER(close_fd) int fd = -1;

    TRY(open_file(path, &fd));
    return file_read_open(a, fd, path, limit, out);
}

Error *file_read_mapped(Arena *a, const char *path, size_t limit, Str *out)
{
    DEFER(close_fd) int fd = -1;
    struct stat info;

    TRY(open_file(path, &fd));
    if (fstat(fd, &info) < 0)
        return error_os(errno, "%s", path);
    if (!S_ISREG(info.st_mode) || info.st_size < MAPPED_BYTES || (uint64_t)info.st_size > limit)
        return read_known(a, fd, &info, path, limit, out);
    void *text = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (text == MAP_FAILED)
        return read_known(a, fd, &info, path, limit, out);
    *out = (Str){text, (size_t)info.st_size};
    return NULL;
}

Error *file_read(Arena *a, const char *path, Str *out)
{
    return file_read_limited(a, path, FILE_MOST_BYTES, out);
}

Error *file_stream(const char *path, FileTake *take, void *context)
{
    DEFER(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    char part[STREAM_BYTES];
    ssize_t len;

    if (fd < 0)
        return error_os(errno, "%s", path);
    while ((len = read(fd, part, sizeof(part))) != 0) {
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return error_os(errno, "%s", path);
        TRY(take(context, (Str){part, (size_t)len}));
    }
    return NULL;
}

Error *file_read_stdin(Arena *a, Str *out)
{
    return read_all(a, STDIN_FILENO, "standard input", (Str){0}, 0, FILE_MOST_BYTES, out);
}

bool file_exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

Str file_absolute(Arena *a, const char *path)
{
    char *directory = realpath(path_directory(a, str_from(path)).ptr, NULL);
    Str absolute = str_from(path);

    if (directory)
        absolute = path_join(a, str_from(directory), path_name(absolute));
    free(directory);
    return absolute.ptr == path ? str_copy(a, absolute) : absolute;
}

Error *file_look(const char *path, FileKind *out)
{
    struct stat info;

    *out = FILE_MISSING;
    if (stat(path, &info) < 0)
        return errno == ENOENT ? NULL : error_os(errno, "%s", path);
    *out = S_ISREG(info.st_mode)   ? FILE_REGULAR
           : S_ISDIR(info.st_mode) ? FILE_DIRECTORY
                                   : FILE_OTHER;
    return NULL;
}

FileKind file_kind(const char *path)
{
    FileKind kind;

    error_free(file_look(path, &kind));
    return kind;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static int compare_entries(const void *left, const void *right)
{
    return str_compare(((const FileEntry *)left)->name, ((const FileEntry *)right)->name);
}

static bool is_directory(const char *folder, const struct dirent *entry)
{
    DEFER(arena_free) Arena scratch = {0};

    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return entry->d_type == DT_DIR;
    return file_kind(str_format(&scratch, "%s/%s", folder, entry->d_name).ptr) == FILE_DIRECTORY;
}

bool file_is_link(const char *path)
{
    struct stat at;

    return lstat(path, &at) == 0 && S_ISLNK(at.st_mode);
}

Error *file_link_target(Arena *a, const char *path, Str *out)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path, target, sizeof(target));

    if (len < 0)
        return error_os(errno, "%s", path);
    *out = str_copy(a, (Str){target, (size_t)len});
    return NULL;
}

Error *file_size(const char *path, uint64_t *out)
{
    struct stat at;

    if (stat(path, &at) < 0)
        return error_os(errno, "%s", path);
    *out = (uint64_t)at.st_size;
    return NULL;
}

Error *directory_read(Arena *a, const char *path, FileEntryList *out)
{
    DEFER(close_folder) DIR *folder = opendir(path);
    FileEntryList entries = {0};
    struct dirent *entry;

    if (!folder)
        return error_os(errno, "%s", path);
    while ((errno = 0, entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        *vec_add(a, &entries) = (FileEntry){.name = str_copy(a, str_from(entry->d_name)),
                                            .is_directory = is_directory(path, entry),
                                            .is_regular = entry->d_type == DT_REG};
    }
    if (errno)
        return error_os(errno, "%s", path);
    if (entries.len)
        qsort(entries.items, entries.len, sizeof(*entries.items), compare_entries);
    *out = entries;
    return NULL;
}

static Error *write_all(int fd, const char *name, Str data)
{
    for (size_t done = 0; done < data.len;) {
        ssize_t wrote = write(fd, data.ptr + done, data.len - done);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return error_os(errno, "%s", name);
        done += (size_t)wrote;
    }
    return NULL;
}

Error *file_write_open(int fd, const char *name, Str data)
{
    TRY(write_all(fd, name, data));
    return fsync(fd) < 0 ? error_os(errno, "%s", name) : NULL;
}

Error *directory_make(const char *path)
{
    DEFER(arena_free) Arena scratch = {0};
    char *part = arena_text(&scratch, strlen(path) + 1);

    memcpy(part, path, strlen(path) + 1);
    for (char *end = part; end; *end = '/') {
        end = strchr(end + 1, '/');
        if (end)
            *end = '\0';
        if (mkdir(part, 0777) < 0 && errno != EEXIST)
            return error_os(errno, "%s", part);
        if (!end)
            break;
    }
    return NULL;
}

static Error *make_directory_above(Arena *scratch, const char *path)
{
    const char *name = strrchr(path, '/');

    if (!name || name == path)
        return NULL;
    return directory_make(str_c(scratch, (Str){path, (size_t)(name - path)}));
}

/* A new file beside PATH; its name goes into TEMPORARY, a copy of PATH with ".XXXXXX" behind it. */
static Error *make_beside(Arena *scratch, const char *path, char *temporary, int *fd)
{
    *fd = mkostemp(temporary, O_CLOEXEC);
    if (*fd >= 0)
        return NULL;
    if (errno != ENOENT)
        return error_os(errno, "%s", path);
    TRY(make_directory_above(scratch, path));
    memcpy(temporary + strlen(path), ".XXXXXX", sizeof(".XXXXXX"));
    *fd = mkostemp(temporary, O_CLOEXEC);
    return *fd < 0 ? error_os(errno, "%s", path) : NULL;
}

/* How a file comes to its place. */
typedef enum FileWay {
    FILE_SYNCED,
    FILE_UNSYNCED,
    FILE_NEW /* nothing may be there yet */
} FileWay;

/*
 * Put the file at TEMPORARY in the place of PATH. Some file systems write a file that replaces
 * another to the disk first; where nobody waits for that, the two change places instead.
 */
static int take_place(const char *temporary, const char *path, FileWay way)
{
    if (way == FILE_NEW) {
        if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
            return 0;
        if (errno == EEXIST)
            return unlink(temporary);
        if (errno != EINVAL && errno != ENOSYS) // a file system that cannot
            return -1;
    }
    if (way == FILE_UNSYNCED &&
        renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return unlink(temporary);
    return rename(temporary, path);
}

static Error *replace(const char *path, Str data, FileWay way, mode_t mode)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(close_fd) int fd = -1;
    char *temporary = arena_text(&scratch, strlen(path) + sizeof(".XXXXXX"));

    snprintf(temporary, strlen(path) + sizeof(".XXXXXX"), "%s.XXXXXX", path);
    TRY(make_beside(&scratch, path, temporary, &fd));

    Error *err = way == FILE_UNSYNCED ? write_all(fd, path, data) : file_write_open(fd, path, data);
    if (!err && fchmod(fd, mode) < 0)
        err = error_os(errno, "%s", path);
    if (!err && take_place(temporary, path, way) < 0)
        err = error_os(errno, "%s", path);
    if (err)
        unlink(temporary);
    return err;
}

Error *file_replace(const char *path, Str data)
{
    return replace(path, data, FILE_SYNCED, 0600);
}

Error *file_replace_unsynced(const char *path, Str data)
{
    return replace(path, data, FILE_UNSYNCED, 0600);
}

Error *file_create(const char *path, Str data)
{
    return replace(path, data, FILE_NEW, 0600);
}

Error *file_replace_public(const char *path, Str data)
{
    return replace(path, data, FILE_SYNCED, 0644);
}

Error *file_remove(const char *path)
{
    if (unlink(path) < 0 && errno != ENOENT)
        return error_os(errno, "%s", path);
    return NULL;
}

Error *directory_remove(const char *path)
{
    if (rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
        return error_os(errno, "%s", path);
    return NULL;
}
