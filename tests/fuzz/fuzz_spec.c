/*
 * fuzz_spec.c - any text as a spec: where its keys may stand, whether it is one of helmfile 0.x,
 * and what it says, document by document; no file is read.
 *
 * Besides not crashing: what is wrong is in the text; and what was read, written as `build`
 * writes it, is read again as the same.
 */
#include "base/yaml.h"
#include "spec/part.h"

enum { NODES = 20 * 1000, DEEPEST = 500 }; /* of a spec that is worth writing: aliases make many */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int line_count(Str text)
{
    int lines = 1;

    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\x85' ||
                 text.ptr[i] == '\xA8' || text.ptr[i] == '\xA9';
    return lines;
}

/* ERR is at a place in TEXT, if it is at any; the end of the text is on a line of its own. */
static void check_place(const Error *err, Str text)
{
    Place place = error_place(err);

    if (place.file && (place.line < 0 || place.line > line_count(text) + 1 || place.column < 0))
        BUG("at %d:%d, in a text of %d lines: %s", place.line, place.column, line_count(text),
            error_message(err));
}

static Error *read_spec(Arena *a, Str text, SpecMerge how, Spec *out)
{
    SpecReader reader = {.arena = a, .file = "fuzz", .text = text, .source = text};
    YamlDocuments documents = {0};

    TRY(yaml_read(a, "fuzz", text, &documents));
    for (size_t i = 0; i < documents.len; i++) {
        Spec one = {0};

        if (documents.items[i]->kind != YAML_MAPPING)
            continue;
        TRY(spec_decode(&reader, documents.items[i], &spec_record_top, &one));
        spec_merge(a, &spec_record_top, out, &one, how);
    }
    return NULL;
}

static Error *write_spec(Arena *a, const Spec *spec, Str *out)
{
    Buf b = {.arena = a};

    TRY(yaml_write(&b, spec_value(a, NULL, spec), YAML_WRITE_HELMFILE));
    *out = buf_str(&b);
    return NULL;
}

/* As an output, and input again. What Go's writer and reader do not agree on is left out. */
static void check_written(Arena *a, const Spec *spec)
{
    Spec again = {0};
    Value v = spec_value(a, NULL, spec);
    size_t nodes = NODES;
    Str first, second;

    if (!value_within(v, DEEPEST, &nodes))
        return;
    Error *err = write_spec(a, spec, &first);
    if (!err && str_find(first, STR("\xC2\x85")) == STR_NONE &&
        str_find(first, STR("<<:")) == STR_NONE && str_find(first, STR(" \t")) == STR_NONE) {
        err = read_spec(a, first, (SpecMerge){0}, &again);
        if (err)
            BUG("what was written is not read: %s\n%.*s", error_message(err), STR_ARG(first));
        err = write_spec(a, &again, &second);
        if (err || !str_equal(first, second))
            BUG("not the same again:\n%.*s", STR_ARG(first));
    }
    error_free(err);
}

static void check_how(Str text, SpecMerge how)
{
    DEFER(arena_free) Arena memory = {0};
    Spec spec = {0};
    Error *err = read_spec(&memory, text, how, &spec);

    if (!err)
        check_written(&memory, &spec);
    else
        check_place(err, text);
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Str text = {(const char *)data, size};
    bool is_legacy = legacy_is_template(&memory, "fuzz", text);
    Error *err = policy_check("fuzz", text, is_legacy);

    if (err)
        check_place(err, text);
    error_free(err);
    check_how(text, (SpecMerge){0});
    check_how(text, (SpecMerge){.appends_lists = true, .joins_environments = true});
    return 0;
}
