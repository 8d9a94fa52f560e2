/*
 * archive.h - what is in a tar archive, compressed or not: regular files only, in memory.
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
 * The files of ARCHIVE; folders are left out. NAME is for messages. ERROR_INPUT for links,
 * devices and the like, beyond the LIMITS, and where it is no archive.
 */
Error *archive_read_tar(Arena *a, const char *name, Str archive, ArchiveLimits limits,
                        ArchiveEntryList *out) MUST_CHECK;
