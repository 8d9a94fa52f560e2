/*
 * validate_custom.c - objects of custom kinds, against what their definition's schema says of
 * values. Patterns and rules in CEL are not looked at.
 * Source: k8s.io/apiextensions-apiserver, and k8s.io/kube-openapi, pkg/validation.
 */
#include "base/field.h"
#include "target/demo/validate.h"

static void check(Problems *problems, const Where *at, Shape *shape, const Value *v);

static void check_enum(Problems *problems, const Where *at, const Value *node, const Value *v)
{
    ValueList words = field_list(node, "enum");
    Buf listed = {.arena = problems->arena};

    if (!words.len)
        return;
    for (size_t i = 0; i < words.len; i++) {
        if (value_equal(words.items[i], *v))
            return;
        buf_format(&listed, "%s%.*s", i ? ", " : "",
                   STR_ARG(shown(problems->arena, &words.items[i])));
    }
    problem_at(problems, at, "Unsupported value: %.*s: supported values: %.*s",
               STR_ARG(shown(problems->arena, v)), STR_ARG(buf_str(&listed)));
}

static void check_number(Problems *problems, const Where *at, const Value *node, const Value *v)
{
    const Value *least = field_at(node, "minimum"), *most = field_at(node, "maximum");

    if (least && least->kind == VALUE_FLOAT && v->real < least->real)
        problem_at(problems, at,
                   "Invalid value: %.*s: %.*s in body should be greater than or equal to %.*s",
                   STR_ARG(shown(problems->arena, v)), STR_ARG(where_text(problems->arena, at)),
                   STR_ARG(shown(problems->arena, least)));
    if (most && most->kind == VALUE_FLOAT && v->real > most->real)
        problem_at(problems, at,
                   "Invalid value: %.*s: %.*s in body should be less than or equal to %.*s",
                   STR_ARG(shown(problems->arena, v)), STR_ARG(where_text(problems->arena, at)),
                   STR_ARG(shown(problems->arena, most)));
}

static void check_size(Problems *problems, const Where *at, const Value *node, size_t size,
                       const char *least_key, const char *most_key)
{
    int64_t least = field_int(node, least_key, 0), most = field_int(node, most_key, INT64_MAX);

    if ((int64_t)size < least)
        problem_at(problems, at, "Invalid value: should have at least %lld, not %zu",
                   (long long)least, size);
    if ((int64_t)size > most)
        problem_at(problems, at, "Too many: %zu: must have at most %lld", size, (long long)most);
}

static void check_map(Problems *problems, const Where *at, Shape *shape, const Value *v)
{
    size_t len;
    const ShapeField *fields = shape_fields(shape, &len);

    for (size_t i = 0; i < len; i++)
        if (fields[i].required && !value_map_get(v->map, fields[i].name))
            problem_at(problems, &(Where){.above = at, .name = fields[i].name}, "Required value");
    for (size_t i = 0; i < v->map->len; i++) {
        Shape *below = shape_at(shape, v->map->entries[i].key);
        Where here = {.above = at, .name = v->map->entries[i].key};

        if (below && (at || !str_is(here.name, "metadata")))
            check(problems, &here, below, &v->map->entries[i].value);
    }
}

static void check(Problems *problems, const Where *at, Shape *shape, const Value *v)
{
    const Value *node = shape->definition;

    if (node && at && v->kind == VALUE_NULL && !shape->nullable) {
        Str type = field_string(node, "type");

        problem_at(problems, at,
                   "Invalid value: \"null\": %.*s in body must be of type %.*s: \"null\"",
                   STR_ARG(where_text(problems->arena, at)), STR_ARG(type));
        return;
    }
    if (node && at) {
        check_enum(problems, at, node, v);
        if (v->kind == VALUE_FLOAT)
            check_number(problems, at, node, v);
        if (v->kind == VALUE_STRING)
            check_size(problems, at, node, v->string.len, "minLength", "maxLength");
        if (v->kind == VALUE_LIST)
            check_size(problems, at, node, v->list.len, "minItems", "maxItems");
    }
    if ((shape->kind == SHAPE_STRUCT || shape->kind == SHAPE_MAP) && v->kind == VALUE_MAP)
        check_map(problems, at, shape, v);
    for (size_t i = 0; shape->kind == SHAPE_LIST && v->kind == VALUE_LIST && i < v->list.len; i++)
        check(problems, &(Where){.above = at, .index = i}, shape->items, &v->list.items[i]);
}

void validate_custom(Problems *problems, Shape *shape, const Value *object)
{
    check(problems, NULL, shape, object);
}
