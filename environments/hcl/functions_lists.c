/*
 * functions_lists.c - functions of lists, sets and maps; a set is a list without duplicates here.
 * Source: zclconf/go-cty, function/stdlib/collection.go, sequence.go and set.go.
 */
#include "environments/hcl/functions.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ITEMS = 1000000 };

typedef VEC(Value) Items;

static Error *give_items(const HclCall *call, const Items *items)
{
    if (items->len > MOST_ITEMS)
        return error_new(ERROR_INPUT, "the result has more than %d items", MOST_ITEMS);
    *call->out = value_list(items->items, items->len);
    return NULL;
}

static bool has(const Items *items, Value v)
{
    for (size_t i = 0; i < items->len; i++)
        if (value_equal(items->items[i], v))
            return true;
    return false;
}

static Error *run_coalesce(const HclCall *call)
{
    for (size_t i = 0; i < call->len; i++)
        if (call->arguments[i].kind != VALUE_NULL) {
            *call->out = call->arguments[i];
            return NULL;
        }
    return error_new(ERROR_INPUT, "no argument is something");
}

static Error *run_coalescelist(const HclCall *call)
{
    Value list;

    for (size_t i = 0; i < call->len; i++) {
        TRY(hcl_argument_list(call, i, &list));
        *call->out = list;
        if (list.list.len)
            return NULL;
    }
    return error_new(ERROR_INPUT, "no argument has items");
}

static Error *run_compact(const HclCall *call)
{
    Items items = {0};
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    for (size_t i = 0; i < list.list.len; i++)
        if (list.list.items[i].kind != VALUE_NULL && !value_is_string(list.list.items[i], ""))
            *vec_add(call->arena, &items) = list.list.items[i];
    return give_items(call, &items);
}

static Error *run_concat(const HclCall *call)
{
    Items items = {0};
    Value list;

    for (size_t i = 0; i < call->len; i++) {
        TRY(hcl_argument_list(call, i, &list));
        for (size_t j = 0; j < list.list.len; j++)
            *vec_add(call->arena, &items) = list.list.items[j];
    }
    return give_items(call, &items);
}

static Error *run_contains(const HclCall *call)
{
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    *call->out = value_bool(has(&(Items){list.list.items, list.list.len, 0}, call->arguments[1]));
    return NULL;
}

static Error *run_distinct(const HclCall *call)
{
    Items items = {0};
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    for (size_t i = 0; i < list.list.len; i++)
        if (!has(&items, list.list.items[i]))
            *vec_add(call->arena, &items) = list.list.items[i];
    return give_items(call, &items);
}

static Error *run_element(const HclCall *call)
{
    double index;
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    TRY(hcl_argument_number(call, 1, &index));
    if (!list.list.len)
        return error_new(ERROR_INPUT, "the list is empty");
    index = fmod(index, (double)list.list.len);
    *call->out = list.list.items[(size_t)(index < 0 ? index + (double)list.list.len : index)];
    return NULL;
}

static Error *run_chunklist(const HclCall *call)
{
    Items items = {0};
    size_t size;
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    TRY(hcl_argument_count(call, 1, &size));
    for (size_t i = 0; i < list.list.len; i += size ? size : list.list.len) {
        size_t rest = list.list.len - i, len = !size || rest < size ? rest : size;

        *vec_add(call->arena, &items) = value_list(list.list.items + i, len);
    }
    return give_items(call, &items);
}

static void flatten(Arena *a, Value list, int depth, Items *out)
{
    for (size_t i = 0; i < list.list.len; i++) {
        Value v = list.list.items[i];

        if (v.kind == VALUE_LIST && depth < 200)
            flatten(a, v, depth + 1, out);
        else
            *vec_add(a, out) = v;
    }
}

static Error *run_flatten(const HclCall *call)
{
    Items items = {0};
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    flatten(call->arena, list, 0, &items);
    return give_items(call, &items);
}

static Error *run_keys(const HclCall *call)
{
    Items items = {0};
    ValueMap *map;

    TRY(hcl_argument_map(call, 0, &map));
    for (size_t i = 0; i < map->len; i++)
        *vec_add(call->arena, &items) = value_string(map->entries[i].key);
    return give_items(call, &items);
}

static Error *run_values(const HclCall *call)
{
    Items items = {0};
    ValueMap *map;

    TRY(hcl_argument_map(call, 0, &map));
    for (size_t i = 0; i < map->len; i++)
        *vec_add(call->arena, &items) = map->entries[i].value;
    return give_items(call, &items);
}

static Error *run_length(const HclCall *call)
{
    Value v = call->arguments[0];

    if (v.kind == VALUE_MAP)
        return hcl_give_number(call, (double)v.map->len);
    TRY(hcl_argument_list(call, 0, &v));
    return hcl_give_number(call, (double)v.list.len);
}

static Error *run_lookup(const HclCall *call)
{
    const Value *found;
    ValueMap *map;
    Str key;

    TRY(hcl_argument_map(call, 0, &map));
    TRY(hcl_argument_text(call, 1, &key));
    found = value_map_get(map, key);
    if (!found && call->len < 3)
        return error_new(ERROR_INPUT, "there is no key \"%.*s\"", STR_ARG(key));
    *call->out = found ? *found : call->arguments[2];
    return NULL;
}

static Error *run_merge(const HclCall *call)
{
    ValueMap *merged = value_map_new(call->arena), *map;

    for (size_t i = 0; i < call->len; i++) {
        if (call->arguments[i].kind == VALUE_NULL)
            continue;
        TRY(hcl_argument_map(call, i, &map));
        for (size_t j = 0; j < map->len; j++)
            value_map_set(call->arena, merged, map->entries[j].key, map->entries[j].value);
    }
    *call->out = value_of_map(merged);
    return NULL;
}

static Error *run_range(const HclCall *call)
{
    double numbers[3] = {0, 0, 1};
    Items items = {0};

    for (size_t i = 0; i < call->len; i++)
        TRY(hcl_argument_number(call, i, &numbers[i]));
    double start = call->len > 1 ? numbers[0] : 0, limit = numbers[call->len > 1];
    double step = call->len > 2 ? numbers[2] : limit < start ? -1 : 1;
    if (step == 0)
        return error_new(ERROR_INPUT, "the step must not be 0");
    for (double n = start; step > 0 ? n < limit : n > limit; n += step) {
        if (items.len >= 1024)
            return error_new(ERROR_INPUT, "more than 1024 numbers");
        *vec_add(call->arena, &items) = value_float(n);
    }
    return give_items(call, &items);
}

static Error *run_reverselist(const HclCall *call)
{
    Items items = {0};
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    for (size_t i = list.list.len; i > 0; i--)
        *vec_add(call->arena, &items) = list.list.items[i - 1];
    return give_items(call, &items);
}

static Error *run_slice(const HclCall *call)
{
    size_t from, to;
    Value list;

    TRY(hcl_argument_list(call, 0, &list));
    TRY(hcl_argument_count(call, 1, &from));
    TRY(hcl_argument_count(call, 2, &to));
    if (from > to || to > list.list.len)
        return error_new(ERROR_INPUT, "there is no part from %zu to %zu of %zu items", from, to,
                         list.list.len);
    *call->out = value_list(list.list.items + from, to - from);
    return NULL;
}

static int compare_texts(const void *left, const void *right)
{
    return str_compare(((const Value *)left)->string, ((const Value *)right)->string);
}

static Error *run_sort(const HclCall *call)
{
    Items items = {0};
    Value list;
    Str text;

    TRY(hcl_argument_list(call, 0, &list));
    for (size_t i = 0; i < list.list.len; i++) {
        TRY(hcl_to_text(call->arena, list.list.items[i], &text));
        *vec_add(call->arena, &items) = value_string(text);
    }
    if (items.len)
        qsort(items.items, items.len, sizeof(*items.items), compare_texts);
    return give_items(call, &items);
}

static Error *run_zipmap(const HclCall *call)
{
    ValueMap *map = value_map_new(call->arena);
    Value keys, values;
    Str key;

    TRY(hcl_argument_list(call, 0, &keys));
    TRY(hcl_argument_list(call, 1, &values));
    if (keys.list.len != values.list.len)
        return error_new(ERROR_INPUT, "there are %zu keys for %zu values", keys.list.len,
                         values.list.len);
    for (size_t i = 0; i < keys.list.len; i++) {
        TRY(hcl_to_text(call->arena, keys.list.items[i], &key));
        value_map_set(call->arena, map, key, values.list.items[i]);
    }
    *call->out = value_of_map(map);
    return NULL;
}

/* ---- sets: in the order in which cty has them, texts and numbers sorted */

static int compare_any(const void *left, const void *right)
{
    const Value *a = left, *b = right;

    if (a->kind == VALUE_STRING && b->kind == VALUE_STRING)
        return str_compare(a->string, b->string);
    if (a->kind == VALUE_FLOAT && b->kind == VALUE_FLOAT)
        return (a->real > b->real) - (a->real < b->real);
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static Error *give_set(const HclCall *call, Items *items)
{
    if (items->len)
        qsort(items->items, items->len, sizeof(*items->items), compare_any);
    return give_items(call, items);
}

static Error *run_setunion(const HclCall *call)
{
    Items items = {0};
    Value list;

    for (size_t i = 0; i < call->len; i++) {
        TRY(hcl_argument_list(call, i, &list));
        for (size_t j = 0; j < list.list.len; j++)
            if (!has(&items, list.list.items[j]))
                *vec_add(call->arena, &items) = list.list.items[j];
    }
    return give_set(call, &items);
}

/* Those of the first argument that are, or are not, in all of the others. */
static Error *filtered(const HclCall *call, bool in_others)
{
    Items items = {0};
    Value first, other;

    TRY(hcl_argument_list(call, 0, &first));
    for (size_t i = 0; i < first.list.len; i++) {
        bool fits = true;

        for (size_t j = 1; j < call->len; j++) {
            TRY(hcl_argument_list(call, j, &other));
            fits &= has(&(Items){other.list.items, other.list.len, 0}, first.list.items[i]) ==
                    in_others;
        }
        if (fits && !has(&items, first.list.items[i]))
            *vec_add(call->arena, &items) = first.list.items[i];
    }
    return give_set(call, &items);
}

static Error *run_setintersection(const HclCall *call)
{
    return filtered(call, true);
}

static Error *run_setsubtract(const HclCall *call)
{
    return filtered(call, false);
}

static Error *run_setproduct(const HclCall *call)
{
    size_t total = 1;
    Items items = {0};
    Value list;

    for (size_t i = 0; i < call->len; i++) {
        TRY(hcl_argument_list(call, i, &list));
        total *= list.list.len;
        if (total > MOST_ITEMS)
            return error_new(ERROR_INPUT, "the result has more than %d items", MOST_ITEMS);
    }
    for (size_t n = 0; n < total; n++) {
        Value *tuple = arena_array(call->arena, Value, call->len);
        size_t rest = n;

        for (size_t i = call->len; i-- > 0;) {
            list = call->arguments[i];
            tuple[i] = list.list.items[rest % list.list.len];
            rest /= list.list.len;
        }
        *vec_add(call->arena, &items) = value_list(tuple, call->len);
    }
    return give_items(call, &items);
}

const HclFunction hcl_list_functions[] = {
    {"chunklist", 2, 2, run_chunklist},
    {"coalesce", 1, 0, run_coalesce},
    {"coalescelist", 1, 0, run_coalescelist},
    {"compact", 1, 1, run_compact},
    {"concat", 1, 0, run_concat},
    {"contains", 2, 2, run_contains},
    {"distinct", 1, 1, run_distinct},
    {"element", 2, 2, run_element},
    {"flatten", 1, 1, run_flatten},
    {"keys", 1, 1, run_keys},
    {"length", 1, 1, run_length},
    {"lookup", 2, 3, run_lookup},
    {"merge", 1, 0, run_merge},
    {"range", 1, 3, run_range},
    {"reverselist", 1, 1, run_reverselist},
    {"setintersection", 1, 0, run_setintersection},
    {"setproduct", 1, 0, run_setproduct},
    {"setsubtract", 2, 2, run_setsubtract},
    {"setunion", 1, 0, run_setunion},
    {"slice", 3, 3, run_slice},
    {"sort", 1, 1, run_sort},
    {"values", 1, 1, run_values},
    {"zipmap", 2, 2, run_zipmap},
};
const size_t hcl_list_function_count = COUNT(hcl_list_functions);
