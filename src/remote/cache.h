/*
 * cache.h - the folder that fetched things are kept in, for remote.c.
 *
 *     blobs/1f/1f0c…          files, by SHA-256
 *     folders/9a/9a3e…        folders, by tree_digest
 *     named/1f/1f0c…/x.yaml   a link to such a file, where its name matters
 *     refs/52/52aa….json      what was asked for, by its key: which content that was, and when
 *     locks/52aa…             held by the process that fetches it
 *     drafts/                 what is on its way
 *
 * Nothing here is the only copy of anything: all of it may be removed at any time.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "remote/remote.h"

typedef struct CacheRef {
    Str name;          /* for people */
    Str digest;        /* of the content; empty: it is not there */
    Str tag, modified; /* see schemes.h */
} CacheRef;

/* Where the cache is when nobody says. */
const char *cache_usual(Arena *a);

/* The SHA-256 of PARTS, COUNT of them. */
Str cache_key(Arena *a, const Str *parts, size_t count);

const char *cache_blob_path(Arena *a, const char *cache, Str digest);
const char *cache_folder_path(Arena *a, const char *cache, Str digest);
/* Where a blob is that is to have a NAME. */
const char *cache_named_path(Arena *a, const char *cache, Str digest, Str name);
const char *cache_drafts(Arena *a, const char *cache);
const char *cache_lock_path(Arena *a, const char *cache, Str key);

/* The ref of KEY; an empty one where there is none, or it is broken. */
CacheRef cache_ref_read(Arena *a, const char *cache, Str key);
Error *cache_ref_write(const char *cache, Str key, const CacheRef *ref) MUST_CHECK;

/* Whether the content of REF is there, and has its digest; what has another is removed. */
bool cache_has(const char *cache, Str digest, bool is_folder);

/* The SHA-256 of the file at PATH. */
Error *cache_file_digest(Arena *a, const char *path, Str *out) MUST_CHECK;

/* All refs. */
Error *cache_refs(Arena *a, const char *cache, RemoteKeptList *out) MUST_CHECK;
