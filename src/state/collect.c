#include "state/collect.h"

#include "io/world.h"
#include "state/blob.h"
#include "state/maintain.h"
#include "state/record_entry.h"

enum { MOST_TRIES = 10, NS_PER_S = 1000000000 };

static void add(Arena *a, BlobUses *uses, Str name, Str key)
{
    Str *content;

    if (!name.len || name_index_get(uses, NULL, name))
        return;
    content = arena_new(a, Str);
    *content = key;
    name_index_set(a, uses, NULL, str_copy(a, name), content);
}

void blob_uses_add(Arena *a, BlobUses *uses, const Record *record, Str key)
{
    add(a, uses, record->texts.config, key);
    add(a, uses, record->texts.manifest, key);
    add(a, uses, record->texts.rest, key);
}

Error *blob_list(StateStore *store, Arena *a, StrList *out)
{
    TRY(state_list(store, a, blob_folder, out));
    for (size_t i = 0; i < out->len; i++)
        out->items[i] = str_skip(out->items[i], blob_folder.len);
    return NULL;
}

/*
 * All that records name now. *MOVED: one that was listed is gone, so that one that has come since,
 * and was not listed, may use what it has named.
 */
static Error *read_uses(StateStore *store, Arena *a, BlobUses *uses, bool *moved)
{
    StrList keys;

    *moved = false;
    *uses = (BlobUses){0};
    TRY(state_list(store, a, STR("releases/"), &keys));
    for (size_t i = 0; i < keys.len && !*moved; i++) {
        DEFER(arena_free) Arena scratch = {0};
        Record record;

        if (!record_revision_of(keys.items[i]))
            continue;
        Error *err = record_summary(store, &scratch, keys.items[i], &record);
        *moved = err && error_kind_of(err) == ERROR_NOT_FOUND;
        if (*moved)
            error_free(err);
        else
            TRY(err);
        if (!*moved)
            blob_uses_add(a, uses, &record, keys.items[i]);
    }
    return NULL;
}

static Error *settled_uses(StateStore *store, Arena *a, BlobUses *uses)
{
    bool moved = true;

    for (int i = 0; moved && i < MOST_TRIES; i++)
        TRY(read_uses(store, a, uses, &moved));
    if (moved)
        return error_new(ERROR_CONFLICT, "%s: others change records all the time", store->url);
    return NULL;
}

/* Nobody names the blob called NAME. */
static Error *collect_one(StateStore *store, Str name, int64_t kept_s, StateGarbage *out)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t now_s = world_real.now_ns() / NS_PER_S;
    StateEntry entry;
    Str key = str_join(&scratch, blob_folder, name);
    Error *err = state_get(store, &scratch, key, &entry);

    if (!err && now_s - blob_written_s(entry.text) < kept_s) {
        out->young++;
        return NULL;
    }
    if (!err)
        err = state_remove(store, key, entry.version);
    out->gone += !err;
    if (err && error_kind_of(err) != ERROR_NOT_FOUND && error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err); // somebody wants it again, or has been faster
    return NULL;
}

Error *state_collect(StateStore *store, int64_t kept_s, StateGarbage *out)
{
    DEFER(arena_free) Arena memory = {0};
    BlobUses uses;
    StrList names;

    *out = (StateGarbage){0};
    if (kept_s < BLOB_KEPT_S)
        TRY(state_check_idle(store));
    TRY(blob_list(store, &memory, &names));
    TRY(settled_uses(store, &memory, &uses));
    for (size_t i = 0; i < names.len; i++)
        if (!name_index_get(&uses, NULL, names.items[i]))
            TRY(collect_one(store, names.items[i], kept_s, out));
    return NULL;
}
