/*
 * typed_check.c - whether a value is of a shape. Source: sigs.k8s.io/structured-merge-diff,
 * typed/validate.go and merge.go; the messages are theirs.
 */
#include "base/json.h"
#include "target/demo/problems.h"
#include "target/demo/typed_parts.h"

/* A step on the way, written as path_set.h does. */
typedef struct Step {
    const struct Step *above;
    Str element;
} Step;

typedef struct Check {
    Problems problems;
    bool repeats;
} Check;

static void check(Check *c, const Step *at, Shape *shape, Value v);

static void add_step(Buf *b, Arena *a, const Step *step)
{
    if (step->above)
        add_step(b, a, step->above);
    if (step->element.len)
        buf_add(b, path_element_text(a, step->element));
}

static void wrong(Check *c, const Step *at, Str what)
{
    Buf path = {.arena = c->problems.arena};

    add_step(&path, c->problems.arena, at);
    problem(&c->problems, str_c(c->problems.arena, buf_str(&path)), "%.*s", STR_ARG(what));
}

/* V as Go prints it, roughly: "foo", "1", `map[a:1]`. */
static Str printed(Arena *a, Value v)
{
    Buf b = {.arena = a};

    if (v.kind == VALUE_STRING)
        return v.string;
    error_free(json_write(&b, v, (JsonStyle){0}));
    return buf_str(&b);
}

static void wrong_scalar(Check *c, const Step *at, const char *want, Value v)
{
    Arena *a = c->problems.arena;

    wrong(c, at, str_format(a, "expected %s, got &{%.*s}", want, STR_ARG(printed(a, v))));
}

static void check_scalar(Check *c, const Step *at, const Shape *shape, Value v)
{
    Arena *a = c->problems.arena;
    bool is_number = v.kind == VALUE_FLOAT;
    bool is_scalar = is_number || v.kind == VALUE_STRING || v.kind == VALUE_BOOL;

    switch (shape->kind) {
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        if (!is_number)
            wrong(c, at,
                  str_format(a, "expected numeric (int or float), got %s", value_go_type(v)));
        return;
    case SHAPE_STRING:
    case SHAPE_BYTES:
        if (v.kind != VALUE_STRING)
            wrong(c, at,
                  str_format(a, "expected string, got &value.valueUnstructured{Value:%.*s}",
                             STR_ARG(printed(a, v))));
        return;
    case SHAPE_BOOLEAN:
        if (v.kind != VALUE_BOOL)
            wrong(c, at, str_format(a, "expected boolean, got &{%.*s}", STR_ARG(printed(a, v))));
        return;
    default:
        if (!is_scalar)
            wrong_scalar(c, at, "any scalar", v);
    }
}

static void check_list(Check *c, const Step *at, Shape *shape, ValueList list)
{
    Arena *a = c->problems.arena;
    Elements elements;

    if (shape_is_atomic(shape)) {
        for (size_t i = 0; i < list.len; i++)
            check(c, &(Step){at, str_format(a, "i:%zu", i)}, shape->items, list.items[i]);
        return;
    }
    for (size_t i = 0; i < list.len; i++) {
        Str element;
        Error *err = typed_element(a, shape, list.items[i], &element);

        if (!err)
            continue;
        wrong(c, at, str_format(a, "element %zu: %s", i, error_message(err)));
        error_free(err);
        return;
    }
    elements = typed_elements(a, shape, list);
    for (size_t i = 0; i < list.len; i++) {
        Str element = elements.items[i];

        if (typed_element_index(&elements, element) != i && !c->repeats)
            wrong(c, at,
                  str_format(a, "duplicate entries for key %.*s",
                             STR_ARG(path_element_text(a, element))));
        check(c, &(Step){at, element}, shape->items, list.items[i]);
    }
}

static void check_map(Check *c, const Step *at, Shape *shape, const ValueMap *map)
{
    for (size_t i = 0; i < map->len; i++) {
        Str key = map->entries[i].key;
        Shape *below = shape_at(shape, key);
        Step step = {at, typed_field_element(c->problems.arena, shape, key)};

        if (below)
            check(c, &step, below, map->entries[i].value);
        else
            wrong(c, &step, STR("field not declared in schema"));
    }
}

static void check(Check *c, const Step *at, Shape *shape, Value v)
{
    Arena *a = c->problems.arena;

    if (v.kind == VALUE_NULL || shape->kind == SHAPE_ANY)
        return;
    if (shape_is_scalar(shape))
        check_scalar(c, at, shape, v);
    else if (shape->kind == SHAPE_LIST && v.kind == VALUE_LIST)
        check_list(c, at, shape, v.list);
    else if (shape->kind != SHAPE_LIST && v.kind == VALUE_MAP)
        check_map(c, at, shape, typed_map(&v));
    else
        wrong(c, at,
              str_format(a, "expected %s, got &{%.*s}", shape->kind == SHAPE_LIST ? "list" : "map",
                         STR_ARG(printed(a, v))));
}

Error *typed_check(Arena *a, Shape *shape, Value v, bool repeats, const char *intro)
{
    Check c = {.problems = {.arena = a}, .repeats = repeats};

    check(&c, &(Step){0}, shape, v);
    return problems_error(&c.problems, "%s", intro);
}
