/*
 * same_value.h - whether what was read again is what was written. value_equal asks for more:
 * formats write 1.0 as 1, have several names for one zone, and NaN.
 */
#pragma once

#include "base/time.h"

#include <math.h>

static bool same_value(const Value *a, const Value *b);

static bool is_number(const Value *v)
{
    return v->kind == VALUE_INT || v->kind == VALUE_UINT || v->kind == VALUE_FLOAT;
}

static double number_of(const Value *v)
{
    if (v->kind == VALUE_FLOAT)
        return v->real;
    return v->kind == VALUE_INT ? (double)v->integer : (double)v->natural;
}

static bool same_number(const Value *a, const Value *b)
{
    double x = number_of(a), y = number_of(b);

    if (a->kind != VALUE_FLOAT && a->kind == b->kind)
        return value_equal(*a, *b);
    return x == y || (isnan(x) && isnan(y));
}

static bool same_list(const ValueList *a, const ValueList *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!same_value(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool same_map(const ValueMap *a, const ValueMap *b)
{
    size_t len = a ? a->len : 0;

    if (len != (b ? b->len : 0))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!str_equal(a->entries[i].key, b->entries[i].key) ||
            !same_value(&a->entries[i].value, &b->entries[i].value))
            return false;
    return true;
}

static bool same_value(const Value *a, const Value *b)
{
    if (is_number(a) && is_number(b))
        return same_number(a, b);
    if (a->kind != b->kind)
        return false;
    if (a->kind == VALUE_LIST)
        return same_list(&a->list, &b->list);
    if (a->kind == VALUE_MAP)
        return same_map(a->map, b->map);
    if (a->kind != VALUE_OBJECT)
        return value_equal(*a, *b);

    const Time *x = time_of_value(*a), *y = time_of_value(*b);
    return x && y && time_compare(*x, *y) == 0;
}
