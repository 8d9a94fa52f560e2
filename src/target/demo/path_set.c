#include "target/demo/path_set.h"

#include "base/json.h"
#include "base/sorted.h"

#include <stdlib.h>

static int compare_element(const void *node, const void *element)
{
    return str_compare(((const PathNode *)node)->element, *(const Str *)element);
}

static size_t position(const PathSet *set, Str element, bool *found)
{
    return sorted_position(set->items, set->len, sizeof(*set->items), &element, compare_element,
                           found);
}

void path_set_add(Arena *a, PathSet *set, PathNode node)
{
    if (node.member || !path_set_is_empty(node.below))
        *vec_add(a, set) = node;
}

static bool is_sorted(const PathSet *set)
{
    for (size_t i = 1; i < set->len; i++)
        if (str_compare(set->items[i - 1].element, set->items[i].element) >= 0)
            return false;
    return true;
}

static int compare_nodes(const void *left, const void *right)
{
    return str_compare(((const PathNode *)left)->element, ((const PathNode *)right)->element);
}

void path_set_sort(Arena *a, PathSet *set)
{
    size_t len = 0;

    if (is_sorted(set))
        return;
    qsort(set->items, set->len, sizeof(*set->items), compare_nodes);
    for (size_t i = 0; i < set->len; i++) {
        PathNode *last = len ? &set->items[len - 1] : NULL;

        if (last && str_equal(last->element, set->items[i].element)) {
            last->member |= set->items[i].member;
            last->below = path_set_union(a, last->below, set->items[i].below);
        } else {
            set->items[len++] = set->items[i];
        }
    }
    set->len = len;
}

bool path_set_is_empty(const PathSet *set)
{
    return !set || !set->len;
}

const PathNode *path_set_find(const PathSet *set, Str element)
{
    bool found = false;
    size_t at = set ? position(set, element, &found) : 0;

    return found ? &set->items[at] : NULL;
}

bool path_set_equal(const PathSet *left, const PathSet *right)
{
    if (path_set_is_empty(left) || path_set_is_empty(right) || left->len != right->len)
        return path_set_is_empty(left) && path_set_is_empty(right);
    for (size_t i = 0; i < left->len; i++) {
        const PathNode *l = &left->items[i], *r = &right->items[i];

        if (l->member != r->member || !str_equal(l->element, r->element) ||
            !path_set_equal(l->below, r->below))
            return false;
    }
    return true;
}

/* What becomes of an element: L is NULL where it is not on the left, R likewise. */
typedef PathNode Combine(Arena *a, const PathNode *l, const PathNode *r);

/* Walk two sets side by side, in order. */
static const PathSet *zip(Arena *a, const PathSet *left, const PathSet *right, Combine *combine)
{
    PathSet *set = arena_new(a, PathSet);
    size_t i = 0, j = 0;

    while (i < left->len || j < right->len) {
        int order = i == left->len ? 1
                    : j == right->len
                        ? -1
                        : str_compare(left->items[i].element, right->items[j].element);
        const PathNode *l = order <= 0 ? &left->items[i++] : NULL;
        const PathNode *r = order >= 0 ? &right->items[j++] : NULL;

        path_set_add(a, set, combine(a, l, r));
    }
    return set;
}

static PathNode combine_union(Arena *a, const PathNode *l, const PathNode *r)
{
    if (!l || !r)
        return l ? *l : *r;
    return (PathNode){l->element, l->member || r->member, path_set_union(a, l->below, r->below)};
}

const PathSet *path_set_union(Arena *a, const PathSet *left, const PathSet *right)
{
    if (path_set_is_empty(left) || path_set_is_empty(right))
        return path_set_is_empty(left) ? right : left;
    return zip(a, left, right, combine_union);
}

static PathNode combine_both(Arena *a, const PathNode *l, const PathNode *r)
{
    if (!l || !r)
        return (PathNode){0};
    return (PathNode){l->element, l->member && r->member, path_set_both(a, l->below, r->below)};
}

const PathSet *path_set_both(Arena *a, const PathSet *left, const PathSet *right)
{
    if (path_set_is_empty(left) || path_set_is_empty(right))
        return NULL;
    return zip(a, left, right, combine_both);
}

static PathNode combine_without(Arena *a, const PathNode *l, const PathNode *r)
{
    if (!l || !r)
        return l ? *l : (PathNode){0};
    return (PathNode){l->element, l->member && !r->member, path_set_without(a, l->below, r->below)};
}

const PathSet *path_set_without(Arena *a, const PathSet *left, const PathSet *right)
{
    if (path_set_is_empty(left) || path_set_is_empty(right))
        return left;
    return zip(a, left, right, combine_without);
}

static PathNode combine_trees(Arena *a, const PathNode *l, const PathNode *r)
{
    if (!l || !r)
        return l ? *l : (PathNode){0};
    if (r->member)
        return (PathNode){0};
    return (PathNode){l->element, l->member, path_set_without_trees(a, l->below, r->below)};
}

const PathSet *path_set_without_trees(Arena *a, const PathSet *left, const PathSet *right)
{
    if (path_set_is_empty(left) || path_set_is_empty(right))
        return left;
    return zip(a, left, right, combine_trees);
}

/* The shape of what ELEMENT is in SHAPE; NULL where it is not known. */
static Shape *element_shape(Shape *shape, Str element)
{
    if (!shape || element.len < 2)
        return NULL;
    if (element.ptr[0] == 'f')
        return shape->kind == SHAPE_LIST ? NULL : shape_at(shape, str_skip(element, 2));
    return element.ptr[0] == 'k' && shape->kind == SHAPE_LIST ? shape->items : NULL;
}

const PathSet *path_set_with_fields(Arena *a, const PathSet *set, Shape *shape)
{
    PathSet *result = arena_new(a, PathSet);

    for (size_t i = 0; set && i < set->len; i++) {
        PathNode node = set->items[i];
        bool is_field = node.below && shape && shape->kind == SHAPE_STRUCT &&
                        node.element.ptr[0] == 'f' && shape_field(shape, str_skip(node.element, 2));

        node.member |= is_field;
        if (node.below)
            node.below = path_set_with_fields(a, node.below, element_shape(shape, node.element));
        path_set_add(a, result, node);
    }
    return result;
}

Value path_set_value(Arena *a, const PathSet *set)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; set && i < set->len; i++) {
        const PathNode *node = &set->items[i];
        Value below = path_set_value(a, node->below);

        if (node->member && below.map->len)
            value_map_set_c(a, below.map, ".", value_of_map(value_map_new(a)));
        value_map_append(a, map, node->element, below);
    }
    value_map_sort(map);
    return value_of_map(map);
}

const PathSet *path_set_read(Arena *a, Value fields)
{
    PathSet *set = arena_new(a, PathSet);

    if (fields.kind != VALUE_MAP || !fields.map)
        return set;
    for (size_t i = 0; i < fields.map->len; i++) {
        const ValueEntry *entry = &fields.map->entries[i];
        const PathSet *below = path_set_read(a, entry->value);
        bool has_self = entry->value.kind == VALUE_MAP && value_map_get_c(entry->value.map, ".");

        if (entry->key.len >= 2 && entry->key.ptr[1] == ':')
            path_set_add(a, set, (PathNode){entry->key, has_self || !below->len, below});
    }
    return set;
}

/* The keys of an item: `[name="web",port=80]` */
static void add_keys(Buf *b, Value keys)
{
    buf_add_char(b, '[');
    for (size_t i = 0; keys.kind == VALUE_MAP && i < keys.map->len; i++) {
        const Value *v = &keys.map->entries[i].value;

        buf_format(b, "%s%.*s=", i ? "," : "", STR_ARG(keys.map->entries[i].key));
        if (v->kind == VALUE_STRING)
            buf_format(b, "\"%.*s\"", STR_ARG(v->string));
        else
            error_free(json_write(b, *v, (JsonStyle){0}));
    }
    buf_add_char(b, ']');
}

Str path_element_text(Arena *a, Str element)
{
    Buf b = {.arena = a};
    Str rest = str_skip(element, 2);
    Value keys;
    Error *err;

    if (element.ptr[0] == 'f')
        return str_join(a, STR("."), rest);
    if (element.ptr[0] == 'i')
        return str_format(a, "[%.*s]", STR_ARG(rest));
    if (element.ptr[0] != 'k')
        return str_format(a, "[=%.*s]", STR_ARG(rest));
    err = json_parse(a, "a field's key", rest, &keys);
    if (err) {
        error_free(err);
        return str_format(a, "[%.*s]", STR_ARG(rest));
    }
    add_keys(&b, keys);
    return buf_str(&b);
}

static void list_below(Arena *a, const PathSet *set, Str above, StrList *out)
{
    for (size_t i = 0; set && i < set->len; i++) {
        Str path = str_join(a, above, path_element_text(a, set->items[i].element));

        if (set->items[i].member)
            *vec_add(a, out) = path;
        list_below(a, set->items[i].below, path, out);
    }
}

void path_set_list(Arena *a, const PathSet *set, StrList *out)
{
    list_below(a, set, STR(""), out);
}
