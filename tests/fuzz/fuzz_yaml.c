/*
 * fuzz_yaml.c - any text as YAML: read under both rules, written in all styles, read again.
 *
 * Besides not crashing: what was written can be read, and is the same value.
 */
#include "base/json.h"
#include "base/yaml.h"
#include "tests/fuzz/same_value.h"

enum { NODES = 100 * 1000 }; /* of a value that is worth writing: aliases make many */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has(Str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

/*
 * Whether Go reads V again. It writes U+0085 as it stands and takes it for the end of a line
 * (v2); a key "<<" without quotes, and merges it; and, in literals, tabs where none may be.
 */
static bool is_read_again(Arena *a, YamlRules rules, const Value *v, Str written)
{
    Buf b = {.arena = a};
    Error *err = rules == YAML_HELM ? json_write(&b, *v, (JsonStyle){0}) : NULL;

    if (err)
        BUG("%s", error_message(err));
    return !has(buf_str(&b), "\xC2\x85") && !has(written, "<<:") && !has(written, " \t");
}

/* WRITTEN is V in the style that belongs to RULES. */
static void check_written(Arena *a, Str written, YamlRules rules, const Value *v)
{
    Value again;
    Error *err = yaml_parse(a, "written", written, rules, &again);

    if (err)
        BUG("what was written is not read: %s\n%.*s", error_message(err), STR_ARG(written));
    if (!same_value(v, &again))
        BUG("not the same value again:\n%.*s", STR_ARG(written));
}

static void check_styles(Arena *a, YamlRules rules, const Value *v)
{
    for (YamlStyle style = YAML_WRITE_HELM; style <= YAML_WRITE_HELMFILE; style++) {
        Buf b = {.arena = a};
        Error *err = yaml_write(&b, *v, style);

        if (!err && (rules == YAML_HELM) == (style == YAML_WRITE_HELM) &&
            is_read_again(a, rules, v, buf_str(&b)))
            check_written(a, buf_str(&b), rules, v);
        error_free(err);
    }
}

static void check_rules(Str text, YamlRules rules)
{
    DEFER(arena_free) Arena memory = {0};
    size_t nodes = NODES;
    Str problem;
    Value v;
    Error *err = yaml_parse(&memory, "fuzz", text, rules, &v);

    if (!err && value_within(v, NODES, &nodes))
        check_styles(&memory, rules, &v);
    yaml_parse_or_say(&memory, text, rules, VALUE_MAP, &v, &problem);
    error_free(err);
}

/* Every document, and that a node is where it says it is. */
static void check_nodes(Str text)
{
    DEFER(arena_free) Arena memory = {0};
    YamlDocuments documents = {0};
    Error *err = yaml_read(&memory, "fuzz", text, &documents);

    for (size_t i = 0; !err && i < documents.len; i++) {
        Value v;

        if (documents.items[i]->line < 1 || documents.items[i]->column < 1)
            BUG("a document is nowhere");
        error_free(yaml_value(&memory, "fuzz", documents.items[i], YAML_HELMFILE, &v));
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size};

    check_nodes(text);
    check_rules(text, YAML_HELM);
    check_rules(text, YAML_HELMFILE);
    return 0;
}
