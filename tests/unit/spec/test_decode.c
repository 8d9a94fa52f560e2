/*
 * test_decode.c - specs read strictly: what is wrong, and where; and where keys may stand.
 */
#include "base/yaml.h"
#include "spec/part.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text;
    const char *want; /* as `build` would write it; NULL: it fails */
    const char *problem, *hint;
    int line, column;
} Row;

static Row rows[] = {
    {.name = "a release",
     .text = "releases: [{name: web, chart: ./web}]",
     .want = "releases:\n  - name: web\n    chart: ./web\n"},
    {.name = "the words of YAML 1.1 are flags",
     .text = "helmDefaults: {wait: yes, atomic: Off}",
     .want = "helmDefaults:\n  wait: true\n  atomic: false\n"},
    {.name = "a null is nothing said",
     .text = "releases: ~\nkubeContext: ~\nhelmDefaults: {wait: ~}",
     .want = "{}\n"},
    {.name = "numbers may be written in any way",
     .text = "helmDefaults: {timeout: 0x10}",
     .want = "helmDefaults:\n  timeout: 16\n"},
    {.name = "a whole float is a number",
     .text = "helmDefaults: {timeout: 1e3}",
     .want = "helmDefaults:\n  timeout: 1000\n"},
    {.name = "a number is a text where one is wanted",
     .text = "releases: [{name: 1, version: 1.10}]",
     .want = "releases:\n  - name: \"1\"\n    version: \"1.10\"\n"},
    {.name = "a merged map gives way to what is there",
     .text = "releases: [{<<: {name: a, chart: x}, name: b}]",
     .want = "releases:\n  - name: b\n    chart: x\n"},
    {.name = "of several merged maps the first counts",
     .text = "releases: [{<<: [{name: a}, {name: b, chart: x}]}]",
     .want = "releases:\n  - name: a\n    chart: x\n"},
    {.name = "an unknown key is shown with the one that is near",
     .text = "relases: []",
     .problem = "unknown key \"relases\"",
     .hint = "did you mean \"releases\"?",
     .line = 1,
     .column = 1},
    {.name = "an unknown key of a release names its place",
     .text = "releases:\n- name: a\n  chrt: b\n",
     .problem = "unknown key \"chrt\" in a release",
     .hint = "did you mean \"chart\"?",
     .line = 3,
     .column = 3},
    {.name = "a key that is near nothing has no hint",
     .text = "zzzzzzzzzz: 1",
     .problem = "unknown key",
     .line = 1,
     .column = 1},
    {.name = "a key must not come twice",
     .text = "releases: []\nreleases: []\n",
     .problem = "comes twice",
     .line = 2,
     .column = 1},
    {.name = "a flag is no text",
     .text = "helmDefaults:\n  wait: \"true\"\n",
     .problem = "must be true or false",
     .line = 2,
     .column = 9},
    {.name = "a number is no text",
     .text = "helmDefaults: {timeout: soon}",
     .problem = "must be a whole number",
     .line = 1,
     .column = 25},
    {.name = "a fraction is no whole number",
     .text = "helmDefaults: {timeout: 1.5}",
     .problem = "must be a whole number",
     .line = 1,
     .column = 25},
    {.name = "a list is no text",
     .text = "kubeContext: [a]",
     .problem = "must be a text, not a list",
     .line = 1,
     .column = 14},
    {.name = "a text is no list",
     .text = "bases: a.yaml",
     .problem = "must be a list",
     .line = 1,
     .column = 8},
    {.name = "one of few words is shown when it is near",
     .text = "environments: {a: {missingFileHandler: Eror}}",
     .problem = "cannot be \"Eror\"",
     .hint = "did you mean \"Error\"?",
     .line = 1,
     .column = 40},
    {.name = "a template where a name should be says what to do",
     .text = "releases: [{name: {{ .x }} }]",
     .problem = "must be a text, not a map",
     .hint = "a template is only rendered in a file that ends in .gotmpl",
     .line = 1,
     .column = 19},
    {.name = "merged maps may not be in themselves",
     .text = "commonLabels: &a {<<: *a}",
     .problem = "contains itself",
     .line = 1,
     .column = 23},
    {.name = "a merge is of maps",
     .text = "releases: [{<<: 1}]",
     .problem = "must be a map",
     .line = 1,
     .column = 17},
};

static Error *decode(Arena *a, const char *text, Spec *out)
{
    SpecReader reader = {.arena = a, .file = "f", .text = str_from(text), .source = str_from(text)};
    YamlDocuments documents = {0};

    TRY(yaml_read(a, "f", reader.text, &documents));
    return spec_decode(&reader, documents.items[0], &spec_record_top, out);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Spec spec = {0};
    Error *err = decode(&a, row->text, &spec);

    if (row->want) {
        assert_success(err);
        assert_success(yaml_write(&b, spec_value(&a, NULL, &spec), YAML_WRITE_HELMFILE));
        assert_str(buf_str(&b), row->want);
        return;
    }
    assert_non_null(err);
    assert_int_equal(error_place(err).line, row->line);
    assert_int_equal(error_place(err).column, row->column);
    if (row->hint)
        assert_non_null(strstr(error_hint_of(err) ? error_hint_of(err) : "", row->hint));
    assert_failure(err, ERROR_INPUT, row->problem);
}

/* Each level is merged three times by the next: 3^30 maps, one in the other. */
static void test_bomb(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Spec spec = {0};

    (void)state;
    buf_add_c(&b, "commonLabels: ");
    for (int i = 0; i < 30; i++)
        buf_format(&b, "&a%d {<<: [", i);
    buf_add_c(&b, "{x: y}");
    for (int i = 29; i >= 0; i--)
        if (i)
            buf_format(&b, "]}, *a%d, *a%d", i, i);
    buf_add_c(&b, "]}\n");
    assert_failure(decode(&a, str_c(&a, buf_str(&b)), &spec), ERROR_INPUT, "excessive aliasing");
}

typedef struct Policy {
    const char *name, *text, *problem;
    bool is_legacy;
    int line;
} Policy;

static Policy policies[] = {
    {"releases alone", "releases: []\n", NULL, false, 0},
    {"environments in a part of their own", "environments: {}\n---\nreleases: []\n", NULL, false,
     0},
    {"environments and releases in one part", "environments: {}\nreleases: []\n", "same part",
     false, 2},
    {"files of helmfile 0.x may have both in one part", "environments: {}\nreleases: []\n", NULL,
     true, 0},
    {"bases stand before releases", "releases: []\n---\nbases: []\n", "must stand before", false,
     3},
    {"environments stand before releases", "releases: []\n---\nenvironments: {}\n",
     "must stand before", false, 3},
    {"a key that is indented is none of the top", "values:\n- environments: {}\n  releases: []\n",
     NULL, false, 0},
    {"a file without keys is no spec", "# nothing\n", "no top-level config keys", false, 1},
    {"an empty file is no spec", "", "no top-level config keys", false, 1},
};

static void check_policy(void **state)
{
    const Policy *row = *state;
    Error *err = policy_check("f", str_from(row->text), row->is_legacy);

    if (!row->problem) {
        assert_success(err);
        return;
    }
    assert_non_null(err);
    assert_int_equal(error_place(err).line, row->line);
    assert_failure(err, ERROR_INPUT, row->problem);
}

typedef struct Legacy {
    const char *name, *text;
    bool want;
} Legacy;

static Legacy legacies[] = {
    {"without braces it is no template", "releases: []\n", false},
    {"flow maps are no template", "releases: [{name: a, labels: {b: c}}]\n", false},
    {"a value in quotes is no template", "releases:\n- name: '{{ .Values.a }}'\n", false},
    {"an action in a line of its own is one", "releases:\n{{ if .x }}\n- name: a\n{{ end }}\n",
     true},
    {"an action behind a comment sign is one", "releases: []\n# {{ end }}\n", false},
    {"a value without quotes is one", "releases:\n- name: {{ .Values.a }}\n", true},
    {"an escaped template is one", "a: '{{`{{ .x }}`}}'\n", true},
    {"what is no YAML may be once it is rendered", "a: {{ .x }}-{{ .y }}\n", true},
};

static void check_legacy(void **state)
{
    const Legacy *row = *state;
    DEFER(arena_free) Arena a = {0};

    assert_int_equal(legacy_is_template(&a, "f", str_from(row->text)), row->want);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + COUNT(policies) + COUNT(legacies) + 1];
    size_t len = 0;

    ADD_TESTS(rows, check);
    ADD_TESTS(policies, check_policy);
    ADD_TESTS(legacies, check_legacy);
    tests[len] = (struct CMUnitTest){"aliases in merges are counted", test_bomb, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
