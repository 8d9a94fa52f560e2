/*
 * test_openapi.c - what a kind's schema says besides of an object that a server has refused.
 */
#include "target/kubernetes/openapi.h"

#include "base/field.h"
#include "tests/unit/target/objects.h"

typedef struct Row {
    const char *name, *object, *refusal;
    const char *hint;  /* NULL: none */
    const char *frame; /* a field that is told besides; NULL: none is */
} Row;

static const char document[] =
    "{components: {schemas: {Web: {properties: {spec: {allOf: [{$ref: "
    "'#/components/schemas/Spec'}]}, "
    "metadata: {type: object}}}, "
    "Spec: {properties: {replicas: {type: integer, description: 'How many. The rest is long.'}, "
    "size: {x-kubernetes-int-or-string: true}, "
    "labels: {type: object, additionalProperties: {type: string}}, "
    "any: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: "
    "string}}}, "
    "ports: {type: array, items: {$ref: '#/components/schemas/Port'}}, "
    "child: {$ref: '#/components/schemas/Spec'}, lost: {$ref: '#/components/schemas/Lost'}, "
    "round: {$ref: '#/components/schemas/Round'}}}, "
    "Round: {$ref: '#/components/schemas/Round'}, "
    "Port: {properties: {name: {type: string}, number: {type: integer}}}}}}";

#define REFUSED(text) "failed to create typed patch object (a/b; a/v1, Kind=Web): " text

static Row rows[] = {
    {"a field that is nearly right", "{spec: {replica: 2}}",
     REFUSED(".spec.replica: field not declared in schema"), "did you mean .spec.replicas?", NULL},
    {"one of an item of a list", "{spec: {ports: [{name: a}, {nmae: b}]}}",
     REFUSED(".spec.ports[name=\"b\"].nmae: field not declared in schema"),
     "did you mean .spec.ports[1].name?", NULL},
    {"one that is deeper", "{spec: {child: {child: {prots: []}}}}",
     REFUSED(".spec.child.child.prots: field not declared in schema"),
     "did you mean .spec.child.child.ports?", NULL},
    {"several, of which the server names one", "{spec: {replica: 2, prots: []}}",
     REFUSED(".spec.prots: field not declared in schema"),
     "did you mean .spec.ports, .spec.replicas?", ".spec.prots: there is no such field"},
    {"several that it names all", "{spec: {replica: 2, prots: []}}",
     "strict decoding error: unknown field \"spec.replica\", unknown field \"spec.prots\"",
     "did you mean .spec.ports, .spec.replicas?", NULL},
    {"nothing is near", "{spec: {whatever: 2}}",
     REFUSED(".spec.whatever: field not declared in schema"), NULL, NULL},
    {"a value that does not fit", "{spec: {replicas: two}}",
     REFUSED(".spec.replicas: expected numeric (int or float), got string"),
     ".spec.replicas is an integer: How many.", NULL},
    {"one without a description", "{spec: {ports: [{number: x}]}}",
     REFUSED(".spec.ports[name=\"a.]b\"].number: expected numeric, got string"),
     ".spec.ports[name=\"a.]b\"].number is an integer", NULL},
    {"maps have any keys", "{spec: {labels: {a: b, c: d}}}", "no", NULL, NULL},
    {"some fields may be anything", "{spec: {any: {b: c}, size: 3}}", "no", NULL, NULL},
    {"references that lead nowhere, or back", "{spec: {lost: {a: b}, round: {a: b}}}", "no", NULL,
     NULL},
    {"a path without an end", "{spec: {}}", REFUSED(".spec.ports[name=\"a: expected list"),
     ".spec.ports[name=\"a is an object", NULL},
    {"words that are of something else", "{spec: {}}", "quota is used up", NULL, NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    OpenApi api = {.document = object_of(&a, document)};
    Value object = object_of(&a, row->object);
    size_t len;

    api.schema = field_at(&api.document, "components.schemas.Web");
    Error *err = error_new(ERROR_INPUT, "refused");
    err = openapi_explain(&a, &api, &object, str_from(row->refusal), err);
    if (row->hint)
        assert_string_equal(error_hint_of(err), row->hint);
    else
        assert_null(error_hint_of(err));
    const ErrorFrame *frames = error_frames(err, &len);
    assert_int_equal(len > 0, row->frame != NULL);
    if (row->frame)
        assert_string_equal(frames[0].what, row->frame);
    error_free(err);
}

TEST_ROWS(rows, check)
