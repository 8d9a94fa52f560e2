/*
 * folder.h - a folder that a program keeps for itself, and what is below it: whole files.
 *
 * It may hold secrets, and may be shared with programs and people that are not trusted: files
 * are made 0600 and folders 0700, and no link below it is followed. A change is on the disk,
 * whatever then happens to the machine, when the last call that makes it returns; readers find
 * what was there before, or all of it, never a part.
 *
 * Reading needs no lock. Who writes has the new text on the disk first, and takes folder_lock only
 * to look at what is there and put the text in its place: so that many can write at a time.
 *
 *     DEFER(folder_close) Folder *folder = NULL;
 *     DEFER(folder_drop) FolderDraft *draft = NULL;
 *     TRY(folder_open(a, "/var/lib/relfile", FOLDER_MAKE, &folder));
 *     TRY(folder_draft(folder, a, text, &draft));
 *     TRY(folder_lock(folder, 30000));
 *     TRY(folder_publish(folder, draft, STR("releases/web.json")));
 *     folder_unlock(folder);
 *     TRY(folder_settle(draft));
 *
 * Paths are relative, without "." and "..". Names that begin with a dot are the folder's own.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdint.h>

typedef struct Folder Folder;

typedef enum FolderMode { FOLDER_READ, FOLDER_MAKE } FolderMode;

/*
 * Open the folder at PATH, itself possibly a link. FOLDER_MAKE makes it, and those above it,
 * where they are not there; otherwise that is ERROR_NOT_FOUND.
 */
Error *folder_open(Arena *a, const char *path, FolderMode mode, Folder **out) MUST_CHECK;

/* Releases the lock, too. */
void folder_close(Folder **folder);

/*
 * Be the only one that writes, until folder_close. ERROR_UNAVAILABLE when another process
 * does not let go of the lock for TIMEOUT_MS: no change takes so long, so it must hang.
 */
Error *folder_lock(Folder *folder, int64_t timeout_ms) MUST_CHECK;

/*
 * The bytes of the file at PATH. ERROR_NOT_FOUND when it is not there; ERROR_DENIED for a link,
 * or below one; ERROR_INPUT where it is no file or has more than FILE_MOST_BYTES.
 */
Error *folder_read(const Folder *folder, Arena *a, Str path, Str *out) MUST_CHECK;

/* Remove what runs that were killed have left. */
Error *folder_clear(const Folder *folder) MUST_CHECK;

/* A text on its way into a folder. */
typedef struct FolderDraft FolderDraft;

/* Write DATA beside what is there, and sync it. Needs no lock. */
Error *folder_draft(const Folder *folder, Arena *a, Str data, FolderDraft **out) MUST_CHECK;

/* Make the file at PATH be DRAFT, making the folders it is in. */
Error *folder_publish(Folder *folder, FolderDraft *draft, Str path) MUST_CHECK;

/* Only when this returns is it certain that the published DRAFT stays. Needs no lock. */
Error *folder_settle(FolderDraft *draft) MUST_CHECK;

/* What was not published is gone. */
void folder_drop(FolderDraft **draft);

void folder_unlock(Folder *folder);

/* Take the file at PATH away, and the folders that this leaves empty. ERROR_NOT_FOUND. */
Error *folder_remove(Folder *folder, Str path) MUST_CHECK;

/*
 * The paths of all files below the folder at PATH (of all, where that is empty), in byte order;
 * none where it is not there. Links are among them: reading them is what fails.
 */
Error *folder_list(const Folder *folder, Arena *a, Str path, StrList *out) MUST_CHECK;
