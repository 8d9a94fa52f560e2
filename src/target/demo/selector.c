#include "target/demo/selector.h"

#include "base/field.h"

static bool has_all(const ValueMap *wanted, const ValueMap *labels)
{
    for (size_t i = 0; wanted && i < wanted->len; i++) {
        const Value *v = value_map_get(labels, wanted->entries[i].key);

        if (!v || !value_equal(*v, wanted->entries[i].value))
            return false;
    }
    return true;
}

static bool is_among(ValueList values, const Value *v)
{
    for (size_t i = 0; i < values.len; i++)
        if (value_equal(values.items[i], *v))
            return true;
    return false;
}

static bool expression_holds(const Value *expression, const ValueMap *labels)
{
    const Value *v = value_map_get(labels, field_string(expression, "key"));
    Str operator= field_string(expression, "operator");
    ValueList values = field_list(expression, "values");

    if (str_is(operator, "Exists"))
        return v != NULL;
    if (str_is(operator, "DoesNotExist"))
        return v == NULL;
    if (str_is(operator, "In"))
        return v && is_among(values, v);
    return str_is(operator, "NotIn") && !(v && is_among(values, v));
}

static const ValueMap *map_in(const Value *labels)
{
    return labels && labels->kind == VALUE_MAP ? labels->map : NULL;
}

bool selector_matches(const Value *selector, const Value *labels)
{
    ValueList expressions = field_list(selector, "matchExpressions");

    if (!selector || selector->kind != VALUE_MAP)
        return false;
    for (size_t i = 0; i < expressions.len; i++)
        if (!expression_holds(&expressions.items[i], map_in(labels)))
            return false;
    return has_all(field_map(selector, "matchLabels"), map_in(labels));
}

bool labels_include(const Value *wanted, const Value *labels)
{
    return wanted && wanted->kind == VALUE_MAP && wanted->map && wanted->map->len &&
           has_all(wanted->map, map_in(labels));
}
