/*
 * archive.h - the files in a tar archive, compressed or not, in memory.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct ArchiveEntry {
    Str path; /* as it stands in the archive */
    Str data;
} ArchiveEntry;

typedef VEC(ArchiveEntry) ArchiveEntryList;

typedef struct ArchiveLimits {
    size_t bytes, entries; /* of all files together, unpacked */
} ArchiveLimits;

/*
 * The files of ARCHIVE; folders are left out, and links, devices and the like are empty files.
 * NAME is for messages. ERROR_INPUT beyond the LIMITS, and where it is no archive.
 */
Error *archive_read_tar(Arena *a, const char *name, Str archive, ArchiveLimits limits,
                        ArchiveEntryList *out) MUST_CHECK;

/* ENTRIES as a tar archive, not compressed: readable by all, nobody's, last changed at SECONDS
 * since 1970. The same entries make the same bytes. */
Str archive_write_tar(Arena *a, const ArchiveEntryList *entries, int64_t seconds);
