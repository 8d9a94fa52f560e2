/*
 * lists.c - what items of lists are told apart by.
 * Source: Kubernetes, API conventions: patchMergeKey and listMapKeys of its types.
 */
#include "base/field.h"
#include "diff/fields.h"

static const ListKey keys[] = {
    {"mountPath", NULL, NULL},   {"devicePath", NULL, NULL},
    {"name", NULL, NULL},        {"containerPort", "protocol", "TCP"},
    {"port", "protocol", "TCP"}, {"topologyKey", "whenUnsatisfiable", ""},
    {"ip", NULL, NULL},          {"type", NULL, NULL},
    {"uid", NULL, NULL},         {"key", "operator", "Equal"},
};

static const Value *field_of(const Value *item, const char *name)
{
    return item->kind == VALUE_MAP ? value_map_get_c(item->map, name) : NULL;
}

static bool is_scalar(const Value *v)
{
    return v && v->kind != VALUE_NULL && v->kind != VALUE_MAP && v->kind != VALUE_LIST;
}

static Str second_of(const ListKey *key, const Value *item)
{
    const Value *v = field_of(item, key->second);

    return v && v->kind == VALUE_STRING ? v->string : str_from(key->usual);
}

static bool is_same(const ListKey *key, const Value *x, const Value *y)
{
    const Value *left = field_of(x, key->field), *right = field_of(y, key->field);

    if (!is_scalar(left) || !is_scalar(right) || !value_alike(*left, *right))
        return false;
    return !key->second || str_equal(second_of(key, x), second_of(key, y));
}

size_t list_item_like(ValueList list, const ListKey *key, const Value *item)
{
    size_t i = 0;

    while (i < list.len && !is_same(key, &list.items[i], item))
        i++;
    return i;
}

static bool tells_apart(const ListKey *key, ValueList list)
{
    for (size_t i = 0; i < list.len; i++)
        if (!is_scalar(field_of(&list.items[i], key->field)) ||
            list_item_like(list, key, &list.items[i]) != i)
            return false;
    return true;
}

enum { LONGEST_KEYED = 2000 }; /* items: longer lists are compared as they are */

const ListKey *list_key_of(ValueList left, ValueList right)
{
    if (left.len + right.len == 0 || left.len + right.len > LONGEST_KEYED)
        return NULL;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (tells_apart(&keys[i], left) && tells_apart(&keys[i], right))
            return &keys[i];
    return NULL;
}

void list_add_item_name(Buf *b, const ListKey *key, const Value *item)
{
    const Value *v = field_of(item, key->field);
    int64_t number;

    buf_format(b, "[%s=", key->field);
    if (!v)
        buf_add_char(b, '?');
    else if (v->kind == VALUE_STRING)
        buf_add(b, v->string);
    else if (value_whole(*v, &number))
        buf_format(b, "%lld", (long long)number);
    if (key->second && !str_is(second_of(key, item), key->usual))
        buf_format(b, ",%s=%.*s", key->second, STR_ARG(second_of(key, item)));
    buf_add_char(b, ']');
}
