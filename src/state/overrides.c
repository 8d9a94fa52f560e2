#include "state/overrides.h"

#include "state/entry.h"

const Str override_folder = STR_INIT("overrides/");

static Str key_of(Arena *a, Str context, Str namespace, Str name)
{
    Str first = state_key_part(a, context), second = state_key_part(a, namespace),
        third = state_key_part(a, name);

    return str_format(a, "%.*s%.*s/%.*s/%.*s.json", STR_ARG(override_folder), STR_ARG(first),
                      STR_ARG(second), STR_ARG(third));
}

static Error *encode(Arena *a, const Override *override, Str *out)
{
    Value *objects = arena_array(a, Value, override->objects.len);
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < override->objects.len; i++)
        objects[i] = value_string(override->objects.items[i]);
    entry_set_integer(a, map, "format", OVERRIDE_FORMAT);
    entry_set_string(a, map, "context", override->context);
    entry_set_string(a, map, "namespace", override->namespace);
    entry_set_string(a, map, "name", override->name);
    entry_set_string(a, map, "user", override->user);
    TRY(entry_set_time(a, map, "since", override->since_ms));
    value_map_set_c(a, map, "stopped", value_list(objects, override->objects.len));
    return entry_text(a, map, out);
}

/* What is at KEY now; an empty version where there is nothing. */
static Error *version_of(StateStore *store, Arena *a, Str key, Str *out)
{
    StateEntry entry = {0};
    Error *err = state_get(store, a, key, &entry);

    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    *out = entry.version;
    return NULL;
}

Error *override_write(StateStore *store, const Override *override)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key = key_of(&scratch, override->context, override->namespace, override->name);
    Str text, version;

    TRY(encode(&scratch, override, &text));
    TRY(version_of(store, &scratch, key, &version));
    return state_put(store, &scratch, key, text, version, &version);
}

Error *override_remove(StateStore *store, Str context, Str namespace, Str name)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key = key_of(&scratch, context, namespace, name), version;

    TRY(version_of(store, &scratch, key, &version));
    return version.len ? state_remove(store, key, version) : NULL;
}

static Error *decode(Arena *a, const ValueMap *map, Override *out)
{
    ValueList objects = {0};
    int64_t format;

    TRY(entry_format(map, OVERRIDE_FORMAT, &format));
    TRY(entry_string(map, "context", &out->context));
    TRY(entry_string(map, "namespace", &out->namespace));
    TRY(entry_string(map, "name", &out->name));
    TRY(entry_string(map, "user", &out->user));
    TRY(entry_time(map, "since", &out->since_ms));
    TRY(entry_list(map, "stopped", &objects));
    for (size_t i = 0; i < objects.len; i++)
        if (objects.items[i].kind == VALUE_STRING)
            *vec_add(a, &out->objects) = objects.items[i].string;
    return format < 1 || !out->name.len ? error_new(ERROR_INPUT, "is no override") : NULL;
}

Error *override_read(StateStore *store, Arena *a, Str key, Override *out)
{
    const char *file = str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
    StateEntry entry;
    ValueMap *map;

    *out = (Override){0};
    TRY(state_get(store, a, key, &entry));
    TRY(entry_parse(a, file, entry.text, "an override", &map));
    TRY(error_wrap(decode(a, map, out), "%s", file));
    if (!str_equal(key_of(a, out->context, out->namespace, out->name), key))
        return error_new(ERROR_INPUT, "%s: is of release %.*s/%.*s", file, STR_ARG(out->namespace),
                         STR_ARG(out->name));
    return NULL;
}
