#include "io/clone.h"

#include "base/path.h"
#include "io/clone_parts.h"
#include "io/tree.h"

#include <string.h>

#define MOST_BYTES ((size_t)1 << 30)

enum { LEAST_ABBREVIATION = 4 };

static void free_repository(git_repository **repository)
{
    libgit.git_repository_free(*repository);
}

static void free_object(git_object **object)
{
    libgit.git_object_free(*object);
}

static void close_remote(BranchRemote *remote)
{
    http_close(&remote->http);
    error_free(remote->failure);
}

static Error *no_ref(const char *url, Str ref)
{
    DEFER(arena_free) Arena scratch = {0};

    if (!ref.len)
        return error_new(ERROR_NOT_FOUND, "%s: has no commits yet", url);
    return error_new(ERROR_NOT_FOUND, "%s: there is no branch, tag or commit \"%.*s\"", url,
                     STR_ARG(str_for_message(&scratch, ref, BRANCH_SHOWN_BYTES)));
}

static bool is_hex(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !((text.ptr[i] | 0x20) >= 'a' && (text.ptr[i] | 0x20) <= 'f'))
            return false;
    return text.len >= LEAST_ABBREVIATION && text.len <= BRANCH_ID_LENGTH;
}

/* Write the files of the commit that OBJECT is, or leads to. */
static Error *write_object(Arena *a, git_repository *repository, git_object *object,
                           const char *url, const CloneOptions *options, const char *folder,
                           Str *commit)
{
    DEFER(free_object) git_object *found = NULL, *tree = NULL;

    TRY(branch_failure_at(url, libgit.git_object_peel(&found, object, GIT_OBJECT_COMMIT),
                          ERROR_INPUT));
    *commit = branch_id_text(a, libgit.git_object_id(found));
    if (str_equal(*commit, options->known))
        return NULL;
    TRY(branch_failure_at(url, libgit.git_object_peel(&tree, found, GIT_OBJECT_TREE), ERROR_INPUT));
    return clone_write(repository, (git_tree *)tree, url, folder,
                       options->most_bytes ? options->most_bytes : MOST_BYTES);
}

/* Find NAME, which libgit2 understands, and write what it stands for. */
static Error *write_name(Arena *a, git_repository *repository, Str name, const char *url,
                         const CloneOptions *options, const char *folder, Str *commit)
{
    DEFER(free_object) git_object *object = NULL;
    int code = libgit.git_revparse_single(&object, repository, str_c(a, name));

    if (code < 0)
        return no_ref(url, options->ref);
    return write_object(a, repository, object, url, options, folder, commit);
}

/* ---- a folder on this machine */

static Error *local_files(Arena *a, const CloneOptions *options, const char *folder, Str *commit)
{
    static const char *const places[] = {"refs/tags/", "refs/heads/", "refs/remotes/origin/",
                                         "refs/", ""};
    DEFER(free_repository) git_repository *repository = NULL;
    const char *path = str_c(a, options->remote.url);
    Str ref = options->ref;
    git_oid id;
    int code =
        libgit.git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

    if (code == GIT_ENOTFOUND)
        return error_new(ERROR_INPUT, "%s: is no git repository", path);
    if (code == GIT_EOWNER)
        return error_hint(branch_failure_at(path, code, ERROR_INPUT),
                          "git config --global --add safe.directory %s", path);
    TRY(branch_failure_at(path, code, ERROR_INPUT));
    if (!ref.len)
        return write_name(a, repository, STR("HEAD"), path, options, folder, commit);
    for (size_t i = 0; i < COUNT(places); i++) {
        Str name = str_join(a, str_from(places[i]), ref);

        if (libgit.git_reference_name_to_id(&id, repository, name.ptr) == 0)
            return write_name(a, repository, name, path, options, folder, commit);
    }
    return is_hex(ref) ? write_name(a, repository, ref, path, options, folder, commit)
                       : no_ref(path, ref);
}

/* ---- a remote */

/* What REF is, as git looks for it. */
static const CloneRef *find_ref(Arena *a, const CloneServer *server, Str ref)
{
    static const char *const places[] = {"refs/tags/", "refs/heads/", "refs/", ""};

    for (size_t i = 0; i < COUNT(places); i++) {
        Str name = ref.len ? str_join(a, str_from(places[i]), ref) : STR("HEAD");

        for (size_t j = 0; j < server->refs.len; j++)
            if (str_equal(server->refs.items[j].name, name))
                return &server->refs.items[j];
    }
    return NULL;
}

/* All branches and tags, for a commit that the server does not give, or whose name is short. */
static Error *fetch_all(Arena *a, CloneTalk *talk, const CloneServer *server,
                        git_repository *repository, size_t most_bytes)
{
    VEC(const char *) ids = {0};

    for (size_t i = 0; i < server->refs.len; i++)
        if (str_starts(server->refs.items[i].name, STR("refs/heads/")) ||
            str_starts(server->refs.items[i].name, STR("refs/tags/")))
            *vec_add(a, &ids) = server->refs.items[i].id;
    if (!ids.len)
        return NULL;
    return clone_fetch(talk, repository, ids.items, ids.len, false, most_bytes);
}

static Error *fetch(Arena *a, BranchRemote *remote, const CloneOptions *options,
                    git_repository *repository, Str *name, Str *commit)
{
    DEFER(clone_talk_end) CloneTalk *talk = NULL;
    CloneServer server = {0};
    Str ref = options->ref;
    size_t most = options->most_bytes ? options->most_bytes : MOST_BYTES;

    TRY(clone_talk(a, remote, &talk, &server));
    const CloneRef *found = find_ref(a, &server, ref);
    if (!found && !is_hex(ref))
        return no_ref(remote->url, ref);
    *name = found ? str_from(found->id) : str_lower(a, ref);
    *commit = str_from(found && found->commit[0] ? found->commit : "");
    if (options->known.len &&
        (str_equal(*name, options->known) || str_equal(*commit, options->known))) {
        *commit = options->known;
        return NULL;
    }
    *commit = (Str){"", 0};
    if (!found && !(name->len == BRANCH_ID_LENGTH && server.gives_any))
        return fetch_all(a, talk, &server, repository, most);
    return clone_fetch(talk, repository, &name->ptr, 1, server.knows_shallow, most);
}

static Error *make_repository(const char *folder, const char *url, git_repository **out)
{
    return branch_failure_at(url, libgit.git_repository_init(out, folder, 1), ERROR_INTERNAL);
}

/* With OBJECTS, a folder for git's own files. */
static Error *remote_files(Arena *a, const CloneOptions *options, const char *objects,
                           const char *folder, Str *commit)
{
    DEFER(close_remote) BranchRemote remote = branch_remote(a, &options->remote);
    DEFER(free_repository) git_repository *repository = NULL;
    Str name;

    TRY(make_repository(objects, remote.url, &repository));
    TRY(fetch(a, &remote, options, repository, &name, commit));
    if (commit->len)
        return NULL;
    return write_name(a, repository, name, remote.url, options, folder, commit);
}

Error *clone_files(Arena *a, const CloneOptions *options, const char *folder, Str *commit)
{
    const char *objects;

    // a commit is what it was
    if (options->known.len && str_equal(options->known, options->ref)) {
        *commit = options->known;
        return NULL;
    }
    TRY(branch_need_libgit());
    if (options->remote.wire == BRANCH_FILE)
        return local_files(a, options, folder, commit);
    TRY(tree_make_temporary(a, path_directory(a, str_from(folder)).ptr, &objects));
    Error *err = remote_files(a, options, objects, folder, commit);
    error_free(tree_remove(objects));
    return err;
}
