/*
 * test_unchanged.c - when applying an object changes nothing.
 */
#include "target/kubernetes/managed_fields.h"
#include "target/kubernetes/unchanged.h"
#include "tests/unit/target/objects.h"

#include "base/json.h"

/* An object that "helm" has applied FIELDS of, and that has BODY besides its metadata. */
#define LIVE(fields, body)                                                                         \
    "{apiVersion: v1, kind: Thing, metadata: {name: a, uid: u, labels: {x: y}, managedFields: ["   \
    "{manager: helm, operation: Apply, apiVersion: v1, fieldsV1: {'f:metadata': {'f:labels': "     \
    "{'f:x': {}}}, " fields "}}, {manager: other, operation: Update, apiVersion: v1, fieldsV1: "   \
    "{'f:status': {}}}]}, " body "}"
#define WANTED(body)                                                                               \
    "{apiVersion: v1, kind: Thing, metadata: {name: a, namespace: b, labels: {x: y}}, " body "}"

#define PORTS                                                                                      \
    "'f:ports': {'k:{\"port\":80,\"protocol\":\"TCP\"}': {'.': {}, 'f:port': {}, 'f:name': {}}, "  \
    "'k:{\"port\":81,\"protocol\":\"TCP\"}': {'.': {}, 'f:port': {}}}"
#define LIVE_PORTS                                                                                 \
    "ports: [{port: 80, protocol: TCP, name: web, targetPort: 80}, {port: 81, protocol: TCP}]"

typedef struct Row {
    const char *name;
    const char *live, *wanted;
    bool unchanged;
} Row;

static Row rows[] = {
    {"values as they were applied are no change", LIVE("'f:data': {'f:k': {}}", "data: {k: v}"),
     WANTED("data: {k: v}"), true},
    {"another value is a change", LIVE("'f:data': {'f:k': {}}", "data: {k: w}"),
     WANTED("data: {k: v}"), false},
    {"what others have set besides is no change",
     LIVE("'f:data': {'f:k': {}}", "data: {k: v, other: z}"), WANTED("data: {k: v}"), true},
    {"a new field is a change", LIVE("'f:data': {'f:k': {}}", "data: {k: v, l: w}"),
     WANTED("data: {k: v, l: w}"), false},
    {"a field that goes is a change",
     LIVE("'f:data': {'f:k': {}, 'f:l': {}}", "data: {k: v, l: w}"), WANTED("data: {k: v}"), false},
    {"a field that others have taken is a change", LIVE("'f:data': {'f:k': {}}", "data: {}"),
     WANTED("data: {k: v}"), false},
    {"a list that is one value is compared as one", LIVE("'f:args': {}", "args: [a, b]"),
     WANTED("args: [a, b]"), true},
    {"a list that is one value in another order is a change", LIVE("'f:args': {}", "args: [a, b]"),
     WANTED("args: [b, a]"), false},
    {"items are found by their keys, of which one need not be said", LIVE(PORTS, LIVE_PORTS),
     WANTED("ports: [{port: 80, name: web}, {port: 81}]"), true},
    {"an item's other order is a change", LIVE(PORTS, LIVE_PORTS),
     WANTED("ports: [{port: 81}, {port: 80, name: web}]"), false},
    {"an item's other value is a change", LIVE(PORTS, LIVE_PORTS),
     WANTED("ports: [{port: 80, name: www}, {port: 81}]"), false},
    {"an item more is a change", LIVE(PORTS, LIVE_PORTS),
     WANTED("ports: [{port: 80, name: web}, {port: 81}, {port: 82}]"), false},
    {"an item that comes twice cannot be told", LIVE(PORTS, LIVE_PORTS),
     WANTED("ports: [{port: 80, name: web}, {port: 81}, {port: 81}]"), false},
    {"an item less is a change", LIVE(PORTS, LIVE_PORTS), WANTED("ports: [{port: 80, name: web}]"),
     false},
    {"values of sets are found", LIVE("'f:set': {'v:\"a\"': {}, 'v:\"b\"': {}}", "set: [a, x, b]"),
     WANTED("set: [a, b]"), true},
    {"a null cannot be told", LIVE("'f:data': {'f:k': {}}", "data: {k: v}"),
     WANTED("data: {k: null}"), false},
    {"what nobody has applied is a change", "{apiVersion: v1, kind: Thing, metadata: {name: a}}",
     WANTED("data: {}"), false},
    {"fields that make no sense cannot be told", LIVE("'f:data': {'x:k': {}}", "data: {k: v}"),
     WANTED("data: {k: v}"), false},
    {"keys that make no sense cannot be told", LIVE("'f:l': {'k:{': {}}", "l: [{k: v}]"),
     WANTED("l: [{k: v}]"), false},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value live = object_of(&a, row->live), wanted = object_of(&a, row->wanted);

    assert_int_equal(apply_changes_nothing(&a, &live, &wanted, "helm"), row->unchanged);
    assert_false(apply_changes_nothing(&a, &live, &wanted, "somebody"));
}

static void assert_json(Arena *a, Value v, const char *text)
{
    Buf got = {.arena = a}, want = {.arena = a};

    assert_success(json_write(&got, v, (JsonStyle){0}));
    assert_success(json_write(&want, object_of(a, text), (JsonStyle){0}));
    assert_str(buf_str(&got), str_c(a, buf_str(&want)));
}

static void updates_become_applies(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value live =
        object_of(&a, "{metadata: {resourceVersion: '7', managedFields: ["
                      "{manager: helm, operation: Update, fieldsV1: {'f:a': {'f:b': {}}}},"
                      "{manager: helm, operation: Apply, fieldsV1: {'f:a': {'f:c': {}}}},"
                      "{manager: helm, operation: Update, subresource: status, fieldsV1: {}},"
                      "{manager: x, operation: Update, fieldsV1: {'f:d': {}}}]}}");

    (void)state;
    assert_json(&a, managed_fields_patch(&a, &live, "helm"),
                "[{op: replace, path: /metadata/managedFields, value: ["
                "{manager: helm, operation: Update, subresource: status, fieldsV1: {}},"
                "{manager: x, operation: Update, fieldsV1: {'f:d': {}}},"
                "{manager: helm, operation: Apply, fieldsV1: {'f:a': {'f:b': {}, 'f:c': {}}}}]},"
                "{op: replace, path: /metadata/resourceVersion, value: '7'}]");
    assert_true(value_is_null(managed_fields_patch(&a, &live, "y")));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(updates_become_applies),
};

TEST_ROWS_AND(rows, check, others)
