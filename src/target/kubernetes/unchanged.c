#include "target/kubernetes/unchanged.h"

#include "base/field.h"
#include "base/json.h"

/* What nobody owns. Source: apimachinery, managedfields/internal/stripmeta.go. */
static const char *const unowned[] = {"apiVersion", "kind"};
static const char *const unowned_metadata[] = {"name",       "namespace",     "creationTimestamp",
                                               "selfLink",   "uid",           "clusterName",
                                               "generation", "managedFields", "resourceVersion"};

static bool same(Arena *a, const ValueMap *fields, const Value *live, const Value *wanted);

/* The one entry of what MANAGER has applied in WANTED's version; NULL: none, or several. */
static const ValueMap *applied_fields(const Value *live, const Value *wanted, const char *manager)
{
    ValueList entries = field_list(live, "metadata.managedFields");
    const Value *found = NULL;

    for (size_t i = 0; i < entries.len; i++) {
        const Value *entry = &entries.items[i];

        if (!str_is(field_string(entry, "manager"), manager) ||
            field_string(entry, "subresource").len)
            continue;
        if (found || !str_is(field_string(entry, "operation"), "Apply"))
            return NULL;
        found = entry;
    }
    return found && str_equal(field_string(found, "apiVersion"), field_string(wanted, "apiVersion"))
               ? field_map(found, "fieldsV1")
               : NULL;
}

static bool is_leaf(const ValueMap *fields)
{
    return fields->len == 0 || (fields->len == 1 && str_is(fields->entries[0].key, "."));
}

static const ValueMap *map_in(Value v)
{
    return v.kind == VALUE_MAP && v.map ? v.map : NULL;
}

static bool same_map(Arena *a, const ValueMap *fields, const ValueMap *live, const ValueMap *wanted)
{
    size_t owned = 0;

    for (size_t i = 0; i < fields->len; i++) {
        Str name = fields->entries[i].key;

        if (str_is(name, "."))
            continue;
        if (!str_starts(name, STR("f:")) || !map_in(fields->entries[i].value))
            return false;
        name = str_skip(name, 2);
        const Value *is = value_map_get(live, name), *should_be = value_map_get(wanted, name);
        if (!is || !should_be || !same(a, fields->entries[i].value.map, is, should_be))
            return false;
        owned++;
    }
    return owned == wanted->len;
}

/* Whether ITEM has the values of KEYS; a port's protocol need not be said. */
static bool has_keys(const Value *item, const ValueMap *keys)
{
    for (size_t i = 0; i < keys->len; i++) {
        const ValueEntry *key = &keys->entries[i];
        const Value *v = value_map_get(map_in(*item), key->key);
        bool usual = str_is(key->key, "protocol") && value_is_string(key->value, "TCP");

        if (v ? !value_alike(*v, key->value) : !usual)
            return false;
    }
    return true;
}

/* Where in LIST the item is that ELEMENT means: "k:{"name":"web"}" or "v:"x""; else its length. */
static size_t item_of(Arena *a, ValueList list, Str element)
{
    Value key;
    size_t i = 0;
    Error *err = json_parse(a, NULL, str_skip(element, 2), &key);

    if (err) {
        error_free(err);
        return list.len;
    }
    if (str_starts(element, STR("v:")))
        while (i < list.len && !value_alike(list.items[i], key))
            i++;
    else if (str_starts(element, STR("k:")) && map_in(key))
        while (i < list.len && !(map_in(list.items[i]) && has_keys(&list.items[i], key.map)))
            i++;
    else
        return list.len;
    return i;
}

/* Items have to stand in the same order, too; others' items may stand between. */
static bool same_order(const size_t *live, const size_t *wanted, size_t len)
{
    for (size_t i = 0; i < len; i++)
        for (size_t j = i + 1; j < len; j++)
            if ((live[i] < live[j]) != (wanted[i] < wanted[j]))
                return false;
    return true;
}

static bool same_list(Arena *a, const ValueMap *fields, ValueList live, ValueList wanted)
{
    size_t *is = arena_array(a, size_t, fields->len), owned = 0;
    size_t *should_be = arena_array(a, size_t, fields->len);

    for (size_t i = 0; i < fields->len; i++) {
        Str element = fields->entries[i].key;
        const ValueMap *inside = map_in(fields->entries[i].value);

        if (str_is(element, "."))
            continue;
        if (element.len < 2 || !inside)
            return false;
        is[owned] = item_of(a, live, element);
        should_be[owned] = item_of(a, wanted, element);
        if (is[owned] == live.len || should_be[owned] == wanted.len ||
            !same(a, inside, &live.items[is[owned]], &wanted.items[should_be[owned]]))
            return false;
        owned++;
    }
    return owned == wanted.len && same_order(is, should_be, owned);
}

static bool same(Arena *a, const ValueMap *fields, const Value *live, const Value *wanted)
{
    if (is_leaf(fields))
        return value_alike(*live, *wanted);
    if (map_in(*live) && map_in(*wanted))
        return same_map(a, fields, live->map, wanted->map);
    return live->kind == VALUE_LIST && wanted->kind == VALUE_LIST &&
           same_list(a, fields, live->list, wanted->list);
}

static void remove_all(ValueMap *map, const char *const *names, size_t len)
{
    for (size_t i = 0; i < len; i++)
        value_map_remove(map, str_from(names[i]));
}

bool apply_changes_nothing(Arena *a, const Value *live, const Value *wanted, const char *manager)
{
    const ValueMap *fields = applied_fields(live, wanted, manager);
    const ValueMap *metadata = field_map(wanted, "metadata");

    if (!fields || !metadata)
        return false;
    ValueMap *owned = value_map_shallow(a, wanted->map);
    ValueMap *owned_metadata = value_map_shallow(a, metadata);
    remove_all(owned, unowned, COUNT(unowned));
    remove_all(owned_metadata, unowned_metadata, COUNT(unowned_metadata));
    if (owned_metadata->len)
        value_map_set_c(a, owned, "metadata", value_of_map(owned_metadata));
    else
        value_map_remove(owned, STR("metadata"));
    return same_map(a, fields, live->map, owned);
}
