/*
 * clone.h - the files of a git repository as they are at some branch, tag or commit.
 *
 *     Clone clone = {.wire = BRANCH_HTTP, .url = STR("https://example.com/ops.git"), …};
 *     TRY(clone_files(a, &clone, "/var/cache/relfile/drafts/x", &commit));
 *
 * Of a remote only that one commit is fetched where the server knows how to ("shallow"). There is
 * no ".git" in the folder, and no link in it leads out of it.
 */
#pragma once

#include "io/branch.h"

typedef struct CloneOptions {
    BranchOptions remote; /* its .branch does not count */
    Str ref;           /* a branch, a tag, a commit, perhaps abbreviated; empty: the usual branch */
    Str known;         /* the commit that is here already; empty: none */
    size_t most_bytes; /* of all files; 0: 1 GiB */
} CloneOptions;

/*
 * Write the files into FOLDER, which is empty; *COMMIT says of which commit they are. Is that the
 * known one, FOLDER stays empty. ERROR_NOT_FOUND where there is no such ref; ERROR_UNAVAILABLE,
 * ERROR_DENIED; ERROR_INPUT where there is no repository, and for files that cannot be written.
 */
Error *clone_files(Arena *a, const CloneOptions *options, const char *folder, Str *commit)
    MUST_CHECK;
