/*
 * value_equal.c - whether two values are the same, to the letter or for the reader; and their
 * order.
 */
#include "base/lang.h"
#include "base/value.h"

typedef bool Same(Value a, Value b);

static bool same_lists(ValueList a, ValueList b, Same *same)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (!same(a.items[i], b.items[i]))
            return false;
    return true;
}

static bool same_maps(const ValueMap *a, const ValueMap *b, Same *same)
{
    if (a == b)
        return true;
    if (!a || !b || a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!str_equal(a->entries[i].key, b->entries[i].key) ||
            !same(a->entries[i].value, b->entries[i].value))
            return false;
    return true;
}

static bool same_objects(const ValueObject *a, const ValueObject *b)
{
    if (a->type != b->type)
        return false;
    if (a->self != b->self && !(a->type->equal_self && a->type->equal_self(a->self, b->self)))
        return false;
    for (size_t i = 0; i < a->type->len; i++)
        if (!value_equal(a->fields[i], b->fields[i]))
            return false;
    return true;
}

bool value_equal(Value a, Value b)
{
    if (a.kind != b.kind || value_type_of(a) != value_type_of(b) ||
        value_is_nil(a) != value_is_nil(b))
        return false;
    switch ((ValueKind)a.kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a.boolean == b.boolean;
    case VALUE_INT:
    case VALUE_UINT:
        return a.integer == b.integer;
    case VALUE_FLOAT:
        return a.real == b.real;
    case VALUE_COMPLEX:
        return a.complex.real == b.complex.real && a.complex.imaginary == b.complex.imaginary;
    case VALUE_STRING:
    case VALUE_BYTES:
        return str_equal(a.string, b.string);
    case VALUE_LIST:
        return same_lists(a.list, b.list, value_equal);
    case VALUE_MAP:
        return same_maps(a.map, b.map, value_equal);
    case VALUE_OBJECT:
        return same_objects(a.object, b.object);
    }
    BUG("value kind %d", a.kind);
}

static bool is_number(Value v)
{
    return v.kind == VALUE_INT || v.kind == VALUE_UINT || v.kind == VALUE_FLOAT;
}

static double number(Value v)
{
    if (v.kind == VALUE_FLOAT)
        return v.real;
    return v.kind == VALUE_INT ? (double)v.integer : (double)v.natural;
}

bool value_alike(Value a, Value b)
{
    if (is_number(a) && is_number(b) && a.kind != b.kind)
        return number(a) == number(b);
    if (a.kind != b.kind)
        return false;
    if (a.kind == VALUE_LIST)
        return same_lists(a.list, b.list, value_alike);
    if (a.kind == VALUE_MAP)
        return same_maps(a.map, b.map, value_alike);
    a.type = b.type = 0;
    return value_equal(a, b);
}

bool value_order(Value a, Value b, int *order)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_INT:
        *order = (a.integer > b.integer) - (a.integer < b.integer);
        return true;
    case VALUE_FLOAT:
        *order = (a.real > b.real) - (a.real < b.real);
        return true;
    case VALUE_STRING:
        *order = str_compare(a.string, b.string);
        return true;
    default:
        return false;
    }
}
