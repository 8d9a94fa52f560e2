#include "io/tree.h"

#include "base/digest.h"
#include "base/path.h"
#include "io/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 200 };

/* What is done with each thing below a folder: NAME is relative to it. */
typedef Error *Visit(void *context, const char *path, const char *name, const struct stat *at);

/* Folders come after what is in them. */
static Error *walk(const char *path, Str name, Visit *visit, void *context, int depth)
{
    DEFER(arena_free) Arena scratch = {0};
    FileEntryList entries;
    struct stat at;

    if (depth > DEEPEST)
        return error_new(ERROR_INPUT, "%s: folders nest too deep", path);
    TRY(directory_read(&scratch, path, &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str entry = entries.items[i].name;
        const char *below = str_format(&scratch, "%s/%.*s", path, STR_ARG(entry)).ptr;
        Str inner =
            name.len ? str_format(&scratch, "%.*s/%.*s", STR_ARG(name), STR_ARG(entry)) : entry;

        if (lstat(below, &at) < 0)
            return error_os(errno, "%s", below);
        if (S_ISDIR(at.st_mode))
            TRY(walk(below, inner, visit, context, depth + 1));
        TRY(visit(context, below, str_c(&scratch, inner), &at));
    }
    return NULL;
}

Error *tree_make_temporary(Arena *a, const char *folder, const char **out)
{
    Str name = str_format(a, "%s/draft-%ld-XXXXXX", folder, (long)getpid());
    char *path = arena_text(a, name.len + 1);

    TRY(directory_make(folder));
    snprintf(path, name.len + 1, "%.*s", STR_ARG(name));
    if (!mkdtemp(path))
        return error_os(errno, "%s", folder);
    *out = path;
    return NULL;
}

Error *tree_move(const char *from, const char *to)
{
    DEFER(arena_free) Arena scratch = {0};

    TRY(directory_make(path_directory(&scratch, str_from(to)).ptr));
    if (rename(from, to) == 0)
        return NULL;
    if (errno == EEXIST || errno == ENOTEMPTY)
        return tree_remove(from);
    return error_os(errno, "%s", to);
}

static Error *remove_one(void *context, const char *path, const char *name, const struct stat *at)
{
    (void)context;
    (void)name;
    if ((S_ISDIR(at->st_mode) ? rmdir(path) : unlink(path)) < 0 && errno != ENOENT)
        return error_os(errno, "%s", path);
    return NULL;
}

Error *tree_remove(const char *path)
{
    struct stat at;

    if (lstat(path, &at) < 0)
        return errno == ENOENT ? NULL : error_os(errno, "%s", path);
    if (S_ISDIR(at.st_mode))
        TRY(walk(path, (Str){"", 0}, remove_one, NULL, 0));
    return remove_one(NULL, path, path, &at);
}

static Error *add_part(void *context, Str part)
{
    digest_add(context, part);
    return NULL;
}

static Error *add_file(DigestStream *outer, const char *path)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(digest_drop) DigestStream *content = digest_start(DIGEST_SHA256);

    TRY(file_stream(path, add_part, content));
    digest_add(outer, digest_end(&scratch, &content));
    return NULL;
}

static Error *add_link(DigestStream *outer, const char *path)
{
    DEFER(arena_free) Arena scratch = {0};
    Str target;

    TRY(file_link_target(&scratch, path, &target));
    digest_add(outer, target);
    return NULL;
}

static Error *digest_one(void *context, const char *path, const char *name, const struct stat *at)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *kind = S_ISDIR(at->st_mode)   ? "folder"
                       : S_ISLNK(at->st_mode) ? "link"
                       : at->st_mode & 0100   ? "program"
                                              : "file";

    if (!S_ISDIR(at->st_mode) && !S_ISLNK(at->st_mode) && !S_ISREG(at->st_mode))
        return error_new(ERROR_INPUT, "%s: is no file, folder or link", path);
    digest_add(context, str_format(&scratch, "%s %zu %s\n", kind, str_from(name).len, name));
    if (S_ISLNK(at->st_mode))
        TRY(add_link(context, path));
    else if (S_ISREG(at->st_mode))
        TRY(add_file(context, path));
    digest_add(context, STR("\n"));
    return NULL;
}

Error *tree_digest(Arena *a, const char *path, Str *out)
{
    DEFER(digest_drop) DigestStream *stream = digest_start(DIGEST_SHA256);

    TRY(walk(path, (Str){"", 0}, digest_one, stream, 0));
    *out = digest_end(a, &stream);
    return NULL;
}

static Error *add_size(void *context, const char *path, const char *name, const struct stat *at)
{
    uint64_t *sum = context;

    (void)path;
    (void)name;
    *sum += S_ISREG(at->st_mode) ? (uint64_t)at->st_size : 0;
    return NULL;
}

Error *tree_size(const char *path, uint64_t *out)
{
    *out = 0;
    return file_kind(path) == FILE_DIRECTORY ? walk(path, (Str){"", 0}, add_size, out, 0) : NULL;
}
