/*
 * changes.h - which files of a git repository are not as they were in some commit: committed since,
 * changed and not committed, or not even known to git.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

typedef struct FileChange {
    Str path;        /* from the root of the file system on */
    const char *how; /* "modified", "added", "deleted" */
} FileChange;

typedef VEC(FileChange) FileChangeList;

/*
 * What is not in the working tree that FOLDER is in as it was in REF: a branch, a tag, a commit;
 * "REF..." is where REF and what is checked out have parted. Files that git ignores do not count.
 * ERROR_INPUT where FOLDER is in no repository, ERROR_NOT_FOUND where there is no such REF.
 */
Error *changes_since(Arena *a, const char *folder, Str ref, FileChangeList *out) MUST_CHECK;
