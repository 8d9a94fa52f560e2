/*
 * typed_compare.c - how a value became another.
 */
#include "target/demo/typed_parts.h"

/* Comparing: what is below a node, on its way to the three results. */

typedef struct Difference {
    PathSet *added, *modified, *removed;
} Difference;

static Difference compare_below(Arena *a, Shape *shape, const Value *from, const Value *to);

/* What FROM became in TO, under ELEMENT of a larger value whose difference is D. */
static void compare_at(Arena *a, Shape *shape, Str element, const Value *from, const Value *to,
                       Difference *d)
{
    bool leaf = typed_is_leaf(shape, from, to);
    // anything, of which one side is a map and the other is not, changes as a whole as well
    bool turned = !leaf && shape->kind == SHAPE_ANY && from && to && from->kind != to->kind &&
                  from->kind != VALUE_NULL && to->kind != VALUE_NULL;
    Difference below = leaf ? (Difference){0} : compare_below(a, shape, from, to);

    path_set_add(a, d->added, (PathNode){element, !from, below.added});
    path_set_add(a, d->removed, (PathNode){element, !to, below.removed});
    path_set_add(a, d->modified,
                 (PathNode){element, from && to && (turned || (leaf && !value_equal(*from, *to))),
                            below.modified});
}

/* Items that are there more than once are compared as one value, the list of them. */
static bool repeats_equal(ValueList from, const Elements *from_elements, ValueList to,
                          const Elements *to_elements, Str element)
{
    size_t i = 0, j = 0;

    for (;; i++, j++) {
        while (i < from.len && !str_equal(from_elements->items[i], element))
            i++;
        while (j < to.len && !str_equal(to_elements->items[j], element))
            j++;
        if (i == from.len || j == to.len)
            return i == from.len && j == to.len;
        if (!value_equal(from.items[i], to.items[j]))
            return false;
    }
}

static void compare_item(Arena *a, Shape *shape, ValueList from, const Elements *from_elements,
                         ValueList to, const Elements *to_elements, Str element, Difference *d)
{
    bool many_before = typed_is_repeated(from_elements, element);
    bool many_after = typed_is_repeated(to_elements, element);
    const Value *old = typed_item(from, from_elements, element);
    const Value *new = typed_item(to, to_elements, element);

    if (!many_before && !many_after) {
        compare_at(a, shape->items, element, old, new, d);
    } else if (many_before && many_after) {
        bool same = repeats_equal(from, from_elements, to, to_elements, element);

        path_set_add(a, d->modified, (PathNode){element, !same, NULL});
    } else if (many_before) {
        if (new)
            compare_at(a, shape->items, element, NULL, new, d);
        path_set_add(a, d->removed, (PathNode){element, true, NULL});
    } else {
        if (old)
            compare_at(a, shape->items, element, old, NULL, d);
        path_set_add(a, d->added, (PathNode){element, true, NULL});
    }
}

static void compare_lists(Arena *a, Shape *shape, ValueList from, ValueList to, Difference *d)
{
    Elements left = typed_elements(a, shape, from), right = typed_elements(a, shape, to);

    for (size_t i = 0; i < from.len; i++)
        if (typed_element_index(&left, left.items[i]) == i)
            compare_item(a, shape, from, &left, to, &right, left.items[i], d);
    for (size_t i = 0; i < to.len; i++)
        if (typed_element_index(&right, right.items[i]) == i &&
            typed_element_index(&left, right.items[i]) == SIZE_MAX)
            compare_item(a, shape, from, &left, to, &right, right.items[i], d);
}

static void compare_maps(Arena *a, Shape *shape, const ValueMap *left, const ValueMap *right,
                         Difference *d)
{
    size_t i = 0, j = 0;

    while (i < left->len || j < right->len) {
        int order = i == left->len    ? 1
                    : j == right->len ? -1
                                      : str_compare(left->entries[i].key, right->entries[j].key);
        Str key = order <= 0 ? left->entries[i].key : right->entries[j].key;

        compare_at(a, typed_shape_at(shape, key), typed_field_element(a, shape, key),
                   order <= 0 ? &left->entries[i].value : NULL,
                   order >= 0 ? &right->entries[j].value : NULL, d);
        i += order <= 0;
        j += order >= 0;
    }
}

static Difference compare_below(Arena *a, Shape *shape, const Value *from, const Value *to)
{
    Difference d = {arena_new(a, PathSet), arena_new(a, PathSet), arena_new(a, PathSet)};

    if (shape->kind == SHAPE_LIST)
        compare_lists(a, shape, typed_list(from), typed_list(to), &d);
    else
        compare_maps(a, shape, typed_map(from), typed_map(to), &d);
    path_set_sort(a, d.added);
    path_set_sort(a, d.modified);
    path_set_sort(a, d.removed);
    return d;
}

Comparison typed_compare(Arena *a, Shape *shape, const Value *from, const Value *to)
{
    Difference d = compare_below(a, shape, from, to);

    return (Comparison){d.added, d.modified, d.removed};
}
