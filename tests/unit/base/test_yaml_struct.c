/*
 * test_yaml_struct.c - YAML as helm decodes it into structs.
 */
#include "base/yaml_struct.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *field;
    const char *expected; /* NULL: there is no such field */
} Row;

static Row rows[] = {
    {"a field is found by its name", "name: web\nversion: 1.0.0\n", "version", "1.0.0"},
    {"a field is found in any case", "appversion: 1.2.3\n", "appVersion", "1.2.3"},
    {"of keys that differ in case the last in byte order counts", "NAME: a\nname: b\nName: c\n",
     "name", "b"},
    {"a field comes from what is merged, too", "base: &b {type: library}\n<<: *b\n", "type",
     "library"},
    {"what is not there is not found", "name: web\n", "version", NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    const YamlNode *document, *field;
    Value value;

    assert_success(yaml_struct_read(&a, "Chart.yaml", str_from(row->text), &document, &value));
    memset(arena_alloc(&a, 4096, 1, 1), 'x', 4096); // nodes are the caller's, and stay as they are
    field = yaml_struct_field(document, row->field);
    assert_int_equal(field != NULL, row->expected != NULL);
    if (field)
        assert_str(field->text, row->expected);
}

TEST_ROWS(rows, check)
