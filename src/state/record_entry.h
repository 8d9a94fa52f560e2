/*
 * record_entry.h - records as entries of a store, for the files that read and write them.
 */
#pragma once

#include "state/record.h"

/* The place of KEY's entry, for messages. */
const char *record_place(const StateStore *store, Arena *a, Str key);

/* The key of RECORD's entry; EARLIER: as format 1 called it. */
Str record_key_of(Arena *a, const Record *record, bool earlier);

/* The revision that KEY is of; 0 where it is no record's key. */
int record_revision_of(Str key);

/* Whether KEY, of a record, is as format 1 called it. */
bool record_key_is_earlier(Str key);

/* A record that was copied to another place is not that place's. FILE is for messages. */
Error *record_check_place(Arena *a, const char *file, Str key, const Record *record) MUST_CHECK;

/* A summary of the record at KEY. */
Error *record_summary(StateStore *store, Arena *a, Str key, Record *out) MUST_CHECK;

/* Put MAP, which is RECORD, in its place, with its texts. What is in RECORD's version must be
 * there.
 */
Error *record_put(StateStore *store, Arena *a, Record *record, ValueMap *map) MUST_CHECK;
