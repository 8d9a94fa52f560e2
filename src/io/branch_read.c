/*
 * branch_read.c - the files of a branch, as it was when it was seen last.
 */
#include "io/branch_wire.h"
#include "io/file.h"

#include <stdlib.h>

void branch_free_tree(git_tree **tree)
{
    libgit.git_tree_free(*tree);
}

static void free_entry(git_tree_entry **entry)
{
    if (*entry)
        libgit.git_tree_entry_free(*entry);
}

Error *branch_tree(Branch *branch, git_repository *repository, const git_oid *tip, git_tree **out)
{
    git_commit *commit = NULL;
    int code = libgit.git_commit_lookup(&commit, repository, tip);

    if (code == 0)
        code = libgit.git_commit_tree(out, commit);
    libgit.git_commit_free(commit);
    return error_hint(branch_failure(branch, code, ERROR_INTERNAL),
                      "if it is damaged, take it away: %s", branch->folder);
}

static Error *missing(const Branch *branch, Str path)
{
    return error_new(ERROR_NOT_FOUND, "%s: there is no %.*s on branch %.*s",
                     branch->remote.url ? branch->remote.url : branch->folder, STR_ARG(path),
                     STR_ARG(branch->options.branch));
}

Str branch_id_text(Arena *a, const git_oid *id)
{
    char text[BRANCH_ID_LENGTH + 1];

    libgit.git_oid_tostr(text, sizeof(text), id);
    return str_copy(a, str_from(text));
}

static Error *read_blob(Branch *branch, Arena *a, Str path, const git_oid *id, BranchFile *out)
{
    git_blob *blob = NULL;

    TRY(branch_failure(branch, libgit.git_blob_lookup(&blob, branch->reader, id), ERROR_INTERNAL));
    uint64_t size = (uint64_t)libgit.git_blob_rawsize(blob);
    bool fits = size <= FILE_MOST_BYTES;
    if (fits)
        out->text = str_copy(a, (Str){libgit.git_blob_rawcontent(blob), size});
    libgit.git_blob_free(blob);
    out->id = branch_id_text(a, id);
    return fits ? NULL : error_new(ERROR_INPUT, "%.*s: is too large", STR_ARG(path));
}

/* The entry at PATH of what was seen last. */
static Error *find_entry(Branch *branch, Str path, git_tree_entry **out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(branch_free_tree) git_tree *tree = NULL;

    const BranchTip *top = branch_top(&branch->view);
    if (!top->there)
        return missing(branch, path);
    TRY(branch_tree(branch, branch->reader, &top->id, &tree));
    int code = libgit.git_tree_entry_bypath(out, tree, str_c(&scratch, path));
    return code == GIT_ENOTFOUND ? missing(branch, path)
                                 : branch_failure(branch, code, ERROR_INTERNAL);
}

static Error *read_file(Branch *branch, Arena *a, Str path, BranchFile *out)
{
    DEFER(free_entry) git_tree_entry *entry = NULL;

    TRY(find_entry(branch, path, &entry));
    if (libgit.git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
        return error_new(ERROR_INPUT, "%.*s: is no file", STR_ARG(path));
    return read_blob(branch, a, path, libgit.git_tree_entry_id(entry), out);
}

Error *branch_read(Branch *branch, Arena *a, Str path, BranchFile *out)
{
    pthread_mutex_lock(&branch->reading);
    Error *err = read_file(branch, a, path, out);
    pthread_mutex_unlock(&branch->reading);
    return err;
}

typedef struct Walk {
    Arena *arena;
    Str folder; /* empty, or with a slash at the end */
    StrList *paths;
} Walk;

static int add_path(const char *folder, const git_tree_entry *entry, void *context)
{
    Walk *walk = context;

    if (libgit.git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        *vec_add(walk->arena, walk->paths) =
            str_format(walk->arena, "%.*s%s%s", STR_ARG(walk->folder), folder,
                       libgit.git_tree_entry_name(entry));
    return 0;
}

static int compare_paths(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static Error *list_files(Branch *branch, Arena *a, Str folder, StrList *out)
{
    DEFER(free_entry) git_tree_entry *entry = NULL;
    DEFER(branch_free_tree) git_tree *tree = NULL;
    Walk walk = {a, folder.len ? str_join(a, folder, STR("/")) : (Str){"", 0}, out};

    const BranchTip *top = branch_top(&branch->view);
    if (!top->there)
        return NULL;
    if (folder.len) {
        Error *err = find_entry(branch, folder, &entry);

        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            return NULL;
        }
        TRY(err);
        if (libgit.git_tree_entry_type(entry) != GIT_OBJECT_TREE)
            return NULL;
        TRY(branch_failure(
            branch, libgit.git_tree_lookup(&tree, branch->reader, libgit.git_tree_entry_id(entry)),
            ERROR_INTERNAL));
    } else {
        TRY(branch_tree(branch, branch->reader, &top->id, &tree));
    }
    return branch_failure(branch, libgit.git_tree_walk(tree, GIT_TREEWALK_PRE, add_path, &walk),
                          ERROR_INTERNAL);
}

Error *branch_list(Branch *branch, Arena *a, Str folder, StrList *out)
{
    StrList paths = {0};

    pthread_mutex_lock(&branch->reading);
    Error *err = list_files(branch, a, folder, &paths);
    pthread_mutex_unlock(&branch->reading);
    if (paths.len)
        qsort(paths.items, paths.len, sizeof(*paths.items), compare_paths);
    *out = paths;
    return err;
}

Error *branch_text(Branch *branch, Arena *a, Str id, Str *out)
{
    BranchFile file = {0};
    git_oid oid;

    TRY(branch_failure(branch, libgit.git_oid_fromstrn(&oid, id.ptr, id.len), ERROR_INTERNAL));
    pthread_mutex_lock(&branch->reading);
    Error *err = read_blob(branch, a, id, &oid, &file);
    pthread_mutex_unlock(&branch->reading);
    *out = file.text;
    return err;
}

Error *branch_id(Branch *branch, Arena *a, Str text, Str *out)
{
    git_oid id;

    TRY(branch_failure(branch, libgit.git_odb_hash(&id, text.ptr, text.len, GIT_OBJECT_BLOB),
                       ERROR_INTERNAL));
    *out = branch_id_text(a, &id);
    return NULL;
}
