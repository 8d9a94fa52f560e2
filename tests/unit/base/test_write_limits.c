/*
 * test_write_limits.c - values that templates can make, and no text can be: those that contain
 * themselves, and those that are much larger than the memory they take.
 */
#include "base/json.h"
#include "base/toml.h"
#include "base/yaml.h"
#include "tests/unit/unit.h"

typedef Error *Write(Buf *b, Value v);

static Error *write_helm(Buf *b, Value v)
{
    return yaml_write(b, v, YAML_WRITE_HELM);
}

static Error *write_pretty(Buf *b, Value v)
{
    return yaml_write(b, v, YAML_WRITE_PRETTY);
}

static Error *write_json(Buf *b, Value v)
{
    return json_write(b, v, (JsonStyle){.indent = "  "});
}

typedef struct Row {
    const char *name;
    Write *write;
    const char *map, *list, *large; /* words of the errors */
} Row;

#define CYCLE "encountered a cycle"
#define LARGE "larger than 256 MiB"

static Row rows[] = {
    {"helm's YAML", write_helm, CYCLE, CYCLE, LARGE},
    {"pretty YAML", write_pretty, CYCLE, CYCLE, LARGE},
    {"JSON", write_json, CYCLE, CYCLE, LARGE},
    {"TOML", toml_write, "contains itself", "nested too deep", LARGE},
};

static Value map_in_itself(Arena *a)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "self", value_of_map(map));
    return value_of_map(map);
}

static Value list_in_itself(Arena *a)
{
    Value *items = arena_array(a, Value, 1);
    ValueMap *map = value_map_new(a);

    items[0] = value_list(items, 1);
    value_map_set_c(a, map, "list", items[0]);
    return value_of_map(map);
}

/* Maps of two that are the same: 2^40 in all. */
static Value doubled(Arena *a)
{
    Value v = value_c("x");

    for (int i = 0; i < 40; i++) {
        ValueMap *map = value_map_new(a);

        value_map_set_c(a, map, "a", v);
        value_map_set_c(a, map, "b", v);
        v = value_of_map(map);
    }
    return v;
}

/* The same with lists. */
static Value doubled_lists(Arena *a)
{
    Value v = value_c("x");
    ValueMap *map = value_map_new(a);

    for (int i = 0; i < 60; i++) {
        Value *items = arena_array(a, Value, 2);

        items[0] = items[1] = v;
        v = value_list(items, 2);
    }
    value_map_set_c(a, map, "list", v);
    return value_of_map(map);
}

static void check_one(Write *write, Value (*make)(Arena *a), const char *problem)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    assert_failure(write(&b, make(&a)), ERROR_INPUT, problem);
}

static void check(void **state)
{
    const Row *row = *state;

    check_one(row->write, map_in_itself, row->map);
    check_one(row->write, list_in_itself, row->list);
    check_one(row->write, doubled, row->large);
    check_one(row->write, doubled_lists, row->large);
}

TEST_ROWS(rows, check)
