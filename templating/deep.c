/*
 * deep.c - recursion that ends: by the stack that is left, by counting, and in comparisons by
 * remembering the pairs of maps that are being compared. Only through a map can a value
 * contain itself.
 */
#include "templating/deep.h"

#include "base/stack.h"

enum { MOST_NODES = 20 * 1000 * 1000 };

/* Two maps whose comparison is under way: met again, they count as equal. */
typedef struct Pair {
    const struct Pair *outer;
    const ValueMap *left, *right;
} Pair;

static Error *count_node(size_t *nodes)
{
    if (*nodes == 0)
        return error_new(ERROR_INPUT, "the value is too large");
    --*nodes;
    if (stack_low())
        return error_new(ERROR_INPUT, "the value contains itself or nests too deep");
    return NULL;
}

static Error *equal(size_t *nodes, Value a, Value b, const Pair *under, bool *out) MUST_CHECK;

static Error *equal_lists(size_t *nodes, ValueList a, ValueList b, const Pair *under, bool *out)
{
    *out = a.len == b.len;
    if (a.items == b.items)
        return NULL;
    for (size_t i = 0; *out && i < a.len; i++)
        TRY(equal(nodes, a.items[i], b.items[i], under, out));
    return NULL;
}

static Error *equal_maps(size_t *nodes, const ValueMap *a, const ValueMap *b, const Pair *under,
                         bool *out)
{
    Pair pair = {under, a, b};

    *out = true;
    if (a == b)
        return NULL;
    for (; under; under = under->outer)
        if (under->left == a && under->right == b)
            return NULL;
    *out = a && b && a->len == b->len;
    for (size_t i = 0; *out && i < a->len; i++) {
        *out = str_equal(a->entries[i].key, b->entries[i].key);
        if (*out)
            TRY(equal(nodes, a->entries[i].value, b->entries[i].value, &pair, out));
    }
    return NULL;
}

static Error *equal_objects(size_t *nodes, const ValueObject *a, const ValueObject *b,
                            const Pair *under, bool *out)
{
    *out = a->type == b->type;
    if (a == b || !*out)
        return NULL;
    if (a->self != b->self)
        *out = a->type->equal_self && a->type->equal_self(a->self, b->self);
    for (size_t i = 0; *out && i < a->type->len; i++)
        TRY(equal(nodes, a->fields[i], b->fields[i], under, out));
    return NULL;
}

static Error *equal(size_t *nodes, Value a, Value b, const Pair *under, bool *out)
{
    *out = false;
    TRY(count_node(nodes));
    if (a.kind != b.kind || value_type_of(a) != value_type_of(b) ||
        value_is_nil(a) != value_is_nil(b))
        return NULL;
    switch ((ValueKind)a.kind) {
    case VALUE_LIST:
        return equal_lists(nodes, a.list, b.list, under, out);
    case VALUE_MAP:
        return equal_maps(nodes, a.map, b.map, under, out);
    case VALUE_OBJECT:
        return equal_objects(nodes, a.object, b.object, under, out);
    default:
        *out = value_equal(a, b);
        return NULL;
    }
}

Error *deep_equal(Value a, Value b, bool *out)
{
    size_t nodes = MOST_NODES;

    return equal(&nodes, a, b, NULL, out);
}

static Error *copy(Arena *a, Value v, size_t *nodes, Value *out) MUST_CHECK;

static Error *copy_list(Arena *a, Value v, size_t *nodes, Value *out)
{
    Value *items = arena_array(a, Value, v.list.len);

    for (size_t i = 0; i < v.list.len; i++)
        TRY(copy(a, v.list.items[i], nodes, &items[i]));
    *out = v;
    out->list.items = items;
    return NULL;
}

static Error *copy_map(Arena *a, Value v, size_t *nodes, Value *out)
{
    ValueMap *map = value_map_shallow(a, v.map);

    for (size_t i = 0; i < map->len; i++)
        TRY(copy(a, map->entries[i].value, nodes, &map->entries[i].value));
    *out = v;
    out->map = map;
    return NULL;
}

/* What a field of V's type is before it is given a value. */
static Value zero_of(Value v)
{
    return (Value){.kind = v.kind, .type = v.type};
}

/* Go's reflection, which copies, cannot see fields that are not exported. */
static Error *copy_object(Arena *a, Value v, size_t *nodes, Value *out)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *fields = arena_array(a, Value, v.object->type->len);

    *object = *v.object;
    for (size_t i = 0; i < object->type->len; i++)
        if (value_field_is_exported(&object->type->fields[i]))
            TRY(copy(a, v.object->fields[i], nodes, &fields[i]));
        else
            fields[i] = zero_of(v.object->fields[i]);
    object->fields = fields;
    *out = v;
    out->object = object;
    return NULL;
}

static Error *copy(Arena *a, Value v, size_t *nodes, Value *out)
{
    TRY(count_node(nodes));
    if (v.kind == VALUE_OBJECT)
        return copy_object(a, v, nodes, out);
    if (v.kind == VALUE_LIST && v.list.len)
        return copy_list(a, v, nodes, out);
    if (v.kind == VALUE_MAP && v.map)
        return copy_map(a, v, nodes, out);
    *out = v; // texts are never changed
    return NULL;
}

Error *deep_copy(Arena *a, Value v, Value *out)
{
    size_t nodes = MOST_NODES;

    return copy(a, v, &nodes, out);
}
