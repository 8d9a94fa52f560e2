#include "io/changes.h"

#include "base/path.h"
#include "io/branch_wire.h"

static void free_repository(git_repository **repository)
{
    libgit.git_repository_free(*repository);
}

static void free_object(git_object **object)
{
    libgit.git_object_free(*object);
}

static void free_diff(git_diff **diff)
{
    libgit.git_diff_free(*diff);
}

static Error *no_ref(Str ref)
{
    return error_hint(error_new(ERROR_NOT_FOUND, "git knows no \"%.*s\"", STR_ARG(ref)),
                      "a branch, a tag or a commit; in a shallow clone it must be fetched first");
}

/* The commit that NAME stands for. */
static Error *find_commit(git_repository *repository, const char *name, git_object **out)
{
    DEFER(free_object) git_object *object = NULL;

    if (libgit.git_revparse_single(&object, repository, name) < 0 ||
        libgit.git_object_peel(out, object, GIT_OBJECT_COMMIT) < 0)
        return no_ref(str_from(name));
    return NULL;
}

/* Where REF and what is checked out have parted. */
static Error *find_fork(git_repository *repository, const char *ref, git_object **out)
{
    DEFER(free_object) git_object *one = NULL, *other = NULL;
    git_oid fork;

    TRY(find_commit(repository, ref, &one));
    TRY(find_commit(repository, "HEAD", &other));
    if (libgit.git_merge_base(&fork, repository, libgit.git_object_id(one),
                              libgit.git_object_id(other)) < 0)
        return error_new(ERROR_NOT_FOUND, "\"%s\" and HEAD have no commit in common", ref);
    return branch_failure_at(
        ref, libgit.git_object_lookup(out, repository, &fork, GIT_OBJECT_COMMIT), ERROR_INPUT);
}

static Error *find_tree(Arena *a, git_repository *repository, Str ref, git_object **out)
{
    DEFER(free_object) git_object *commit = NULL;
    bool forks = str_ends(ref, STR("..."));
    const char *name = str_c(a, forks ? str_slice(ref, 0, ref.len - 3) : ref);

    TRY((forks ? find_fork : find_commit)(repository, name, &commit));
    return branch_failure_at(name, libgit.git_object_peel(out, commit, GIT_OBJECT_TREE),
                             ERROR_INPUT);
}

static const char *how(git_delta_t status)
{
    switch (status) {
    case GIT_DELTA_ADDED:
    case GIT_DELTA_UNTRACKED:
        return "added";
    case GIT_DELTA_DELETED:
        return "deleted";
    default:
        return "modified";
    }
}

static void add_changes(Arena *a, git_repository *repository, git_diff *diff, FileChangeList *out)
{
    Str root = str_from(libgit.git_repository_workdir(repository));

    for (size_t i = 0; i < libgit.git_diff_num_deltas(diff); i++) {
        const git_diff_delta *delta = libgit.git_diff_get_delta(diff, i);
        const char *path = delta->new_file.path ? delta->new_file.path : delta->old_file.path;

        *vec_add(a, out) =
            (FileChange){path_join(a, root, str_copy(a, str_from(path))), how(delta->status)};
    }
}

Error *changes_since(Arena *a, const char *folder, Str ref, FileChangeList *out)
{
    DEFER(free_repository) git_repository *repository = NULL;
    DEFER(free_object) git_object *tree = NULL;
    DEFER(free_diff) git_diff *diff = NULL;
    git_diff_options options = {.version = GIT_DIFF_OPTIONS_VERSION,
                                .flags =
                                    GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS,
                                .ignore_submodules = GIT_SUBMODULE_IGNORE_UNSPECIFIED,
                                .context_lines = 3};

    *out = (FileChangeList){0};
    TRY(branch_need_libgit());
    int code = libgit.git_repository_open_ext(&repository, folder, 0, NULL);
    if (code == GIT_ENOTFOUND || (!code && libgit.git_repository_is_bare(repository)))
        return error_new(ERROR_INPUT, "%s: is in no git repository", folder);
    TRY(branch_failure_at(folder, code, ERROR_INPUT));
    TRY(find_tree(a, repository, ref, &tree));
    TRY(branch_failure_at(
        folder,
        libgit.git_diff_tree_to_workdir_with_index(&diff, repository, (git_tree *)tree, &options),
        ERROR_INPUT));
    add_changes(a, repository, diff, out);
    return NULL;
}
