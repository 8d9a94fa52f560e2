#include "state/holder.h"

#include "state/entry.h"

/* A relfile that knows no signs must not take the holder for dead: then it is 2. */
enum { FORMAT = 1, FORMAT_OF_SIGNS = 2 };

static Error *decode(Arena *a, const ValueMap *map, Holder *holder)
{
    int64_t format = 0;

    TRY(entry_integer(map, "format", &format));
    if (format > FORMAT_OF_SIGNS)
        return error_new(ERROR_INPUT, "a newer relfile holds this lock");
    holder->signs = format == FORMAT_OF_SIGNS;
    TRY(entry_string(map, "holder", &holder->text));
    TRY(entry_string(map, "token", &holder->token));
    if (value_map_get(map, STR("process")))
        TRY(entry_string(map, "process", &holder->mark));
    TRY(entry_string(map, "run", &holder->run));
    TRY(entry_texts(a, map, "before", &holder->before));
    TRY(entry_integer(map, "ttl_ms", &holder->ttl_ms));
    TRY(entry_integer(map, "beats", &holder->beats));
    TRY(entry_time(map, "since", &holder->since_ms));
    TRY(entry_time(map, "renewed", &holder->renewed_ms));
    if (format < 1 || !holder->token.len || holder->ttl_ms < 1)
        return error_new(ERROR_INPUT, "is not a lock");
    return NULL;
}

static Error *parse(Arena *a, const char *file, Str text, Holder *out)
{
    ValueMap *map;

    TRY(entry_parse(a, file, text, "a lock", &map));
    return error_wrap(decode(a, map, out), "%s", file);
}

Error *holder_parse(Arena *a, const StateStore *store, Str key, const StateEntry *entry,
                    Holder *out)
{
    const char *file = str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
    Holder holder = {0};

    TRY(error_hint(parse(a, file, entry->text, &holder),
                   "look at it, and then take it away: relfile lock break"));
    *out = holder;
    return NULL;
}

Error *holder_sign(StateStore *store, Arena *a, Str key, Holder *holder, Str *version)
{
    StateEntry sign;
    Holder living;

    *version = (Str){"", 0};
    if (!holder->signs || !store->type->get_sign)
        return NULL;
    Error *err = store->type->get_sign(store, a, key, &sign);
    if (!err)
        err = holder_parse(a, store, key, &sign, &living);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    if (!str_equal(living.token, holder->token)) // of one who had the lock before
        return NULL;
    *version = sign.version;
    if (living.renewed_ms > holder->renewed_ms)
        holder->renewed_ms = living.renewed_ms;
    return NULL;
}

Error *holder_text(Arena *a, const Holder *holder, Str *out)
{
    ValueMap *map = value_map_new(a);

    entry_set_integer(a, map, "format", holder->signs ? FORMAT_OF_SIGNS : FORMAT);
    entry_set_string(a, map, "holder", holder->text);
    entry_set_string(a, map, "token", holder->token);
    if (holder->mark.len)
        entry_set_string(a, map, "process", holder->mark);
    entry_set_string(a, map, "run", holder->run);
    entry_set_texts(a, map, "before", &holder->before);
    entry_set_integer(a, map, "ttl_ms", holder->ttl_ms);
    entry_set_integer(a, map, "beats", holder->beats);
    TRY(entry_set_time(a, map, "since", holder->since_ms));
    TRY(entry_set_time(a, map, "renewed", holder->renewed_ms));
    return entry_text(a, map, out);
}
