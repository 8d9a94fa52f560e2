/*
 * owners.c - metadata.managedFields: who owns which field.
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath: the form of fieldsV1.
 */
#include "base/field.h"
#include "base/json.h"
#include "diff/fields.h"

#include <string.h>

static const ValueMap *map_in(const Value *v)
{
    return v && v->kind == VALUE_MAP ? v->map : NULL;
}

/* What has nothing below it but itself stands for all that is there. */
static bool is_leaf(const ValueMap *fields)
{
    return fields->len == 0 || (fields->len == 1 && str_is(fields->entries[0].key, "."));
}

static Owners empty_owners(Arena *a, const Value *entries, size_t len)
{
    return (Owners){entries, len ? arena_array(a, const ValueMap *, len) : NULL, len};
}

Owners owners_of(Arena *a, const Value *live)
{
    ValueList entries = field_list(live, "metadata.managedFields");
    Owners owners = empty_owners(a, entries.items, entries.len);

    for (size_t i = 0; i < entries.len; i++)
        if (!str_is(field_string(&entries.items[i], "subresource"), "status"))
            owners.at[i] = field_map(&entries.items[i], "fieldsV1");
    return owners;
}

Owners owners_at_field(Arena *a, const Owners *owners, Str name)
{
    Owners below = empty_owners(a, owners->entries, owners->len);
    Str key = str_join(a, STR("f:"), name);

    for (size_t i = 0; i < owners->len; i++)
        if (owners->at[i])
            below.at[i] =
                is_leaf(owners->at[i]) ? owners->at[i] : map_in(value_map_get(owners->at[i], key));
    return below;
}

/* Whether ITEM has the values of KEYS; what it does not say may be the usual. */
static bool has_keys(const Value *item, const ValueMap *keys)
{
    for (size_t i = 0; i < keys->len; i++) {
        const Value *v = value_map_get(map_in(item), keys->entries[i].key);

        if (v && !value_alike(*v, keys->entries[i].value))
            return false;
    }
    return keys->len > 0;
}

/* What FIELDS, of a list, have for ITEM. */
static const ValueMap *fields_of_item(Arena *a, const ValueMap *fields, const Value *item)
{
    for (size_t i = 0; map_in(item) && i < fields->len; i++) {
        Str key = fields->entries[i].key;
        Value keys;

        if (!str_starts(key, STR("k:")))
            continue;
        Error *err = json_parse(a, NULL, str_skip(key, 2), &keys);
        error_free(err);
        if (!err && map_in(&keys) && has_keys(item, keys.map))
            return map_in(&fields->entries[i].value);
    }
    return NULL;
}

Owners owners_at_item(Arena *a, const Owners *owners, const Value *item)
{
    Owners below = empty_owners(a, owners->entries, owners->len);

    for (size_t i = 0; i < owners->len; i++)
        if (owners->at[i])
            below.at[i] =
                is_leaf(owners->at[i]) ? owners->at[i] : fields_of_item(a, owners->at[i], item);
    return below;
}

const Value *owners_other(const Owners *owners, const char *manager)
{
    const Value *last = NULL;

    for (size_t i = 0; i < owners->len; i++) {
        const Value *entry = &owners->entries[i];

        if (!owners->at[i] || str_is(field_string(entry, "manager"), manager))
            continue;
        if (!last || str_compare(field_string(entry, "time"), field_string(last, "time")) > 0)
            last = entry;
    }
    return last;
}

bool owners_has(const Owners *owners, const char *manager)
{
    for (size_t i = 0; i < owners->len; i++)
        if (owners->at[i] && str_is(field_string(&owners->entries[i], "manager"), manager))
            return true;
    return false;
}

bool diff_is_updated_by(Value live, const char *manager)
{
    ValueList entries = field_list(&live, "metadata.managedFields");

    for (size_t i = 0; i < entries.len; i++)
        if (str_is(field_string(&entries.items[i], "manager"), manager) &&
            str_is(field_string(&entries.items[i], "operation"), "Update") &&
            !field_string(&entries.items[i], "subresource").len)
            return true;
    return false;
}

/* ---- what people have added */

/* Whether what ENTRY tells of is a program that belongs to the cluster. */
static bool is_controller(const Value *entry)
{
    static const char *const marks[] = {"controller", "operator",       "kube-scheduler",
                                        "kubelet",    "kwok",           "webhook",
                                        "relfile-",   "cloud-provider", "autoscaler"};
    Str name = field_string(entry, "manager");

    for (size_t i = 0; i < COUNT(marks); i++)
        if (str_find(name, str_from(marks[i])) != STR_NONE)
            return true;
    return false;
}

/* Whether only people own what is here. */
static bool is_added(const Owners *owners, const char *manager, bool all)
{
    bool by_people = false;

    for (size_t i = 0; i < owners->len; i++) {
        const Value *entry = &owners->entries[i];

        if (!owners->at[i])
            continue;
        if (str_is(field_string(entry, "manager"), manager) || (!all && is_controller(entry)))
            return false;
        by_people = true;
    }
    return by_people;
}

static const Value *entry_at(const Value *v, Str name)
{
    return v && v->kind == VALUE_MAP ? value_map_get(v->map, name) : NULL;
}

static Value without_added(Arena *a, Value live, const Value *applied, const Owners *owners,
                           const char *manager, bool all)
{
    if (live.kind != VALUE_MAP || !live.map)
        return live;
    ValueMap *map = value_map_new(a);
    for (size_t i = 0; i < live.map->len; i++) {
        const ValueEntry *entry = &live.map->entries[i];
        const Value *old = entry_at(applied, entry->key);
        Owners below = owners_at_field(a, owners, entry->key);

        if (!old && is_added(&below, manager, all))
            continue;
        value_map_append(a, map, entry->key,
                         without_added(a, entry->value, old, &below, manager, all));
    }
    return value_of_map(map);
}

Value diff_without_additions(Arena *a, Value live, Value applied, const char *manager, bool all)
{
    Owners owners = owners_of(a, &live);

    return without_added(a, live, &applied, &owners, manager, all);
}
