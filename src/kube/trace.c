#include "kube/trace.h"

#include "base/field.h"
#include "base/json.h"

/* Fields whose values are secret wherever they stand. */
static const char *const hidden[] = {"token", "password", "clientKeyData",
                                     "kubectl.kubernetes.io/last-applied-configuration"};

static Value masked(Arena *a, Value v);

static bool is_hidden(Str key)
{
    for (size_t i = 0; i < COUNT(hidden); i++)
        if (str_is(key, hidden[i]))
            return true;
    return false;
}

/* Annotations in which nobody keeps what is secret. */
static bool is_public(Str key)
{
    return str_starts(key, STR("meta.helm.sh/")) || str_starts(key, STR("helm.sh/")) ||
           str_starts(key, STR("relfile.io/"));
}

/* MAP with "(hidden)" for each value. */
static Value masked_texts(Arena *a, const ValueMap *map)
{
    ValueMap *out = value_map_new(a);

    for (size_t i = 0; i < map->len; i++)
        value_map_set(a, out, map->entries[i].key,
                      is_public(map->entries[i].key) ? map->entries[i].value : value_c("(hidden)"));
    return value_of_map(out);
}

/* METADATA of a Secret: tools keep copies of it in annotations. */
static Value masked_metadata(Arena *a, const ValueMap *metadata)
{
    ValueMap *out = value_map_shallow(a, metadata);
    const Value *annotations = value_map_get_c(metadata, "annotations");

    if (annotations && annotations->kind == VALUE_MAP && annotations->map)
        value_map_set_c(a, out, "annotations", masked_texts(a, annotations->map));
    return value_of_map(out);
}

/* Items of a list of Secrets do not say what they are, but have a type, or come with records. */
static bool holds_secrets(const ValueMap *map, Str key)
{
    Value whole = value_of_map((ValueMap *)(uintptr_t)map);
    Str kind = field_string(&whole, "kind");
    const Value *data = value_map_get(map, key);

    if (!data || data->kind != VALUE_MAP || !data->map)
        return false;
    if (str_is(key, "stringData"))
        return true;
    return str_is(key, "data") && (str_is(kind, "Secret") || field_string(&whole, "type").len ||
                                   value_map_get_c(data->map, "release"));
}

static bool is_secret(const ValueMap *map)
{
    return holds_secrets(map, STR("data")) || holds_secrets(map, STR("stringData"));
}

static Value masked_map(Arena *a, const ValueMap *map)
{
    ValueMap *out = value_map_new(a);

    for (size_t i = 0; map && i < map->len; i++) {
        const ValueEntry *entry = &map->entries[i];

        if (is_hidden(entry->key) && entry->value.kind == VALUE_STRING)
            value_map_set(a, out, entry->key, value_c("(hidden)"));
        else if (str_is(entry->key, "metadata") && entry->value.kind == VALUE_MAP &&
                 entry->value.map && is_secret(map))
            value_map_set(a, out, entry->key, masked_metadata(a, entry->value.map));
        else if (holds_secrets(map, entry->key))
            value_map_set(a, out, entry->key, masked_texts(a, entry->value.map));
        else
            value_map_set(a, out, entry->key, masked(a, entry->value));
    }
    return value_of_map(out);
}

static Value masked(Arena *a, Value v)
{
    if (v.kind == VALUE_MAP)
        return masked_map(a, v.map);
    if (v.kind != VALUE_LIST)
        return v;
    Value *items = arena_array(a, Value, v.list.len);
    for (size_t i = 0; i < v.list.len; i++)
        items[i] = masked(a, v.list.items[i]);
    return value_list(items, v.list.len);
}

/* A server's refusal without its messages. */
static Value without_words(Arena *a, Value v)
{
    ValueMap *out = value_map_shallow(a, v.map);

    value_map_set_c(a, out, "message", value_c("(hidden)"));
    value_map_remove(out, STR("details"));
    return value_of_map(out);
}

/* A Secret, or a patch of one, which does not say what it is. */
static Value masked_secret(Arena *a, Value v)
{
    static const char *const fields[] = {"data", "stringData"};
    ValueMap *out = value_map_shallow(a, v.map);

    for (size_t i = 0; i < COUNT(fields); i++) {
        const Value *texts = value_map_get_c(out, fields[i]);

        if (texts && texts->kind == VALUE_MAP && texts->map)
            value_map_set_c(a, out, fields[i], masked_texts(a, texts->map));
    }
    const Value *metadata = value_map_get_c(out, "metadata");
    if (metadata && metadata->kind == VALUE_MAP && metadata->map)
        value_map_set_c(a, out, "metadata", masked_metadata(a, metadata->map));
    return value_of_map(out);
}

/* The operations of a JSON patch without their values. */
static Value without_values(Arena *a, Value v)
{
    Value *items = arena_array(a, Value, v.list.len);

    for (size_t i = 0; i < v.list.len; i++) {
        items[i] = v.list.items[i];
        if (items[i].kind == VALUE_MAP && field_at(&items[i], "value"))
            field_set(a, &items[i], "value", value_c("(hidden)"));
    }
    return value_list(items, v.list.len);
}

/* V, about Secrets, without what nobody should read. */
static Value without_secrets(Arena *a, Value v)
{
    if (v.kind == VALUE_LIST)
        return without_values(a, v);
    if (v.kind != VALUE_MAP || !v.map)
        return v;
    return str_is(field_string(&v, "kind"), "Status") ? without_words(a, v) : masked_secret(a, v);
}

Str trace_body(Arena *a, Str body, bool of_secrets)
{
    Buf b = {.arena = a};
    Value v;
    Error *err = json_parse(a, NULL, body, &v);

    if (!err && of_secrets)
        v = without_secrets(a, v);
    if (!err)
        err = json_write(&b, masked(a, v), (JsonStyle){0});
    if (!err)
        return buf_str(&b);
    error_free(err);
    return str_format(a, "%zu bytes that are no JSON", body.len);
}
