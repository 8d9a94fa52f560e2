/*
 * disk.c - a library that is loaded before others (LD_PRELOAD), and writes down what a program does
 * to the files below the folder DISK_ROOT, in the order in which it happens, into the file
 * DISK_LOG: so that power.py can say what a disk would have had of it, had the power failed.
 *
 * Each line: what, then the inode of the folder and the name, or that of the file:
 *
 *     create 12 15 NAME         open, which made 15 in the folder 12
 *     folder 12 15 NAME         the same by mkdir
 *     rename 12 NAME 13 NAME
 *     remove 12 NAME
 *     write 15 OFFSET HEX
 *     size 15 LENGTH
 *     sync 15
 *     all                       syncfs
 *     note TEXT                 what was written to the file RELFILE_HISTORY
 *
 * It can also be a bad disk: DISK_FAULT=full:N has the Nth change, and all after it, fail as on a
 * disk that is full; read-only:N likewise; sync:N has the Nth fsync fail. DISK_FORGETS=file or
 * folder: what syncs those is not written down, as if the program had forgotten it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static long changes, syncs;

/* ---- where */

static bool is_below(const char *path)
{
    const char *root = getenv("DISK_ROOT");
    size_t len = root ? strlen(root) : 0;

    return len && strncmp(path, root, len) == 0 && (path[len] == '/' || !path[len]);
}

static bool path_of_fd(int fd, char *out)
{
    char link[64];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, out, PATH_MAX - 1);
    out[len > 0 ? len : 0] = '\0';
    return len > 0;
}

static bool is_fd_below(int fd)
{
    char path[PATH_MAX];

    return path_of_fd(fd, path) && is_below(path);
}

static unsigned long inode_of_fd(int fd)
{
    struct stat info = {0};

    fstat(fd, &info);
    return info.st_ino;
}

/* A name in a folder that is below the root, or is the folder above it. */
typedef struct Place {
    unsigned long folder;
    char name[NAME_MAX + 1];
    bool ours;
} Place;

static Place place_at(int at, const char *path)
{
    Place place = {0};
    char whole[2 * PATH_MAX], base[PATH_MAX] = "";
    struct stat info = {0};

    if (path[0] != '/' && at == AT_FDCWD)
        (void)!getcwd(base, sizeof(base));
    else if (path[0] != '/')
        path_of_fd(at, base);
    snprintf(whole, sizeof(whole), "%s%s%s", base, path[0] == '/' ? "" : "/", path);
    size_t len = strlen(whole);
    while (len > 1 && whole[len - 1] == '/')
        whole[--len] = '\0';
    char *slash = strrchr(whole, '/');
    place.ours = is_below(whole);
    snprintf(place.name, sizeof(place.name), "%.*s", NAME_MAX, slash + 1);
    *slash = '\0';
    if (stat(slash == whole ? "/" : whole, &info) == 0)
        place.folder = info.st_ino;
    return place;
}

static bool is_there(int at, const char *path)
{
    struct stat info;

    return fstatat(at, path, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

/* ---- the log */

__attribute__((format(printf, 1, 2))) static void add_line(const char *format, ...)
{
    static int fd = -1;
    char line[8192];
    va_list arguments;

    if (fd < 0)
        fd = (int)syscall(SYS_openat, AT_FDCWD, getenv("DISK_LOG"),
                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    va_start(arguments, format);
    int len = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (syscall(SYS_write, fd, line, (size_t)len) != len)
        abort();
}

/* Whether the disk is one on which this CHANGE, or sync, fails; then errno says how. */
static bool is_bad(bool change)
{
    const char *fault = getenv("DISK_FAULT");
    const char *colon = fault ? strchr(fault, ':') : NULL;
    long at = colon ? strtol(colon + 1, NULL, 10) : 0, now = change ? ++changes : ++syncs;

    if (!colon || (change && *fault == 's') || (!change && *fault != 's'))
        return false;
    errno = *fault == 'f' ? ENOSPC : *fault == 'r' ? EROFS : EIO;
    return *fault == 's' ? now == at : now >= at;
}

static void note_data(unsigned long inode, off_t offset, const char *data, size_t len)
{
    enum { PART = 2048 };
    char hex[2 * PART + 1];

    for (size_t done = 0; done < len; done += PART) {
        size_t part = len - done < PART ? len - done : PART;

        for (size_t i = 0; i < part; i++)
            snprintf(hex + 2 * i, 3, "%02x", (unsigned char)data[done + i]);
        add_line("write %lu %lld %s\n", inode, (long long)offset + (long long)done, hex);
    }
}

/* ---- what programs call */

static int open_at(int at, const char *path, int flags, mode_t mode)
{
    Place place = place_at(at, path);

    if (!place.ours || !(flags & (O_CREAT | O_TRUNC)))
        return (int)syscall(SYS_openat, at, path, flags, mode);
    pthread_mutex_lock(&turn);
    bool made = !is_there(at, path);
    int fd = made && is_bad(true) ? -1 : (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && made)
        add_line("create %lu %lu %s\n", place.folder, inode_of_fd(fd), place.name);
    else if (fd >= 0 && (flags & O_TRUNC))
        add_line("size %lu 0\n", inode_of_fd(fd));
    pthread_mutex_unlock(&turn);
    return fd;
}

#define MODE_OF(flags)                                                                             \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                       \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        mode = va_arg(arguments, mode_t);                                                          \
        va_end(arguments);                                                                         \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(at, path, flags, mode);
}

static void note_history(int fd, const char *data, size_t len)
{
    const char *history = getenv("RELFILE_HISTORY");
    char path[PATH_MAX];

    if (!history || !path_of_fd(fd, path) || strcmp(path, history) != 0)
        return;
    pthread_mutex_lock(&turn);
    add_line("note %.*s", (int)len, data);
    pthread_mutex_unlock(&turn);
}

ssize_t write(int fd, const void *data, size_t len)
{
    if (!is_fd_below(fd)) {
        note_history(fd, data, len);
        return syscall(SYS_write, fd, data, len);
    }
    pthread_mutex_lock(&turn);
    off_t offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    ssize_t wrote = is_bad(true) ? -1 : syscall(SYS_write, fd, data, len);
    if (wrote > 0)
        note_data(inode_of_fd(fd), offset, data, (size_t)wrote);
    pthread_mutex_unlock(&turn);
    return wrote;
}

static int sync_fd(int fd, long call)
{
    const char *forgets = getenv("DISK_FORGETS");
    struct stat info = {0};

    if (!is_fd_below(fd) && call != SYS_syncfs) {
        char path[PATH_MAX] = "", *end;

        // that of the folder above the root counts, too: the root is a name in it
        if (!path_of_fd(fd, path) || !(end = getenv("DISK_ROOT")) ||
            strncmp(path, end, strlen(path)) != 0)
            return (int)syscall(call, fd);
    }
    pthread_mutex_lock(&turn);
    int code = is_bad(false) ? -1 : (int)syscall(call, fd);
    fstat(fd, &info);
    const char *kind = S_ISDIR(info.st_mode) ? "folder" : "file";
    if (code == 0 && call == SYS_syncfs)
        add_line("all\n");
    else if (code == 0 && !(forgets && strcmp(forgets, kind) == 0))
        add_line("sync %lu\n", (unsigned long)info.st_ino);
    pthread_mutex_unlock(&turn);
    return code;
}

int fsync(int fd)
{
    return sync_fd(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_fd(fd, SYS_fdatasync);
}

int syncfs(int fd)
{
    return sync_fd(fd, SYS_syncfs);
}

int renameat(int from, const char *old, int to, const char *new)
{
    Place left = place_at(from, old), right = place_at(to, new);

    if (!left.ours && !right.ours)
        return (int)syscall(SYS_renameat, from, old, to, new);
    pthread_mutex_lock(&turn);
    int code = is_bad(true) ? -1 : (int)syscall(SYS_renameat, from, old, to, new);
    if (code == 0)
        add_line("rename %lu %s %lu %s\n", left.folder, left.name, right.folder, right.name);
    pthread_mutex_unlock(&turn);
    return code;
}

int rename(const char *old, const char *new)
{
    return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int unlinkat(int at, const char *path, int flags)
{
    Place place = place_at(at, path);

    if (!place.ours)
        return (int)syscall(SYS_unlinkat, at, path, flags);
    pthread_mutex_lock(&turn);
    int code = (int)syscall(SYS_unlinkat, at, path, flags); // frees room
    if (code == 0)
        add_line("remove %lu %s\n", place.folder, place.name);
    pthread_mutex_unlock(&turn);
    return code;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int at, const char *path, mode_t mode)
{
    Place place = place_at(at, path);
    struct stat info = {0};

    if (!place.ours)
        return (int)syscall(SYS_mkdirat, at, path, mode);
    pthread_mutex_lock(&turn);
    int code = !is_there(at, path) && is_bad(true) ? -1 : (int)syscall(SYS_mkdirat, at, path, mode);
    if (code == 0) {
        fstatat(at, path, &info, 0);
        add_line("folder %lu %lu %s\n", place.folder, (unsigned long)info.st_ino, place.name);
    }
    pthread_mutex_unlock(&turn);
    return code;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}
