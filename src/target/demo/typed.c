#include "target/demo/typed_parts.h"

static const PathSet *list_paths(Arena *a, Shape *shape, ValueList list)
{
    PathSet *set = arena_new(a, PathSet);
    Elements elements = typed_elements(a, shape, list);

    for (size_t i = 0; i < list.len; i++) {
        // what is there twice is owned, but nothing in it can be told apart
        bool once = !typed_is_repeated(&elements, elements.items[i]);

        path_set_add(a, set,
                     (PathNode){elements.items[i], true,
                                once ? typed_paths(a, shape->items, list.items[i]) : NULL});
    }
    path_set_sort(a, set);
    return set;
}

/* Whether an entry is owned itself, and not only what is in it. */
static bool is_own_field(Shape *shape, const ValueEntry *entry)
{
    Shape *field = typed_shape_at(shape, entry->key);

    if (shape->kind != SHAPE_STRUCT || !shape_field(shape, entry->key))
        return true;
    if (entry->value.kind == VALUE_LIST && field->kind == SHAPE_LIST)
        return shape_is_atomic(field);
    return typed_is_leaf(field, &entry->value, NULL);
}

const PathSet *typed_paths(Arena *a, Shape *shape, Value v)
{
    PathSet *set = arena_new(a, PathSet);

    if (typed_is_leaf(shape, &v, NULL))
        return set;
    if (shape->kind == SHAPE_LIST)
        return list_paths(a, shape, typed_list(&v));
    for (size_t i = 0; i < typed_map(&v)->len; i++) {
        const ValueEntry *entry = &v.map->entries[i];

        path_set_add(a, set,
                     (PathNode){typed_field_element(a, shape, entry->key),
                                is_own_field(shape, entry),
                                typed_paths(a, typed_shape_at(shape, entry->key), entry->value)});
    }
    path_set_sort(a, set);
    return set;
}

/* What is left of V, in which something goes: a list or map stays, empty if need be. */
static Value reduced(Arena *a, Shape *shape, Value v, const PathNode *node)
{
    Value left;

    if (!node || path_set_is_empty(node->below))
        return v;
    left = typed_without(a, shape, v, node->below);
    if (value_type_of(left) != TYPE_MISSING)
        return left;
    return v.kind == VALUE_MAP    ? value_of_map(value_map_new(a))
           : v.kind == VALUE_LIST ? value_list(NULL, 0)
                                  : value_null();
}

static Value list_without(Arena *a, Shape *shape, ValueList list, const PathSet *set)
{
    ValueVec left = {0};

    for (size_t i = 0; i < list.len; i++) {
        const PathNode *node = path_set_find(set, typed_element_of(a, shape, list.items[i]));

        if (!node || !node->member)
            *vec_add(a, &left) = reduced(a, shape->items, list.items[i], node);
    }
    return left.len ? value_list(left.items, left.len) : value_missing();
}

static Value map_without(Arena *a, Shape *shape, const ValueMap *map, const PathSet *set)
{
    ValueMap *left = value_map_new(a);

    for (size_t i = 0; i < map->len; i++) {
        Str key = map->entries[i].key;
        const PathNode *node = path_set_find(set, typed_field_element(a, shape, key));

        if (!node || !node->member)
            value_map_append(a, left, key,
                             reduced(a, typed_shape_at(shape, key), map->entries[i].value, node));
    }
    return left->len ? value_of_map(left) : value_missing();
}

Value typed_without(Arena *a, Shape *shape, Value v, const PathSet *set)
{
    if (path_set_is_empty(set) || shape_is_scalar(shape))
        return v;
    if (typed_is_bare(&v) || shape_is_atomic(shape))
        return value_missing();
    if (shape->kind == SHAPE_LIST)
        return v.kind == VALUE_LIST ? list_without(a, shape, v.list, set) : v;
    return v.kind == VALUE_MAP ? map_without(a, shape, v.map, set) : v;
}
