/*
 * blob.h - texts of records under the digest of what is in them: blobs/SHA256.
 *
 * What records of a store have in common (values and manifests that a sync did not change) is kept
 * once. A blob is packed with gzip; `zcat < blobs/…` shows it. It is written before the record that
 * names it, and taken away only when no record has named it for long (collect.h).
 *
 * That a blob is there already is only trusted while it is young: otherwise it is written again,
 * with a new time, so that whoever is just about to take it away is refused.
 */
#pragma once

#include "base/vec.h"
#include "state/state.h"

enum {
    BLOB_TRUSTED_S = 12 * 3600, /* a blob that is older is written again by who wants to use it */
    BLOB_KEPT_S = 2 * BLOB_TRUSTED_S, /* and one that is older than this may go */
};

/* What the keys of all blobs begin with. */
extern const Str blob_folder;

/* A text on its way into a store. */
typedef struct Blob {
    Str key, text; /* of its entry */
} Blob;

typedef VEC(Blob) BlobList;

/* What a blob with TEXT is called; sealed with KEY, if that is not empty. */
Error *blob_name(StateStore *store, Arena *a, Str key, Str text, Str *out) MUST_CHECK;

/* The blob that TEXT, called NAME, is. */
Error *blob_make(StateStore *store, Arena *a, Str key, Str name, Str text, Blob *out) MUST_CHECK;

/* The key of the blob called NAME. ERROR_INPUT where that is no name. */
Error *blob_key(Arena *a, Str name, Str *out) MUST_CHECK;

/*
 * The text of the blob called NAME. ERROR_INPUT, naming its key, where it is damaged, and where
 * it is missing: a record has named it.
 */
Error *blob_read(StateStore *store, Arena *a, Str name, Str *out) MUST_CHECK;

/* Of BLOBS, write those that are not there; and leave those in it that can go with the record. */
Error *blob_write(StateStore *store, BlobList *blobs) MUST_CHECK;

/* When ENTRY, of a blob, was written: seconds since 1970; 0: nothing says so. */
int64_t blob_written_s(Str entry);
