/*
 * temporary.h - a folder for the files of one test.
 */
#pragma once

#include "tests/unit/unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Temporary {
    char path[64];
} Temporary;

static inline Temporary temporary_make(void)
{
    Temporary folder = {"/tmp/relfile-test-XXXXXX"};

    if (!mkdtemp(folder.path))
        fail_msg("no folder %s", folder.path);
    return folder;
}

static inline int temporary_remove_one(const char *path, const struct stat *info, int flag,
                                       struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

/* For DEFER: with all that is in it. */
static inline void temporary_remove(Temporary *folder)
{
    nftw(folder->path, temporary_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* NAME in the folder. */
static inline const char *temporary_path(Arena *a, const Temporary *folder, const char *name)
{
    return str_format(a, "%s/%s", folder->path, name).ptr;
}

static inline void temporary_write(const Temporary *folder, const char *name, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    FILE *file = fopen(temporary_path(&scratch, folder, name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static inline Str temporary_read(Arena *a, const Temporary *folder, const char *name)
{
    FILE *file = fopen(temporary_path(a, folder, name), "r");
    Buf text = {.arena = a};
    size_t got;

    assert_non_null(file);
    do {
        char *at = buf_room(&text, 4096);
        got = fread(at, 1, 4096, file);
        text.len -= 4096 - got;
    } while (got);
    fclose(file);
    return buf_str(&text);
}
