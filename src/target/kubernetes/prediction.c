#include "target/kubernetes/prediction.h"

/* What items of lists are told apart by. Source: Kubernetes, API conventions, patchMergeKey. */
static const char *const keys[] = {"name", "mountPath", "containerPort", "port",      "key", "ip",
                                   "type", "uid",       "topologyKey",   "devicePath"};

static bool all_have(ValueList list, const char *key)
{
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind != VALUE_MAP || !value_map_get_c(list.items[i].map, key))
            return false;
    return list.len > 0;
}

static const Value *item_like(ValueList list, const char *key, const Value *item)
{
    for (size_t i = 0; i < list.len; i++)
        if (value_alike(*value_map_get_c(list.items[i].map, key), *value_map_get_c(item->map, key)))
            return &list.items[i];
    return NULL;
}

static Value predict_list(Arena *a, ValueList live, ValueList wanted)
{
    Value *items = arena_array(a, Value, wanted.len);
    const char *key = NULL;

    for (size_t i = 0; i < COUNT(keys) && !key; i++)
        if (all_have(live, keys[i]) && all_have(wanted, keys[i]))
            key = keys[i];
    for (size_t i = 0; i < wanted.len; i++) {
        const Value *old = key ? item_like(live, key, &wanted.items[i]) : NULL;

        items[i] = old ? prediction_of(a, *old, wanted.items[i]) : wanted.items[i];
    }
    return value_list(items, wanted.len);
}

Value prediction_of(Arena *a, Value live, Value wanted)
{
    if (live.kind == VALUE_LIST && wanted.kind == VALUE_LIST)
        return predict_list(a, live.list, wanted.list);
    if (live.kind != VALUE_MAP || wanted.kind != VALUE_MAP || !wanted.map)
        return value_is_null(wanted) ? live : wanted;
    ValueMap *map = value_map_shallow(a, live.map);
    for (size_t i = 0; i < wanted.map->len; i++) {
        const ValueEntry *entry = &wanted.map->entries[i];
        const Value *old = value_map_get(map, entry->key);

        value_map_set(a, map, entry->key,
                      old ? prediction_of(a, *old, entry->value) : entry->value);
    }
    return value_of_map(map);
}
