/*
 * git_beats.h - signs of life of those who hold locks of a state in git.
 *
 * They are in a reference of their own, which is no branch: a sign each ten seconds would bury what
 * the branch's history tells. It has no history either: each commit stands alone, and a server
 * forgets the ones before. Where a server refuses that, they are a chain.
 */
#pragma once

#include "io/branch.h"
#include "state/state.h"

#include <pthread.h>

typedef struct GitBeats {
    BranchOptions options;
    Str folder; /* of the signs: empty, or with a slash at the end */

    pthread_mutex_t turn; /* for what follows */
    Branch *branch;       /* opened when it is needed */
    bool chained;
} GitBeats;

/* For the state at FOLDER on the branch of OPTIONS, both of which must live as long. */
void git_beats_init(Arena *a, GitBeats *beats, const BranchOptions *options, Str folder);
void git_beats_close(GitBeats *beats);

/* As get_sign and put_sign, without a guard. */
Error *git_beats_read(GitBeats *beats, Arena *a, Str key, StateEntry *out) MUST_CHECK;
Error *git_beats_write(GitBeats *beats, Str key, Str text) MUST_CHECK;
