/*
 * clone_write.c - a tree of git's as files.
 *
 * Who wrote the repository chose all names and links. A name is one name, and none that git keeps
 * for itself; links come last, so that no file is written through one; and each leads to what is in
 * the folder, wherever the links on its way lead: its ".." are all at its beginning.
 */
#include "io/clone_parts.h"
#include "io/file.h"
#include "io/log.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 100, MOST_FILES = 200000, LINK_MOST = 4095 };

typedef struct CloneLink {
    Str path, target;
    size_t depth; /* of the folder it is in */
} CloneLink;

typedef struct Write {
    Arena *arena;
    git_repository *repository;
    git_odb *objects;
    const char *url, *folder;
    size_t left, files_left;
    VEC(CloneLink) links;
} Write;

static Error *check_name(const Write *w, Str path, Str name)
{
    bool bad = !name.len || str_is(name, ".") || str_is(name, "..") ||
               str_find_char(name, '/') != STR_NONE ||
               (name.len == 4 && strncasecmp(name.ptr, ".git", 4) == 0);

    if (!bad)
        return NULL;
    return error_new(ERROR_INPUT, "%s: has a file that cannot be: \"%.*s\"", w->url,
                     STR_ARG(str_for_message(w->arena, path, BRANCH_SHOWN_BYTES)));
}

static Error *read_blob(Write *w, Str path, const git_oid *id, Str *out)
{
    git_blob *blob = NULL;
    git_object_t kind;
    size_t size = 0;

    // its size is known before it is in memory
    TRY(branch_failure_at(w->url, libgit.git_odb_read_header(&size, &kind, w->objects, id),
                          ERROR_INPUT));
    if (size > w->left || size > FILE_MOST_BYTES || !w->files_left)
        return error_new(ERROR_INPUT, "%s: is too large, at %.*s", w->url, STR_ARG(path));
    TRY(branch_failure_at(w->url, libgit.git_blob_lookup(&blob, w->repository, id), ERROR_INPUT));
    w->left -= size;
    w->files_left--;
    *out = str_copy(w->arena, (Str){libgit.git_blob_rawcontent(blob), size});
    libgit.git_blob_free(blob);
    return NULL;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static Error *write_all(int fd, const char *path, Str data)
{
    while (data.len) {
        ssize_t done = write(fd, data.ptr, data.len);

        if (done < 0 && errno != EINTR)
            return error_os(errno, "%s", path);
        data = str_skip(data, done > 0 ? (size_t)done : 0);
    }
    return NULL;
}

static Error *write_file(const Write *w, Str path, Str data, bool is_program)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *file = str_format(&scratch, "%s/%.*s", w->folder, STR_ARG(path)).ptr;
    DEFER(close_fd)
    int fd =
        open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, is_program ? 0755 : 0644);

    return fd < 0 ? error_os(errno, "%s", file) : write_all(fd, file, data);
}

/* ---- links */

static bool stays_inside(const CloneLink *link)
{
    Str rest = link->target, part;
    size_t up = 0;
    bool more, below = false;

    if (!rest.len || rest.len > LINK_MOST || rest.ptr[0] == '/' ||
        str_find_char(rest, '\0') != STR_NONE)
        return false;
    do {
        more = str_cut(&rest, '/', &part);
        if (str_is(part, "..")) {
            if (below)
                return false;
            up++;
        } else if (part.len && !str_is(part, ".")) {
            below = true;
        }
    } while (more);
    return up <= link->depth;
}

static Error *write_link(const Write *w, const CloneLink *link)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = str_format(&scratch, "%s/%.*s", w->folder, STR_ARG(link->path)).ptr;

    if (!stays_inside(link))
        return error_new(ERROR_INPUT, "%s: a link leads out of the repository: %.*s -> %.*s",
                         w->url, STR_ARG(link->path),
                         STR_ARG(str_for_message(&scratch, link->target, BRANCH_SHOWN_BYTES)));
    if (symlink(str_c(&scratch, link->target), path) < 0)
        return error_os(errno, "%s", path);
    return NULL;
}

/* ---- */

static Error *write_tree(Write *w, const git_oid *id, Str folder, size_t depth);

static Error *write_entry(Write *w, const git_tree_entry *entry, Str path, size_t depth)
{
    const git_oid *id = libgit.git_tree_entry_id(entry);
    git_filemode_t mode = libgit.git_tree_entry_filemode_raw(entry);
    Str data;

    if (mode == GIT_FILEMODE_TREE)
        return write_tree(w, id, path, depth + 1);
    if (mode == GIT_FILEMODE_COMMIT) { // as git leaves it where submodules are not wanted
        log_warn("%s: %.*s is a submodule, and stays empty", w->url, STR_ARG(path));
        return directory_make(str_format(w->arena, "%s/%.*s", w->folder, STR_ARG(path)).ptr);
    }
    if (libgit.git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
        return error_new(ERROR_INPUT, "%s: %.*s is of an unknown kind", w->url, STR_ARG(path));
    TRY(read_blob(w, path, id, &data));
    if (mode != GIT_FILEMODE_LINK)
        return write_file(w, path, data, mode & 0100);
    *vec_add(w->arena, &w->links) = (CloneLink){path, data, depth};
    return NULL;
}

static void free_tree(git_tree **tree)
{
    libgit.git_tree_free(*tree);
}

static Error *write_entries(Write *w, git_tree *tree, Str folder, size_t depth)
{
    for (size_t i = 0; i < libgit.git_tree_entrycount(tree); i++) {
        const git_tree_entry *entry = libgit.git_tree_entry_byindex(tree, i);
        Str name = str_from(libgit.git_tree_entry_name(entry));
        Str path = str_format(w->arena, "%.*s%s%.*s", STR_ARG(folder), folder.len ? "/" : "",
                              STR_ARG(name));

        TRY(check_name(w, path, name));
        TRY(write_entry(w, entry, path, depth));
    }
    return NULL;
}

static Error *write_tree(Write *w, const git_oid *id, Str folder, size_t depth)
{
    DEFER(free_tree) git_tree *tree = NULL;
    const char *path = str_format(w->arena, "%s/%.*s", w->folder, STR_ARG(folder)).ptr;

    // small trees that hold each other many times make a large one
    if (depth > DEEPEST || !w->files_left)
        return error_new(ERROR_INPUT, "%s: is too large, at %.*s", w->url, STR_ARG(folder));
    w->files_left--;
    TRY(branch_failure_at(w->url, libgit.git_tree_lookup(&tree, w->repository, id), ERROR_INPUT));
    if (mkdir(path, 0755) < 0)
        return error_os(errno, "%s", path);
    return write_entries(w, tree, folder, depth);
}

Error *clone_write(git_repository *repository, git_tree *tree, const char *url, const char *folder,
                   size_t most_bytes)
{
    DEFER(arena_free) Arena arena = {0};
    DEFER(clone_free_odb) git_odb *objects = NULL;
    Write w = {.arena = &arena,
               .repository = repository,
               .url = url,
               .folder = folder,
               .left = most_bytes,
               .files_left = MOST_FILES};

    TRY(branch_failure_at(url, libgit.git_repository_odb(&objects, repository), ERROR_INTERNAL));
    w.objects = objects;
    TRY(write_entries(&w, tree, (Str){"", 0}, 0));
    for (size_t i = 0; i < w.links.len; i++)
        TRY(write_link(&w, &w.links.items[i]));
    return NULL;
}
