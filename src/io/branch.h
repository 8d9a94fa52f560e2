/*
 * branch.h - the files of one branch of a git repository: read, listed, and changed by commits.
 *
 * The repository is a folder on this machine, which is used as it is, or a remote, of which a copy
 * is kept in the cache folder: looking at it brings only what is new, and a commit is pushed at
 * once. There is no work tree. All functions can be called from any thread.
 *
 *     DEFER(branch_close) Branch *branch = NULL;
 *     TRY(branch_open(&(BranchOptions){.url = STR("ssh://git@example.com/ops.git"), …},
 * &branch)); TRY(branch_look(branch, 0)); TRY(branch_read(branch, a, STR("state/web.json"),
 * &file)); TRY(branch_commit(branch, &commit, &made));
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Branch Branch;

typedef enum BranchWire { BRANCH_FILE, BRANCH_HTTP, BRANCH_SSH } BranchWire;

typedef struct BranchOptions {
    BranchWire wire;
    Str url;          /* https://HOST/PATH, ssh://USER@HOST:PORT/PATH, or the path of a folder */
    Str branch;       /* it need not be there yet */
    Str reference;    /* instead: the whole name of what is no branch, and may be rewritten */
    Str journal;      /* the whole name of the reference that commits go to first; or empty */
    Str ca_file;      /* of certificates, for HTTPS; empty: the usual ones */
    Str ssh_key;      /* a file; empty: what ssh finds */
    Str known_hosts;  /* a file; empty: what ssh finds */
    Str sign;         /* commits: "true", "false"; empty: as git's commit.gpgSign says */
    const char *tool; /* who commits if nobody is set up in git: "relfile" */
    bool insecure;    /* any certificate will do, for HTTPS */
} BranchOptions;

typedef struct BranchFile {
    Str text;
    Str id; /* of its content: the name of git's object */
} BranchFile;

typedef struct BranchChange {
    Str path, text;
    Str id;       /* of a text that the repository has, instead of that */
    bool removes; /* instead: the file is there, and is taken away */
} BranchChange;

/* Which commit. */
typedef struct BranchMark {
    unsigned char id[20];
    bool made; /* otherwise it came to none */
} BranchMark;

/* What a look has seen. */
typedef struct BranchSeen {
    BranchMark own, journal; /* nothing made: it is not there */
} BranchSeen;

typedef struct BranchCommit {
    const BranchChange *changes;
    size_t len;
    Str message;
    Str trailers;  /* of the message: lines, or empty */
    bool alone;    /* without a parent: what was before is forgotten. Servers may refuse that */
    BranchSeen on; /* what was there when the changes were found possible: branch_seen */
} BranchCommit;

/* Nothing is asked of a remote yet. The texts of OPTIONS must live as long. */
Error *branch_open(const BranchOptions *options, Branch **out) MUST_CHECK;
void branch_close(Branch **branch);

/*
 * See what the branch is now, unless that is known from the last MOST_MS milliseconds.
 * ERROR_UNAVAILABLE where nobody answers, ERROR_DENIED, ERROR_INPUT where there is no such
 * repository. A branch that is not there is empty.
 */
Error *branch_look(Branch *branch, int64_t most_ms) MUST_CHECK;

/* Whether it was ever looked at. */
bool branch_is_known(Branch *branch);

/* The file at PATH, when the branch was looked at last. ERROR_NOT_FOUND. */
Error *branch_read(Branch *branch, Arena *a, Str path, BranchFile *out) MUST_CHECK;

/* The paths of all files in FOLDER (of all, if that is empty) and below, in byte order. */
Error *branch_list(Branch *branch, Arena *a, Str folder, StrList *out) MUST_CHECK;

/* What was there when it was looked at last, by whichever thread. */
BranchSeen branch_seen(Branch *branch);

/*
 * Put COMMIT on the branch, or its journal. ERROR_CONFLICT: the branch is not any more what COMMIT
 * was made for, or just then another changes it. ERROR_UNAVAILABLE: the connection broke. After
 * both it may have got through all the same: look again, and ask branch_contains. ERROR_DENIED: the
 * other side does not want it. *MADE is set whatever happens.
 */
Error *branch_commit(Branch *branch, const BranchCommit *commit, BranchMark *made) MUST_CHECK;

/* Whether the branch, as seen last, has the commit MADE in its history. */
bool branch_contains(Branch *branch, const BranchMark *made);

/*
 * A branch with a journal. Commits go to a reference of their own, from the first that follows on
 * what the branch is to the last that is put on the branch, and while there are such, what is read
 * is what the journal has. branch_publish puts them on the branch, as one commit; branch_settle
 * then ends the journal. It is not deleted but refers to the branch's commit from then on: whoever
 * begins anew must have seen that. Where a server refuses such a reference, which nobody has made
 * yet, all goes to the branch as if there were none. See docs/state.md.
 */

/* A file whose text the journal has, and the branch has another or none. */
typedef struct BranchPending {
    Str path, id;      /* no id: the journal has none */
    bool is_on_branch; /* some text, or other */
} BranchPending;

typedef VEC(BranchPending) BranchPendings;

/* Whether there is a journal that is not ended. */
bool branch_has_journal(Branch *branch);

/* What it has, by paths. */
Error *branch_pending(Branch *branch, Arena *a, BranchPendings *out) MUST_CHECK;

/* The text of a file with ID. */
Error *branch_text(Branch *branch, Arena *a, Str id, Str *out) MUST_CHECK;

/*
 * COMMIT, whose changes have ids instead of texts, on top of the branch; the journal stays. Errors
 * are those of branch_commit.
 */
Error *branch_publish(Branch *branch, const BranchCommit *commit, BranchMark *made) MUST_CHECK;

/*
 * Take GONE (a path, or empty) out of the journal, and what is on the branch; where nothing is
 * left, end it. Errors are those of branch_commit.
 */
Error *branch_settle(Branch *branch, Str gone, const BranchSeen *on) MUST_CHECK;

/* The id that a file with TEXT has. */
Error *branch_id(Branch *branch, Arena *a, Str text, Str *out) MUST_CHECK;
