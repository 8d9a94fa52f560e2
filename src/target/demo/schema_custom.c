/*
 * schema_custom.c - the schema of a custom kind, from its definition's openAPIV3Schema.
 * Source: k8s.io/kube-openapi, pkg/schemaconv, and the structural schemas of
 * k8s.io/apiextensions-apiserver.
 */
#include "base/field.h"
#include "base/vec.h"
#include "target/demo/schema.h"

#include <stdlib.h>

static Shape *read_node(Schema *schema, const Value *node);

static Shape *new_shape(Schema *schema, ShapeKind kind)
{
    Shape *shape = arena_new(schema_arena(schema), Shape);

    *shape = (Shape){.kind = kind, .schema = schema, .read = true};
    return shape;
}

static int compare_fields(const void *left, const void *right)
{
    return str_compare(((const ShapeField *)left)->name, ((const ShapeField *)right)->name);
}

static bool names(ValueList list, Str name)
{
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind == VALUE_STRING && str_equal(list.items[i].string, name))
            return true;
    return false;
}

static ShapeField read_property(Schema *schema, Str name, const Value *node, bool required)
{
    const Value *initial = field_at(node, "default");

    return (ShapeField){
        .name = str_copy(schema_arena(schema), name),
        .element = str_join(schema_arena(schema), STR("f:"), name),
        .shape = read_node(schema, node),
        .mark = '*',
        .key = initial ? value_copy(schema_arena(schema), *initial) : value_missing(),
        .initial = initial ? value_copy(schema_arena(schema), *initial) : value_missing(),
        .required = required,
    };
}

/* What every object has, besides what its definition says of it. */
static void add_object_fields(Schema *schema, Shape *shape)
{
    static const char *const fields[] = {"apiVersion", "kind", "metadata"};
    size_t len = 0;
    ShapeField *all = arena_array(schema_arena(schema), ShapeField, shape->len + COUNT(fields));

    for (size_t i = 0; i < shape->len; i++) {
        bool own = false;

        for (size_t j = 0; j < COUNT(fields); j++)
            own |= str_is(shape->fields[i].name, fields[j]);
        if (!own)
            all[len++] = shape->fields[i];
    }
    for (size_t j = 0; j < COUNT(fields); j++) {
        Shape *meta = schema_struct(schema, "ObjectMeta");
        const ShapeField *text = shape_field(meta, STR("name"));

        all[len++] = (ShapeField){
            .name = str_from(fields[j]),
            .element = str_join(schema_arena(schema), STR("f:"), str_from(fields[j])),
            .shape = j == 2 ? meta : text->shape,
            .mark = j == 2 ? ':' : '?',
            .key = value_missing(),
            .initial = value_missing(),
        };
    }
    qsort(all, len, sizeof(*all), compare_fields);
    shape->fields = all;
    shape->len = len;
}

static void read_properties(Schema *schema, Shape *shape, const Value *node)
{
    const ValueMap *properties = field_map(node, "properties");
    ValueList required = field_list(node, "required");
    size_t len = properties ? properties->len : 0;

    shape->fields = arena_array(schema_arena(schema), ShapeField, len);
    shape->len = len;
    for (size_t i = 0; i < len; i++) {
        Str name = properties->entries[i].key;

        shape->fields[i] =
            read_property(schema, name, &properties->entries[i].value, names(required, name));
    }
}

static Shape *read_map(Schema *schema, const Value *node)
{
    const Value *others = field_at(node, "additionalProperties");
    bool open = field_bool(node, "x-kubernetes-preserve-unknown-fields", false) ||
                field_bool(node, "x-kubernetes-embedded-resource", false);
    Shape *shape;

    if (!field_map(node, "properties") && !others && open)
        return new_shape(schema, SHAPE_ANY);
    if (!field_map(node, "properties") && others) {
        shape = new_shape(schema, SHAPE_MAP);
        shape->items =
            others->kind == VALUE_MAP ? read_node(schema, others) : schema_anything(schema);
    } else {
        shape = new_shape(schema, SHAPE_STRUCT);
        shape->name = "";
        read_properties(schema, shape, node);
        shape->items = open ? schema_anything(schema) : NULL;
    }
    shape->atomic = str_is(field_string(node, "x-kubernetes-map-type"), "atomic");
    return shape;
}

static Shape *read_list(Schema *schema, const Value *node)
{
    const Value *items = field_at(node, "items");
    ValueList keys = field_list(node, "x-kubernetes-list-map-keys");
    Str type = field_string(node, "x-kubernetes-list-type");
    Shape *shape = new_shape(schema, SHAPE_LIST);

    shape->items =
        items && items->kind == VALUE_MAP ? read_node(schema, items) : schema_anything(schema);
    shape->is_set = str_is(type, "set") && shape_is_scalar(shape->items);
    if (str_is(type, "map") && keys.len && shape->items->kind == SHAPE_STRUCT) {
        Str *own = arena_array(schema_arena(schema), Str, keys.len);

        for (size_t i = 0; i < keys.len; i++)
            own[i] = keys.items[i].kind == VALUE_STRING
                         ? str_copy(schema_arena(schema), keys.items[i].string)
                         : STR("");
        shape->keys = own;
        shape->key_count = keys.len;
    }
    shape->atomic = !shape->is_set && !shape->key_count;
    return shape;
}

static Shape *read_scalar(Schema *schema, const Value *node)
{
    Str type = field_string(node, "type"), format = field_string(node, "format");

    if (field_bool(node, "x-kubernetes-int-or-string", false))
        return new_shape(schema, SHAPE_INTEGER_OR_STRING);
    if (str_is(type, "integer"))
        return new_shape(schema, SHAPE_INTEGER);
    if (str_is(type, "number"))
        return new_shape(schema, SHAPE_NUMBER);
    if (str_is(type, "boolean"))
        return new_shape(schema, SHAPE_BOOLEAN);
    if (str_is(type, "string"))
        return new_shape(schema, str_is(format, "date-time") ? SHAPE_TIME : SHAPE_STRING);
    return schema_anything(schema);
}

static Shape *read_node(Schema *schema, const Value *node)
{
    Str type = field_string(node, "type");
    Shape *shape;

    if (str_is(type, "object") || (!type.len && field_map(node, "properties")))
        shape = read_map(schema, node);
    else if (str_is(type, "array"))
        shape = read_list(schema, node);
    else
        shape = read_scalar(schema, node);
    if (shape != schema_anything(schema)) {
        shape->nullable = field_bool(node, "nullable", false);
        shape->definition = node;
    }
    return shape;
}

Shape *schema_custom(Schema *schema, const Value *definition)
{
    Shape *shape = definition ? read_map(schema, definition) : NULL;

    if (!shape || shape->kind != SHAPE_STRUCT) {
        shape = new_shape(schema, SHAPE_STRUCT);
        shape->name = "";
        shape->items = schema_anything(schema);
    }
    add_object_fields(schema, shape);
    return shape;
}
