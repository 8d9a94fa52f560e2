/*
 * branch_commit.c - commits: made, and put on the branch.
 */
#include "base/digest.h"
#include "io/branch_wire.h"
#include "io/env.h"
#include "io/failpoint.h"
#include "io/world.h"

#include <string.h>
#include <unistd.h>

enum { MARK_BYTES = 20 };

static void free_signature(git_signature **signature)
{
    libgit.git_signature_free(*signature);
}

static Error *new_signature(Branch *branch, const char *name, const char *email,
                            git_signature **out)
{
    return branch_failure(branch, libgit.git_signature_now(out, name, email), ERROR_INPUT);
}

/* ROLE is "AUTHOR" or "COMMITTER". Source: git, Documentation/git-commit.txt, "COMMIT INFORMATION".
 */
static Error *sign(Branch *branch, const char *role, git_signature **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *name = env_get(str_format(&scratch, "GIT_%s_NAME", role).ptr);
    const char *email = env_get(str_format(&scratch, "GIT_%s_EMAIL", role).ptr);
    const char *user = env_get("USER");
    char host[256] = "";

    if (name && *name && email && *email)
        return new_signature(branch, name, email, out);
    if (libgit.git_signature_default(out, branch->repository) == 0)
        return NULL;
    gethostname(host, sizeof(host) - 1);
    return new_signature(
        branch, branch->options.tool,
        str_format(&scratch, "%s@%s", user && *user ? user : "relfile", *host ? host : "localhost")
            .ptr,
        out);
}

/* The tree that BASE (NULL: an empty one) becomes. */
static Error *change_tree(Branch *branch, git_tree *base, const BranchCommit *commit, git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    git_tree_update *updates = arena_array(&scratch, git_tree_update, commit->len);

    for (size_t i = 0; i < commit->len; i++) {
        const BranchChange *change = &commit->changes[i];

        TRY(FAILPOINT(GIT_BLOB));
        updates[i].path = str_c(&scratch, change->path);
        updates[i].filemode = GIT_FILEMODE_BLOB;
        updates[i].action = change->removes ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT;
        if (!change->removes)
            TRY(branch_failure(
                branch,
                libgit.git_blob_create_from_buffer(&updates[i].id, branch->repository,
                                                   change->text.ptr, change->text.len),
                ERROR_INTERNAL));
    }
    return branch_failure(
        branch, libgit.git_tree_create_updated(out, branch->repository, base, commit->len, updates),
        ERROR_INTERNAL);
}

/* MESSAGE with what no other commit has: two of the same second and content would be one. */
static const char *marked(Arena *a, Str message)
{
    char bytes[MARK_BYTES];

    world_real.random(bytes, sizeof(bytes));
    Str mark = digest_shown(a, (Str){bytes, sizeof(bytes)});
    return str_format(a, "%.*s\nChange-Id: I%.*s\n", STR_ARG(message), STR_ARG(mark)).ptr;
}

static void free_text(git_buf *text)
{
    libgit.git_buf_dispose(text);
}

/* CONTENT as a commit's object, with a signature where one is wanted. */
static Error *write_commit(Branch *branch, const git_signature *committer, Str content,
                           git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str signature;

    TRY(branch_sign(branch, &scratch, committer, content, &signature));
    return branch_failure(branch,
                          libgit.git_commit_create_with_signature(
                              out, branch->repository, str_c(&scratch, content),
                              signature.len ? str_c(&scratch, signature) : NULL, NULL),
                          ERROR_INTERNAL);
}

/* COMMIT on top of TIP (NULL: as the first one) as an object that nothing refers to yet. */
static Error *make_commit(Branch *branch, const git_oid *tip, const BranchCommit *commit,
                          git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(branch_free_tree) git_tree *base = NULL;
    DEFER(branch_free_tree) git_tree *tree = NULL;
    DEFER(free_signature) git_signature *author = NULL;
    DEFER(free_signature) git_signature *committer = NULL;
    DEFER(free_text) git_buf text = {0};
    git_commit *parent = NULL;
    git_oid id;

    if (tip)
        TRY(branch_tree(branch, branch->repository, tip, &base));
    TRY(change_tree(branch, base, commit, &id));
    TRY(sign(branch, "AUTHOR", &author));
    TRY(sign(branch, "COMMITTER", &committer));
    TRY(branch_failure(branch, libgit.git_tree_lookup(&tree, branch->repository, &id),
                       ERROR_INTERNAL));
    bool follows = tip && !commit->alone;
    if (follows)
        TRY(branch_failure(branch, libgit.git_commit_lookup(&parent, branch->repository, tip),
                           ERROR_INTERNAL));
    const git_commit *parents[] = {parent};
    int code =
        libgit.git_commit_create_buffer(&text, branch->repository, author, committer, NULL,
                                        marked(&scratch, commit->message), tree, follows, parents);
    libgit.git_commit_free(parent);
    TRY(branch_failure(branch, code, ERROR_INTERNAL));
    return write_commit(branch, committer, (Str){text.ptr, text.size}, out);
}

/* In the folder itself: the branch is changed only if it is still what it was. */
static Error *move_branch(Branch *branch, const git_oid *tip, const git_oid *made)
{
    git_reference *moved = NULL;
    int code = tip ? libgit.git_reference_create_matching(&moved, branch->repository, branch->name,
                                                          made, 1, tip, "relfile")
                   : libgit.git_reference_create(&moved, branch->repository, branch->name, made, 0,
                                                 "relfile");

    libgit.git_reference_free(moved);
    return branch_failure(branch, code, ERROR_INTERNAL);
}

static Error *moved_error(const Branch *branch)
{
    return error_new(ERROR_CONFLICT, "%s: branch %.*s was changed meanwhile", branch->remote.url,
                     STR_ARG(branch->options.branch));
}

/*
 * A commit on TIP was refused, for the reason in TEXT. If the branch is still where it was, nobody
 * was faster: it is protected, or a hook has refused.
 */
static Error *judge(Branch *branch, const git_oid *tip, const char *text)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    Verdict ignored;
    bool found = false;
    git_oid now;

    TRY(branch_connect(branch, GIT_DIRECTION_FETCH, &ignored, &callbacks, &remote));
    TRY(branch_find_tip(branch, remote, &found, &now));
    if (found != (tip != NULL) || (tip && libgit.git_oid_cmp(tip, &now) != 0) ||
        strstr(text, "lock")) // another push was under way, and failed
        return moved_error(branch);
    Str said = str_for_message(&scratch, str_from(text), BRANCH_SHOWN_BYTES);
    return error_hint(error_new(ERROR_DENIED, "%s: refuses a change of branch %.*s: %.*s",
                                branch->remote.url, STR_ARG(branch->options.branch), STR_ARG(said)),
                      "if it is protected: let this user push, or use another ?branch=");
}

/* Send what REFERENCE refers to as the branch; ALONE: whatever that was before. */
static Error *upload(Branch *branch, git_remote *remote, const char *reference, bool alone,
                     git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    char *spec = (char *)(uintptr_t)str_format(&scratch, "%s%s:%s", alone ? "+" : "", reference,
                                               branch->name)
                     .ptr;

    options->pb_parallelism = 1;
    return branch_remote_failure(
        branch, libgit.git_remote_upload(remote, &(git_strarray){&spec, 1}, options));
}

/* The same for MADE, which for libgit2 needs a name: one that no other process has. */
static Error *upload_named(Branch *branch, git_remote *remote, const git_oid *made, bool alone,
                           git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    Str id = branch_id_text(&scratch, made);
    const char *name = str_format(&scratch, "refs/relfile/%.*s", STR_ARG(id)).ptr;
    git_reference *reference = NULL;

    TRY(branch_failure(
        branch, libgit.git_reference_create(&reference, branch->repository, name, made, 1, NULL),
        ERROR_INTERNAL));
    Error *err = upload(branch, remote, name, alone, options);
    libgit.git_reference_delete(reference);
    libgit.git_reference_free(reference);
    return err;
}

static Error *push(Branch *branch, const git_oid *tip, const git_oid *made, bool alone)
{
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_push_options options;
    Verdict verdict;
    bool found;
    git_oid now;

    libgit.git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    TRY(branch_connect(branch, GIT_DIRECTION_PUSH, &verdict, &options.callbacks, &remote));
    TRY(branch_find_tip(branch, remote, &found, &now));
    if (found != (tip != NULL) || (tip && libgit.git_oid_cmp(tip, &now) != 0))
        return moved_error(branch);
    TRY(FAILPOINT(GIT_PUSH));
    TRY(upload_named(branch, remote, made, alone, &options));
    if (verdict.text[0])
        TRY(judge(branch, tip, verdict.text));
    branch_note_tip(branch, made);
    return NULL;
}

BranchMark branch_seen(Branch *branch)
{
    BranchMark seen = {.made = false};

    pthread_mutex_lock(&branch->reading);
    seen.made = branch->has_tip;
    if (seen.made)
        memcpy(seen.id, branch->tip.id, sizeof(seen.id));
    pthread_mutex_unlock(&branch->reading);
    return seen;
}

/* Another thread may have looked since the changes were found possible: on what it saw they may not
 * be. */
static bool is_made_for(const BranchCommit *commit, const BranchMark *now)
{
    return commit->on.made == now->made &&
           (!now->made || memcmp(commit->on.id, now->id, sizeof(now->id)) == 0);
}

static Error *commit_in_turn(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    BranchMark now = branch_seen(branch);
    git_oid before, made;
    const git_oid *tip = now.made ? &before : NULL;

    if (!is_made_for(commit, &now))
        return moved_error(branch);
    memcpy(before.id, now.id, sizeof(before.id));
    TRY(make_commit(branch, tip, commit, &made));
    memcpy(mark->id, made.id, sizeof(mark->id));
    mark->made = true;
    TRY(FAILPOINT(GIT_COMMIT));
    TRY(branch->options.wire == BRANCH_FILE ? move_branch(branch, tip, &made)
                                            : push(branch, tip, &made, commit->alone));
    TRY(FAILPOINT(GIT_PUSHED));
    branch_see(branch, &made);
    return NULL;
}

Error *branch_commit(Branch *branch, const BranchCommit *commit, BranchMark *made)
{
    *made = (BranchMark){.made = false};
    pthread_mutex_lock(&branch->turn);
    Error *err = commit_in_turn(branch, commit, made);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

bool branch_contains(Branch *branch, const BranchMark *made)
{
    git_oid id;

    memcpy(id.id, made->id, sizeof(id.id));
    pthread_mutex_lock(&branch->reading);
    bool contains = made->made && branch->has_tip &&
                    (libgit.git_oid_cmp(&branch->tip, &id) == 0 ||
                     libgit.git_graph_descendant_of(branch->reader, &branch->tip, &id) == 1);
    pthread_mutex_unlock(&branch->reading);
    return contains;
}
