/*
 * fuzz_json.c - any text as JSON. Besides not crashing: what is read, and written in any
 * style, is read as the same value; and a value in front of something else is the value that
 * is read without it.
 */
#include "base/json.h"
#include "tests/fuzz/same_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(Arena *a, const Value *v, JsonStyle style)
{
    Buf b = {.arena = a};
    Value again;
    Error *err = json_write(&b, *v, style);

    if (!err)
        err = json_parse(a, NULL, buf_str(&b), &again);
    if (err)
        BUG("%s", error_message(err));
    if (!same_value(v, &again))
        BUG("not the same value again:\n%.*s", STR_ARG(buf_str(&b)));
}

static void check_prefix(Arena *a, Str text)
{
    size_t used = 0;
    Value v, again;
    Error *err = json_parse_prefix(a, "fuzz", text, &used, &v);

    if (!err) {
        if (used > text.len)
            BUG("more than there is");
        text.len = used;
        err = json_parse(a, "fuzz", text, &again);
        if (err || !same_value(&v, &again))
            BUG("not the same value on its own");
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Str text = {(const char *)data, size};
    Value v;
    Error *err = json_parse(&memory, "fuzz", text, &v);

    if (!err) {
        check_written(&memory, &v, (JsonStyle){0});
        check_written(&memory, &v, (JsonStyle){.escapes_html = true, .indent = "  "});
    }
    error_free(err);
    check_prefix(&memory, text);
    error_free(json_parse_kind(&memory, text, VALUE_MAP, &v));
    error_free(json_parse_kind(&memory, text, VALUE_LIST, &v));
    return 0;
}
