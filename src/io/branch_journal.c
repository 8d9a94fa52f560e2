/*
 * branch_journal.c - what a branch's journal has that the branch has not, and the journal's end.
 */
#include "io/branch_wire.h"
#include "io/failpoint.h"

#include <string.h>

Str branch_trailer(Arena *a, const char *label, const BranchTip *on)
{
    Str id = on->there ? branch_id_text(a, &on->id) : STR("none");

    return str_format(a, "%s%.*s\n", label, STR_ARG(id));
}

bool branch_has_journal(Branch *branch)
{
    pthread_mutex_lock(&branch->reading);
    bool open = branch->view.open;
    pthread_mutex_unlock(&branch->reading);
    return open;
}

/* ---- what is pending */

static void free_diff(git_diff **diff)
{
    libgit.git_diff_free(*diff);
}

/* The tree of TIP, or NULL. */
static Error *tree_of(Branch *branch, const BranchTip *tip, git_tree **out)
{
    return tip->there ? branch_tree(branch, branch->repository, &tip->id, out) : NULL;
}

/* The id of what OWN (NULL: no files) has at PATH; empty for nothing. */
static Error *id_at(Branch *branch, Arena *a, git_tree *own, const char *path, Str *out)
{
    git_tree_entry *entry = NULL;
    int code = own ? libgit.git_tree_entry_bypath(&entry, own, path) : GIT_ENOTFOUND;

    *out = (Str){"", 0};
    if (code == GIT_ENOTFOUND)
        return NULL;
    TRY(branch_failure(branch, code, ERROR_INTERNAL));
    *out = branch_id_text(a, libgit.git_tree_entry_id(entry));
    libgit.git_tree_entry_free(entry);
    return NULL;
}

static Error *find_pending(Branch *branch, Arena *a, BranchPendings *out)
{
    DEFER(branch_free_tree) git_tree *before = NULL;
    DEFER(branch_free_tree) git_tree *after = NULL;
    DEFER(branch_free_tree) git_tree *own = NULL;
    DEFER(free_diff) git_diff *diff = NULL;
    const BranchView *view = &branch->view;

    *out = (BranchPendings){0};
    if (!view->open)
        return NULL;
    TRY(tree_of(branch, &view->on, &before));
    TRY(tree_of(branch, &view->journal, &after));
    TRY(tree_of(branch, &view->own, &own));
    TRY(branch_failure(branch,
                       libgit.git_diff_tree_to_tree(&diff, branch->repository, before, after, NULL),
                       ERROR_INTERNAL));
    for (size_t i = 0; i < libgit.git_diff_num_deltas(diff); i++) {
        const git_diff_delta *delta = libgit.git_diff_get_delta(diff, i);
        Str there, id = {"", 0};

        TRY(id_at(branch, a, own, delta->new_file.path, &there));
        if (delta->status != GIT_DELTA_DELETED)
            id = branch_id_text(a, &delta->new_file.id);
        if (!str_equal(id, there))
            *vec_add(a, out) =
                (BranchPending){str_copy(a, str_from(delta->new_file.path)), id, there.len > 0};
    }
    return NULL;
}

Error *branch_pending(Branch *branch, Arena *a, BranchPendings *out)
{
    pthread_mutex_lock(&branch->turn);
    Error *err = find_pending(branch, a, out);
    pthread_mutex_unlock(&branch->turn);
    return err;
}

/* ---- its end */

/* What is left when GONE is not, as changes of the branch. */
static Error *find_left(Branch *branch, Arena *a, Str gone, BranchCommit *out)
{
    BranchPendings pending;
    size_t len = 0;

    TRY(find_pending(branch, a, &pending));
    BranchChange *changes = arena_array(a, BranchChange, pending.len);
    for (size_t i = 0; i < pending.len; i++) {
        const BranchPending *item = &pending.items[i];

        if (!str_equal(item->path, gone))
            changes[len++] =
                (BranchChange){.path = item->path, .id = item->id, .removes = !item->id.len};
    }
    *out = (BranchCommit){.changes = changes, .len = len};
    return NULL;
}

/* A commit of the journal that has the branch's files and those of COMMIT. */
static Error *follow_up(Branch *branch, const BranchCommit *commit, const char *label)
{
    DEFER(arena_free) Arena scratch = {0};
    const BranchView *view = &branch->view;
    BranchNew what = {.commit = commit,
                      .base = &view->own,
                      .parents = {&view->journal},
                      .parents_len = 1,
                      .trailers = branch_trailer(&scratch, label, &view->own),
                      .is_unsigned = true};
    git_oid made;

    if (view->own.there && !branch_follows(branch->repository, &view->journal, &view->own))
        what.parents[what.parents_len++] = &view->own;
    TRY(branch_make(branch, &what, &made));
    return branch_move(branch, branch->journal, &made, false);
}

/* Where a server does not let references be rewritten, the journal goes on for ever. */
static Error *end(Branch *branch)
{
    git_oid own = branch->view.own.id;
    Error *err = branch_move(branch, branch->journal, &own, true);

    if (!err || error_kind_of(err) != ERROR_DENIED)
        return err;
    error_free(err);
    return follow_up(branch, &(BranchCommit){.message = STR("All is on the branch\n")},
                     BRANCH_JOURNAL_ENDED);
}

static Error *settle_in_turn(Branch *branch, Str gone, const BranchSeen *on)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchCommit left;

    TRY(branch_check_seen(branch, on));
    if (!branch->view.open)
        return NULL;
    TRY(find_left(branch, &scratch, gone, &left));
    if (!left.len && branch->view.own.there)
        return end(branch);
    left.message = STR("Others are under way\n");
    return follow_up(branch, &left, BRANCH_JOURNAL_OPEN);
}

Error *branch_settle(Branch *branch, Str gone, const BranchSeen *on)
{
    pthread_mutex_lock(&branch->turn);
    Error *err = settle_in_turn(branch, gone, on);
    pthread_mutex_unlock(&branch->turn);
    return err;
}
