/*
 * test_fields.c - which fields change, whose doing that is, and what is guessed without a server.
 */
#include "../unit.h"

#include "base/json.h"
#include "base/yaml.h"
#include "diff/diff.h"
#include "diff/fields.h"

/* An object in each of its forms, and the changes: "path from to cause manager", a line each. */
typedef struct Row {
    const char *name;
    const char *live, *predicted, *applied, *wanted;
    bool show_all;
    const char *changes;
} Row;

static Value value_of(Arena *a, const char *text)
{
    Value v = value_null();

    if (text)
        assert_success(yaml_parse(a, NULL, str_from(text), YAML_HELM, &v));
    return v;
}

static void add_value(Buf *b, Value v)
{
    buf_add_char(b, ' ');
    if (v.kind == VALUE_NULL)
        buf_add_char(b, '-');
    else
        assert_success(json_write(b, v, (JsonStyle){0}));
}

static Str changes_text(Arena *a, const FieldChangeList *changes)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < changes->len; i++) {
        const FieldChange *change = &changes->items[i];

        buf_add(&b, change->path);
        add_value(&b, change->from);
        add_value(&b, change->to);
        buf_format(&b, " %s", diff_cause_name(change->cause));
        if (change->manager.len)
            buf_format(&b, " %.*s", STR_ARG(change->manager));
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    DiffSides sides = {.from = value_of(&a, row->live),
                       .to = value_of(&a, row->predicted),
                       .applied = value_of(&a, row->applied),
                       .wanted = value_of(&a, row->wanted),
                       .manager = "helm"};
    ObjectDiff diff;

    assert_success(
        diff_explained(&a, &sides, &(DiffOptions){.context = 3, .show_all = row->show_all}, &diff));
    assert_str(changes_text(&a, &diff.fields), row->changes);
    for (size_t i = 0; i < diff.lines.len; i++)
        if (diff.lines.items[i].sign == '+' || diff.lines.items[i].sign == '-')
            assert_non_null(diff.lines.items[i].change);
}

static Row rows[] = {
    {.name = "what the spec says anew is the spec's",
     .live = "{spec: {replicas: 1}}",
     .predicted = "{spec: {replicas: 2}}",
     .applied = "{spec: {replicas: 1}}",
     .wanted = "{spec: {replicas: 2}}",
     .changes = "spec.replicas 1 2 spec\n"},
    {.name = "what the spec says as ever, and is not so, is drift of who owns it",
     .live = "{spec: {replicas: 5}, metadata: {managedFields: ["
             "{manager: kubectl, time: '2026-01-01T00:00:00Z', fieldsV1: {'f:spec': {'f:replicas': "
             "{}}}},"
             "{manager: other, time: '2025-01-01T00:00:00Z', fieldsV1: {'f:spec': {'f:replicas': "
             "{}}}},"
             "{manager: status, subresource: status, time: '2027-01-01T00:00:00Z', fieldsV1: "
             "{'f:spec': {}}}]}}",
     .predicted = "{spec: {replicas: 2}}",
     .applied = "{spec: {replicas: 2}}",
     .wanted = "{spec: {replicas: 2}}",
     .changes = "spec.replicas 5 2 drift kubectl\n"},
    {.name = "what the spec does not say is the server's, and is not shown",
     .live = "{spec: {a: 1, b: 1}}",
     .predicted = "{spec: {a: 2, b: 1, c: {d: 1}}}",
     .applied = "{spec: {a: 1}}",
     .wanted = "{spec: {a: 2}}",
     .changes = "spec.a 1 2 spec\n"},
    {.name = "unless all is shown",
     .live = "{spec: {a: 1, b: 1}}",
     .predicted = "{spec: {a: 2, b: 1, c: {d: 1}}}",
     .applied = "{spec: {a: 1}}",
     .wanted = "{spec: {a: 2}}",
     .show_all = true,
     .changes = "spec.a 1 2 spec\nspec.c.d - 1 default\n"},
    {.name = "what the server alone changes is no change",
     .live = "{spec: {a: 1, b: 1}}",
     .predicted = "{spec: {a: 1, b: 2}}",
     .applied = "{spec: {a: 1}}",
     .wanted = "{spec: {a: 1}}",
     .changes = ""},
    {.name = "a field that the spec drops is the spec's",
     .live = "{data: {a: x, b: z}}",
     .predicted = "{data: {a: x}}",
     .applied = "{data: {a: x, b: z}}",
     .wanted = "{data: {a: x}}",
     .changes = "data.b \"z\" - spec\n"},
    {.name = "a field of an older revision is, too",
     .live = "{data: {a: x, b: z}, metadata: {managedFields: [{manager: helm, fieldsV1: {'f:data': "
             "{'f:b': {}}}}]}}",
     .predicted = "{data: {a: x}}",
     .applied = "{data: {a: x}}",
     .wanted = "{data: {a: x}}",
     .changes = "data.b \"z\" - spec\n"},
    {.name = "items of lists are matched by their names, wherever they stand",
     .live = "{c: [{name: a, image: i:1, pull: Always}, {name: b, image: j}]}",
     .predicted = "{c: [{name: x, image: k, pull: Always}, {name: a, image: i:2, pull: Always}, "
                  "{name: b, image: j}]}",
     .applied = "{c: [{name: a, image: i:1}, {name: b, image: j}]}",
     .wanted = "{c: [{name: x, image: k}, {name: a, image: i:2}, {name: b, image: j}]}",
     .changes = "c[name=a].image \"i:1\" \"i:2\" spec\n"
                "c[name=x].image - \"k\" spec\nc[name=x].name - \"x\" spec\n"},
    {.name = "ports by number and protocol",
     .live = "{ports: [{port: 53, protocol: UDP, targetPort: 1}, {port: 53, protocol: TCP, "
             "targetPort: 1}]}",
     .predicted = "{ports: [{port: 53, protocol: UDP, targetPort: 1}, {port: 53, protocol: TCP, "
                  "targetPort: 2}]}",
     .applied = "{ports: [{port: 53, protocol: UDP, targetPort: 1}, {port: 53, targetPort: 1}]}",
     .wanted = "{ports: [{port: 53, protocol: UDP, targetPort: 1}, {port: 53, targetPort: 2}]}",
     .changes = "ports[port=53].targetPort 1 2 spec\n"},
    {.name = "another order is a change",
     .live = "{env: [{name: a}, {name: b}]}",
     .predicted = "{env: [{name: b}, {name: a}]}",
     .applied = "{env: [{name: a}, {name: b}]}",
     .wanted = "{env: [{name: b}, {name: a}]}",
     .changes =
         "env [{\"name\":\"a\"},{\"name\":\"b\"}] [{\"name\":\"b\"},{\"name\":\"a\"}] spec\n"},
    {.name = "lists of texts are one value",
     .live = "{args: [a, b]}",
     .predicted = "{args: [a, c]}",
     .applied = "{args: [a, c]}",
     .wanted = "{args: [a, c]}",
     .changes = "args [\"a\",\"b\"] [\"a\",\"c\"] drift\n"},
    {.name = "Secrets are masked here, too",
     .live = "{apiVersion: v1, kind: Secret, data: {a: c3dvcmRmaXNo}}",
     .predicted = "{apiVersion: v1, kind: Secret, data: {a: c3dvcmRmaXM=}}",
     .applied = "{apiVersion: v1, kind: Secret, data: {a: c3dvcmRmaXNo}}",
     .wanted = "{apiVersion: v1, kind: Secret, data: {a: c3dvcmRmaXM=}}",
     .changes = "data.a \"(9 bytes)\" \"(8 bytes, changed from 9 bytes)\" spec\n"},
};

/* ---- without a server */

static void assert_yaml(Arena *a, Value v, const char *wanted)
{
    Buf b = {.arena = a};

    assert_success(yaml_write(&b, v, YAML_WRITE_HELM));
    Buf other = {.arena = a};
    assert_success(yaml_write(&other, value_of(a, wanted), YAML_WRITE_HELM));
    assert_str(buf_str(&b), str_c(a, buf_str(&other)));
}

static void a_prediction_keeps_what_others_added(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value live = value_of(&a, "{spec: {replicas: 1, type: X, containers: [{name: a, image: i:1, "
                              "pull: Always}, {name: b}, {name: x}], args: [x, y]}}");
    Value applied = value_of(&a, "{spec: {containers: [{name: a}, {name: b}], type: X}}");
    Value wanted = value_of(
        &a, "{spec: {replicas: 2, containers: [{name: c}, {name: a, image: i:2}], args: [z]}}");

    (void)state;
    assert_yaml(&a, diff_predicted(&a, live, applied, wanted),
                "{spec: {replicas: 2, containers: [{name: c}, {name: a, image: i:2, pull: Always},"
                " {name: x}], args: [z]}}");
    assert_yaml(&a, diff_predicted(&a, live, value_null(), value_of(&a, "{spec: {replicas: 2}}")),
                "{spec: {replicas: 2, type: X, containers: [{name: a, image: i:1, pull: Always}, "
                "{name: b}, {name: x}], args: [x, y]}}");
}

static void what_helm_3_applied_and_is_not_wanted_goes(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value predicted = value_of(&a, "{data: {a: 1, b: 2}, c: [{name: x, v: 1, w: 2}, {name: y}]}");
    Value applied = value_of(&a, "{data: {a: 1, b: 2}, c: [{name: x, v: 1}, {name: y}]}");
    Value wanted = value_of(&a, "{data: {a: 1}, c: [{name: x}]}");

    (void)state;
    assert_yaml(&a, diff_without_dropped(&a, predicted, applied, wanted),
                "{data: {a: 1}, c: [{name: x, w: 2}]}");
    assert_true(diff_is_updated_by(
        value_of(&a, "{metadata: {managedFields: [{manager: helm, operation: Update}]}}"), "helm"));
    assert_false(diff_is_updated_by(
        value_of(&a, "{metadata: {managedFields: [{manager: helm, operation: Apply}]}}"), "helm"));
}

static void what_people_added_is_told_from_what_controllers_did(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Value live =
        value_of(&a, "{metadata: {labels: {a: x, mine: x, theirs: x}, managedFields: ["
                     "{manager: helm, fieldsV1: {'f:metadata': {'f:labels': {'f:a': {}}}}},"
                     "{manager: kubectl, fieldsV1: {'f:metadata': {'f:labels': {'f:mine': {}}}}},"
                     "{manager: kube-controller-manager, fieldsV1: {'f:metadata': {'f:labels': "
                     "{'f:theirs': {}}}}}]}}");
    Value applied = value_of(&a, "{metadata: {labels: {a: x}}}");

    (void)state;
    assert_yaml(&a, diff_cleaned(&a, diff_without_additions(&a, live, applied, "helm", false)),
                "{metadata: {labels: {a: x, theirs: x}}}");
    assert_yaml(&a, diff_cleaned(&a, diff_without_additions(&a, live, applied, "helm", true)),
                "{metadata: {labels: {a: x}}}");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(a_prediction_keeps_what_others_added),
    cmocka_unit_test(what_helm_3_applied_and_is_not_wanted_goes),
    cmocka_unit_test(what_people_added_is_told_from_what_controllers_did),
};

TEST_ROWS_AND(rows, check, others)
