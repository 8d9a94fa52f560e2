/*
 * branch_look.c - what a branch and its journal are, in a folder or a remote.
 */
#include "io/branch_wire.h"
#include "io/clock.h"
#include "io/log.h"
#include "io/signal.h"

#include <string.h>

enum {
    MOST_LOOKS = 4, /* as long as the connection breaks */
    FIRST_PAUSE_MS = 200,
};

bool branch_tips_equal(const BranchTip *left, const BranchTip *right)
{
    return left->there == right->there &&
           (!left->there || libgit.git_oid_cmp(&left->id, &right->id) == 0);
}

bool branch_follows(git_repository *repository, const BranchTip *tip, const BranchTip *before)
{
    return tip->there && before->there &&
           (libgit.git_oid_cmp(&tip->id, &before->id) == 0 ||
            libgit.git_graph_descendant_of(repository, &tip->id, &before->id) == 1);
}

const BranchTip *branch_top(const BranchView *view)
{
    return view->open ? &view->journal : &view->own;
}

/* What stands behind LABEL at the beginning of a line of MESSAGE. */
static bool find_trailer(Str message, const char *label, Str *out)
{
    Str rest = message, line;

    for (bool more = true; more;) {
        more = str_cut(&rest, '\n', &line);
        if (str_starts(line, str_from(label))) {
            *out = str_skip(line, strlen(label));
            return true;
        }
    }
    return false;
}

/* What the journal's last commit says of the branch: branch_journal.c writes it. */
static Error *read_journal(Branch *branch, BranchView *view)
{
    git_commit *commit = NULL;
    Str id = {0};

    TRY(branch_failure(branch,
                       libgit.git_commit_lookup(&commit, branch->repository, &view->journal.id),
                       ERROR_INTERNAL));
    Str message = str_from(libgit.git_commit_message(commit));
    view->open = find_trailer(message, BRANCH_JOURNAL_OPEN, &id);
    bool ended = !view->open && find_trailer(message, BRANCH_JOURNAL_ENDED, &id);
    view->on = (BranchTip){.there = id.len == BRANCH_ID_LENGTH};
    bool valid = !view->on.there || libgit.git_oid_fromstrn(&view->on.id, id.ptr, id.len) == 0;
    libgit.git_commit_free(commit);
    if (!view->open && !ended)
        view->on = view->journal;
    return valid ? NULL
                 : error_new(ERROR_INPUT, "git: %s: is no journal of relfile", branch->journal);
}

Error *branch_see(Branch *branch, const BranchTip *own, const BranchTip *journal)
{
    BranchView view = {.own = *own, .journal = *journal};

    if (view.journal.there && branch_tips_equal(&view.journal, &branch->view.journal)) {
        view.open = branch->view.open;
        view.on = branch->view.on;
    } else if (view.journal.there) {
        TRY(read_journal(branch, &view));
    }
    pthread_mutex_lock(&branch->reading);
    branch->view = view;
    branch->looked_ms = clock_ms();
    pthread_mutex_unlock(&branch->reading);
    return NULL;
}

Error *branch_find_in_folder(Branch *branch, const char *name, BranchTip *out)
{
    *out = (BranchTip){.there = false};
    if (!name)
        return NULL;
    int code = libgit.git_reference_name_to_id(&out->id, branch->repository, name);
    if (code < 0 && code != GIT_ENOTFOUND)
        return branch_failure(branch, code, ERROR_INTERNAL);
    out->there = code == 0;
    return NULL;
}

/* Git keeps branches as files: "a" and "a/b" cannot both be. Better told now than at a run's end.
 */
static Error *check_beside(const Branch *branch, const char *other)
{
    Str own = str_from(branch->name), name = str_from(other);
    bool clash = own.len < name.len ? str_starts(name, own) && name.ptr[own.len] == '/'
                                    : str_starts(own, name) && own.ptr[name.len] == '/';

    if (!clash)
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%s: there can be no branch %.*s beside %s",
                                branch->remote.url ? branch->remote.url : branch->folder,
                                STR_ARG(branch->options.branch), other),
                      "use another ?branch=");
}

static Error *check_all_beside(Branch *branch)
{
    git_strarray names = {0};
    Error *err = branch_failure(branch, libgit.git_reference_list(&names, branch->repository),
                                ERROR_INTERNAL);

    for (size_t i = 0; !err && i < names.count; i++)
        err = check_beside(branch, names.strings[i]);
    libgit.git_strarray_dispose(&names);
    return err;
}

/* The journal first: when it is seen ended, what it had is on the branch that is seen after. */
static Error *look_at_folder(Branch *branch)
{
    BranchTip own, journal;

    TRY(branch_find_in_folder(branch, branch->journal, &journal));
    TRY(branch_find_in_folder(branch, branch->name, &own));
    if (!own.there)
        TRY(check_all_beside(branch));
    return branch_see(branch, &own, &journal);
}

/* libgit2's way to make a transport. */
static int make_transport(git_transport **out, git_remote *owner, void *context)
{
    BranchRemote *remote = context;
    git_smart_subtransport_definition definition = {
        .callback = remote->wire == BRANCH_HTTP ? branch_http_new : branch_ssh_new,
        .rpc = remote->wire == BRANCH_HTTP,
        .param = remote};

    return libgit.git_transport_smart(out, owner, &definition);
}

static int take_verdict(const char *name, const char *status, void *context)
{
    Verdict *verdict = context;

    (void)name;
    if (status)
        memccpy(verdict->text, status, '\0', sizeof(verdict->text) - 1);
    return 0;
}

/* libgit2 has one payload for all callbacks. */
static int make_transport_of_verdict(git_transport **out, git_remote *owner, void *context)
{
    return make_transport(out, owner, ((Verdict *)context)->remote);
}

void branch_free_remote(git_remote **remote)
{
    libgit.git_remote_free(*remote);
}

Error *branch_connect(Branch *branch, git_direction direction, Verdict *verdict,
                      git_remote_callbacks *callbacks, git_remote **out)
{
    git_remote_create_options options;

    *verdict = (Verdict){.remote = &branch->remote};
    libgit.git_remote_init_callbacks(callbacks, GIT_REMOTE_CALLBACKS_VERSION);
    callbacks->transport = make_transport_of_verdict;
    callbacks->push_update_reference = take_verdict;
    callbacks->payload = verdict;
    libgit.git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    options.repository = branch->repository;
    // libgit2 1.5 loses memory when it looks for "insteadOf" in its configuration
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF;
    TRY(branch_failure(branch,
                       libgit.git_remote_create_with_opts(out, branch->remote.url, &options),
                       ERROR_INPUT));
    return branch_remote_failure(branch,
                                 libgit.git_remote_connect(*out, direction, callbacks, NULL, NULL));
}

Error *branch_find_tips(Branch *branch, git_remote *remote, BranchTip *own, BranchTip *journal)
{
    const git_remote_head **heads = NULL;
    size_t len = 0;

    *own = *journal = (BranchTip){.there = false};
    TRY(branch_remote_failure(branch, libgit.git_remote_ls(&heads, &len, remote)));
    for (size_t i = 0; i < len; i++)
        if (strcmp(heads[i]->name, branch->name) == 0)
            *own = (BranchTip){heads[i]->oid, true};
        else if (branch->journal && strcmp(heads[i]->name, branch->journal) == 0)
            *journal = (BranchTip){heads[i]->oid, true};
    for (size_t i = 0; i < len && !own->there; i++)
        TRY(check_beside(branch, heads[i]->name));
    return NULL;
}

static bool has_object(Branch *branch, const git_oid *id)
{
    git_odb *objects = NULL;

    if (libgit.git_repository_odb(&objects, branch->repository) < 0)
        return false;
    bool has = libgit.git_odb_exists(objects, id);
    libgit.git_odb_free(objects);
    return has;
}

void branch_note_tip(Branch *branch, const char *name, const git_oid *tip)
{
    git_reference *note = NULL;
    git_oid before;
    bool noted = libgit.git_reference_name_to_id(&before, branch->repository, name) == 0;

    if (noted && libgit.git_oid_cmp(&before, tip) == 0)
        return;
    if (noted && name == branch->name && !branch->options.reference.len &&
        libgit.git_graph_descendant_of(branch->repository, tip, &before) == 0 &&
        libgit.git_graph_descendant_of(branch->repository, &before, tip) == 0)
        log_warn("%s: branch %.*s was rewritten: what was committed before may be missing",
                 branch->remote.url, STR_ARG(branch->options.branch));
    if (libgit.git_reference_create(&note, branch->repository, name, tip, 1, NULL) == 0)
        libgit.git_reference_free(note);
}

/* What is missing here of what REMOTE has. */
static Error *download(Branch *branch, git_remote *remote, const git_remote_callbacks *callbacks,
                       const BranchTip *own, const BranchTip *journal)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *names[] = {branch->name, branch->journal};
    const BranchTip *tips[] = {own, journal};
    git_fetch_options options;
    char *specs[COUNT(names)];
    size_t len = 0;

    for (size_t i = 0; i < COUNT(names); i++)
        if (tips[i]->there && !has_object(branch, &tips[i]->id))
            specs[len++] =
                (char *)(uintptr_t)str_format(&scratch, "+%s:%s", names[i], names[i]).ptr;
    if (!len)
        return NULL;
    libgit.git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = *callbacks;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    return branch_remote_failure(
        branch, libgit.git_remote_download(remote, &(git_strarray){specs, len}, &options));
}

static Error *look_once(Branch *branch)
{
    DEFER(branch_free_remote) git_remote *remote = NULL;
    git_remote_callbacks callbacks;
    BranchTip own, journal;
    Verdict verdict;

    TRY(branch_connect(branch, GIT_DIRECTION_FETCH, &verdict, &callbacks, &remote));
    TRY(branch_find_tips(branch, remote, &own, &journal));
    TRY(download(branch, remote, &callbacks, &own, &journal));
    if (own.there)
        branch_note_tip(branch, branch->name, &own.id);
    if (journal.there)
        branch_note_tip(branch, branch->journal, &journal.id);
    return branch_see(branch, &own, &journal);
}

/*
 * An answer may be cut short, ssh cannot reach its server, or what we are about to fetch is not
 * there any more, as a reference was rewritten since we asked: then we look anew. Refusals are none
 * of these.
 */
static Error *look_patiently(Branch *branch)
{
    for (int i = 1;; i++) {
        Error *err = look_once(branch);

        if (!err || error_kind_of(err) != ERROR_UNAVAILABLE || branch->remote.tried_again ||
            i >= (signal_received() ? 2 : MOST_LOOKS))
            return err;
        error_free(err);
        clock_sleep(((int64_t)FIRST_PAUSE_MS << (i - 1)) + clock_ms() % FIRST_PAUSE_MS);
    }
}

/*
 * Servers read one reference after the other. A branch without what an ended journal had put on it
 * was read before that: otherwise it was rewritten, and is the same when it is looked at again.
 */
static Error *look_at_remote(Branch *branch)
{
    BranchView before;

    do {
        before = branch->view;
        TRY(look_patiently(branch));
    } while (branch->view.journal.there && !branch->view.open &&
             !(branch_tips_equal(&before.own, &branch->view.own) &&
               branch_tips_equal(&before.journal, &branch->view.journal)) &&
             !branch_follows(branch->repository, &branch->view.own, &branch->view.on));
    return NULL;
}

/* Milliseconds since the branch was looked at, or a commit of ours. */
static int64_t age(Branch *branch)
{
    pthread_mutex_lock(&branch->reading);
    int64_t age_ms = branch->looked_ms < 0 ? INT64_MAX : clock_ms() - branch->looked_ms;
    pthread_mutex_unlock(&branch->reading);
    return age_ms;
}

bool branch_is_known(Branch *branch)
{
    return age(branch) != INT64_MAX;
}

Error *branch_look(Branch *branch, int64_t most_ms)
{
    Error *err = NULL;

    if (age(branch) < most_ms)
        return NULL;
    pthread_mutex_lock(&branch->turn);
    if (age(branch) >= most_ms) // of many who wait here, the first looks for all
        err = branch->options.wire == BRANCH_FILE ? look_at_folder(branch) : look_at_remote(branch);
    pthread_mutex_unlock(&branch->turn);
    return err;
}
