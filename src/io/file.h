/*
 * file.h - whole files in, whole files out.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

/* What file_read takes at most: more than any spec, values file or chart should have. */
#define FILE_MOST_BYTES ((size_t)256 << 20)

typedef struct FileEntry {
    Str name; /* without the folder */
    bool is_directory;
    bool is_regular; /* for sure: what a link leads to has not been looked at */
} FileEntry;

typedef VEC(FileEntry) FileEntryList;

typedef enum FileKind { FILE_MISSING, FILE_REGULAR, FILE_DIRECTORY, FILE_OTHER } FileKind;

/*
 * The bytes of the file at PATH. ERROR_NOT_FOUND when it is not there, ERROR_INPUT when it
 * has more than the limit, or is no file.
 */
Error *file_read(Arena *a, const char *path, Str *out) MUST_CHECK;
Error *file_read_limited(Arena *a, const char *path, size_t limit_bytes, Str *out) MUST_CHECK;

/*
 * The same; a large file is not read but mapped, until the process ends, so that what nobody looks
 * at costs nothing. Whoever cuts the file short meanwhile kills the process (SIGBUS): for commands
 * that are done at once and change nothing.
 */
Error *file_read_mapped(Arena *a, const char *path, size_t limit_bytes, Str *out) MUST_CHECK;

/* The same of FD, an open file; NAME is for messages. */
Error *file_read_open(Arena *a, int fd, const char *name, size_t limit_bytes, Str *out) MUST_CHECK;

/* What takes a text part by part; a part is gone when it returns. */
typedef Error *FileTake(void *context, Str part);

/* Give the bytes of the file at PATH to TAKE, a small part at a time, until it fails. */
Error *file_stream(const char *path, FileTake *take, void *context) MUST_CHECK;

/* DATA to FD, a file, and on to its disk. */
Error *file_write_open(int fd, const char *name, Str data) MUST_CHECK;

/* All of standard input. */
Error *file_read_stdin(Arena *a, Str *out) MUST_CHECK;

/* What is at PATH, links followed. What cannot be looked at is missing. */
FileKind file_kind(const char *path);

/* Whether there is something at PATH, be it a link to nothing: that reading it may say so. */
bool file_exists(const char *path);

/* The same, but what cannot be looked at, though something may be there, is an error. */
Error *file_look(const char *path, FileKind *out) MUST_CHECK;

/* Whether there is a symbolic link at PATH. */
bool file_is_link(const char *path);

/* What the symbolic link at PATH says. */
Error *file_link_target(Arena *a, const char *path, Str *out) MUST_CHECK;

/* How many bytes the file at PATH has. */
Error *file_size(const char *path, uint64_t *out) MUST_CHECK;

/* PATH from the root on, links followed; PATH itself if there is nothing there. */
Str file_absolute(Arena *a, const char *path);

/* What is in the folder at PATH, sorted by name in byte order; not "." and "..". */
Error *directory_read(Arena *a, const char *path, FileEntryList *out) MUST_CHECK;

/*
 * Make the file at PATH hold DATA, or on failure leave it as it was. Whoever reads it
 * meanwhile, or after a crash, finds the old bytes or the new ones, never a part.
 * Directories above it that are not there are made. A link at PATH is replaced, not followed.
 */
Error *file_replace(const char *path, Str data) MUST_CHECK;

/*
 * The same without waiting for the disk: after a crash of the machine (not of the process) the
 * file may be the old one, or empty.
 */
Error *file_replace_unsynced(const char *path, Str data) MUST_CHECK;

/*
 * The same as file_replace where nothing is at PATH; what is there by then stays. Of several who do
 * it at once one counts.
 */
Error *file_create(const char *path, Str data) MUST_CHECK;

/* The same as file_replace for what everybody may read; otherwise files are their owner's alone. */
Error *file_replace_public(const char *path, Str data) MUST_CHECK;

/* Take the file at PATH away; it need not be there. */
Error *file_remove(const char *path) MUST_CHECK;

/* Take the directory at PATH away if it is empty; if it is not, it stays. */
Error *directory_remove(const char *path) MUST_CHECK;

/* Make the directory at PATH, and those above it, where they are not there. */
Error *directory_make(const char *path) MUST_CHECK;
