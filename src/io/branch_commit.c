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

static Error *find_blob(Branch *branch, const BranchChange *change, git_oid *out)
{
    if (change->removes)
        return NULL;
    if (change->id.len)
        return branch_failure(branch, libgit.git_oid_fromstrn(out, change->id.ptr, change->id.len),
                              ERROR_INTERNAL);
    return branch_failure(branch,
                          libgit.git_blob_create_from_buffer(out, branch->repository,
                                                             change->text.ptr, change->text.len),
                          ERROR_INTERNAL);
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
        TRY(find_blob(branch, change, &updates[i].id));
    }
    return branch_failure(
        branch, libgit.git_tree_create_updated(out, branch->repository, base, commit->len, updates),
        ERROR_INTERNAL);
}

/* MESSAGE with what no other commit has: two of the same second and content would be one. */
static const char *marked(Arena *a, const BranchNew *what)
{
    const BranchCommit *commit = what->commit;
    char bytes[MARK_BYTES];

    world_real.random(bytes, sizeof(bytes));
    Str mark = digest_shown(a, (Str){bytes, sizeof(bytes)});
    return str_format(a, "%.*s\n%.*s%.*sChange-Id: I%.*s\n", STR_ARG(commit->message),
                      STR_ARG(commit->trailers), STR_ARG(what->trailers), STR_ARG(mark))
        .ptr;
}

static void free_text(git_buf *text)
{
    libgit.git_buf_dispose(text);
}

/* CONTENT as a commit's object, with a signature where one is wanted. */
static Error *write_commit(Branch *branch, const git_signature *committer, Str content,
                           bool is_unsigned, git_oid *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str signature = {"", 0};

    if (!is_unsigned)
        TRY(branch_sign(branch, &scratch, committer, content, &signature));
    return branch_failure(branch,
                          libgit.git_commit_create_with_signature(
                              out, branch->repository, str_c(&scratch, content),
                              signature.len ? str_c(&scratch, signature) : NULL, NULL),
                          ERROR_INTERNAL);
}

static Error *write_tree(Branch *branch, const BranchNew *what, git_tree **out)
{
    DEFER(branch_free_tree) git_tree *base = NULL;
    git_oid id;

    if (what->base->there)
        TRY(branch_tree(branch, branch->repository, &what->base->id, &base));
    TRY(change_tree(branch, base, what->commit, &id));
    return branch_failure(branch, libgit.git_tree_lookup(out, branch->repository, &id),
                          ERROR_INTERNAL);
}

/* Who and when, what, and after what. */
static Error *write_content(Branch *branch, const BranchNew *what, const git_signature *committer,
                            git_buf *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(branch_free_tree) git_tree *tree = NULL;
    DEFER(free_signature) git_signature *author = NULL;
    git_commit *parents[COUNT(what->parents)] = {NULL};
    const git_commit *after[COUNT(what->parents)];
    int code = 0;

    TRY(write_tree(branch, what, &tree));
    TRY(sign(branch, "AUTHOR", &author));
    for (size_t i = 0; i < what->parents_len && code == 0; i++) {
        code = libgit.git_commit_lookup(&parents[i], branch->repository, &what->parents[i]->id);
        after[i] = parents[i];
    }
    if (code == 0)
        code =
            libgit.git_commit_create_buffer(out, branch->repository, author, committer, NULL,
                                            marked(&scratch, what), tree, what->parents_len, after);
    for (size_t i = 0; i < what->parents_len; i++)
        libgit.git_commit_free(parents[i]);
    return branch_failure(branch, code, ERROR_INTERNAL);
}

Error *branch_make(Branch *branch, const BranchNew *what, git_oid *out)
{
    DEFER(free_signature) git_signature *committer = NULL;
    DEFER(free_text) git_buf text = {0};

    TRY(sign(branch, "COMMITTER", &committer));
    TRY(write_content(branch, what, committer, &text));
    return write_commit(branch, committer, (Str){text.ptr, text.size}, what->is_unsigned, out);
}

static Error *moved_error(const Branch *branch)
{
    return error_new(ERROR_CONFLICT, "%s: branch %.*s was changed meanwhile",
                     branch->remote.url ? branch->remote.url : branch->folder,
                     STR_ARG(branch->options.branch));
}

static Error *refused_error(const Branch *branch, const char *name, Str said)
{
    const char *url = branch->remote.url;

    if (name == branch->journal)
        return error_hint(
            error_new(ERROR_DENIED, "%s: refuses a change of %s: %.*s", url, name, STR_ARG(said)),
            "others who use this state write there: let this user, too");
    return error_hint(error_new(ERROR_DENIED, "%s: refuses a change of branch %.*s: %.*s", url,
                                STR_ARG(branch->options.branch), STR_ARG(said)),
                      "if it is protected: let this user push, or use another ?branch=");
}

/* Whether branch and journal, of which NAME is to be moved, are not what was seen. */
static bool has_moved(const Branch *branch, const char *name, const BranchTip *own,
                      const BranchTip *journal)
{
    return !branch_tips_equal(journal, &branch->view.journal) ||
           (name == branch->name && !branch_tips_equal(own, &branch->view.own));
}

/*
 * A commit was refused, for the reason in TEXT. If the reference is still where it was, nobody was
 * faster: it is protected, or a hook has refused.
 */
static Error *judge(Branch *branch, const char *name, const char *text)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    BranchTip own, journal;
    Verdict ignored;

    TRY(branch_connect(branch, GIT_DIRECTION_FETCH, &ignored, &callbacks, &remote));
    TRY(branch_find_tips(branch, remote, &own, &journal));
    if (has_moved(branch, name, &own, &journal) ||
        strstr(text, "lock")) // another push was under way, and failed
        return moved_error(branch);
    return refused_error(branch, name,
                         str_for_message(&scratch, str_from(text), BRANCH_SHOWN_BYTES));
}

/* Send what REFERENCE refers to as NAME; ALONE: whatever that was before. */
static Error *upload(Branch *branch, git_remote *remote, const char *reference, const char *name,
                     bool alone, git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    char *spec =
        (char *)(uintptr_t)str_format(&scratch, "%s%s:%s", alone ? "+" : "", reference, name).ptr;

    options->pb_parallelism = 1;
    return branch_remote_failure(
        branch, libgit.git_remote_upload(remote, &(git_strarray){&spec, 1}, options));
}

/* The same for MADE, which for libgit2 needs a name: one that no other process has. */
static Error *upload_named(Branch *branch, git_remote *remote, const git_oid *made,
                           const char *name, bool alone, git_push_options *options)
{
    DEFER(arena_free) Arena scratch = {0};
    Str id = branch_id_text(&scratch, made);
    const char *own = str_format(&scratch, "refs/relfile/%.*s", STR_ARG(id)).ptr;
    git_reference *reference = NULL;

    TRY(branch_failure(
        branch, libgit.git_reference_create(&reference, branch->repository, own, made, 1, NULL),
        ERROR_INTERNAL));
    Error *err = upload(branch, remote, own, name, alone, options);
    libgit.git_reference_delete(reference);
    libgit.git_reference_free(reference);
    return err;
}

static Error *push(Branch *branch, const char *name, const git_oid *made, bool alone)
{
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_push_options options;
    BranchTip own, journal;
    Verdict verdict;

    libgit.git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    TRY(branch_connect(branch, GIT_DIRECTION_PUSH, &verdict, &options.callbacks, &remote));
    TRY(branch_find_tips(branch, remote, &own, &journal));
    if (has_moved(branch, name, &own, &journal))
        return moved_error(branch);
    TRY(FAILPOINT(GIT_PUSH));
    TRY(upload_named(branch, remote, made, name, alone, &options));
    if (verdict.text[0])
        TRY(judge(branch, name, verdict.text));
    branch_note_tip(branch, name, made);
    return NULL;
}

/* In the folder itself: a reference is changed only if it is still what it was. */
static Error *move_in_folder(Branch *branch, const char *name, const git_oid *made)
{
    const BranchTip *before = name == branch->journal ? &branch->view.journal : &branch->view.own;
    git_reference *moved = NULL;
    BranchTip journal;

    if (name == branch->name) {
        TRY(branch_find_in_folder(branch, branch->journal, &journal));
        if (!branch_tips_equal(&journal, &branch->view.journal))
            return moved_error(branch);
    }
    int code =
        before->there
            ? libgit.git_reference_create_matching(&moved, branch->repository, name, made, 1,
                                                   &before->id, "relfile")
            : libgit.git_reference_create(&moved, branch->repository, name, made, 0, "relfile");
    libgit.git_reference_free(moved);
    return branch_failure(branch, code, ERROR_INTERNAL);
}

Error *branch_move(Branch *branch, const char *name, const git_oid *made, bool alone)
{
    BranchTip own = branch->view.own, journal = branch->view.journal, now = {*made, true};

    TRY(branch->options.wire == BRANCH_FILE ? move_in_folder(branch, name, made)
                                            : push(branch, name, made, alone));
    TRY(FAILPOINT(GIT_PUSHED));
    if (name == branch->name)
        own = now;
    else
        journal = now;
    return branch_see(branch, &own, &journal);
}

static BranchMark mark_of(const BranchTip *tip)
{
    BranchMark mark = {.made = tip->there};

    if (tip->there)
        memcpy(mark.id, tip->id.id, sizeof(mark.id));
    return mark;
}

BranchSeen branch_seen(Branch *branch)
{
    pthread_mutex_lock(&branch->reading);
    BranchSeen seen = {mark_of(&branch->view.own), mark_of(&branch->view.journal)};
    pthread_mutex_unlock(&branch->reading);
    return seen;
}

static bool marks_equal(const BranchMark *left, const BranchMark *right)
{
    return left->made == right->made &&
           (!left->made || memcmp(left->id, right->id, sizeof(left->id)) == 0);
}

/* Another thread may have looked since the changes were found possible: on what it saw they may not
 * be. */
Error *branch_check_seen(Branch *branch, const BranchSeen *on)
{
    BranchSeen now = branch_seen(branch);

    return marks_equal(&on->own, &now.own) && marks_equal(&on->journal, &now.journal)
               ? NULL
               : moved_error(branch);
}

static Error *commit_to(Branch *branch, const char *name, const BranchNew *what, BranchMark *mark)
{
    BranchTip made = {.there = true};

    TRY(branch_make(branch, what, &made.id));
    *mark = mark_of(&made);
    TRY(FAILPOINT(GIT_COMMIT));
    return branch_move(branch, name, &made.id, what->commit->alone);
}

static Error *commit_to_branch(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    const BranchTip *own = &branch->view.own;
    BranchNew what = {.commit = commit,
                      .base = own,
                      .parents = {own},
                      .parents_len = own->there && !commit->alone};

    return commit_to(branch, branch->name, &what, mark);
}

/*
 * The first of a journal follows on what the branch is, and on what the journal was before if that
 * is not on the branch. It is signed if commits are, so that a key that is missing is known at
 * once.
 */
static Error *commit_to_journal(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    DEFER(arena_free) Arena scratch = {0};
    const BranchView *view = &branch->view;
    const BranchTip *on = view->open ? &view->on : &view->own;
    BranchNew what = {.commit = commit,
                      .base = branch_top(view),
                      .trailers = branch_trailer(&scratch, BRANCH_JOURNAL_OPEN, on),
                      .is_unsigned = view->open};

    if (!view->open && view->own.there)
        what.parents[what.parents_len++] = &view->own;
    if (view->journal.there && !branch_follows(branch->repository, &view->own, &view->journal))
        what.parents[what.parents_len++] = &view->journal;
    return commit_to(branch, branch->journal, &what, mark);
}

/* A journal that others have made since counts, though the server did not take one before. */
static Error *commit_in_turn(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    TRY(branch_check_seen(branch, &commit->on));
    if (branch->journal && (!branch->is_plain || branch->view.journal.there)) {
        Error *err = commit_to_journal(branch, commit, mark);

        if (!err || error_kind_of(err) != ERROR_DENIED || branch->view.journal.there)
            return err;
        error_free(err);
        branch->is_plain = true;
    }
    return commit_to_branch(branch, commit, mark);
}

Error *branch_commit(Branch *branch, const BranchCommit *commit, BranchMark *made)
{
    *made = (BranchMark){.made = false};
    pthread_mutex_lock(&branch->turn);
    Error *err = commit_in_turn(branch, commit, made);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

static Error *publish_in_turn(Branch *branch, const BranchCommit *commit, BranchMark *mark)
{
    TRY(branch_check_seen(branch, &commit->on));
    TRY(FAILPOINT(GIT_PUBLISH));
    TRY(commit_to_branch(branch, commit, mark));
    return FAILPOINT(GIT_PUBLISHED);
}

Error *branch_publish(Branch *branch, const BranchCommit *commit, BranchMark *made)
{
    *made = (BranchMark){.made = false};
    pthread_mutex_lock(&branch->turn);
    Error *err = publish_in_turn(branch, commit, made);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

bool branch_contains(Branch *branch, const BranchMark *made)
{
    BranchTip tip = {.there = made->made};

    memcpy(tip.id.id, made->id, sizeof(made->id));
    pthread_mutex_lock(&branch->reading);
    bool contains = branch_follows(branch->reader, &branch->view.journal, &tip) ||
                    branch_follows(branch->reader, &branch->view.own, &tip);
    pthread_mutex_unlock(&branch->reading);
    return contains;
}
