#include "io/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

Error *journal_open(const char *path, Journal *out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat info;

    if (fd < 0)
        return error_os(errno, "%s", path);
    if (fstat(fd, &info) < 0) {
        Error *err = error_os(errno, "%s", path);

        close(fd);
        return err;
    }
    *out = (Journal){
        .fd = fd, .device = info.st_dev, .inode = info.st_ino, .size = (uint64_t)info.st_size};
    return NULL;
}

void journal_close(Journal *journal)
{
    if (journal->fd)
        close(journal->fd);
    *journal = (Journal){0};
}

bool journal_replaced(const Journal *journal, const char *path)
{
    struct stat info;

    return stat(path, &info) < 0 || info.st_dev != journal->device || info.st_ino != journal->inode;
}

Error *journal_add(const Journal *journal, Str text)
{
    while (text.len) {
        ssize_t wrote = write(journal->fd, text.ptr, text.len);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return error_os(errno, "journal");
        text = str_skip(text, (size_t)wrote);
    }
    return NULL;
}

Error *journal_read(Arena *a, const Journal *journal, uint64_t from, Str *out)
{
    struct stat info;
    Buf text = {.arena = a};

    if (fstat(journal->fd, &info) < 0)
        return error_os(errno, "journal");
    while (from < (uint64_t)info.st_size) {
        size_t room = (size_t)((uint64_t)info.st_size - from);
        char *at = buf_room(&text, room);
        ssize_t got = pread(journal->fd, at, room, (off_t)from);

        text.len -= room - (got > 0 ? (size_t)got : 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_os(errno, "journal");
        if (got == 0)
            break;
        from += (uint64_t)got;
    }
    *out = buf_str(&text);
    return NULL;
}
