/*
 * test_hcl.c - what is wrong in HCL is told with its place, and nothing takes for ever.
 */
#include "base/yaml.h"
#include "environments/hcl/hcl.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text;
    const char *want;    /* as YAML; or */
    const char *problem; /* a part of the message */
} Row;

static Row rows[] = {
    {"a value refers to another", "values {\n  a = hv.b\n  b = 1\n}\n", "a: 1\nb: 1\n", NULL},
    {"locals are the file's own", "locals {\n  x = 2\n}\nvalues {\n  a = local.x * 3\n}\n",
     "a: 6\n", NULL},
    {"values that go round in a circle", "values {\n  a = hv.b\n  b = hv.a\n}\n", NULL,
     "refers to itself"},
    {"a value that is not there", "values {\n  a = hv.b\n}\n", NULL, "hv.b is not defined"},
    {"a block of another name", "resource {\n}\n", NULL, "values or locals"},
    {"locals twice", "locals {\n}\nlocals {\n}\n", NULL, "one block of locals"},
    {"an unknown function", "values {\n  a = uper(\"x\")\n}\n", NULL, "no such function"},
    {"too few arguments", "values {\n  a = pow(1)\n}\n", NULL, "2 arguments are needed"},
    {"a text without an end", "values {\n  a = \"x\n}\n", NULL, "must end on its line"},
    {"a heredoc without an end", "values {\n  a = <<X\ny\n}\n", NULL, "has no end"},
    {"a list without an end", "values {\n  a = [1,", NULL, "missing"},
    {"a division by zero", "values {\n  a = 1 / 0\n}\n", NULL, "division by zero"},
    {"a condition that is none", "values {\n  a = \"x\" ? 1 : 2\n}\n", NULL, "true or false"},
    {"an attribute that is not there", "values {\n  a = {}.x\n}\n", NULL, "no attribute \"x\""},
    {"an item that is not there", "values {\n  a = [1][3]\n}\n", NULL, "no item 3 among 1"},
    {"a key that comes twice", "values {\n  a = {for x in [1, 1] : x => x}\n}\n", NULL, "twice"},
    {"a directive without an end", "values {\n  a = \"%{ if true }x\"\n}\n", NULL, "no %{endif}"},
    {"more work than there is time for",
     "values {\n  r = range(1000)\n  a = [for x in hv.r : [for y in hv.r : [for z in hv.r : "
     "1]]]\n}\n",
     NULL, "too much"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    HclFileList files = {0};
    ValueMap *values = NULL;
    Buf b = {.arena = &a};

    *vec_add(&a, &files) = (HclFile){.path = "values.hcl", .text = str_from(row->text)};
    Error *err = hcl_load(&a, &files, &values);
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_success(yaml_write(&b, value_of_map(values), YAML_WRITE_HELMFILE));
    assert_str(buf_str(&b), row->want);
}

TEST_ROWS(rows, check)
