/*
 * clone_parts.h - what the parts of clone.h share.
 */
#pragma once

#include "io/branch_wire.h"
#include "io/clone.h"

/* A name of a repository and what it stands for. */
typedef struct CloneRef {
    Str name;                          /* "refs/heads/main", "HEAD" */
    char id[BRANCH_ID_LENGTH + 1];     /* of a commit, or of a tag's object */
    char commit[BRANCH_ID_LENGTH + 1]; /* what the tag's object leads to; empty: not said */
} CloneRef;

typedef VEC(CloneRef) CloneRefs;

/* What a server says of itself. */
typedef struct CloneServer {
    CloneRefs refs;
    bool knows_shallow;
    bool gives_any; /* a commit that no ref leads to directly can be asked for */
} CloneServer;

/* ---- clone_fetch.c: a conversation with a server */

typedef struct CloneTalk CloneTalk;

/* Ask the server of REMOTE what it has. */
Error *clone_talk(Arena *a, BranchRemote *remote, CloneTalk **out, CloneServer *server) MUST_CHECK;

/*
 * Have the objects that IDS, COUNT of them, lead to written into REPOSITORY: with all history, or,
 * if SHALLOW, none. No more than MOST_BYTES.
 */
Error *clone_fetch(CloneTalk *talk, git_repository *repository, const char *const *ids,
                   size_t count, bool shallow, size_t most_bytes) MUST_CHECK;

/* For DEFER. */
void clone_talk_end(CloneTalk **talk);

/* ---- clone_write.c */

/* Write the files of TREE into FOLDER. URL is for messages. */
Error *clone_write(git_repository *repository, git_tree *tree, const char *url, const char *folder,
                   size_t most_bytes) MUST_CHECK;

/* For DEFER. */
void clone_free_odb(git_odb **objects);
