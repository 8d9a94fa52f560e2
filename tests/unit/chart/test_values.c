/*
 * test_values.c - how a chart's values, those of its dependencies and the user's come together.
 * Rows follow helm's coalesce_test.go and dependencies_test.go.
 */
#include "tests/unit/chart/render.h"

#define PARENT "apiVersion: v2\nname: moby\nversion: 0.1.0\n"
#define CHILD "apiVersion: v2\nname: pequod\nversion: 0.1.0\n"

/* The template that shows one chart's values; the child's has a "c" in front. */
#define SHOW                                                                                       \
    {                                                                                              \
        "templates/a.yaml", "a: {{ .Values | toJson | quote }}"                                    \
    }
#define SHOW_CHILD                                                                                 \
    {                                                                                              \
        "charts/pequod/templates/a.yaml", "a: {{ .Values | toJson | quote }}"                      \
    }

typedef struct Row {
    const char *name;
    TestFile files[MOST_TEST_FILES];
    const char *values;
    const char *file; /* whose values are looked at */
    const char *want; /* JSON in which quotes are ' */
} Row;

#define OWN "moby/templates/a.yaml"
#define BELOW "moby/charts/pequod/templates/a.yaml"

static Row rows[] = {
    {"the user's values come over the chart's",
     {{"Chart.yaml", PARENT}, {"values.yaml", "a: 1\nb: {c: 2, d: 3}"}, SHOW},
     "b: {c: 9}",
     OWN,
     "{'a':1,'b':{'c':9,'d':3}}"},
    {"a null of the user takes a default away",
     {{"Chart.yaml", PARENT}, {"values.yaml", "a: 1\nb: {c: 2, d: 3}"}, SHOW},
     "a: null\nb: {c: null}",
     OWN,
     "{'b':{'d':3}}"},
    {"a null of the user takes a map away",
     {{"Chart.yaml", PARENT}, {"values.yaml", "b: {c: 2}"}, SHOW},
     "b: null",
     OWN,
     "{}"},
    {"lists are replaced",
     {{"Chart.yaml", PARENT}, {"values.yaml", "l: [1, 2, 3]"}, SHOW},
     "l: [4]",
     OWN,
     "{'l':[4]}"},
    {"a text takes the place of a map",
     {{"Chart.yaml", PARENT}, {"values.yaml", "b: {c: 2}"}, SHOW},
     "b: text",
     OWN,
     "{'b':'text'}"},
    {"a map takes the place of a text",
     {{"Chart.yaml", PARENT}, {"values.yaml", "b: text"}, SHOW},
     "b: {c: 1}",
     OWN,
     "{'b':{'c':1}}"},
    {"the parent's values come over the child's",
     {{"Chart.yaml", PARENT},
      {"values.yaml", "pequod: {boat: maybe}"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "boat: false\nscope: pequod"},
      SHOW_CHILD},
     NULL,
     BELOW,
     "{'boat':'maybe','global':{},'scope':'pequod'}"},
    {"the user's come over the parent's for the child",
     {{"Chart.yaml", PARENT},
      {"values.yaml", "pequod: {boat: maybe}"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "boat: false"},
      SHOW_CHILD},
     "pequod: {boat: yes}",
     BELOW,
     "{'boat':true,'global':{}}"},
    {"a null of the user takes the child's default away",
     {{"Chart.yaml", PARENT},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "boat: false\nscope: x"},
      SHOW_CHILD},
     "pequod: {boat: null}",
     BELOW,
     "{'global':{},'scope':'x'}"},
    {"global values are for all charts",
     {{"Chart.yaml", PARENT},
      {"values.yaml", "global: {l0: moby}"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "global: {l1: pequod}"},
      SHOW_CHILD},
     "global: {user: ada}",
     BELOW,
     "{'global':{'l0':'moby','l1':'pequod','user':'ada'}}"},
    {"a child does not see its parent's values",
     {{"Chart.yaml", PARENT},
      {"values.yaml", "secret: x"},
      {"charts/pequod/Chart.yaml", CHILD},
      SHOW_CHILD},
     NULL,
     BELOW,
     "{'global':{}}"},
    {"a child has the name of its alias",
     {{"Chart.yaml", PARENT "dependencies: [{name: pequod, version: 0.1.0, alias: ship}]\n"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "a: 1"},
      SHOW_CHILD},
     "ship: {a: 2}",
     "moby/charts/ship/templates/a.yaml",
     "{'a':2,'global':{}}"},
    {"values are imported from the child's exports",
     {{"Chart.yaml",
       PARENT "dependencies: [{name: pequod, version: 0.1.0, import-values: [data]}]\n"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "exports: {data: {x: 1}}"},
      SHOW},
     NULL,
     OWN,
     "{'pequod':{'exports':{'data':{'x':1}},'global':{}},'x':1}"},
    {"values are imported from where the child has them",
     {{"Chart.yaml", PARENT "dependencies: [{name: pequod, version: 0.1.0, import-values: [{child: "
                            "deep.down, parent: up}]}]\n"},
      {"values.yaml", "up: {own: 1}"},
      {"charts/pequod/Chart.yaml", CHILD},
      {"charts/pequod/values.yaml", "deep: {down: {x: 1, own: 2}}"},
      SHOW},
     NULL,
     OWN,
     "{'pequod':{'deep':{'down':{'own':2,'x':1}},'global':{}},'up':{'own':1,'x':1}}"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    ChartOutput output = {0};
    Str text = {0};

    assert_success(render_files(&a, shared, row->files, row->values, &output));
    for (size_t i = 0; i < output.manifests.len; i++)
        if (str_is(output.manifests.items[i].source, row->file))
            text = value_map_string(output.manifests.items[i].object.map, "a");
    assert_str(text, str_c(&a, double_quoted(&a, row->want)));
}

typedef struct Enabled {
    const char *name, *declared, *values;
    bool want;
} Enabled;

static Enabled enabled_rows[] = {
    {"a dependency that is not declared is enabled", "", NULL, true},
    {"a condition that is true enables", "condition: pequod.enabled", "pequod: {enabled: true}",
     true},
    {"a condition that is false disables", "condition: pequod.enabled", "pequod: {enabled: false}",
     false},
    {"a condition without a value does nothing", "condition: pequod.enabled", NULL, true},
    {"a condition that is no boolean does nothing", "condition: pequod.enabled",
     "pequod: {enabled: 'no'}", true},
    {"the first condition with a value counts", "condition: 'a.b,c.d'",
     "a: {b: false}\nc: {d: true}", false},
    {"a tag that is false disables", "tags: [front]", "tags: {front: false}", false},
    {"a tag that is true enables against one that is false", "tags: [front, back]",
     "tags: {front: false, back: true}", true},
    {"a condition is stronger than a tag", "tags: [front]\n  condition: c",
     "tags: {front: false}\nc: true", true},
};

static void check_enabled(void **state)
{
    const Enabled *row = *state;
    DEFER(arena_free) Arena a = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    ChartOutput output = {0};
    const char *metadata = *row->declared
                               ? str_format(&a,
                                            PARENT "dependencies:\n- name: pequod\n  version: "
                                                   "0.1.0\n  %s\n",
                                            row->declared)
                                     .ptr
                               : PARENT;
    const TestFile files[MOST_TEST_FILES] = {
        {"Chart.yaml", metadata}, {"charts/pequod/Chart.yaml", CHILD}, SHOW_CHILD};

    assert_success(render_files(&a, shared, files, row->values, &output));
    assert_int_equal(output.manifests.len, row->want);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + COUNT(enabled_rows)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(enabled_rows); i++)
        tests[COUNT(rows) + i] =
            (struct CMUnitTest){enabled_rows[i].name, check_enabled, NULL, NULL, &enabled_rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
