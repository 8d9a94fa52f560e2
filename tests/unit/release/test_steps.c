/*
 * test_steps.c - selectors, conditions and needs of releases. Rows follow helmfile's
 * selector_test.go, release_filters_test.go and state_test.go.
 */
#include "base/yaml.h"
#include "release/steps.h"
#include "tests/unit/unit.h"

typedef struct Select {
    const char *name;
    const char *selectors; /* with spaces between them */
    bool want;
    const char *problem;
} Select;

/* The labels are name=web, tier=front, empty="". */
static Select selects[] = {
    {"without selectors everything is selected", "", true, NULL},
    {"a label that is equal", "name=web", true, NULL},
    {"a label that is not equal", "name=db", false, NULL},
    {"a label that is not there", "zone=a", false, NULL},
    {"a label that must not be equal", "name!=db", true, NULL},
    {"a label that is not there is not equal either", "zone!=a", true, NULL},
    {"all terms of a selector must match", "name=web,tier=back", false, NULL},
    {"terms of both kinds", "tier=front,name!=db", true, NULL},
    {"of several selectors one must match", "name=db tier=front", true, NULL},
    {"of several selectors none does", "name=db tier=back", false, NULL},
    {"a term without an equals sign is none", "name", false, "malformed label"},
    {"a term without a value is none", "name=", false, "malformed label"},
    {"a term without a key is none", "=web", false, "malformed label"},
    {"a term with two equals signs is none", "name==web", false, "malformed label"},
    {"a comma at the end is no term", "name=web,", false, "malformed label"},
};

static void check_select(void **state)
{
    const Select *row = *state;
    DEFER(arena_free) Arena a = {0};
    ValueMap *labels = value_map_new(&a);
    StrList selectors = {0};
    Str rest = str_from(row->selectors);
    bool more = rest.len > 0;

    value_map_set_c(&a, labels, "name", value_c("web"));
    value_map_set_c(&a, labels, "tier", value_c("front"));
    while (more)
        more = str_cut(&rest, ' ', vec_add(&a, &selectors));
    Error *err = step_check_selectors(&selectors);
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(step_select(&selectors, labels), row->want);
}

typedef struct Condition {
    const char *name, *condition, *values;
    bool want;
    const char *problem;
} Condition;

static Condition conditions[] = {
    {"no condition is true", "", "{}", true, NULL},
    {"the word true", "True", "{}", true, NULL},
    {"the word false", "false", "{}", false, NULL},
    {"a value that is true", "kafka.enabled", "kafka: {enabled: true}", true, NULL},
    {"a value that is false", "kafka.enabled", "kafka: {enabled: false}", false, NULL},
    {"a value that is a text is false", "kafka.enabled", "kafka: {enabled: 'true'}", false, NULL},
    {"a value that is not there is false", "kafka.enabled", "kafka: {}", false, NULL},
    {"a value that is deep", "a.b.enabled", "a: {b: {enabled: true}}", true, NULL},
    {"what a value is looked for in must be there", "kafka.enabled", "{}", false,
     "which is not there"},
    {"a condition is a path that ends in enabled", "kafka.on", "kafka: {on: true}", false,
     "must be true, false, or a path"},
};

static void check_condition(void **state)
{
    const Condition *row = *state;
    DEFER(arena_free) Arena a = {0};
    SpecRelease release = {.condition = {str_from(row->condition), {"f", 1, 1}}};
    Value values;
    bool got = false;

    assert_success(yaml_parse_map(&a, NULL, str_from(row->values), YAML_HELMFILE, &values));
    Error *err = step_condition(&a, &release, values.map, &got);
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(got, row->want);
}

enum { MOST = 5 };

typedef struct Wanted {
    const char *name, *namespace, *needs; /* with commas between them */
    bool left_out;                        /* not selected */
} Wanted;

typedef struct Need {
    const char *name;
    Wanted releases[MOST];
    ReleaseOptions options;
    const char *want; /* the names that are selected at the end */
    const char *problem;
} Need;

static Need needs[] = {
    {"a need of the same namespace", {{"a", "n", "b", false}, {"b", "n", "", false}}, .want = "ab"},
    {"a need of another namespace",
     {{"a", "n", "m/b", false}, {"b", "m", "", false}},
     .want = "ab"},
    {"a need that is only in another namespace",
     {{"a", "n", "b", false}, {"b", "m", "", false}},
     .problem = "which is not there"},
    {"a need that is nowhere", {{"a", "n", "c", false}}, .problem = "which is not there"},
    {"a release that needs itself", {{"a", "n", "a", false}}, .problem = "a"},
    {"needs that go round in a circle",
     {{"a", "n", "b", false}, {"b", "n", "c", false}, {"c", "n", "a", false}},
     .problem = "cycle detected"},
    {"needs are not selected unless asked",
     {{"a", "n", "b", false}, {"b", "n", "", true}},
     .want = "a"},
    {"needs of needs are selected where asked",
     {{"a", "n", "b", false}, {"b", "n", "c", true}, {"c", "n", "", true}},
     .options = {.include_needs = true},
     .want = "abc"},
    {"a need that is not selected is an error where asked",
     {{"a", "n", "b", false}, {"b", "n", "", true}},
     .options = {.needs_selected = true},
     .problem = "b"},
    {"needs may be left alone",
     {{"a", "n", "nowhere", false}},
     .options = {.ignores_needs = true},
     .want = "a"},
};

static void make_release(Arena *a, const Wanted *wanted, const SpecFile *file, ReleaseList *out)
{
    Release *release = arena_new(a, Release);
    Str rest = str_from(wanted->needs), need;
    bool more = rest.len > 0;

    *release = (Release){.name = str_from(wanted->name),
                         .namespace = str_from(wanted->namespace),
                         .installed = true,
                         .enabled = true,
                         .selected = !wanted->left_out,
                         .file = file,
                         .index = out->len};
    while (more) {
        more = str_cut(&rest, ',', &need);
        *vec_add(a, &release->spec.needs) = (SpecText){need, {"f", 1, 1}};
    }
    *vec_add(a, out) = release;
}

static void check_needs(void **state)
{
    const Need *row = *state;
    DEFER(arena_free) Arena a = {0};
    SpecFile file = {.path = "f"};
    ReleaseList list = {0};
    Buf got = {.arena = &a};

    for (size_t i = 0; i < MOST && row->releases[i].name; i++)
        make_release(&a, &row->releases[i], &file, &list);
    Error *err = step_needs(&a, &row->options, &list);
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i]->selected)
            buf_add(&got, list.items[i]->name);
    assert_str(buf_str(&got), row->want);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(selects) + COUNT(conditions) + COUNT(needs)];
    size_t len = 0;

    ADD_TESTS(selects, check_select);
    ADD_TESTS(conditions, check_condition);
    ADD_TESTS(needs, check_needs);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
