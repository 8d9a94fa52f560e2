#include "state/git_beats.h"

#include "io/clock.h"

enum { MOST_TRIES = 8, PAUSE_MS = 20 };

void git_beats_init(Arena *a, GitBeats *beats, const BranchOptions *options, Str folder)
{
    beats->options = *options;
    beats->options.reference = STR("refs/relfile/heartbeats");
    beats->options.sign = STR("false"); // nobody looks at these
    beats->folder = str_format(a, "%.*s/%.*s", STR_ARG(options->branch), STR_ARG(folder));
    pthread_mutex_init(&beats->turn, NULL);
}

void git_beats_close(GitBeats *beats)
{
    branch_close(&beats->branch);
    pthread_mutex_destroy(&beats->turn);
}

static Error *open_branch(GitBeats *beats)
{
    pthread_mutex_lock(&beats->turn);
    Error *err = beats->branch ? NULL : branch_open(&beats->options, &beats->branch);
    pthread_mutex_unlock(&beats->turn);
    return err;
}

Error *git_beats_read(GitBeats *beats, Arena *a, Str key, StateEntry *out)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchFile file = {0};

    TRY(open_branch(beats));
    TRY(branch_look(beats->branch, 0));
    TRY(branch_read(beats->branch, a, str_join(&scratch, beats->folder, key), &file));
    *out = (StateEntry){file.text, file.id};
    return NULL;
}

/* On what is there as far as we know; with AGAIN, on what is. */
static Error *write_once(GitBeats *beats, const BranchChange *change, bool alone, bool again)
{
    BranchMark made;

    if (again || !branch_is_known(beats->branch))
        TRY(branch_look(beats->branch, 0));
    return branch_commit(beats->branch,
                         &(BranchCommit){.changes = change,
                                         .len = 1,
                                         .message = STR("Locks are held\n"),
                                         .alone = alone,
                                         .on = branch_seen(beats->branch)},
                         &made);
}

/* Others write theirs, too. */
static Error *write_in_turn(GitBeats *beats, const BranchChange *change)
{
    Error *err = NULL;

    for (int i = 0; i < MOST_TRIES; i++) {
        err = write_once(beats, change, !beats->chained, i > 0);
        if (err && error_kind_of(err) == ERROR_DENIED && !beats->chained) {
            beats->chained = true;
        } else if (!err || error_kind_of(err) != ERROR_CONFLICT) {
            return err;
        } else {
            clock_sleep(PAUSE_MS + clock_ms() % PAUSE_MS);
        }
        if (i + 1 < MOST_TRIES)
            error_free(err);
    }
    return error_as(err, ERROR_UNAVAILABLE); // a conflict would be that of the lock
}

Error *git_beats_write(GitBeats *beats, Str key, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    BranchChange change = {.path = str_join(&scratch, beats->folder, key), .text = text};

    TRY(open_branch(beats));
    pthread_mutex_lock(&beats->turn);
    Error *err = write_in_turn(beats, &change);
    pthread_mutex_unlock(&beats->turn);
    return err;
}
