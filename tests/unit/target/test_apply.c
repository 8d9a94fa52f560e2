/*
 * test_apply.c - server-side apply, against what a real API server made of it: recorded.jsonl has
 * objects that Kubernetes 1.36.1 was given, in order, by which manager, and its answers. What is
 * another each time (uids, times, addresses …) was left out when they were recorded.
 */
#include "base/field.h"
#include "base/json.h"
#include "tests/unit/target/fixture.h"

#include <stdio.h>
#include <string.h>

enum { MOST_CASES = 400 };

/* Keys whose values nobody can foresee. */
static bool is_volatile(Str key, Value v)
{
    static const char *const keys[] = {"uid",  "creationTimestamp", "resourceVersion",
                                       "time", "selfLink",          "lastPhaseTransitionTime"};
    bool is_address = str_is(key, "clusterIP") || str_is(key, "clusterIPs");

    if (str_is(key, "batch.kubernetes.io/controller-uid") || str_is(key, "controller-uid"))
        return true;
    if (is_address)
        return !value_is_string(v, "None") &&
               !(v.kind == VALUE_LIST && v.list.len && value_is_string(v.list.items[0], "None"));
    if (str_is(key, "name") && v.kind == VALUE_STRING &&
        str_starts(v.string, STR("kube-api-access-")))
        return true;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (str_is(key, keys[i]))
            return v.kind != VALUE_MAP && v.kind != VALUE_LIST;
    return false;
}

static Value settled(Arena *a, Value v)
{
    if (v.kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = settled(a, v.list.items[i]);
        return value_list(items, v.list.len);
    }
    if (v.kind == VALUE_MAP) {
        ValueMap *map = value_map_new(a);

        for (size_t i = 0; i < v.map->len; i++)
            if (!is_volatile(v.map->entries[i].key, v.map->entries[i].value))
                value_map_append(a, map, v.map->entries[i].key,
                                 settled(a, v.map->entries[i].value));
        return value_of_map(map);
    }
    return v;
}

/* Managers in an order that does not depend on when they came. */
static int compare_managers(const void *left, const void *right)
{
    int order = str_compare(text_at(left, "manager"), text_at(right, "manager"));

    return order ? order : str_compare(text_at(left, "operation"), text_at(right, "operation"));
}

static void sort_managers(Value *object)
{
    const Value *managers = value_at(object, STR("metadata.managedFields"));

    if (managers && managers->list.len)
        qsort(managers->list.items, managers->list.len, sizeof(Value), compare_managers);
}

static Str json_of(Arena *a, Value v)
{
    Buf b = {.arena = a};

    assert_success(json_write(&b, v, (JsonStyle){.indent = " "}));
    return buf_str(&b);
}

static void check_result(Arena *a, Value want, Value got)
{
    want = settled(a, want);
    got = settled(a, got);
    sort_managers(&want);
    sort_managers(&got);
    if (!value_equal(want, got))
        fail_msg("want %.*s\ngot %.*s", STR_ARG(json_of(a, want)), STR_ARG(json_of(a, got)));
}

/* The message without what is said differently on purpose: one line, and where the field is. */
static Str plain_message(Arena *a, const char *text)
{
    static const char *const cut[] = {"errors:   ", "unable to convert the object: "};
    Buf b = {.arena = a};
    Str s = str_from(text);

    while (s.len) {
        for (size_t i = 0; i < COUNT(cut); i++)
            if (str_starts(s, str_from(cut[i])))
                s = str_skip(s, strlen(cut[i]));
        buf_add_char(&b, s.ptr[0]);
        s = str_skip(s, 1);
    }
    return buf_str(&b);
}

/* Every field that a conflict names must be named. */
static void check_conflict(Arena *a, Str want, const char *got)
{
    Str word;

    for (bool more = true; more;) {
        more = str_cut(&want, ' ', &word);
        if (word.len > 1 && word.ptr[0] == '.' && !strstr(got, str_c(a, word)))
            fail_msg("%.*s is not named in %s", STR_ARG(word), got);
    }
}

static void check_error(Arena *a, const Value *step, Error *err)
{
    Str want = text_at(step, "error");
    int64_t code = number_at(step, "code");
    const char *got = err ? error_message(err) : "(no error)";
    bool same = str_equal(plain_message(a, str_c(a, want)), plain_message(a, got));

    if (!err || (code == 409) != (error_kind_of(err) == ERROR_CONFLICT) ||
        (code == 404) != (error_kind_of(err) == ERROR_NOT_FOUND))
        fail_msg("want %lld %.*s\ngot %s", (long long)code, STR_ARG(want), got);
    if (str_starts(want, STR("Apply failed")))
        check_conflict(a, want, got);
    else if (code != 409 && !same && str_find(want, STR("unable to convert")) == STR_NONE &&
             str_find(want, STR("typed patch object")) == STR_NONE)
        fail_msg("want %.*s\ngot  %s", STR_ARG(want), got);
    error_free(err);
}

static void check_step(Target *target, const Value *step)
{
    DEFER(arena_free) Arena a = {0};
    TargetApply how = {
        .manager = str_c(&a, text_at(step, "manager")),
        .force = field_bool(step, "force", false),
        .dry_run = field_bool(step, "dry", false),
    };
    const Value *want = value_at(step, STR("result"));
    Value got;
    Error *err = target_apply(target, &a, *value_at(step, STR("object")), &how, &got);

    if (!want) {
        check_error(&a, step, err);
        return;
    }
    assert_success(err);
    check_result(&a, *want, got);
}

static void check_case(void **state)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(fixture_end) Fixture f = fixture_make();
    Value all;

    assert_success(json_parse(&a, "recorded.jsonl", str_from(*state), &all));
    const Value *steps = value_at(&all, STR("steps"));
    for (size_t i = 0; i < steps->list.len; i++)
        check_step(f.target, &steps->list.items[i]);
}

/* What has no answer of a server: the versions that objects are given. */
static void versions_tell_changes(void **state)
{
    static const char one[] = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: "
                              "{replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: "
                              "{labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}";
    static const char labelled[] =
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: {x: z}}, spec: "
        "{replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
        "spec: {containers: [{name: c, image: i}]}}}}";
    static const char scaled[] =
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: {x: z}}, spec: "
        "{replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
        "spec: {containers: [{name: c, image: i}]}}}}";
    DEFER(fixture_end) Fixture f = fixture_make();
    Value v1 = object_apply_text(f.target, &f.memory, one);
    Value v2 = object_apply_text(f.target, &f.memory, labelled);
    Value v3 = object_apply_text(f.target, &f.memory, scaled);
    Value v4 = object_apply_text(f.target, &f.memory, scaled);

    (void)state;
    assert_int_equal(number_at(&v1, "metadata.generation"), 1);
    assert_int_equal(number_at(&v2, "metadata.generation"), 1);
    assert_int_equal(number_at(&v3, "metadata.generation"), 2);
    assert_false(str_equal(text_at(&v1, "metadata.resourceVersion"),
                           text_at(&v2, "metadata.resourceVersion")));
    assert_true(str_equal(text_at(&v3, "metadata.resourceVersion"),
                          text_at(&v4, "metadata.resourceVersion")));
    assert_true(str_equal(text_at(&v1, "metadata.uid"), text_at(&v4, "metadata.uid")));
}

/* A dry run tells exactly what the apply behind it makes. */
static void dry_runs_tell_the_truth(void **state)
{
    static const char text[] = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: "
                               "NodePort, ports: [{port: 80}]}}";
    DEFER(fixture_end) Fixture f = fixture_make();
    Value would_be, is;

    (void)state;
    assert_success(target_apply(f.target, &f.memory, object_of(&f.memory, text),
                                &(TargetApply){.manager = "m", .dry_run = true}, &would_be));
    assert_success(target_apply(f.target, &f.memory, object_of(&f.memory, text),
                                &(TargetApply){.manager = "m"}, &is));
    field_remove(&is, "metadata.resourceVersion");
    if (!value_equal(would_be, is))
        fail_msg("want %.*s\ngot %.*s", STR_ARG(json_of(&f.memory, would_be)),
                 STR_ARG(json_of(&f.memory, is)));
}

/* A null is nothing, a number is none where text belongs, and values may be shared and frozen. */
static void frozen_objects_can_be_applied(void **state)
{
    DEFER(fixture_end) Fixture f = fixture_make();
    Value object = object_of(&f.memory, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, "
                                        "annotations: null}, data: {a: b}}"),
          out;

    (void)state;
    value_freeze(object);
    for (int i = 0; i < 2; i++)
        assert_success(
            target_apply(f.target, &f.memory, object, &(TargetApply){.manager = "m"}, &out));
    assert_null(value_at(&out, STR("metadata.annotations")));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(versions_tell_changes),
    cmocka_unit_test(dry_runs_tell_the_truth),
    cmocka_unit_test(frozen_objects_can_be_applied),
};

/* The name in a line of recorded.jsonl: {"name":"…",… */
static const char *case_name(Arena *a, const char *line)
{
    const char *end = strchr(line + 9, '"');

    return str_c(a, (Str){line + 9, end ? (size_t)(end - line) - 9 : 0});
}

int main(void)
{
    DEFER(arena_free) Arena a = {0};
    static struct CMUnitTest tests[MOST_CASES];
    size_t count = 0, cap = 0;
    char *line = NULL;
    FILE *file = fopen("tests/unit/target/recorded.jsonl", "r");
    ssize_t len;

    if (!file)
        return 1;
    while (count < MOST_CASES && (len = getline(&line, &cap, file)) > 0) {
        char *text = arena_text(&a, (size_t)len + 1);

        memcpy(text, line, (size_t)len + 1);
        tests[count++] = (struct CMUnitTest){case_name(&a, text), check_case, NULL, NULL, text};
    }
    free(line);
    fclose(file);
    int failed = _cmocka_run_group_tests("recorded", tests, count, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
