/*
 * test_mask.c - nothing that a Secret holds is ever shown, and what is shown is true.
 */
#include "base/base64.h"
#include "base/json.h"
#include "diff/diff.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *from, *to; /* JSON; NULL: there is none */
    const char *want;      /* all lines but those of kind and apiVersion */
} Row;

#define SECRET(fields) "{\"kind\":\"Secret\"," fields "}"

static Row rows[] = {
    {"a new value shows its size", NULL, SECRET("\"data\":{\"a\":\"c2VjcmV0\"}"),
     "+data:\n+  a: (6 bytes)\n"},
    {"of one byte, too", NULL, SECRET("\"data\":{\"a\":\"eA==\"}"), "+data:\n+  a: (1 byte)\n"},
    {"a value that changes says so", SECRET("\"data\":{\"a\":\"c2VjcmV0\"}"),
     SECRET("\"data\":{\"a\":\"c2VjcmV1\"}"),
     " data:\n-  a: (6 bytes)\n+  a: (6 bytes, changed)\n"},
    {"and from which size", SECRET("\"data\":{\"a\":\"c2VjcmV0\"}"),
     SECRET("\"data\":{\"a\":\"c2VjcmV0cw==\"}"),
     " data:\n-  a: (6 bytes)\n+  a: (7 bytes, changed from 6 bytes)\n"},
    {"others stay as they are", SECRET("\"data\":{\"a\":\"c2VjcmV0\",\"b\":\"eA==\"}"),
     SECRET("\"data\":{\"a\":\"c2VjcmV0\",\"b\":\"eQ==\"}"),
     " data:\n   a: (6 bytes)\n-  b: (1 byte)\n+  b: (1 byte, changed)\n"},
    {"keys come and go", SECRET("\"data\":{\"a\":\"c2VjcmV0\",\"b\":\"eA==\"}"),
     SECRET("\"data\":{\"b\":\"eA==\",\"c\":\"\"}"),
     " data:\n-  a: (6 bytes)\n   b: (1 byte)\n+  c: (0 bytes)\n"},
    {"stringData is no base64", SECRET("\"stringData\":{\"a\":\"c2VjcmV0\"}"),
     SECRET("\"stringData\":{\"a\":\"secret\"}"),
     " stringData:\n-  a: (8 bytes)\n+  a: (6 bytes, changed from 8 bytes)\n"},
    {"data that is no base64 has the size it has", NULL, SECRET("\"data\":{\"a\":\"c2Vj!\"}"),
     "+data:\n+  a: (5 bytes)\n"},
    {"binary data", NULL, SECRET("\"data\":{\"a\":\"AP8Q\"}"), "+data:\n+  a: (3 bytes)\n"},
    {"a value that looks like a mask is masked", SECRET("\"stringData\":{\"a\":\"(9 bytes)\"}"),
     SECRET("\"stringData\":{\"a\":\"(9 bytes, changed)\"}"),
     " stringData:\n-  a: (9 bytes)\n+  a: (18 bytes, changed from 9 bytes)\n"},
    {"what is no string is hidden, too", SECRET("\"data\":{\"a\":123456,\"b\":null}"),
     SECRET("\"data\":{\"a\":[\"x\"],\"b\":\"eA==\"}"),
     " data:\n-  a: (not a string)\n-  b: null\n+  a: (not a string, changed)\n"
     "+  b: (1 byte, changed)\n"},
    {"data that is no map", SECRET("\"data\":\"hunter2\""), SECRET("\"data\":{\"a\":\"eA==\"}"),
     "-data: (7 bytes)\n+data:\n+  a: (1 byte)\n"},
    {"a field that is misspelt", NULL, SECRET("\"stringdata\":{\"a\":\"hunter2\"}"),
     "+stringdata:\n+  a: (7 bytes)\n"},
    {"its type can be seen", SECRET("\"type\":\"Opaque\""), SECRET("\"type\":\"x\""),
     "-type: Opaque\n+type: x\n"},
    {"unless it hides something", NULL, SECRET("\"type\":{\"a\":\"hunter2\"}"),
     "+type:\n+  a: (7 bytes)\n"},
    {"a Secret that becomes a ConfigMap", SECRET("\"data\":{\"a\":\"c2VjcmV0\"}"),
     "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"secret\"}}",
     " data:\n-  a: (6 bytes)\n+  a: (6 bytes, changed)\n"},
    {"and one that was a ConfigMap", "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"aHVu\"}}",
     SECRET("\"data\":{\"a\":\"aHVudGVyMiE=\"}"),
     " data:\n-  a: (4 bytes)\n+  a: (8 bytes, changed from 4 bytes)\n"},
    {"a ConfigMap shows what it has", NULL, "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"x\"}}",
     "+data:\n+  a: x\n"},
    {"a Secret in a List", NULL,
     "{\"kind\":\"List\",\"items\":[" SECRET("\"data\":{\"a\":\"eA==\"}") "]}",
     "+items:\n+- data:\n+    a: (1 byte)\n"},
    {"in a SecretList, without a kind", NULL,
     "{\"kind\":\"SecretList\",\"items\":[{\"data\":{\"a\":\"eA==\"}}]}",
     "+items:\n+- data:\n+    a: (1 byte)\n"},
    {"in what an operator makes", NULL,
     "{\"kind\":\"Object\",\"spec\":{\"manifest\":" SECRET("\"data\":{\"a\":\"eA==\"}") "}}",
     "+spec:\n+  manifest:\n+    data:\n+      a: (1 byte)\n"},
    {"annotations in which tools keep a copy",
     SECRET("\"metadata\":{\"annotations\":{\"objectset.rio.cattle.io/applied\":\"H4sI\"}}"),
     SECRET("\"metadata\":{\"annotations\":{\"objectset.rio.cattle.io/applied\":\"H4sJ\"}}"),
     " metadata:\n   annotations:\n-    objectset.rio.cattle.io/applied: (4 bytes)\n"
     "+    objectset.rio.cattle.io/applied: (4 bytes, changed)\n"},
    {"an annotation that repeats a value",
     SECRET("\"metadata\":{\"annotations\":{\"x\":\"is hunter2\",\"y\":\"z\"}},"
            "\"data\":{\"a\":\"aHVudGVyMg==\"}"),
     SECRET("\"metadata\":{\"annotations\":{\"x\":\"was hunter2\",\"y\":\"z\"}},"
            "\"data\":{\"a\":\"bmV3cw==\"}"),
     " data:\n-  a: (7 bytes)\n+  a: (4 bytes, changed from 7 bytes)\n metadata:\n   annotations:\n"
     "-    x: (10 bytes)\n+    x: (11 bytes, changed from 10 bytes)\n     \"y\": z\n"},
};

static Value parsed(Arena *a, const char *json)
{
    Value value = value_null();

    if (json)
        assert_success(json_parse(a, "test", str_from(json), &value));
    value_freeze(value);
    return value;
}

static Str shown(Arena *a, Value from, Value to, ChangeKind *kind)
{
    Buf text = {.arena = a};
    ObjectDiff diff;

    assert_success(diff_objects(a, from, to, &(DiffOptions){.context = -1}, &diff));
    diff_print(&text, &diff.lines, &(DiffPrint){0});
    *kind = diff.kind;
    return buf_str(&text);
}

/* TEXT without the lines that say what an object is. */
static Str without_kind(Arena *a, Str text)
{
    Buf b = {.arena = a};
    Str line;

    while (str_cut(&text, '\n', &line))
        if (str_find(line, STR("kind: ")) == STR_NONE) {
            buf_add(&b, line);
            buf_add_char(&b, '\n');
        }
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    ChangeKind kind;
    Str text = shown(&memory, parsed(&memory, row->from), parsed(&memory, row->to), &kind);

    assert_str(without_kind(&memory, text), row->want);
    assert_int_equal(kind, row->from ? CHANGE_UPDATE : CHANGE_CREATE);
}

static uint64_t seed = 20260901;

static unsigned random_below(unsigned limit)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(seed >> 33) % limit;
}

/* The values of all Secrets that were made, which must not be found in any output. */
typedef StrList Canaries;

/* A value that is like no other text: eight or more random bytes, of any kind or of letters. */
static Str canary(Arena *a, Canaries *canaries)
{
    Buf value = {.arena = a};
    bool letters = random_below(2);

    for (unsigned i = 8 + random_below(40); i > 0; i--)
        buf_add_char(&value, (char)(letters ? 'A' + random_below(26) : random_below(256)));
    *vec_add(a, canaries) = buf_str(&value);
    return buf_str(&value);
}

static Value random_data(Arena *a, Canaries *canaries, bool base64)
{
    ValueMap *data = value_map_new(a);

    for (unsigned i = random_below(5); i > 0; i--) {
        Str value = canary(a, canaries);

        value_map_set(a, data, str_format(a, "key%u", i),
                      value_string(base64 ? base64_encode(a, value) : value));
    }
    return value_of_map(data);
}

static Value random_metadata(Arena *a, const Canaries *canaries)
{
    static const char *const names[] = {"kubectl.kubernetes.io/last-applied-configuration",
                                        "example.com/backup", "kapp.k14s.io/original"};
    ValueMap *metadata = value_map_new(a), *annotations = value_map_new(a);
    Buf copy = {.arena = a};

    for (size_t i = 0; i < canaries->len; i++)
        buf_add(&copy, random_below(2) ? canaries->items[i] : base64_encode(a, canaries->items[i]));
    value_map_set_c(a, annotations, names[random_below(COUNT(names))],
                    value_string(buf_str(&copy)));
    value_map_set_c(a, metadata, "name", value_c("web"));
    value_map_set_c(a, metadata, "annotations", value_of_map(annotations));
    return value_of_map(metadata);
}

static Value random_secret(Arena *a, Canaries *canaries)
{
    static const char *const fields[] = {"data", "stringData", "binaryData", "extra"};
    ValueMap *secret = value_map_new(a);
    Canaries own = {0};

    value_map_set_c(a, secret, "kind", value_c("Secret"));
    for (size_t i = random_below(2); i < COUNT(fields); i += 1 + random_below(3))
        value_map_set_c(a, secret, fields[i], random_data(a, &own, strcmp(fields[i], "data") == 0));
    if (random_below(2))
        value_map_set_c(a, secret, "metadata", random_metadata(a, &own));
    for (size_t i = 0; i < own.len; i++)
        *vec_add(a, canaries) = own.items[i];
    return value_of_map(secret);
}

/* A Secret, or something with Secrets in it. */
static Value random_object(Arena *a, Canaries *canaries)
{
    ValueMap *list = value_map_new(a);
    size_t len = random_below(3);
    Value *items = arena_array(a, Value, len + 1);

    if (random_below(3))
        return random_secret(a, canaries);
    for (size_t i = 0; i < len; i++)
        items[i] = random_secret(a, canaries);
    value_map_set_c(a, list, "kind", value_c(random_below(2) ? "List" : "Other"));
    value_map_set_c(a, list, "items", value_list(items, len));
    return value_of_map(list);
}

/* Six bytes of a canary in a row are as bad as all of it; also as base64, at any offset. */
static void need_no_trace(Arena *a, Str output, Str value)
{
    for (size_t i = 0; i + 6 <= value.len; i++) {
        Str part = str_slice(value, i, i + 6);

        assert_true(str_find(output, part) == STR_NONE);
        assert_true(str_find(output, base64_encode(a, part)) == STR_NONE);
    }
}

static void no_secret_is_found_in_any_output(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        DEFER(arena_free) Arena memory = {0};
        Canaries canaries = {0};
        Value from = random_object(&memory, &canaries), to = random_object(&memory, &canaries);
        Value alone = diff_masked(&memory, from);
        Buf json = {.arena = &memory};
        ChangeKind kind;

        if (random_below(5) == 0)
            from = value_null();
        Str output = shown(&memory, from, to, &kind);
        assert_success(json_write(&json, alone, (JsonStyle){0}));
        for (size_t j = 0; j < canaries.len; j++) {
            need_no_trace(&memory, output, canaries.items[j]);
            need_no_trace(&memory, buf_str(&json), canaries.items[j]);
        }
    }
}

/* What a mask hides must not hide that there is a change. */
static void masks_hide_no_change(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        DEFER(arena_free) Arena memory = {0};
        Canaries canaries = {0};
        Value from = random_object(&memory, &canaries);
        Value to = random_below(2) ? value_copy(&memory, from) : random_object(&memory, &canaries);
        ObjectDiff masked, plain;

        assert_success(diff_objects(&memory, from, to, &(DiffOptions){.context = 3}, &masked));
        assert_success(diff_objects(&memory, from, to,
                                    &(DiffOptions){.context = 3, .show_secrets = true}, &plain));
        assert_int_equal(masked.kind, plain.kind);
    }
}

static void secrets_are_shown_when_asked(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    Value to = parsed(&memory, SECRET("\"stringData\":{\"a\":\"hunter2\"}"));
    Buf text = {.arena = &memory};
    ObjectDiff diff;

    (void)state;
    assert_success(diff_objects(&memory, value_null(), to,
                                &(DiffOptions){.context = 3, .show_secrets = true}, &diff));
    diff_print(&text, &diff.lines, &(DiffPrint){0});
    assert_true(str_find(buf_str(&text), STR("hunter2")) != STR_NONE);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(no_secret_is_found_in_any_output),
    cmocka_unit_test(masks_hide_no_change),
    cmocka_unit_test(secrets_are_shown_when_asked),
};

TEST_ROWS_AND(rows, check, others)
