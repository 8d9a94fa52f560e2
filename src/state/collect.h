/*
 * collect.h - which blobs records name, and those that none does.
 */
#pragma once

#include "base/name_index.h"
#include "state/record.h"

/* By a blob's name: the key (a Str) of a record that names it. */
typedef NameIndex BlobUses;

/* Add the blobs that RECORD, at KEY, names to USES. */
void blob_uses_add(Arena *a, BlobUses *uses, const Record *record, Str key);

/* The names of all blobs that are in STORE. */
Error *blob_list(StateStore *store, Arena *a, StrList *out) MUST_CHECK;

typedef struct StateGarbage {
    size_t gone, young; /* blobs that no record names: taken away, and left for now */
} StateGarbage;

/*
 * Take away blobs that no record names, and that were written more than KEPT_S ago. With less than
 * BLOB_KEPT_S nobody may be at work: ERROR_CONFLICT where somebody holds a lock. ERROR_INPUT where
 * a record cannot be read: nobody knows what it names.
 */
Error *state_collect(StateStore *store, int64_t kept_s, StateGarbage *out) MUST_CHECK;
