/*
 * test_patch.c - objects, patched: what the comparisons with kustomize (tests/e2e/beside) do not
 * show well: bounds, odd input, and the quirks that follow from how kustomize walks.
 */
#include "patch/patch.h"

#include "base/yaml.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *objects;
    const char *strategic;           /* or NULL */
    const char *target, *operations; /* or NULL */
    const char *transformer;         /* or NULL */
    const char *want;                /* NULL: an error that has PART */
    const char *part;
} Row;

#define CONFIG "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
#define DEPLOYMENT(spec)                                                                           \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: " spec   \
    "}}}\n"
#define DEPLOYED                                                                                   \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n"

static Row rows[] = {
    {.name = "objects come out with their keys sorted",
     .objects = "kind: ConfigMap\nmetadata: {name: a}\napiVersion: v1\n",
     .want = CONFIG "---\n"},
    {.name = "a list of objects is its objects",
     .objects = "{kind: List, apiVersion: v1, items: [{kind: ConfigMap, apiVersion: v1, metadata: "
                "{name: a}}]}",
     .want = CONFIG "---\n"},
    {.name = "an object must have a name",
     .objects = "{apiVersion: v1, kind: ConfigMap}",
     .part = "no metadata.name"},
    {.name = "an object must be a map", .objects = "[1]", .part = "must be a map"},
    {.name = "an object that is there twice cannot be patched",
     .objects = CONFIG "---\n" CONFIG,
     .part = "twice"},
    {.name = "what is known to kustomize alone is left out",
     .objects = CONFIG "  annotations: {config.kubernetes.io/local-config: \"true\"}\n",
     .want = ""},

    {.name = "a null takes a field away",
     .objects = CONFIG "data: {x: y}\n",
     .strategic = CONFIG "data: null\n",
     .want = CONFIG "---\n"},
    {.name = "a patch cannot change a name",
     .objects = CONFIG,
     .strategic = CONFIG "data: {x: y}\n",
     .want = "apiVersion: v1\ndata:\n  x: \"y\"\nkind: ConfigMap\nmetadata:\n  name: a\n---\n"},
    {.name = "a patch must fit the shape of the object",
     .objects = CONFIG "data: {x: y}\n",
     .strategic = CONFIG "data: [x]\n",
     .part = "the patch has a list where the object has a map"},
    {.name = "an unknown directive is an error",
     .objects = CONFIG "data: {x: y}\n",
     .strategic = CONFIG "data: {$patch: forget}\n",
     .part = "unknown $patch"},
    {.name = "what a patch says of a port without its protocol is lost, as in kustomize",
     .objects =
         DEPLOYMENT("{containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}"),
     .strategic = DEPLOYMENT("{containers: [{name: a, ports: [{containerPort: 80, name: b}]}]}"),
     .want = DEPLOYED "      containers:\n      - name: a\n        ports:\n"
                      "        - containerPort: 80\n          protocol: TCP\n---\n"},
    {.name = "scalars are merged into a list of them",
     .objects = CONFIG "  finalizers: [a, b]\n",
     .strategic = CONFIG "  finalizers: [c, a]\n",
     .want = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  finalizers:\n  - c\n  - a\n  - b\n"
             "  name: a\n---\n"},
    {.name = "an item that stands alone with $patch replaces the list",
     .objects = DEPLOYMENT("{containers: [{name: a}, {name: b}]}"),
     .strategic = DEPLOYMENT("{containers: [{$patch: replace}, {name: c}]}"),
     .want = DEPLOYED "      containers:\n      - name: c\n---\n"},

    {.name = "a path begins with a slash",
     .objects = CONFIG,
     .target = "{kind: ConfigMap}",
     .operations = "[{op: add, path: data, value: 1}]",
     .part = "begins with a slash"},
    {.name = "an index beyond the list is an error",
     .objects = CONFIG "x: [1]\n",
     .target = "{kind: ConfigMap}",
     .operations = "[{op: add, path: /x/3, value: 1}]",
     .part = "no item 3"},
    {.name = "an index may count from the end",
     .objects = CONFIG "x: [1, 2]\n",
     .target = "{kind: ConfigMap}",
     .operations = "[{op: remove, path: /x/-1}]",
     .want = CONFIG "x:\n- 1\n---\n"},
    {.name = "an operation must be known",
     .objects = CONFIG,
     .target = "{kind: ConfigMap}",
     .operations = "[{op: drop, path: /x}]",
     .part = "unknown operation"},
    {.name = "a key of a target must be known",
     .objects = CONFIG,
     .target = "{kindd: ConfigMap}",
     .operations = "[]",
     .part = "unknown key"},
    {.name = "a target's pattern must be one",
     .objects = CONFIG,
     .target = "{kind: '('}",
     .operations = "[]",
     .part = "target kind"},
    {.name = "a selector must be one",
     .objects = CONFIG,
     .target = "{labelSelector: 'a in b'}",
     .operations = "[]",
     .part = "is no selector"},
    {.name = "a selector may ask for what is not there",
     .objects = CONFIG,
     .target = "{labelSelector: '!a, b != c, d notin (e)'}",
     .operations = "[{op: add, path: /x, value: 1}]",
     .want = CONFIG "x: 1\n---\n"},
    {.name = "an object cannot lose its name",
     .objects = CONFIG,
     .target = "{kind: ConfigMap}",
     .operations = "[{op: remove, path: /metadata/name}]",
     .part = "without a name"},

    {.name = "a transformer must be known",
     .objects = CONFIG,
     .transformer = "{apiVersion: example.com/v1, kind: Mine, metadata: {name: a}}",
     .part = "transformer Mine"},
    {.name = "a new name needs to know where",
     .objects = CONFIG,
     .transformer = "{apiVersion: builtin, kind: PrefixTransformer, prefix: a}",
     .part = "fieldSpecs are missing"},
    {.name = "two objects must not become one",
     .objects = CONFIG "---\n" CONFIG "  namespace: b\n",
     .transformer = "{apiVersion: builtin, kind: NamespaceTransformer, metadata: {namespace: c}}",
     .part = "two objects become"},
    {.name = "replicas of nothing are an error",
     .objects = CONFIG,
     .transformer =
         "{apiVersion: builtin, kind: ReplicaCountTransformer, replica: {name: b, count: "
         "1}, fieldSpecs: [{path: spec/replicas}]}",
     .part = "no object called"},
    {.name = "an empty namespace changes nothing",
     .objects = CONFIG,
     .transformer = "{apiVersion: builtin, kind: NamespaceTransformer, metadata: {name: x}}",
     .want = CONFIG "---\n"},
};

static Error *read_nothing(void *context, Arena *a, Str path, Str *out)
{
    (void)context;
    (void)a;
    (void)out;
    return error_new(ERROR_NOT_FOUND, "%.*s", STR_ARG(path));
}

static Value parse(Arena *a, const char *text)
{
    Value v;

    assert_success(yaml_parse(a, "test", str_from(text), YAML_HELMFILE, &v));
    return v;
}

static Error *run(Arena *a, const Row *row, PatchOutput *out)
{
    PatchObjects *objects = patch_objects_new(a);

    TRY(patch_add(objects, "test", str_from(row->objects)));
    if (row->target)
        TRY(patch_json(objects, parse(a, row->target), parse(a, row->operations)));
    if (row->strategic)
        TRY(patch_strategic(objects, "patch", str_from(row->strategic)));
    if (row->transformer)
        TRY(patch_transform(objects, parse(a, row->transformer), read_nothing, NULL));
    return patch_finish(objects, out);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    PatchOutput out = {0};
    Error *err = run(&a, row, &out);

    if (row->want) {
        assert_success(err);
        assert_str(out.objects, row->want);
        return;
    }
    assert_non_null(err);
    if (!strstr(error_message(err), row->part))
        fail_msg("wrong error: %s", error_message(err));
    error_free(err);
}

static void check_namespace(const char *text, const char *want)
{
    DEFER(arena_free) Arena a = {0};
    Str out;

    assert_success(patch_namespace(&a, "test", str_from(text), STR("shop"), &out));
    assert_str(out, want);
}

static void test_namespace(void **state)
{
    (void)state;
    check_namespace("metadata:\n  name: a\n", "metadata:\n  name: a\n  namespace: shop");
    check_namespace("metadata:\n    labels:\n      a: b\n\n# x\nspec: 1\n",
                    "metadata:\n    labels:\n      a: b\n    namespace: shop\n\n# x\nspec: 1\n");
    check_namespace("metadata: {name: '}'}\n", "metadata: {name: '}', namespace: shop}\n");
    check_namespace("metadata: {}", "metadata: {namespace: shop}");
    check_namespace("metadata: {name: a, namespace: b}", "metadata: {name: a, namespace: b}");
    check_namespace("{metadata: {name: \"\\\"}\"}}",
                    "{metadata: {name: \"\\\"}\", namespace: shop}}");
    check_namespace("kind: x\n", "kind: x\n");
    check_namespace("metadata:\n", "metadata:\n");
    check_namespace("", "");
    check_namespace("- a\n", "- a\n");
}

static const struct CMUnitTest others[] = {
    {"a namespace goes into the text where there is none", test_namespace, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
