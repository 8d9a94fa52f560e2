#include "target/demo/defaults.h"

#include "base/field.h"
#include "base/sorted.h"

#include <string.h>

static Value row_value(Arena *a, const DefaultRow *row)
{
    switch (row->kind) {
    case DEFAULT_NUMBER:
        return value_number(row->number);
    case DEFAULT_FLAG:
        return value_bool(row->number != 0);
    case DEFAULT_EMPTY:
        return value_of_map(value_map_new(a));
    default:
        return value_c(row->text);
    }
}

static bool is_set(const ValueMap *map, const char *field)
{
    const Value *v = value_map_get_c(map, field);

    return v && v->kind != VALUE_NULL;
}

static int compare_type(const void *row, const void *type)
{
    return strcmp(((const DefaultRow *)row)->type, type);
}

/* The first row of TYPE, or where it would be. */
static size_t first_row(const char *type)
{
    return sorted_position(default_rows, default_row_count, sizeof(*default_rows), type,
                           compare_type, NULL);
}

static void fill_rows(Arena *a, const char *type, ValueMap *map)
{
    for (size_t i = first_row(type);
         i < default_row_count && strcmp(default_rows[i].type, type) == 0; i++)
        if (!is_set(map, default_rows[i].field))
            value_map_set_c(a, map, default_rows[i].field, row_value(a, &default_rows[i]));
}

static void run_hook(Arena *a, const char *type, Value *map)
{
    for (size_t i = 0; i < default_hook_count; i++)
        if (strcmp(default_hooks[i].type, type) == 0)
            default_hooks[i].fill(a, map);
}

/* A custom kind's own defaults. */
static void fill_initial(Arena *a, const ShapeField *fields, size_t len, ValueMap *map)
{
    for (size_t i = 0; i < len; i++) {
        const Value *v = value_map_get(map, fields[i].name);

        if (value_type_of(fields[i].initial) != TYPE_MISSING &&
            (!v || (v->kind == VALUE_NULL && !fields[i].shape->nullable)))
            value_map_set(a, map, fields[i].name, value_copy(a, fields[i].initial));
    }
}

static void default_struct(Arena *a, Shape *shape, Value *v)
{
    size_t len;
    const ShapeField *fields = shape_fields(shape, &len);

    fill_rows(a, shape->name, v->map);
    run_hook(a, shape->name, v);
    if (shape->definition)
        fill_initial(a, fields, len, v->map);
    for (size_t i = 0; i < len; i++) {
        const Value *field = value_map_get(v->map, fields[i].name);

        // as long as nothing is added to the map, the value in it stays where it is
        if (field && (field->kind == VALUE_MAP || field->kind == VALUE_LIST)) {
            Value changed = *field;

            object_default(a, fields[i].shape, &changed);
        }
    }
}

void object_default(Arena *a, Shape *shape, Value *object)
{
    if (shape->kind == SHAPE_STRUCT && object->kind == VALUE_MAP && object->map) {
        default_struct(a, shape, object);
    } else if (shape->kind == SHAPE_LIST && object->kind == VALUE_LIST) {
        for (size_t i = 0; i < object->list.len; i++)
            object_default(a, shape->items, &object->list.items[i]);
    } else if (shape->kind == SHAPE_MAP && object->kind == VALUE_MAP && object->map) {
        for (size_t i = 0; i < object->map->len; i++)
            object_default(a, shape->items, &object->map->entries[i].value);
    }
}
