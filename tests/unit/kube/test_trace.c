/*
 * test_trace.c - what requests and answers look like to people: without what is secret.
 */
#include "kube/trace.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *body, *shown;
    bool of_secrets;
} Row;

static Row rows[] = {
    {"a Secret", "{\"kind\":\"Secret\",\"data\":{\"a\":\"cGFzcw==\"}}",
     "{\"data\":{\"a\":\"(hidden)\"},\"kind\":\"Secret\"}", false},
    {"a patch of a Secret, which does not say that it is one",
     "{\"data\":{\"a\":\"cGFzcw==\",\"b\":null},\"metadata\":{\"annotations\":{\"copy\":\"pass\"},"
     "\"name\":\"x\"}}",
     "{\"data\":{\"a\":\"(hidden)\",\"b\":\"(hidden)\"},\"metadata\":{\"annotations\":{\"copy\":"
     "\"(hidden)\"},\"name\":\"x\"}}",
     true},
    {"a JSON patch of a Secret",
     "[{\"op\":\"add\",\"path\":\"/data/a\",\"value\":\"cGFzcw==\"},{\"op\":\"remove\",\"path\":\"/"
     "b\"},3]",
     "[{\"op\":\"add\",\"path\":\"/data/a\",\"value\":\"(hidden)\"},{\"op\":\"remove\",\"path\":\"/"
     "b\"},3]",
     true},
    {"a list of Secrets", "{\"items\":[{\"data\":{\"a\":\"cGFzcw==\"},\"type\":\"Opaque\"}]}",
     "{\"items\":[{\"data\":{\"a\":\"(hidden)\"},\"type\":\"Opaque\"}]}", true},
    {"a refusal of a Secret",
     "{\"details\":{\"causes\":[]},\"kind\":\"Status\",\"message\":\"pass is wrong\"}",
     "{\"kind\":\"Status\",\"message\":\"(hidden)\"}", true},
    {"what is no Secret", "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"b\"}}",
     "{\"data\":{\"a\":\"b\"},\"kind\":\"ConfigMap\"}", false},
    {"a patch of what is none", "{\"data\":{\"a\":\"b\"}}", "{\"data\":{\"a\":\"b\"}}", false},
    {"no JSON", "pass", "4 bytes that are no JSON", true},
    {"nothing", "null", "null", true},
    {"fields that are something else", "{\"data\":3,\"metadata\":[]}",
     "{\"data\":3,\"metadata\":[]}", true},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};

    assert_str(trace_body(&a, str_from(row->body), row->of_secrets), row->shown);
}

TEST_ROWS(rows, check)
