/*
 * test_yaml_struct.c - fields of YAML nodes, as Go reads them into structs.
 */
#include "base/yaml_struct.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text;
    const char *want; /* the text of the field "name"; NULL: what is wrong is */
    const char *problem;
} Row;

static Row rows[] = {
    {"a text", "name: web", "web", NULL},
    {"quotes are no part of it", "name: 'web'", "web", NULL},
    {"a field that is not there is empty", "other: x", "", NULL},
    {"a null is empty", "name: ~", "", NULL},
    {"nothing is empty", "", "", NULL},
    {"an integer is its digits", "name: 42", "42", NULL},
    {"a number of many digits is not rounded", "name: 9007199254740993", "9007199254740993", NULL},
    {"a float is as go-yaml writes it", "name: 1.50", "1.5", NULL},
    {"yes is a boolean", "name: yes", "true", NULL},
    {"keys may differ in case", "NAME: x", "x", NULL},
    {"of keys that differ in case the last in byte order counts", "name: low\nNAME: high", "low",
     NULL},
    {"of equal keys the last counts", "name: a\nname: b", "b", NULL},
    {"what is merged is there", "<<: {name: merged}", "merged", NULL},
    {"a list is no text", "name: [a]", NULL, "name must be a string, not a list"},
    {"a map is no text", "name: {a: b}", NULL, "name must be a string, not a map"},
    {"a text that is no YAML fails", "name: [", NULL, "did not find expected node content"},
    {"an alias in its own anchor fails", "name: &a [*a]", NULL, "contains itself"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0}, work = {0};
    const YamlNode *node = NULL;
    Value all;
    Str text;
    Error *err = yaml_struct_read(&memory, &work, "f", str_from(row->text), &node, &all);

    if (!err)
        err = yaml_struct_text(&memory, "f", yaml_struct_field(node, "name"), "name", &text);
    if (!row->want) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    arena_free(&work); // what was read does not need the nodes
    assert_str(text, row->want);
}

TEST_ROWS(rows, check)
