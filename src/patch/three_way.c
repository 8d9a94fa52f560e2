/*
 * three_way.c - what to send to a server so that a live object becomes what is wanted, and loses
 * what was applied before and is not wanted any more.
 *
 * Fields that neither side names are left as they are. Lists of Kubernetes' own kinds are merged
 * by what their items are known by; those of other kinds are replaced.
 * Source: k8s.io/apimachinery, pkg/util/strategicpatch, CreateThreeWayMergePatch with overwrite,
 * and pkg/util/jsonmergepatch.
 */
#include "patch/objects.h"

#include <string.h>

/* An object, or a part of it, on all three sides; NULL: it has none. */
typedef struct Sides {
    const Value *applied, *wanted, *live;
} Sides;

static const Value *entry_of(const Value *v, Str key)
{
    return v && v->kind == VALUE_MAP ? value_map_get(v->map, key) : NULL;
}

static ValueList items_of(const Value *v)
{
    return v && v->kind == VALUE_LIST ? v->list : (ValueList){NULL, 0};
}

static size_t length_of(const Value *map)
{
    return map && map->kind == VALUE_MAP && map->map ? map->map->len : 0;
}

static Value map_patch(Arena *a, const MergeType *type, Sides sides, bool retains);

/* ---- lists of maps */

/* A null where it has none. */
static Value key_of(const Value *item, const char *key)
{
    const Value *v = entry_of(item, str_from(key));

    return v ? *v : value_null();
}

/* The item of LIST with WANTED's KEY; of several the one that has as many of them before it. */
static const Value *counterpart(ValueList list, const char *key, ValueList among, size_t number)
{
    Value wanted = key_of(&among.items[number], key);
    size_t before = 0;

    for (size_t i = 0; i < number; i++)
        before += value_alike(key_of(&among.items[i], key), wanted);
    for (size_t i = 0; i < list.len; i++)
        if (value_alike(key_of(&list.items[i], key), wanted) && before-- == 0)
            return &list.items[i];
    return NULL;
}

/* What is left of ITEM is what it is known by. */
static Value only_key(Arena *a, const char *key, Value v)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, key, v);
    return value_of_map(map);
}

/* Whether all items of LIST are maps that have KEY: otherwise it cannot be merged. */
static bool is_keyed(ValueList list, const char *key)
{
    for (size_t i = 0; i < list.len; i++)
        if (value_is_null(key_of(&list.items[i], key)))
            return false;
    return true;
}

static bool is_same_order(ValueList left, ValueList right, const char *key)
{
    if (left.len != right.len)
        return false;
    for (size_t i = 0; i < left.len; i++)
        if (!value_alike(key_of(&left.items[i], key), key_of(&right.items[i], key)))
            return false;
    return true;
}

static Str directive(Arena *a, const char *name, Str field)
{
    return str_format(a, "$%s/%.*s", name, STR_ARG(field));
}

static void set_order(Arena *a, ValueMap *patch, Str name, ValueList wanted, const char *key)
{
    Value *order = arena_array(a, Value, wanted.len);

    for (size_t i = 0; i < wanted.len; i++)
        order[i] = key ? only_key(a, key, key_of(&wanted.items[i], key)) : wanted.items[i];
    value_map_set(a, patch, directive(a, "setElementOrder", name), value_list(order, wanted.len));
}

typedef VEC(Value) Values;

static void add_changed_items(Arena *a, const MergeField *field, const Sides *lists, bool retains,
                              Values *out)
{
    const char *key = field->keys[0];
    ValueList wanted = items_of(lists->wanted);

    for (size_t i = 0; i < wanted.len; i++) {
        const Value *item = &wanted.items[i];
        Sides sides = {counterpart(items_of(lists->applied), key, wanted, i), item,
                       counterpart(items_of(lists->live), key, wanted, i)};
        Value patch = sides.live ? map_patch(a, field->type, sides, retains) : *item;

        if (!length_of(&patch))
            continue;
        value_map_set_c(a, patch.map = value_map_shallow(a, patch.map), key, key_of(item, key));
        *vec_add(a, out) = patch;
    }
}

static void add_deleted_items(Arena *a, const char *key, const Sides *lists, Values *out)
{
    ValueList applied = items_of(lists->applied);

    for (size_t i = 0; i < applied.len; i++) {
        if (counterpart(items_of(lists->wanted), key, applied, i))
            continue;
        Value gone = only_key(a, key, key_of(&applied.items[i], key));
        value_map_set_c(a, gone.map, "$patch", value_c("delete"));
        *vec_add(a, out) = gone;
    }
}

static void patch_items(Arena *a, const MergeField *field, Str name, const Sides *lists,
                        ValueMap *patch)
{
    const char *key = field->keys[0];
    bool retains = strcmp(field->name, "volumes") == 0;
    Values items = {0};

    add_changed_items(a, field, lists, retains, &items);
    add_deleted_items(a, key, lists, &items);
    if (items.len || !is_same_order(items_of(lists->live), items_of(lists->wanted), key))
        set_order(a, patch, name, items_of(lists->wanted), key);
    if (items.len)
        value_map_set(a, patch, name, value_list(items.items, items.len));
}

/* ---- lists of scalars */

static bool has_item(ValueList list, Value item)
{
    for (size_t i = 0; i < list.len; i++)
        if (value_alike(list.items[i], item))
            return true;
    return false;
}

/* Those of LIST that OTHER has not. */
static Value items_without(Arena *a, ValueList list, ValueList other)
{
    Values items = {0};

    for (size_t i = 0; i < list.len; i++)
        if (!has_item(other, list.items[i]))
            *vec_add(a, &items) = list.items[i];
    return value_list(items.items, items.len);
}

static void patch_scalars(Arena *a, Str name, const Sides *lists, ValueMap *patch)
{
    ValueList wanted = items_of(lists->wanted), live = items_of(lists->live);
    Value added = items_without(a, wanted, live);
    Value gone = items_without(a, items_of(lists->applied), wanted);

    if (added.list.len)
        value_map_set(a, patch, name, added);
    if (gone.list.len)
        value_map_set(a, patch, directive(a, "deleteFromPrimitiveList", name), gone);
    if (gone.list.len || !value_alike(*lists->wanted, *lists->live))
        set_order(a, patch, name, wanted, NULL);
}

/* ---- maps */

static bool can_merge(const MergeField *field, const Sides *s)
{
    if (!field || !field->merges || s->wanted->kind != VALUE_LIST || s->live->kind != VALUE_LIST)
        return false;
    const char *key = field->keys[0];
    return !key || (is_keyed(s->wanted->list, key) && is_keyed(s->live->list, key) &&
                    is_keyed(items_of(s->applied), key));
}

/* Source: k8s.io/api, the fields with the patch strategy retainKeys; see patch_items for others. */
static bool retains_keys(const MergeField *field, const MergeType *type, Str name)
{
    return !field && str_is(name, "strategy") && merge_field(type, STR("template"));
}

static void patch_field(Arena *a, const MergeType *type, const ValueEntry *wanted,
                        const Sides *parents, ValueMap *patch)
{
    Str name = wanted->key;
    const MergeField *field = merge_field(type, name);
    Sides s = {entry_of(parents->applied, name), &wanted->value, entry_of(parents->live, name)};

    if (!s.live) {
        if (!value_is_null(*s.wanted))
            value_map_set(a, patch, name, *s.wanted);
    } else if (can_merge(field, &s)) {
        if (field->keys[0])
            patch_items(a, field, name, &s, patch);
        else
            patch_scalars(a, name, &s, patch);
    } else if (s.wanted->kind == VALUE_MAP && s.live->kind == VALUE_MAP) {
        Value inner = map_patch(a, field ? field->type : NULL, s, retains_keys(field, type, name));

        if (length_of(&inner))
            value_map_set(a, patch, name, inner);
    } else if (!value_alike(*s.wanted, *s.live)) {
        value_map_set(a, patch, name, *s.wanted);
    }
}

/* Whether V has a field that WANTED has not. */
static bool has_more(const Value *v, const Value *wanted)
{
    for (size_t i = 0; i < length_of(v); i++)
        if (!value_is_null(v->map->entries[i].value) && !entry_of(wanted, v->map->entries[i].key))
            return true;
    return false;
}

static void retain_keys(Arena *a, const Sides *s, ValueMap *patch)
{
    Values keys = {0};

    if (!patch->len && !has_more(s->live, s->wanted) && !has_more(s->applied, s->wanted))
        return;
    for (size_t i = 0; i < length_of(s->wanted); i++)
        if (!value_is_null(s->wanted->map->entries[i].value))
            *vec_add(a, &keys) = value_string(s->wanted->map->entries[i].key);
    if (keys.len)
        value_map_set_c(a, patch, "$retainKeys", value_list(keys.items, keys.len));
}

/* Empty where there is nothing to change. */
static Value map_patch(Arena *a, const MergeType *type, Sides sides, bool retains)
{
    ValueMap *patch = value_map_new(a);

    for (size_t i = 0; i < length_of(sides.wanted); i++)
        patch_field(a, type, &sides.wanted->map->entries[i], &sides, patch);
    for (size_t i = 0; i < length_of(sides.applied); i++) {
        Str key = sides.applied->map->entries[i].key;

        if (!entry_of(sides.wanted, key) && entry_of(sides.live, key))
            value_map_set(a, patch, key, value_null());
    }
    if (retains)
        retain_keys(a, &sides, patch);
    return value_of_map(patch);
}

/* ---- objects */

/* The groups whose types helm has compiled in. Source: k8s.io/client-go, kubernetes/scheme. */
static const char *const known_groups[] = {"apps",
                                           "autoscaling",
                                           "batch",
                                           "extensions",
                                           "policy",
                                           "admissionregistration.k8s.io",
                                           "apiextensions.k8s.io",
                                           "authentication.k8s.io",
                                           "authorization.k8s.io",
                                           "certificates.k8s.io",
                                           "coordination.k8s.io",
                                           "discovery.k8s.io",
                                           "events.k8s.io",
                                           "flowcontrol.apiserver.k8s.io",
                                           "internal.apiserver.k8s.io",
                                           "networking.k8s.io",
                                           "node.k8s.io",
                                           "rbac.authorization.k8s.io",
                                           "resource.k8s.io",
                                           "scheduling.k8s.io",
                                           "storage.k8s.io",
                                           "storagemigration.k8s.io"};

static bool is_known(Str api_version)
{
    size_t slash = str_find_char(api_version, '/');

    if (slash == STR_NONE)
        return true;
    for (size_t i = 0; i < COUNT(known_groups); i++)
        if (str_is(str_slice(api_version, 0, slash), known_groups[i]))
            return true;
    return false;
}

Value patch_three_way(Arena *a, const PatchSides *sides, bool *strategic)
{
    Str api_version = value_map_string(sides->wanted.map, "apiVersion");
    Str kind = value_map_string(sides->wanted.map, "kind");
    Sides all = {&sides->applied, &sides->wanted, &sides->live};

    *strategic = is_known(api_version);
    return map_patch(a, *strategic ? merge_type_of(api_version, kind) : NULL, all, false);
}
