/*
 * test_manifest.c - rendered files to manifests: split, read, sorted. Rows follow helm's
 * manifest_test.go, manifest_sorter_test.go and kind_sorter_test.go.
 */
#include "manifest/manifest.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text;
    const char *want; /* the texts, each in brackets */
} Row;

static Row rows[] = {
    {"a file without separators is one", "a: 1\n", "[a: 1\n]"},
    {"separators split", "a: 1\n---\nb: 2\n", "[a: 1\n][b: 2\n]"},
    {"what is blank is left out", "---\n\n---\n  \n---\na: 1\n---\n", "[a: 1\n]"},
    {"comments are no separator", "# x\n---\n# y\n", "[# x\n][# y\n]"},
    {"what stands behind a separator belongs to the next", "--- # x\na: 1\n", "[# x\na: 1\n]"},
    {"a separator is only one at the start of a line", "a: 1\n ---\nb: 2\n",
     "[a: 1\n ---\nb: 2\n]"},
    {"nothing is nothing", "", ""},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    StrList texts = {0};
    Buf b = {.arena = &a};

    manifest_split(&a, str_from(row->text), &texts);
    for (size_t i = 0; i < texts.len; i++)
        buf_format(&b, "[%.*s]", STR_ARG(texts.items[i]));
    assert_str(b.len ? buf_str(&b) : STR(""), row->want);
}

typedef struct Object {
    const char *name, *text;
    unsigned events, deletes;
    int weight;
    bool left_out;
    const char *problem;
} Object;

#define POD(annotations) "kind: Pod\nmetadata: {name: x, annotations: {" annotations "}}\n"

static Object objects[] = {
    {.name = "an object without hooks", .text = POD("a: b")},
    {.name = "a hook has events",
     .text = POD("helm.sh/hook: 'pre-install, post-delete'"),
     .events = HOOK_PRE_INSTALL | HOOK_POST_DELETE},
    {.name = "an event in capitals is one",
     .text = POD("helm.sh/hook: Pre-Install"),
     .events = HOOK_PRE_INSTALL},
    {.name = "the old name of tests",
     .text = POD("helm.sh/hook: test-success"),
     .events = HOOK_TEST},
    {.name = "an unknown event leaves the object out",
     .text = POD("helm.sh/hook: no-such"),
     .left_out = true},
    {.name = "a hook has a weight",
     .text = POD("helm.sh/hook: test, helm.sh/hook-weight: '-5'"),
     .events = HOOK_TEST,
     .weight = -5},
    {.name = "a weight that is no number is 0",
     .text = POD("helm.sh/hook: test, helm.sh/hook-weight: heavy"),
     .events = HOOK_TEST},
    {.name = "a hook says when it is deleted",
     .text = POD("helm.sh/hook: test, helm.sh/hook-delete-policy: 'hook-succeeded,hook-failed'"),
     .events = HOOK_TEST,
     .deletes = HOOK_DELETE_SUCCEEDED | HOOK_DELETE_FAILED},
    {.name = "a list is no object", .text = "- a\n", .problem = "map"},
    {.name = "what is no YAML fails", .text = "a: [\n", .problem = "did not find"},
    {.name = "annotations are texts", .text = POD("a: [b]"), .problem = "annotation"},
    {.name = "metadata is a map", .text = "kind: Pod\nmetadata: [a]\n", .problem = "metadata"},
};

static void check_object(void **state)
{
    const Object *row = *state;
    DEFER(arena_free) Arena a = {0};
    ManifestList list = {0};
    Error *err = manifest_parse(&a, STR("t/a.yaml"), str_from(row->text), &list);

    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(list.len, !row->left_out);
    if (row->left_out)
        return;
    assert_int_equal(list.items[0].hook_events, row->events);
    if (row->events)
        assert_int_equal(list.items[0].hook_deletes, row->deletes);
    assert_int_equal(list.items[0].hook_weight, row->weight);
    assert_str(list.items[0].name, "x");
}

static void test_place(void **state)
{
    DEFER(arena_free) Arena a = {0};
    ManifestList list = {0};
    Error *err = manifest_parse(&a, STR("t/a.yaml"), STR("a: 1\n---\n\nb: 2\nc: [\n"), &list);

    (void)state;
    assert_non_null(err);
    assert_string_equal(error_place(err).file, "t/a.yaml");
    assert_true(error_place(err).line >= 5);
    error_free(err);
}

/* Kinds in an order that no list has them in; those that are not known come last, by name. */
static void test_sort(void **state)
{
    static const char *const kinds[] = {"Zebra",      "Ingress", "Deployment", "Service",
                                        "Ant",        "Secret",  "Namespace",  "ConfigMap",
                                        "APIService", "Service"};
    static const char want[] = "Namespace Secret ConfigMap Service Service Deployment Ingress "
                               "APIService Ant Zebra ";
    DEFER(arena_free) Arena a = {0};
    ManifestList list = {0};
    Buf b = {.arena = &a};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        *vec_add(&a, &list) =
            (Manifest){.kind = str_from(kinds[i]), .name = str_format(&a, "%zu", i)};
    manifest_sort(&list);
    for (size_t i = 0; i < list.len; i++)
        buf_format(&b, "%.*s ", STR_ARG(list.items[i].kind));
    assert_str(buf_str(&b), want);
    assert_str(list.items[3].name, "3"); // those of one kind stay as they are
    assert_str(list.items[4].name, "9");
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(manifest_compare_kinds(STR("Namespace"), STR("Pod")) < 0);
    assert_true(manifest_compare_kinds(STR("Pod"), STR("Namespace")) > 0);
    assert_true(manifest_compare_kinds(STR("Pod"), STR("Unknown")) < 0);
    assert_int_equal(manifest_compare_kinds(STR("Pod"), STR("Pod")), 0);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        {"an error is at its line of the file", test_place, NULL, NULL, NULL},
        {"manifests are in the order of installation", test_sort, NULL, NULL, NULL},
        {"kinds are compared", test_compare, NULL, NULL, NULL},
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(objects)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(objects); i++)
        tests[COUNT(rows) + i] =
            (struct CMUnitTest){objects[i].name, check_object, NULL, NULL, &objects[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
