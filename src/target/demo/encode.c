#include "target/demo/encode.h"

#include "base/field.h"
#include "base/json.h"
#include "base/vec.h"
#include "target/demo/problems.h"
#include "target/demo/quantity.h"
#include "target/demo/stamp.h"

enum { DEEPEST = 200, MOST_NODES = 1000000 }; /* of an object that is sent */

typedef struct Encoder {
    Arena *arena;
    Problems problems;
} Encoder;

static Value encode(Encoder *e, const Where *at, Shape *shape, Value v);

/* What a field that is not set is written as. */
static Value empty_value(Encoder *e, const Where *at, Shape *shape)
{
    switch (shape->kind) {
    case SHAPE_STRING:
    case SHAPE_BYTES:
        return value_c("");
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
    case SHAPE_INTEGER_OR_STRING:
        return value_float(0);
    case SHAPE_BOOLEAN:
        return value_bool(false);
    case SHAPE_QUANTITY:
        return value_c("0");
    case SHAPE_STRUCT:
        return encode(e, at, shape, value_of_map(value_map_new(e->arena)));
    default:
        return value_null();
    }
}

static bool is_zero(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return true;
    case VALUE_STRING:
        return !v.string.len;
    case VALUE_FLOAT:
        return v.real == 0;
    case VALUE_BOOL:
        return !v.boolean;
    case VALUE_LIST:
        return !v.list.len;
    case VALUE_MAP:
        return !v.map->len;
    default:
        return false;
    }
}

static Value encode_quantity(Encoder *e, const Where *at, Value v)
{
    Buf text = {.arena = e->arena};
    Quantity q;

    if (v.kind == VALUE_STRING)
        buf_add(&text, v.string);
    else
        error_free(json_write(&text, v, (JsonStyle){0}));
    if (quantity_parse(buf_str(&text), &q))
        return value_string(quantity_text(e->arena, q));
    problem_at(&e->problems, at,
               "quantities must match the regular expression "
               "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$', unlike \"%.*s\"",
               STR_ARG(buf_str(&text)));
    return v;
}

/* Where in TEXT it stops being base64; its length if it does not. */
static size_t base64_end(Str text)
{
    size_t digits = 0, padding = 0, i = 0;

    for (; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '\n' || c == '\r')
            continue;
        if (c == '=' && digits % 4 >= 2 && digits % 4 + padding < 4)
            padding++;
        else if (padding || !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                              (c >= '0' && c <= '9') || c == '+' || c == '/'))
            return i;
        else
            digits++;
    }
    return (digits + padding) % 4 ? SIZE_MAX : i;
}

static Value encode_bytes(Encoder *e, const Where *at, Value v)
{
    size_t end = base64_end(v.string);

    if (end != v.string.len)
        problem_at(&e->problems, at,
                   "error decoding from json: illegal base64 data at input byte %zu",
                   end == SIZE_MAX ? v.string.len : end);
    return v;
}

static Value encode_time(Encoder *e, const Where *at, Value v)
{
    int64_t ms;

    if (v.kind != VALUE_STRING || !v.string.len)
        return value_null();
    if (!stamp_parse(v.string, &ms))
        problem_at(&e->problems, at, "\"%.*s\" is no time as in \"2006-01-02T15:04:05Z07:00\"",
                   STR_ARG(v.string));
    return v;
}

static Value encode_scalar(Encoder *e, const Where *at, const Shape *shape, Value v)
{
    int64_t n;
    bool needs_whole = shape->kind == SHAPE_INTEGER ||
                       (shape->kind == SHAPE_INTEGER_OR_STRING && v.kind != VALUE_STRING);

    if (needs_whole && !value_whole(v, &n))
        problem_at(&e->problems, at, "cannot convert %s to int32", value_go_type(v));
    if (shape->kind == SHAPE_QUANTITY)
        return encode_quantity(e, at, v);
    if (shape->kind == SHAPE_BYTES && v.kind == VALUE_STRING)
        return encode_bytes(e, at, v);
    if (shape->kind == SHAPE_TIME)
        return encode_time(e, at, v);
    return v;
}

static Value encode_list(Encoder *e, const Where *at, Shape *shape, ValueList list)
{
    Value *items = arena_array(e->arena, Value, list.len);

    for (size_t i = 0; i < list.len; i++) {
        Where item = {.above = at, .index = i};

        items[i] = encode(e, &item, shape->items, list.items[i]);
    }
    return value_list(items, list.len);
}

/* The entries that are not fields of a struct. */
static void encode_entries(Encoder *e, const Where *at, Shape *shape, const ValueMap *from,
                           ValueMap *to)
{
    for (size_t i = 0; i < from->len; i++) {
        Str key = from->entries[i].key;
        Where entry = {.above = at, .name = key};

        if (shape->kind == SHAPE_STRUCT && shape_field(shape, key))
            continue;
        if (shape->items)
            value_map_append(e->arena, to, key,
                             encode(e, &entry, shape->items, from->entries[i].value));
    }
}

/*
 * Whether a null stays: where it may be one, and in a custom kind where it may not, which is told
 * later; but not where there is a default for it.
 */
static bool is_told_null(const ShapeField *field)
{
    return field->shape->nullable ||
           (field->shape->definition && value_type_of(field->initial) == TYPE_MISSING);
}

static void encode_field(Encoder *e, const Where *at, const ShapeField *field, const Value *v,
                         ValueMap *to)
{
    Where here = {.above = at, .name = field->name};
    Value encoded;

    if (!v || (v->kind == VALUE_NULL && !is_told_null(field))) {
        if (field->mark == ':')
            value_map_append(e->arena, to, field->name, empty_value(e, &here, field->shape));
        if (field->mark == '^')
            value_map_append(e->arena, to, field->name, value_null());
        return;
    }
    encoded = encode(e, &here, field->shape, *v);
    if (field->mark == ':' && encoded.kind == VALUE_LIST && !encoded.list.len)
        encoded = value_null();
    if (field->mark != '?' || !is_zero(encoded))
        value_map_append(e->arena, to, field->name, encoded);
}

static Value encode_map(Encoder *e, const Where *at, Shape *shape, const ValueMap *map)
{
    ValueMap *to = value_map_new(e->arena);
    size_t len;
    const ShapeField *fields = shape_fields(shape, &len);

    for (size_t i = 0; i < len; i++)
        encode_field(e, at, &fields[i], value_map_get(map, fields[i].name), to);
    encode_entries(e, at, shape, map, to);
    value_map_sort(to);
    return value_of_map(to);
}

static Value encode(Encoder *e, const Where *at, Shape *shape, Value v)
{
    if (v.kind == VALUE_NULL && shape->kind != SHAPE_ANY && !shape->nullable && !shape->definition)
        return empty_value(e, at, shape);
    if (v.kind == VALUE_NULL)
        return v;
    if (shape_is_scalar(shape))
        return encode_scalar(e, at, shape, v);
    if (shape->kind == SHAPE_LIST && v.kind == VALUE_LIST)
        return encode_list(e, at, shape, v.list);
    if ((shape->kind == SHAPE_MAP || shape->kind == SHAPE_STRUCT) && v.kind == VALUE_MAP && v.map)
        return encode_map(e, at, shape, v.map);
    return v;
}

Error *object_encode(Arena *a, Shape *shape, Value v, Value *out)
{
    Encoder e = {.arena = a, .problems = {.arena = a}};
    Value encoded = encode(&e, NULL, shape, v);

    TRY(problems_error(&e.problems, "unable to convert the object"));
    *out = encoded;
    return NULL;
}

static Value plain(Arena *a, Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_INT:
        return value_float((double)v.integer);
    case VALUE_UINT:
        return value_float((double)v.natural);
    case VALUE_STRING:
    case VALUE_BYTES:
        return value_string(v.string);
    case VALUE_LIST: {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = plain(a, v.list.items[i]);
        return v.list.items ? value_list(items, v.list.len) : value_null();
    }
    case VALUE_MAP: {
        ValueMap *map = value_map_shallow(a, v.map);

        for (size_t i = 0; i < map->len; i++)
            map->entries[i].value = plain(a, map->entries[i].value);
        return v.map ? value_of_map(map) : value_null();
    }
    case VALUE_COMPLEX:
    case VALUE_OBJECT:
        return value_null();
    default:
        return v;
    }
}

Error *object_plain(Arena *a, Value v, Value *out)
{
    size_t nodes = MOST_NODES;

    if (v.kind != VALUE_MAP || !v.map)
        return error_new(ERROR_INPUT, "an object must be a map, not a %s", value_kind_name(v.kind));
    if (!value_within(v, DEEPEST, &nodes))
        return error_new(ERROR_INPUT, "the object is too large: etcdserver: request is too large");
    *out = plain(a, v);
    return NULL;
}
