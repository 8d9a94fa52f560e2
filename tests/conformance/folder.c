/*
 * folder.c - folders for the files of vectors.
 */
#include "tests/conformance/vector.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

const char *vector_folder_make(Arena *a)
{
    char *path = arena_text(a, 64);

    snprintf(path, 64, "/tmp/vector-XXXXXX");
    if (!mkdtemp(path))
        BUG("no folder in /tmp");
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void vector_folder_remove(const char *folder)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
