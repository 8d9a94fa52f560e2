/*
 * test_value.c - values: their types, maps, equality, copies and merging.
 */
#include "base/value.h"
#include "tests/unit/unit.h"

#include <math.h>

typedef struct Row {
    const char *name;
    Value value;
    const char *kind, *go_type;
    bool nil;
} Row;

static Row rows[] = {
    {"null is nil", {.kind = VALUE_NULL}, "null", "<nil>", true},
    {"what is missing is nil", {.kind = VALUE_NULL, .type = TYPE_MISSING}, "null", "<nil>", true},
    {"a bool", {.kind = VALUE_BOOL}, "bool", "bool", false},
    {"an int", {.kind = VALUE_INT}, "int", "int", false},
    {"an int64 is an int", {.kind = VALUE_INT, .type = TYPE_INT64}, "int", "int64", false},
    {"a duration is an int",
     {.kind = VALUE_INT, .type = TYPE_DURATION},
     "int",
     "time.Duration",
     false},
    {"a byte is an int", {.kind = VALUE_UINT, .type = TYPE_UINT8}, "int", "uint8", false},
    {"a float", {.kind = VALUE_FLOAT}, "float", "float64", false},
    {"a string", {.kind = VALUE_STRING}, "string", "string", false},
    {"bytes", {.kind = VALUE_BYTES}, "bytes", "[]uint8", false},
    {"a list without items is nil", {.kind = VALUE_LIST}, "list", "[]interface {}", true},
    {"a map that was never made is nil",
     {.kind = VALUE_MAP},
     "map",
     "map[string]interface {}",
     true},
    {"strings are a list", {.kind = VALUE_LIST, .type = TYPE_STRINGS}, "list", "[]string", true},
};

static void check(void **state)
{
    const Row *row = *state;

    assert_string_equal(value_kind_name(row->value.kind), row->kind);
    assert_string_equal(value_go_type(row->value), row->go_type);
    assert_int_equal(value_is_nil(row->value), row->nil);
}

static void an_empty_list_is_not_nil(void **state)
{
    (void)state;
    assert_false(value_is_nil(value_list(NULL, 0)));
    assert_false(value_equal(value_list(NULL, 0), (Value){.kind = VALUE_LIST}));
}

static void equality_is_in_type_and_content(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value left[] = {value_int(1), value_c("x")}, right[] = {value_int(1), value_c("x")};
    ValueMap *map = value_map_new(&a), *other = value_map_new(&a);

    (void)state;
    assert_true(value_equal(value_list(left, 2), value_list(right, 2)));
    assert_false(value_equal(value_list(left, 2), value_list(right, 1)));
    assert_false(value_equal(value_int(1), value_int64(1)));
    assert_false(value_equal(value_int(1), value_float(1)));
    assert_false(value_equal(value_null(), value_missing()));
    assert_false(value_equal(value_float(nan("")), value_float(nan(""))));
    assert_true(value_equal(value_float(0), value_float(-0.0)));
    value_map_set_c(&a, map, "k", value_list(left, 2));
    assert_false(value_equal(value_of_map(map), value_of_map(other)));
    value_map_set_c(&a, other, "k", value_list(right, 2));
    assert_true(value_equal(value_of_map(map), value_of_map(other)));
}

static Str key_of(Arena *a, int i)
{
    return str_format(a, "%d", i * 7919 % 1000);
}

static void maps_find_what_they_have(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *map = value_map_new(&a);

    (void)state;
    assert_null(value_map_get(NULL, STR("x")));
    for (int i = 0; i < 1000; i++)
        value_map_set(&a, map, key_of(&a, i), value_int(i));
    for (int i = 0; i < 1000; i++)
        value_map_set(&a, map, key_of(&a, i), value_int(-i));
    assert_int_equal(map->len, 1000);
    for (size_t i = 1; i < map->len; i++)
        assert_true(str_compare(map->entries[i - 1].key, map->entries[i].key) < 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(value_map_get(map, key_of(&a, i))->integer, -i);
    for (int i = 0; i < 1000; i += 2)
        assert_true(value_map_remove(map, key_of(&a, i)));
    assert_false(value_map_remove(map, key_of(&a, 0)));
    assert_int_equal(map->len, 500);
    assert_null(value_map_get(map, key_of(&a, 0)));
    assert_non_null(value_map_get(map, key_of(&a, 1)));
}

static void of_keys_that_come_twice_the_later_stays(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *map = value_map_new(&a);

    (void)state;
    for (int i = 0; i < 100; i++)
        value_map_append(&a, map, str_format(&a, "%d", i * 37 % 10), value_int(i));
    value_map_sort(map);
    assert_int_equal(map->len, 10);
    for (int i = 90; i < 100; i++)
        assert_int_equal(value_map_get(map, str_format(&a, "%d", i * 37 % 10))->integer, i);
}

static void paths_lead_through_maps(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *inner = value_map_new(&a), *outer = value_map_new(&a);
    Value root = value_of_map(outer);

    (void)state;
    value_map_set_c(&a, inner, "b", value_c("x"));
    value_map_set_c(&a, outer, "a", value_of_map(inner));
    value_map_set_c(&a, outer, "n", value_null());
    assert_true(value_is_string(*value_at(&root, STR("a.b")), "x"));
    assert_null(value_at(&root, STR("a.c")));
    assert_null(value_at(&root, STR("a.b.c")));
    assert_null(value_at(&root, STR("n.x")));
    assert_non_null(value_at(&root, STR("n")));
    assert_str(value_map_string(inner, "b"), "x");
    assert_str(value_map_string(outer, "a"), "");
    assert_str(value_map_string(NULL, "a"), "");
}

static void maps_merge_and_all_else_replaces(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *base = value_map_new(&a), *over = value_map_new(&a);
    ValueMap *base_m = value_map_new(&a), *over_m = value_map_new(&a);

    (void)state;
    value_map_set_c(&a, base_m, "kept", value_int(1));
    value_map_set_c(&a, base_m, "both", value_int(1));
    value_map_set_c(&a, over_m, "both", value_int(2));
    value_map_set_c(&a, over_m, "null", value_null());
    value_map_set_c(&a, base, "m", value_of_map(base_m));
    value_map_set_c(&a, over, "m", value_of_map(over_m));
    value_map_set_c(&a, base, "l", value_list((Value[]){value_int(1), value_int(2)}, 2));
    value_map_set_c(&a, over, "l", value_list(NULL, 0));
    value_merge(&a, base, over);
    value_merge(&a, base, NULL);
    Value root = value_of_map(base);
    assert_int_equal(value_at(&root, STR("m.kept"))->integer, 1);
    assert_int_equal(value_at(&root, STR("m.both"))->integer, 2);
    assert_int_equal(value_at(&root, STR("m.null"))->kind, VALUE_NULL);
    assert_int_equal(value_at(&root, STR("l"))->list.len, 0);
    assert_int_equal(over_m->len, 2);
}

static void copies_share_nothing(void **state)
{
    DEFER(arena_free) Arena a = {0}, b = {0};
    ValueMap *inner = value_map_new(&a), *map = value_map_new(&a);
    Value items[] = {value_of_map(inner)};

    (void)state;
    value_map_set(&a, inner, str_copy(&a, STR("k")), value_string(str_copy(&a, STR("v"))));
    value_map_set_c(&a, map, "list", value_list(items, 1));
    Value copy = value_copy(&b, value_of_map(map));
    value_map_set_c(&a, inner, "k", value_c("changed"));
    arena_free(&a);
    const Value *list = value_at(&copy, STR("list"));
    assert_true(value_is_string(*value_map_get_c(list->list.items[0].map, "k"), "v"));
}

static void what_is_frozen_can_be_thawed(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *inner = value_map_new(&a), *map = value_map_new(&a);

    (void)state;
    value_map_set_c(&a, map, "m", value_of_map(inner));
    value_freeze(value_of_map(map));
    assert_true(map->frozen && inner->frozen);
    Value thawed = value_thaw(&a, value_of_map(map)), copy = value_copy(&a, value_of_map(map));
    value_map_set_c(&a, thawed.map, "n", value_int(1));
    value_map_set_c(&a, value_map_get_c(copy.map, "m")->map, "n", value_int(1));
    assert_int_equal(map->len, 1);
    assert_int_equal(inner->len, 0);
}

static void a_shallow_map_shares_its_values(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *inner = value_map_new(&a), *map = value_map_new(&a);

    (void)state;
    value_map_set_c(&a, map, "m", value_of_map(inner));
    ValueMap *shallow = value_map_shallow(&a, map);
    value_map_set_c(&a, shallow, "n", value_int(1));
    value_map_set_c(&a, inner, "x", value_int(1));
    assert_int_equal(map->len, 1);
    assert_int_equal(value_map_get_c(shallow, "m")->map->len, 1);
    assert_int_equal(value_map_shallow(&a, NULL)->len, 0);
}

static void depth_and_size_have_limits(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ValueMap *map = value_map_new(&a);
    size_t nodes = 100;

    (void)state;
    value_map_set_c(&a, map, "self", value_of_map(map));
    assert_false(value_within(value_of_map(map), 50, &nodes));
    nodes = 10;
    assert_false(value_within(value_of_map(map), 50, &nodes));
    nodes = 3;
    assert_true(value_within(value_list((Value[]){value_int(1), value_int(2)}, 2), 2, &nodes));
    assert_int_equal(nodes, 0);
    nodes = 3;
    assert_false(value_within(value_list((Value[]){value_int(1)}, 1), 1, &nodes));
}

static bool same_parity(const void *a, const void *b)
{
    return *(const int *)a % 2 == *(const int *)b % 2;
}

static const void *copy_number(Arena *a, const void *self)
{
    int *copy = arena_new(a, int);

    *copy = *(const int *)self;
    return copy;
}

static void objects_copy_and_compare_themselves(void **state)
{
    static const ValueField fields[] = {{"Name", "name", false}};
    static const ValueObjectType type = {.name = "test.Object",
                                         .fields = fields,
                                         .len = 1,
                                         .copy_self = copy_number,
                                         .equal_self = same_parity};
    DEFER(arena_free) Arena a = {0};
    Value name = value_c("x");
    int one = 1, three = 3, four = 4;
    ValueObject objects[] = {{&type, &name, &one}, {&type, &name, &three}, {&type, &name, &four}};
    Value copy = value_copy(&a, value_of_object(&objects[0]));

    (void)state;
    assert_string_equal(value_go_type(copy), "test.Object");
    assert_true(value_equal(value_of_object(&objects[0]), value_of_object(&objects[1])));
    assert_false(value_equal(value_of_object(&objects[0]), value_of_object(&objects[2])));
    one = 0;
    assert_int_equal(*(const int *)copy.object->self, 1);
    assert_true(value_is_string(copy.object->fields[0], "x"));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(an_empty_list_is_not_nil),
    cmocka_unit_test(equality_is_in_type_and_content),
    cmocka_unit_test(maps_find_what_they_have),
    cmocka_unit_test(of_keys_that_come_twice_the_later_stays),
    cmocka_unit_test(paths_lead_through_maps),
    cmocka_unit_test(maps_merge_and_all_else_replaces),
    cmocka_unit_test(copies_share_nothing),
    cmocka_unit_test(what_is_frozen_can_be_thawed),
    cmocka_unit_test(a_shallow_map_shares_its_values),
    cmocka_unit_test(depth_and_size_have_limits),
    cmocka_unit_test(objects_copy_and_compare_themselves),
};

TEST_ROWS_AND(rows, check, others)
