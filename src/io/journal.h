/*
 * journal.h - a file that is only ever added to, and that several processes read along.
 *
 * Whoever adds to it holds a lock on something (lock.h), and so does whoever reads: a reader then
 * sees whole additions, but for the last one of a process that was killed. To make the file short
 * again, replace it (file.h); other processes notice by journal_replaced and open it anew.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Journal {
    int fd; /* 0: not open */
    uint64_t device, inode;
    uint64_t size; /* bytes when it was opened */
} Journal;

/* Open the file at PATH, made if it is not there. */
Error *journal_open(const char *path, Journal *out) MUST_CHECK;
void journal_close(Journal *journal);

/* Whether PATH is another file by now, or none. */
bool journal_replaced(const Journal *journal, const char *path);

/* Add TEXT, all of it by one write. It need not be on the disk when this returns. */
Error *journal_add(const Journal *journal, Str text) MUST_CHECK;

/* What stands behind the first FROM bytes. */
Error *journal_read(Arena *a, const Journal *journal, uint64_t from, Str *out) MUST_CHECK;
