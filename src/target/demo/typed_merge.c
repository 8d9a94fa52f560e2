/*
 * typed_merge.c - laying one value on another.
 */
#include "target/demo/typed_parts.h"

static Value merge_maps(Arena *a, Shape *shape, const ValueMap *base, const ValueMap *over)
{
    ValueMap *merged = value_map_new(a);
    size_t i = 0, j = 0;

    while (i < base->len || j < over->len) {
        int order = i == base->len   ? 1
                    : j == over->len ? -1
                                     : str_compare(base->entries[i].key, over->entries[j].key);
        Str key = order <= 0 ? base->entries[i].key : over->entries[j].key;
        Value v =
            typed_merge(a, typed_shape_at(shape, key), order <= 0 ? &base->entries[i].value : NULL,
                        order >= 0 ? &over->entries[j].value : NULL);

        if (value_type_of(v) != TYPE_MISSING)
            value_map_append(a, merged, key, v);
        i += order <= 0;
        j += order >= 0;
    }
    return merged->len ? value_of_map(merged) : value_missing();
}

/* The two lists of a merge, and how far it has come. */
typedef struct ListMerge {
    Shape *shape;
    ValueList base, over;
    Elements left, right;
    size_t i, j;
    size_t shared; /* of over: the next item that base has as well, and that is not merged yet */
    ValueVec out;
} ListMerge;

/* The first item of OVER from FROM on that BASE has as well. */
static size_t next_shared(const ListMerge *m, size_t from)
{
    while (from < m->right.len && typed_element_index(&m->left, m->right.items[from]) == SIZE_MAX)
        from++;
    return from;
}

static void merge_item(Arena *a, ListMerge *m, const Value *base, const Value *over)
{
    Value v = typed_merge(a, m->shape->items, base, over);

    if (value_type_of(v) != TYPE_MISSING)
        *vec_add(a, &m->out) = v;
}

/* Take the next item of OVER, merged with its like in BASE unless that is there twice. */
static void take_over(Arena *a, ListMerge *m)
{
    Str element = m->right.items[m->j];
    const Value *base =
        typed_is_repeated(&m->left, element) ? NULL : typed_item(m->base, &m->left, element);

    merge_item(a, m, base, &m->over.items[m->j]);
    if (m->shared == m->j)
        m->shared = next_shared(m, m->j + 1);
    m->j++;
}

/*
 * OVER's order holds for what it has; what only BASE has stays behind what it stood behind.
 * Source: typed/merge.go, visitListItems.
 */
static void merge_step(Arena *a, ListMerge *m)
{
    size_t in_over = SIZE_MAX;

    if (m->i < m->left.len) {
        in_over = typed_element_index(&m->right, m->left.items[m->i]);
        if (m->j < m->right.len && in_over == m->j) {
            take_over(a, m);
            m->i++;
            return;
        }
        // a shared item whose turn has not come: OVER will bring it
        if (m->j < m->right.len && in_over != SIZE_MAX && m->shared < m->right.len &&
            m->shared != in_over) {
            m->i++;
            return;
        }
        if (in_over == SIZE_MAX) {
            merge_item(a, m, &m->base.items[m->i++], NULL);
            return;
        }
        if (in_over < m->j)
            m->i++;
    }
    if (m->j < m->right.len)
        take_over(a, m);
}

static Value merge_lists(Arena *a, Shape *shape, ValueList base, ValueList over)
{
    ListMerge m = {
        .shape = shape,
        .base = base,
        .over = over,
        .left = typed_elements(a, shape, base),
        .right = typed_elements(a, shape, over),
    };

    m.shared = next_shared(&m, 0);
    while (m.i < m.left.len || m.j < m.right.len)
        merge_step(a, &m);
    return m.out.len ? value_list(m.out.items, m.out.len) : value_missing();
}

Value typed_merge(Arena *a, Shape *shape, const Value *base, const Value *over)
{
    if (typed_is_leaf(shape, base, over))
        return over ? *over : *base;
    if (shape->kind == SHAPE_LIST)
        return merge_lists(a, shape, typed_list(base), typed_list(over));
    // anything: a map gives way to what is none, and the other way round
    if (base && over && base->kind != over->kind && !typed_is_bare(over))
        return *over;
    return merge_maps(a, shape, typed_map(base), typed_map(over));
}
