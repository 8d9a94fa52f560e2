#include "io/draft.h"

#include "base/digest.h"
#include "base/path.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct Draft {
    int fd;
    char *path; /* NULL: published */
    size_t len, most_bytes;
    DigestStream *digest;
    Str hex; /* once it is known */
    Arena *arena;
};

Error *draft_open(Arena *a, const char *folder, size_t most_bytes, Draft **out)
{
    Str name = str_format(a, "%s/draft-%ld-XXXXXX", folder, (long)getpid());
    Draft *draft = arena_new(a, Draft);
    char *path = arena_text(a, name.len + 1);

    TRY(directory_make(folder));
    snprintf(path, name.len + 1, "%.*s", STR_ARG(name));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return error_os(errno, "%s", folder);
    *draft = (Draft){.fd = fd,
                     .path = path,
                     .most_bytes = most_bytes,
                     .digest = digest_start(DIGEST_SHA256),
                     .arena = a};
    *out = draft;
    return NULL;
}

Error *draft_add(Draft *draft, Str part)
{
    if (part.len > draft->most_bytes - draft->len)
        return error_new(ERROR_INPUT, "there are more than %zu bytes", draft->most_bytes);
    for (size_t done = 0; done < part.len;) {
        ssize_t wrote = write(draft->fd, part.ptr + done, part.len - done);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return error_os(errno, "%s", draft->path);
        done += (size_t)wrote;
    }
    digest_add(draft->digest, part);
    draft->len += part.len;
    return NULL;
}

Error *draft_restart(Draft *draft)
{
    if (ftruncate(draft->fd, 0) < 0 || lseek(draft->fd, 0, SEEK_SET) < 0)
        return error_os(errno, "%s", draft->path);
    digest_drop(&draft->digest);
    draft->digest = digest_start(DIGEST_SHA256);
    draft->hex = (Str){0};
    draft->len = 0;
    return NULL;
}

size_t draft_size(const Draft *draft)
{
    return draft->len;
}

Str draft_digest(Arena *a, Draft *draft)
{
    if (draft->digest)
        draft->hex = digest_end(draft->arena, &draft->digest);
    return str_copy(a, draft->hex);
}

Error *draft_publish(Draft *draft, const char *path)
{
    DEFER(arena_free) Arena scratch = {0};

    TRY(directory_make(path_directory(&scratch, str_from(path)).ptr));
    if (rename(draft->path, path) < 0)
        return error_os(errno, "%s", path);
    draft->path = NULL;
    return NULL;
}

void draft_drop(Draft **draft)
{
    if (!*draft)
        return;
    close((*draft)->fd);
    if ((*draft)->path)
        unlink((*draft)->path);
    digest_drop(&(*draft)->digest);
    *draft = NULL;
}
