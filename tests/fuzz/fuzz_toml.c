/*
 * fuzz_toml.c - any text as TOML. Besides not crashing: where what is read can be written, it
 * is read as the same value.
 */
#include "base/toml.h"
#include "tests/fuzz/same_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(Arena *a, const Value *v)
{
    Buf b = {.arena = a};
    Value again;
    Error *err = toml_write(&b, *v);

    if (!err) {
        err = toml_parse(a, buf_str(&b), &again);
        if (err)
            BUG("what was written is not read: %s\n%.*s", error_message(err), STR_ARG(buf_str(&b)));
        if (!same_value(v, &again))
            BUG("not the same value again:\n%.*s", STR_ARG(buf_str(&b)));
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Value v;
    Error *err = toml_parse(&memory, (Str){(const char *)data, size}, &v);

    if (!err)
        check_written(&memory, &v);
    error_free(err);
    return 0;
}
