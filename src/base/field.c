#include "base/field.h"

#include <math.h>
#include <string.h>

const Value *field_at(const Value *object, const char *path)
{
    return object ? value_at(object, str_from(path)) : NULL;
}

Str field_string(const Value *object, const char *path)
{
    const Value *v = field_at(object, path);

    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

bool value_whole(Value v, int64_t *out)
{
    static const double limit = 9.2e18; // what an int64 surely holds

    if (v.kind == VALUE_FLOAT && v.real == floor(v.real) && fabs(v.real) < limit) {
        *out = (int64_t)v.real;
        return true;
    }
    if (v.kind != VALUE_INT)
        return false;
    *out = v.integer;
    return true;
}

int64_t field_int(const Value *object, const char *path, int64_t fallback)
{
    const Value *v = field_at(object, path);
    int64_t n;

    return v && value_whole(*v, &n) ? n : fallback;
}

bool field_bool(const Value *object, const char *path, bool fallback)
{
    const Value *v = field_at(object, path);

    return v && v->kind == VALUE_BOOL ? v->boolean : fallback;
}

ValueList field_list(const Value *object, const char *path)
{
    const Value *v = field_at(object, path);

    return v && v->kind == VALUE_LIST ? v->list : (ValueList){0};
}

const ValueMap *field_map(const Value *object, const char *path)
{
    const Value *v = field_at(object, path);

    return v && v->kind == VALUE_MAP ? v->map : NULL;
}

Str object_annotation(const Value *object, const char *key)
{
    return value_map_string(field_map(object, "metadata.annotations"), key);
}

bool object_is_owned(const Value *object, Str uid)
{
    ValueList owners = field_list(object, "metadata.ownerReferences");

    for (size_t i = 0; i < owners.len; i++)
        if (str_equal(field_string(&owners.items[i], "uid"), uid))
            return uid.len > 0;
    return false;
}

const Value *list_find(ValueList list, const char *key, const char *name)
{
    for (size_t i = 0; i < list.len; i++)
        if (str_is(field_string(&list.items[i], key), name))
            return &list.items[i];
    return NULL;
}

bool condition_is(const Value *object, const char *type, const char *status)
{
    const Value *condition = list_find(field_list(object, "status.conditions"), "type", type);

    return condition && str_is(field_string(condition, "status"), status);
}

/* The map that the last step of *PATH is a key of, made if need be; *PATH is then that key. */
static ValueMap *make_parents(Arena *a, ValueMap *map, Str *path)
{
    Str key;

    while (str_find_char(*path, '.') != STR_NONE) {
        str_cut(path, '.', &key);

        const Value *next = value_map_get(map, key);

        if (!next || next->kind != VALUE_MAP || !next->map) {
            value_map_set(a, map, key, value_of_map(value_map_new(a)));
            next = value_map_get(map, key);
        }
        map = next->map;
    }
    return map;
}

void field_set(Arena *a, Value *object, const char *path, Value v)
{
    Str key = str_from(path);
    ValueMap *map = make_parents(a, object->map, &key);

    value_map_set(a, map, key, v);
}

void field_set_c(Arena *a, Value *object, const char *path, const char *text)
{
    field_set(a, object, path, value_c(text));
}

void field_set_int(Arena *a, Value *object, const char *path, int64_t n)
{
    field_set(a, object, path, value_number(n));
}

void field_remove(Value *object, const char *path)
{
    const char *dot = strrchr(path, '.');
    const Value *parent =
        dot ? value_at(object, (Str){path, (size_t)(dot - path)}) : (const Value *)object;

    if (parent && parent->kind == VALUE_MAP && parent->map)
        value_map_remove(parent->map, str_from(dot ? dot + 1 : path));
}

Value value_number(int64_t n)
{
    return value_float((double)n);
}

Value map_of_pairs(Arena *a, const MapPair *pairs, size_t len)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < len; i++)
        if (value_type_of(pairs[i].value) != TYPE_MISSING)
            value_map_set_c(a, map, pairs[i].key, pairs[i].value);
    return value_of_map(map);
}

Value list_of_items(Arena *a, const Value *items, size_t len)
{
    Value *copy = arena_array(a, Value, len);

    memcpy(copy, items, len * sizeof(*items));
    return value_list(copy, len);
}

Value list_with(Arena *a, ValueList list, Value v)
{
    Value *items = arena_array(a, Value, list.len + 1);

    if (list.len)
        memcpy(items, list.items, list.len * sizeof(*items));
    items[list.len] = v;
    return value_list(items, list.len + 1);
}
