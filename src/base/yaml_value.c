/*
 * yaml_value.c - YAML text and nodes to values, and what Go says where that fails.
 * Source: sigs.k8s.io/yaml, yaml.go; go-yaml v3, yaml.go.
 */
#include "base/number.h"
#include "base/yaml_decode.h"
#include "base/yaml_read.h"

#include <math.h>

static Error *report_issues(YamlDecoder *d)
{
    Buf b = {.arena = d->arena};

    buf_add_c(&b, "yaml: unmarshal errors:");
    for (size_t i = 0; i < d->issues.len; i++) {
        buf_format(&b, "\n  line %d: ", d->issues.items[i].node->line);
        buf_add(&b, d->issues.items[i].text);
    }
    d->go_error = buf_str(&b);
    return yaml_decode_error(d, d->issues.items[0].node, d->issues.items[0].text);
}

/* The first number in V that JSON does not have; NULL: there is none. */
static const Value *find_infinite(const Value *v)
{
    const Value *found = v->kind == VALUE_FLOAT && !isfinite(v->real) ? v : NULL;

    if (v->kind == VALUE_LIST)
        for (size_t i = 0; i < v->list.len && !found; i++)
            found = find_infinite(&v->list.items[i]);
    if (v->kind == VALUE_MAP)
        for (size_t i = 0; i < v->map->len && !found; i++)
            found = find_infinite(&v->map->entries[i].value);
    return found;
}

/* What Go finds when all is decoded: V is what NODE became. */
static Error *finish(YamlDecoder *d, const YamlNode *node, Value v)
{
    const YamlIssue *bad_key = d->bad_keys.len ? yaml_bad_key(d, node) : NULL;

    if (d->issues.len)
        return report_issues(d);
    if (bad_key) {
        d->go_error = bad_key->text;
        return yaml_decode_error(d, bad_key->node, bad_key->text);
    }

    const Value *infinite = d->infinite ? find_infinite(&v) : NULL;
    if (!infinite)
        return NULL;
    d->go_error = str_join(d->arena, STR("json: unsupported value: "),
                           number_float(d->arena, infinite->real, 'g', -1));
    return yaml_decode_error(d, d->infinite, d->go_error);
}

static Error *visit(YamlDecoder *d, const YamlNode *node)
{
    TRY(yaml_decode_enter(d, node));
    for (size_t i = 0; node->kind != YAML_SCALAR && i < node->len; i++)
        TRY(visit(d, node->items[i]));
    yaml_decode_leave(d, node);
    return NULL;
}

Error *yaml_check_aliases(Arena *a, const char *file, const YamlNode *node)
{
    YamlDecoder d = {.arena = a, .file = file, .rules = YAML_HELMFILE};

    return visit(&d, node);
}

static Error *decode_node(YamlDecoder *d, const YamlNode *node, Value *out)
{
    Value v;

    TRY(yaml_decode(d, node, &v));
    TRY(finish(d, node, v));
    *out = v;
    return NULL;
}

Error *yaml_value(Arena *a, const char *file, const YamlNode *node, YamlRules rules, Value *out)
{
    YamlDecoder d = {.arena = a, .file = file, .rules = rules};

    return decode_node(&d, node, out);
}

Error *yaml_value_any_keys(Arena *a, const char *file, const YamlNode *node, YamlRules rules,
                           Value *out)
{
    YamlDecoder d = {.arena = a, .file = file, .rules = rules, .any_keys = true};

    return decode_node(&d, node, out);
}

/* What a document without content leaves of a value of KIND: it is empty, not nil. */
static Value nothing_of(Arena *a, ValueKind kind)
{
    return kind == VALUE_MAP    ? value_of_map(value_map_new(a))
           : kind == VALUE_LIST ? value_list(NULL, 0)
                                : value_null();
}

static const char *go_type_of(ValueKind kind)
{
    return kind == VALUE_MAP ? "map[string]interface {}" : "[]interface {}";
}

/* NODE as a value of KIND (VALUE_NULL: any), which under v3 has a part in what it means. */
static Error *decode_root(YamlDecoder *d, const YamlNode *node, ValueKind kind, Value *out)
{
    YamlType type;

    if (kind == VALUE_NULL || d->rules == YAML_HELM)
        return yaml_decode(d, node, out);
    TRY(yaml_decode_enter(d, node));
    *out = nothing_of(d->arena, kind);
    if (kind == VALUE_MAP && node->kind == YAML_MAPPING)
        return yaml_decode_map(d, node, true, out);
    if (kind == VALUE_LIST && node->kind == YAML_SEQUENCE)
        return yaml_decode_list(d, node, out);
    if (node->kind == YAML_SCALAR) {
        Value v;

        TRY(yaml_decode_exact(d, node, &type, &v));
        if (v.kind == VALUE_NULL)
            return NULL;
    }
    yaml_note_wrong_type(d, node, go_type_of(kind));
    return NULL;
}

/* Of YAML_HELM, where JSON is what finds it. */
static Error *wrong_kind(Arena *a, const char *file, ValueKind want, ValueKind got, Str *problem)
{
    const char *name = got == VALUE_LIST     ? "array"
                       : got == VALUE_MAP    ? "object"
                       : got == VALUE_STRING ? "string"
                       : got == VALUE_BOOL   ? "bool"
                                             : "number";
    const char *expected = want == VALUE_MAP ? "map" : "list";

    *problem = str_format(a,
                          "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s "
                          "into Go value of type %s",
                          name, go_type_of(want));
    if (!file)
        return error_new(ERROR_INPUT, "not a %s, but a %s", expected, value_kind_name(got));
    return error_at((Place){file, 1, 1}, "not a %s, but a %s", expected, value_kind_name(got));
}

/* In *PROBLEM, where it fails, what Go's error says. */
static Error *parse_node(YamlDecoder *d, const YamlNode *node, ValueKind kind, Value *out,
                         Str *problem)
{
    Error *err = decode_root(d, node, kind, out);

    if (!err)
        err = finish(d, node, *out);
    if (err) {
        *problem = str_join(
            d->arena, d->rules == YAML_HELM ? STR("error converting YAML to JSON: ") : STR(""),
            d->go_error);
        return err;
    }
    if (out->kind == VALUE_NULL)
        *out = nothing_of(d->arena, kind);
    if (kind != VALUE_NULL && out->kind != kind)
        return wrong_kind(d->arena, d->file, kind, (ValueKind)out->kind, problem);
    return NULL;
}

static Error *parse(Arena *a, const char *file, Str text, YamlRules rules, ValueKind kind,
                    Value *out, Str *problem)
{
    DEFER(arena_free) Arena scratch = {0};
    YamlDecoder d = {.arena = a, .file = file, .rules = rules};
    const YamlNode *node;
    YamlReader reader;

    yaml_reader_start(&reader, a, file, text, rules);
    reader.scanner.work = &scratch;
    Error *err = yaml_reader_next(&reader, &node);
    if (err) {
        *problem =
            str_join(a, rules == YAML_HELM ? STR("error converting YAML to JSON: ") : STR(""),
                     reader.scanner.go_error);
        return err;
    }
    if (node)
        return parse_node(&d, node, kind, out, problem);
    *out = nothing_of(a, kind);
    return NULL;
}

Error *yaml_parse(Arena *a, const char *file, Str text, YamlRules rules, Value *out)
{
    Str problem;
    Value v;

    TRY(error_source(parse(a, file, text, rules, VALUE_NULL, &v, &problem), text));
    *out = v;
    return NULL;
}

Error *yaml_parse_map(Arena *a, const char *file, Str text, YamlRules rules, Value *out)
{
    Str problem;
    Value v;

    TRY(error_source(parse(a, file, text, rules, VALUE_MAP, &v, &problem), text));
    *out = v;
    return NULL;
}

bool yaml_parse_or_say(Arena *a, Str text, YamlRules rules, ValueKind kind, Value *out,
                       Str *problem)
{
    Error *err = parse(a, NULL, text, rules, kind, out, problem);

    error_free(err);
    return !err;
}
