/*
 * test_merge.c - layers of values, and --state-values-set. Rows follow helmfile's maputil_test.go.
 */
#include "base/json.h"
#include "base/yaml.h"
#include "environments/environment.h"
#include "tests/unit/unit.h"

typedef enum How { LIST, LAYER, OVERRIDE, SET, SET_STRING } How;

typedef struct Row {
    const char *name;
    How how;
    const char *base, *over; /* YAML; of SET an expression */
    const char *want;        /* JSON in which quotes are '; NULL: it fails */
} Row;

static Row rows[] = {
    {"maps are merged", LAYER, "a: {b: 1, c: 2}", "a: {c: 3, d: 4}", "{'a':{'b':1,'c':3,'d':4}}"},
    {"a text takes the place of a map", LAYER, "a: {b: 1}", "a: x", "{'a':'x'}"},
    {"a map takes the place of a text", LAYER, "a: x", "a: {b: 1}", "{'a':{'b':1}}"},
    {"in a list of values a null overwrites", LIST, "a: {b: 1}", "a: {b: null}",
     "{'a':{'b':null}}"},
    {"in a list of values lists are replaced", LIST, "a: [1, 2, 3]", "a: [null, 4]",
     "{'a':[null,4]}"},
    {"a layer's null keeps what is there", LAYER, "a: 1", "a: null", "{'a':1}"},
    {"a layer's null is there where nothing was", LAYER, "a: 1", "b: null", "{'a':1,'b':null}"},
    {"a layer's list replaces", LAYER, "a: [1, 2, 3]", "a: [4]", "{'a':[4]}"},
    {"a layer's list with nulls is item by item", LAYER, "a: [1, 2, 3]", "a: [null, 4]",
     "{'a':[1,4,3]}"},
    {"a layer's empty list replaces", LAYER, "a: [1]", "a: []", "{'a':[]}"},
    {"the command line's lists are item by item", OVERRIDE, "a: [1, 2, 3]", "a: [4]",
     "{'a':[4,2,3]}"},
    {"the command line's items are merged", OVERRIDE, "a: [{b: 1, c: 2}]", "a: [{c: 3}]",
     "{'a':[{'b':1,'c':3}]}"},
    {"nothing over nothing is nothing", LAYER, "{}", "{}", "{}"},

    {"a key is set", SET, "{}", "a=b", "{'a':'b'}"},
    {"keys nest", SET, "a: {b: 1}", "a.c=2", "{'a':{'b':1,'c':2}}"},
    {"several keys are set", SET, "{}", "a=1,b=true,c=x", "{'a':1,'b':true,'c':'x'}"},
    {"an index makes a list", SET, "{}", "a[1]=x", "{'a':[null,'x']}"},
    {"an item is replaced", SET, "a: [1, 2]", "a[0]=x", "{'a':['x',2]}"},
    {"a backslash takes the dot", SET, "{}", "a\\.b=c", "{'a.b':'c'}"},
    {"as strings numbers are text", SET_STRING, "{}", "a=1,b=true", "{'a':'1','b':'true'}"},
    {"an index has a limit", SET, "{}", "a[65537]=x", NULL},
    {"an index is not negative", SET, "{}", "a[-1]=x", NULL},
    {"a part of a key is not empty", SET, "{}", "a..b=x", NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a}, before = {.arena = &a}, after = {.arena = &a};
    Value base, over = value_null();
    ValueMap *result;
    Error *err = NULL;

    assert_success(yaml_parse_map(&a, NULL, str_from(row->base), YAML_HELMFILE, &base));
    assert_success(json_write(&before, base, (JsonStyle){0}));
    result = base.map;
    if (row->how < SET) {
        assert_success(yaml_parse_map(&a, NULL, str_from(row->over), YAML_HELMFILE, &over));
        result = row->how == LIST    ? values_merge_list(&a, base.map, over.map)
                 : row->how == LAYER ? values_merge_layer(&a, base.map, over.map)
                                     : values_merge_override(&a, base.map, over.map);
        assert_success(json_write(&after, base, (JsonStyle){0}));
        assert_true(str_equal(buf_str(&before), buf_str(&after))); // what is merged stays as it was
    } else {
        err = environment_set(&a, result, str_from(row->over), row->how == SET_STRING);
    }
    if (!row->want) {
        assert_failure(err, ERROR_INPUT, "");
        return;
    }
    assert_success(err);
    assert_success(json_write(&b, value_of_map(result), (JsonStyle){0}));
    assert_str(buf_str(&b), str_c(&a, double_quoted(&a, row->want)));
}

TEST_ROWS(rows, check)
