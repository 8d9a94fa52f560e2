#include "target/demo/typed_parts.h"

#include "base/json.h"

#include <stdlib.h>

bool typed_is_bare(const Value *v)
{
    return !v || v->kind == VALUE_NULL || (v->kind == VALUE_LIST && !v->list.len) ||
           (v->kind == VALUE_MAP && (!v->map || !v->map->len));
}

bool typed_is(const Value *v, ValueKind kind)
{
    return v && v->kind == kind;
}

bool typed_is_leaf(Shape *shape, const Value *left, const Value *right)
{
    if (shape_is_scalar(shape) || shape_is_atomic(shape) ||
        (typed_is_bare(left) && typed_is_bare(right)))
        return true;
    if (shape->kind == SHAPE_ANY) // lists that nothing is known of are atomic
        return !typed_is(left, VALUE_MAP) && !typed_is(right, VALUE_MAP);
    return false;
}

ValueList typed_list(const Value *v)
{
    return typed_is(v, VALUE_LIST) ? v->list : (ValueList){0};
}

const ValueMap *typed_map(const Value *v)
{
    static const ValueMap nothing;

    return typed_is(v, VALUE_MAP) && v->map ? v->map : &nothing;
}

Shape *typed_shape_at(Shape *shape, Str key)
{
    Shape *found = shape_at(shape, key);

    return found ? found : schema_anything(shape->schema);
}

Str typed_field_element(Arena *a, Shape *shape, Str name)
{
    const ShapeField *field = shape->kind == SHAPE_STRUCT ? shape_field(shape, name) : NULL;

    return field ? field->element : str_join(a, STR("f:"), name);
}

/* The fields of an item's key, in their order. */
static void add_key(Buf *b, const Shape *list, Value item)
{
    bool first = true;

    buf_add_c(b, "k:{");
    for (size_t i = 0; i < list->key_count; i++) {
        const ShapeField *field = shape_field(list->items, list->keys[i]);
        const Value *set = value_map_get(typed_map(&item), list->keys[i]);
        Value v = set ? *set : field ? field->key : value_missing();

        if (value_type_of(v) == TYPE_MISSING)
            continue;
        buf_format(b, "%s\"%.*s\":", first ? "" : ",", STR_ARG(list->keys[i]));
        error_free(json_write(b, v, (JsonStyle){0}));
        first = false;
    }
    buf_add_char(b, '}');
}

static Error *no_key(const Shape *list)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf keys = {.arena = &scratch};

    for (size_t i = 0; i < list->key_count; i++)
        buf_format(&keys, "%s\"%.*s\"", i ? " " : "", STR_ARG(list->keys[i]));
    return error_new(ERROR_INPUT,
                     "associative list with keys has an element that omits all key fields [%.*s] "
                     "(and doesn't have default values for any key fields)",
                     STR_ARG(buf_str(&keys)));
}

Error *typed_element(Arena *a, const Shape *list, Value item, Str *out)
{
    Buf b = {.arena = a};

    if (list->is_set) {
        if (item.kind == VALUE_MAP || item.kind == VALUE_LIST || item.kind == VALUE_NULL)
            return error_new(ERROR_INPUT, "associative list without keys has an element that's %s",
                             item.kind == VALUE_NULL ? "an explicit null" : "no scalar");
        buf_add_c(&b, "v:");
        TRY(json_write(&b, item, (JsonStyle){0}));
        *out = buf_str(&b);
        return NULL;
    }
    if (item.kind != VALUE_MAP || !item.map)
        return error_new(ERROR_INPUT, "associative list with keys may not have %s",
                         item.kind == VALUE_NULL ? "a null element" : "non-map elements");
    add_key(&b, list, item);
    if (b.len == sizeof("k:{}") - 1)
        return no_key(list);
    *out = buf_str(&b);
    return NULL;
}

Str typed_element_of(Arena *a, const Shape *list, Value item)
{
    Str element = STR("v:null");

    error_free(typed_element(a, list, item, &element));
    return element;
}

static int compare_places(const void *left, const void *right, void *context)
{
    const Str *items = context;
    size_t l = *(const size_t *)left, r = *(const size_t *)right;
    int order = str_compare(items[l], items[r]);

    return order ? order : (l > r) - (l < r);
}

Elements typed_elements(Arena *a, const Shape *shape, ValueList list)
{
    Elements elements = {
        .items = arena_array(a, Str, list.len),
        .order = arena_array(a, size_t, list.len),
        .len = list.len,
    };

    for (size_t i = 0; i < list.len; i++) {
        elements.items[i] = typed_element_of(a, shape, list.items[i]);
        elements.order[i] = i;
    }
    if (list.len > 1)
        qsort_r(elements.order, list.len, sizeof(size_t), compare_places, elements.items);
    return elements;
}

/* Where ELEMENT is, or would be, in the sorted order. */
static size_t element_position(const Elements *elements, Str element)
{
    size_t low = 0, high = elements->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_compare(elements->items[elements->order[middle]], element) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool element_is(const Elements *elements, size_t position, Str element)
{
    return position < elements->len &&
           str_equal(elements->items[elements->order[position]], element);
}

size_t typed_element_index(const Elements *elements, Str element)
{
    size_t at = element_position(elements, element);

    return element_is(elements, at, element) ? elements->order[at] : SIZE_MAX;
}

bool typed_is_repeated(const Elements *elements, Str element)
{
    return element_is(elements, element_position(elements, element) + 1, element);
}

const Value *typed_item(ValueList list, const Elements *elements, Str element)
{
    size_t at = typed_element_index(elements, element);

    return at == SIZE_MAX ? NULL : &list.items[at];
}
