/*
 * name_index.h - what a name stands for: a hash table, for texts that may have any number of
 * names in any order. Nothing is ever taken out of it. {0} is an empty one.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

typedef struct NameSlot {
    const void *owner;
    Str name;
    void *content; /* NULL: free */
} NameSlot;

typedef struct NameIndex {
    NameSlot *slots;
    size_t len, cap; /* cap is 0 or a power of 2 */
} NameIndex;

/* What NAME of OWNER stands for; NULL: nothing yet. An owner is any address, or NULL. */
void *name_index_get(const NameIndex *index, const void *owner, Str name);

/* NAME, which is not copied, from now on stands for CONTENT, which is not NULL. */
void name_index_set(Arena *a, NameIndex *index, const void *owner, Str name, void *content);
