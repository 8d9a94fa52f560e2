/*
 * test_merge.c - specs over specs: parts over parts, bases under files, templates under releases.
 */
#include "base/yaml.h"
#include "spec/fields.h"
#include "spec/merge.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *base, *over;
    SpecMerge how;
    const char *want;
} Row;

#define APPEND                                                                                     \
    {                                                                                              \
        .appends_lists = true                                                                      \
    }
#define JOIN                                                                                       \
    {                                                                                              \
        .appends_lists = true, .joins_environments = true                                          \
    }

static Row rows[] = {
    {"what is not said does not override",
     "kubeContext: a",
     "releases: []",
     {0},
     "kubeContext: a\nreleases: []\n"},
    {"a text overrides", "kubeContext: a", "kubeContext: b", {0}, "kubeContext: b\n"},
    {"a false overrides a true",
     "helmDefaults: {wait: true}",
     "helmDefaults: {wait: false}",
     {0},
     "helmDefaults:\n  wait: false\n"},
    {"a zero overrides a number",
     "helmDefaults: {timeout: 5}",
     "helmDefaults: {timeout: 0}",
     {0},
     "helmDefaults:\n  timeout: 0\n"},
    {"records are merged field by field",
     "helmDefaults: {wait: true}",
     "helmDefaults: {timeout: 5}",
     {0},
     "helmDefaults:\n  wait: true\n  timeout: 5\n"},
    {"lists are replaced",
     "releases: [{name: a}]",
     "releases: [{name: b}]",
     {0},
     "releases:\n  - name: b\n"},
    {"lists are joined where asked", "releases: [{name: a}]", "releases: [{name: b}]", APPEND,
     "releases:\n  - name: a\n  - name: b\n"},
    {"labels are merged by key",
     "commonLabels: {a: b, c: d}",
     "commonLabels: {c: e}",
     {0},
     "commonLabels:\n  a: b\n  c: e\n"},
    {"an environment replaces one of its name",
     "environments: {a: {values: [x.yaml]}, b: {}}",
     "environments: {a: {values: [y.yaml]}}",
     {0},
     "environments:\n  a:\n    values:\n      - y.yaml\n  b: {}\n"},
    {"environments are joined where asked", "environments: {a: {values: [x.yaml]}}",
     "environments: {a: {values: [y.yaml]}}", JOIN,
     "environments:\n  a:\n    values:\n      - x.yaml\n      - y.yaml\n"},
    {"under fallback the base's values come last", "environments: {a: {values: [x.yaml]}}",
     "environments: {a: {values: [y.yaml], mergeStrategy: fallback}}", JOIN,
     "environments:\n  a:\n    values:\n      - y.yaml\n      - x.yaml\n    mergeStrategy: "
     "fallback\n"},
};

static void decode(Arena *a, const char *text, Spec *out)
{
    SpecReader reader = {.arena = a, .file = "f", .text = str_from(text), .source = str_from(text)};
    YamlDocuments documents = {0};

    assert_success(yaml_read(a, "f", reader.text, &documents));
    assert_success(spec_decode(&reader, documents.items[0], &spec_record_top, out));
}

/* What is wanted is read and written, too: the order of fields is not looked at. */
static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Spec base = {0}, over = {0}, want = {0};
    Buf got = {.arena = &a}, wanted = {.arena = &a};

    decode(&a, row->base, &base);
    decode(&a, row->over, &over);
    decode(&a, row->want, &want);
    spec_merge(&a, &spec_record_top, &base, &over, row->how);
    assert_success(yaml_write(&got, spec_value(&a, NULL, &base), YAML_WRITE_HELMFILE));
    assert_success(yaml_write(&wanted, spec_value(&a, NULL, &want), YAML_WRITE_HELMFILE));
    assert_str(buf_str(&got), str_c(&a, buf_str(&wanted)));
}

static void test_release(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Spec spec = {0};

    (void)state;
    decode(&a,
           "releases:\n- {name: t, chart: c, values: [a.yaml], labels: {x: y}, wait: true}\n"
           "- {name: own, values: [b.yaml], labels: {z: w}, wait: false}\n",
           &spec);
    SpecRelease *base = &spec.releases.items[0];
    spec_merge_release(&a, base, &spec.releases.items[1]);
    assert_str(base->name.text, "own");
    assert_str(base->chart.text, "c");
    assert_int_equal(base->values.len, 2);
    assert_str(base->values.items[0].path, "a.yaml");
    assert_str(base->values.items[1].path, "b.yaml");
    assert_int_equal(base->labels->len, 2);
    assert_int_equal(base->behaviour.wait, FLAG_NO);
}

static const struct CMUnitTest others[] = {
    {"a release comes over its template", test_release, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
