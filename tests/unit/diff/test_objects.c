/*
 * test_objects.c - objects: what of them is compared, and what a difference looks like.
 */
#include "base/json.h"
#include "diff/diff.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <time.h>

typedef struct Row {
    const char *name;
    const char *from, *to; /* JSON; NULL: there is none */
    DiffOptions options;
    ChangeKind kind;
    const char *want;
} Row;

#define CONFIG_MAP(metadata, data)                                                                 \
    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"web\"" metadata        \
    "},\"data\":" data "}"

static Row rows[] = {
    {"equal objects",
     CONFIG_MAP("", "{\"a\":\"1\"}"),
     CONFIG_MAP("", "{\"a\":\"1\"}"),
     {.context = 3},
     CHANGE_NONE,
     ""},
    {"no objects", NULL, NULL, {.context = 3}, CHANGE_NONE, ""},
    {"a new one",
     NULL,
     CONFIG_MAP("", "{}"),
     {.context = -1},
     CHANGE_CREATE,
     "+apiVersion: v1\n+data: {}\n+kind: ConfigMap\n+metadata:\n+  name: web\n"},
    {"one that goes",
     CONFIG_MAP("", "{}"),
     NULL,
     {.context = -1},
     CHANGE_DELETE,
     "-apiVersion: v1\n-data: {}\n-kind: ConfigMap\n-metadata:\n-  name: web\n"},
    {"a value that changes",
     CONFIG_MAP("", "{\"a\":\"1\"}"),
     CONFIG_MAP("", "{\"a\":\"2\"}"),
     {.context = 1},
     CHANGE_UPDATE,
     "@@ -2,3 +2,3 @@\n data:\n-  a: \"1\"\n+  a: \"2\"\n kind: ConfigMap\n"},
    {"a number that became a text",
     "{\"a\":1}",
     "{\"a\":\"1\"}",
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -1 +1 @@\n-a: 1\n+a: \"1\"\n"},
    {"what the server keeps is no change",
     CONFIG_MAP(",\"uid\":\"u\",\"resourceVersion\":\"7\",\"generation\":2,\"selfLink\":\"/x\","
                "\"creationTimestamp\":\"2026-09-01T10:00:00Z\",\"managedFields\":[{}]",
                "{},\"status\":{\"ready\":true}"),
     CONFIG_MAP(",\"creationTimestamp\":null", "{}"),
     {.context = 3},
     CHANGE_NONE,
     ""},
    {"nor what kubectl keeps",
     CONFIG_MAP(",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"x\"}",
                "{}"),
     CONFIG_MAP("", "{}"),
     {.context = 3},
     CHANGE_NONE,
     ""},
    {"other annotations are one",
     CONFIG_MAP(",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"x\","
                "\"a\":\"1\"}",
                "{}"),
     CONFIG_MAP(",\"annotations\":{\"a\":\"2\"}", "{}"),
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -6 +6 @@\n-    a: \"1\"\n+    a: \"2\"\n"},
    {"the items of a list are cleaned, too",
     "{\"kind\":\"List\",\"items\":[{\"kind\":\"X\",\"status\":1}]}",
     "{\"kind\":\"List\",\"items\":[{\"kind\":\"X\"}]}",
     {.context = 3},
     CHANGE_NONE,
     ""},
    {"a status within is not the server's",
     "{\"data\":{\"status\":\"1\"}}",
     "{\"data\":{\"status\":\"2\"}}",
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -2 +2 @@\n-  status: \"1\"\n+  status: \"2\"\n"},
    {"carriage returns count",
     "{\"a\":\"x\\r\\ny\\r\"}",
     "{\"a\":\"x\\ny\"}",
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -1 +1,3 @@\n-a: \"x\\r\\ny\\r\"\n+a: |-\n+  x\n+  y\n"},
    {"unless they are to be ignored",
     "{\"a\":\"x\\r\\ny\\r\"}",
     "{\"a\":\"x\\ny\"}",
     {.ignore_trailing_cr = true},
     CHANGE_NONE,
     ""},
    {"within a line they count all the same",
     "{\"a\":\"x\\ry\"}",
     "{\"a\":\"xy\"}",
     {.ignore_trailing_cr = true},
     CHANGE_UPDATE,
     "@@ -1 +1 @@\n-a: \"x\\ry\"\n+a: xy\n"},
    {"metadata that is no map is left alone",
     "{\"metadata\":\"x\"}",
     "{\"metadata\":null}",
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -1 +1 @@\n-metadata: x\n+metadata: null\n"},
    {"what is no object at all",
     "[1]",
     "\"x\"",
     {.context = 0},
     CHANGE_UPDATE,
     "@@ -1 +1 @@\n-- 1\n+x\n"},
};

static Value parsed(Arena *a, const char *json)
{
    Value value = value_null();

    if (json)
        assert_success(json_parse(a, "test", str_from(json), &value));
    value_freeze(value);
    return value;
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    Value from = parsed(&memory, row->from), to = parsed(&memory, row->to);
    Value again = value_copy(&memory, from);
    Buf text = {.arena = &memory};
    ObjectDiff diff;

    assert_success(diff_objects(&memory, from, to, &row->options, &diff));
    assert_int_equal(diff.kind, row->kind);
    diff_print(&text, &diff.lines, &(DiffPrint){0});
    assert_str(buf_str(&text), row->want);
    assert_true(value_equal(from, again));
}

static void integers_equal_their_floats(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    ValueMap *from = value_map_new(&memory), *to = value_map_new(&memory);
    ObjectDiff diff;

    (void)state;
    value_map_set_c(&memory, from, "replicas", value_int(3));
    value_map_set_c(&memory, to, "replicas", value_float(3));
    assert_success(diff_objects(&memory, value_of_map(from), value_of_map(to),
                                &(DiffOptions){.context = 3}, &diff));
    assert_int_equal(diff.kind, CHANGE_NONE);
}

static void foreign_text_cannot_reach_the_terminal(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    DiffLineList lines = {0};
    Buf plain = {.arena = &memory}, coloured = {.arena = &memory};

    (void)state;
    diff_texts(&memory, STR("a\n"), STR("\033]0;x\a\r\302\233 \342\200\256 \xff\n"), 0, &lines);
    diff_print(&plain, &lines, &(DiffPrint){.indent = 2});
    assert_str(buf_str(&plain), "  @@ -1 +1 @@\n  -a\n  +\\x1b]0;x\\x07\\x0d\\x9b \\u202e \\xff\n");
    diff_print(&coloured, &lines, &(DiffPrint){.colour = true});
    assert_str(buf_str(&coloured), "\033[36m@@ -1 +1 @@\033[0m\n\033[31m-a\033[0m\n"
                                   "\033[32m+\\x1b]0;x\\x07\\x0d\\x9b \\u202e \\xff\033[0m\n");
}

/* An object with COUNT entries, each of which is a small map. */
static Value large_object(Arena *a, unsigned count)
{
    ValueMap *map = value_map_new(a);

    for (unsigned i = 0; i < count; i++) {
        ValueMap *entry = value_map_new(a);

        value_map_set_c(a, entry, "name", value_string(str_format(a, "entry %u", i)));
        value_map_append(a, map, str_format(a, "key%u", i), value_of_map(entry));
    }
    value_map_sort(map);
    return value_of_map(map);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void equal_objects_cost_next_to_nothing(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    Value from = large_object(&memory, 100000), to = large_object(&memory, 100000);
    ObjectDiff diff;

    (void)state;
    int64_t start = now_us();
    assert_success(diff_objects(&memory, from, to, &(DiffOptions){.context = 3}, &diff));
    int64_t took = now_us() - start;
    assert_int_equal(diff.kind, CHANGE_NONE);
    if (getenv("TEST_TIMES"))
        print_message("    100000 entries in %lld us\n", (long long)took);
    assert_true(took < 1000000);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(integers_equal_their_floats),
    cmocka_unit_test(foreign_text_cannot_reach_the_terminal),
    cmocka_unit_test(equal_objects_cost_next_to_nothing),
};

TEST_ROWS_AND(rows, check, others)
