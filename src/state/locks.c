/*
 * locks.c - which locks there are, for people who wait for one.
 */
#include "io/self.h"
#include "io/world.h"
#include "state/holder.h"
#include "state/state.h"

enum { NS_PER_MS = 1000000 };

static const Str folder = STR_INIT("locks/"), ending = STR_INIT(".json");

/* For people only: whoever takes the lock watches it by a clock of its own. */
static bool is_silent(const Holder *holder)
{
    return world_real.now_ns() / NS_PER_MS - holder->renewed_ms > 2 * holder->ttl_ms;
}

static Error *add_lock(StateStore *store, Arena *a, Str key, StateLockHolders *out)
{
    Str part = str_slice(key, folder.len, key.len - ending.len);
    StateEntry entry;
    Holder holder;
    Str sign;
    Error *err = state_get(store, a, key, &entry);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) { // let go of meanwhile
        error_free(err);
        return NULL;
    }
    TRY(err);
    TRY(holder_parse(a, store, key, &entry, &holder));
    TRY(holder_sign(store, a, key, &holder, &sign));
    *vec_add(a, out) = (StateLockHolder){.name = state_key_name(a, part),
                                         .holder = holder.text,
                                         .run = holder.run,
                                         .before = holder.before,
                                         .since_ms = holder.since_ms,
                                         .renewed_ms = holder.renewed_ms,
                                         .ttl_ms = holder.ttl_ms,
                                         .gone = mark_is_gone(holder.mark) || is_silent(&holder)};
    return NULL;
}

Error *state_lock_list(StateStore *store, Arena *a, StateLockHolders *out)
{
    StrList keys;

    *out = (StateLockHolders){0};
    TRY(state_list(store, a, folder, &keys));
    for (size_t i = 0; i < keys.len; i++)
        if (str_ends(keys.items[i], ending))
            TRY(add_lock(store, a, keys.items[i], out));
    return NULL;
}
