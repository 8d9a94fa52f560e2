/*
 * prediction.c - what applying an object would come to, guessed without the server.
 */
#include "diff/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const Value *entry_of(const Value *v, Str name)
{
    return v && v->kind == VALUE_MAP ? value_map_get(v->map, name) : NULL;
}

/* The objects of one place, and whether what is in it are quantities. */
typedef struct Prediction {
    Arena *arena;
    bool quantities;
} Prediction;

static Value predict(Prediction p, Value live, const Value *applied, const Value *wanted);

/* ---- quantities */

/* Fields that have quantities in them, or are one. Source: k8s.io/api, Quantity and ResourceList.
 */
static const char *const quantity_fields[] = {"limits",   "requests", "hard",      "capacity",
                                              "overhead", "podFixed", "sizeLimit", "storage"};

static bool has_quantities(Str name)
{
    for (size_t i = 0; i < COUNT(quantity_fields); i++)
        if (str_is(name, quantity_fields[i]))
            return true;
    return false;
}

static const struct {
    const char *suffix;
    double factor;
} suffixes[] = {{"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},
                {"k", 1e3},     {"M", 1e6},     {"G", 1e9},     {"T", 1e12},
                {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
                {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60}};

static bool parse_quantity(Arena *a, Value v, double *out)
{
    char *end;

    if (v.kind != VALUE_STRING || !v.string.len || v.string.len > 40) {
        *out = v.kind == VALUE_INT ? (double)v.integer : v.real;
        return v.kind == VALUE_INT || v.kind == VALUE_FLOAT;
    }
    *out = strtod(str_c(a, v.string), &end);
    for (size_t i = 0; i < COUNT(suffixes); i++)
        if (strcmp(end, suffixes[i].suffix) == 0) {
            *out *= suffixes[i].factor;
            return true;
        }
    return false;
}

static bool is_same_quantity(Arena *a, Value left, Value right)
{
    double one, two;

    return parse_quantity(a, left, &one) && parse_quantity(a, right, &two) &&
           fabs(one - two) <= 1e-12 * fabs(one);
}

/* ---- maps and lists */

static const Value *item_of(const Value *list, const ListKey *key, const Value *item)
{
    size_t i = list && list->kind == VALUE_LIST ? list_item_like(list->list, key, item) : 0;

    return list && list->kind == VALUE_LIST && i < list->list.len ? &list->list.items[i] : NULL;
}

/* What is wanted, in its order; then what others have added. */
static Value predict_list(Prediction p, Value live, const Value *applied, const Value *wanted)
{
    const ListKey *key = list_key_of(live.list, wanted->list);
    Value *items = arena_array(p.arena, Value, live.list.len + wanted->list.len);
    size_t len = 0;

    if (!key)
        return *wanted;
    for (size_t i = 0; i < wanted->list.len; i++) {
        const Value *item = &wanted->list.items[i], *old = item_of(&live, key, item);

        items[len++] = old ? predict(p, *old, item_of(applied, key, item), item) : *item;
    }
    for (size_t i = 0; i < live.list.len; i++) {
        const Value *item = &live.list.items[i];

        if (!item_of(wanted, key, item) && !item_of(applied, key, item))
            items[len++] = *item;
    }
    return value_list(items, len);
}

/* What was applied and is not wanted any more goes. */
static void drop_fields(ValueMap *map, const Value *applied, const Value *wanted)
{
    for (size_t i = 0;
         applied && applied->kind == VALUE_MAP && applied->map && i < applied->map->len; i++)
        if (!entry_of(wanted, applied->map->entries[i].key))
            value_map_remove(map, applied->map->entries[i].key);
}

static Value predict(Prediction p, Value live, const Value *applied, const Value *wanted)
{
    Arena *a = p.arena;

    if (live.kind == VALUE_LIST && wanted->kind == VALUE_LIST)
        return predict_list(p, live, applied, wanted);
    if (p.quantities && is_same_quantity(a, live, *wanted))
        return live; // as a server writes it
    if (live.kind != VALUE_MAP || wanted->kind != VALUE_MAP || !wanted->map)
        return value_is_null(*wanted) ? live : *wanted;
    ValueMap *map = value_map_shallow(a, live.map);
    drop_fields(map, applied, wanted);
    for (size_t i = 0; i < wanted->map->len; i++) {
        const ValueEntry *entry = &wanted->map->entries[i];
        const Value *old = value_map_get(map, entry->key);

        Prediction inner = {a, p.quantities || has_quantities(entry->key)};
        value_map_set(a, map, entry->key,
                      old ? predict(inner, *old, entry_of(applied, entry->key), &entry->value)
                          : entry->value);
    }
    return value_of_map(map);
}

Value diff_predicted(Arena *a, Value live, Value applied, Value wanted)
{
    return predict((Prediction){.arena = a}, live, value_is_null(applied) ? NULL : &applied,
                   &wanted);
}

/* ---- what would go */

static Value without_dropped(Arena *a, Value v, const Value *applied, const Value *wanted);

static Value list_without_dropped(Arena *a, Value v, const Value *applied, const Value *wanted)
{
    const ListKey *key = list_key_of(v.list, applied->list);
    Value *items = arena_array(a, Value, v.list.len);
    size_t len = 0;

    for (size_t i = 0; key && i < v.list.len; i++) {
        const Value *item = &v.list.items[i];
        const Value *old = item_of(applied, key, item), *new = item_of(wanted, key, item);

        if (!old || new)
            items[len++] = old ? without_dropped(a, *item, old, new) : *item;
    }
    return key ? value_list(items, len) : v;
}

static Value without_dropped(Arena *a, Value v, const Value *applied, const Value *wanted)
{
    if (v.kind == VALUE_LIST && applied->kind == VALUE_LIST && wanted->kind == VALUE_LIST)
        return list_without_dropped(a, v, applied, wanted);
    if (v.kind != VALUE_MAP || applied->kind != VALUE_MAP || wanted->kind != VALUE_MAP)
        return v;
    ValueMap *map = value_map_shallow(a, v.map);
    drop_fields(map, applied, wanted);
    for (size_t i = 0; i < map->len; i++) {
        const Value *old = entry_of(applied, map->entries[i].key);
        const Value *new = entry_of(wanted, map->entries[i].key);

        if (old && new)
            map->entries[i].value = without_dropped(a, map->entries[i].value, old, new);
    }
    return value_of_map(map);
}

Value diff_without_dropped(Arena *a, Value predicted, Value applied, Value wanted)
{
    return value_is_null(applied) ? predicted : without_dropped(a, predicted, &applied, &wanted);
}
