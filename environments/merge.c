/*
 * merge.c - the three ways in which values come together.
 * Source: helmfile, pkg/maputil/maputil.go, and mergo as pkg/state/create.go uses it.
 */
#include "environments/environment.h"

#include <string.h>

typedef enum ListRule {
    LISTS_REPLACE,     /* always */
    LISTS_SPARSE,      /* unless the new one has nulls */
    LISTS_ITEM_BY_ITEM /* never */
} ListRule;

typedef struct MergeRule {
    ListRule lists;
    bool nulls_overwrite;
} MergeRule;

static bool is_map(const Value *v)
{
    return v && v->kind == VALUE_MAP && v->map;
}

static bool has_null(ValueList list)
{
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind == VALUE_NULL)
            return true;
    return false;
}

static ValueMap *merge_maps(Arena *a, const ValueMap *base, const ValueMap *over, MergeRule rule);

static Value merge_lists(Arena *a, ValueList base, ValueList over, MergeRule rule)
{
    size_t len = base.len > over.len ? base.len : over.len;
    Value *items;

    if (rule.lists == LISTS_REPLACE || (rule.lists == LISTS_SPARSE && !has_null(over)))
        return value_list(over.items, over.len);
    items = arena_array(a, Value, len);
    if (base.len)
        memcpy(items, base.items, base.len * sizeof(*items));
    for (size_t i = 0; i < over.len; i++) {
        const Value *new = &over.items[i];

        if (new->kind == VALUE_NULL)
            continue;
        if (is_map(new) && i < base.len && is_map(&base.items[i]))
            items[i] = value_of_map(merge_maps(a, base.items[i].map, new->map, rule));
        else
            items[i] = *new;
    }
    return value_list(items, len);
}

static Value merge_values(Arena *a, const Value *old, Value new, MergeRule rule)
{
    if (!old)
        return new;
    if (new.kind == VALUE_NULL)
        return rule.nulls_overwrite ? new : *old;
    if (is_map(old) && is_map(&new))
        return value_of_map(merge_maps(a, old->map, new.map, rule));
    if (old->kind == VALUE_LIST && new.kind == VALUE_LIST)
        return merge_lists(a, old->list, new.list, rule);
    return new;
}

static ValueMap *merge_maps(Arena *a, const ValueMap *base, const ValueMap *over, MergeRule rule)
{
    ValueMap *merged = value_map_shallow(a, base);

    for (size_t i = 0; over && i < over->len; i++) {
        Str key = over->entries[i].key;

        value_map_set(a, merged, key,
                      merge_values(a, value_map_get(base, key), over->entries[i].value, rule));
    }
    return merged;
}

ValueMap *values_merge_list(Arena *a, const ValueMap *base, const ValueMap *over)
{
    return merge_maps(a, base, over, (MergeRule){LISTS_REPLACE, true});
}

ValueMap *values_merge_layer(Arena *a, const ValueMap *base, const ValueMap *over)
{
    return merge_maps(a, base, over, (MergeRule){LISTS_SPARSE, false});
}

ValueMap *values_merge_override(Arena *a, const ValueMap *base, const ValueMap *over)
{
    return merge_maps(a, base, over, (MergeRule){LISTS_ITEM_BY_ITEM, false});
}
