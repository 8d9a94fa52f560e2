#include "base/name_index.h"

/* FNV-1a. */
static size_t hash(const void *owner, Str name)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (uintptr_t)owner;

    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* Where NAME of OWNER is, or would be: some slots are always free. */
static NameSlot *find_slot(const NameIndex *index, const void *owner, Str name)
{
    size_t at = hash(owner, name) & (index->cap - 1);

    while (index->slots[at].content &&
           (index->slots[at].owner != owner || !str_equal(index->slots[at].name, name)))
        at = (at + 1) & (index->cap - 1);
    return &index->slots[at];
}

static void grow(Arena *a, NameIndex *index)
{
    NameIndex old = *index;

    index->cap = old.cap ? 2 * old.cap : 16;
    index->slots = arena_array(a, NameSlot, index->cap);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].content)
            *find_slot(index, old.slots[i].owner, old.slots[i].name) = old.slots[i];
}

void *name_index_get(const NameIndex *index, const void *owner, Str name)
{
    return index->cap ? find_slot(index, owner, name)->content : NULL;
}

void name_index_set(Arena *a, NameIndex *index, const void *owner, Str name, void *content)
{
    if (2 * index->len >= index->cap)
        grow(a, index);

    NameSlot *slot = find_slot(index, owner, name);
    index->len += slot->content == NULL;
    *slot = (NameSlot){owner, name, content};
}
