/*
 * yaml_value.c - YAML nodes to values. Source: go-yaml v2 and v3, decode.go; what the way
 * through JSON makes of v2's: sigs.k8s.io/yaml, yaml.go.
 */
#include "base/base64.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/stack.h"
#include "base/utf8.h"
#include "base/yaml_go.h"
#include "base/yaml_read.h"
#include "base/yaml_scalar.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ISSUES = 100 };

/* A fault that is only reported when all of the document was looked at. */
typedef struct Issue {
    const YamlNode *node;
    Str text;
} Issue;

typedef struct Decoder {
    Arena *arena;
    const char *file;
    YamlRules rules;
    Str go_error; /* once something failed */

    size_t decoded, aliased; /* nodes; those below aliases */
    int alias_depth;

    VEC(Issue) issues;        /* v3's "unmarshal errors" */
    Issue bad_key;            /* the first key that JSON cannot have, or helmfile does not want */
    const YamlNode *infinite; /* a number that JSON cannot have, though it may not stay */
} Decoder;

static Error *decode(Decoder *d, const YamlNode *node, Value *out);

static Error *error_at_node(const Decoder *d, const YamlNode *node, Str text)
{
    if (!d->file)
        return error_new(ERROR_INPUT, "%.*s", STR_ARG(text));
    return error_at((Place){d->file, node->line, node->column}, "%.*s", STR_ARG(text));
}

static Error *fail(Decoder *d, const YamlNode *node, Str text)
{
    d->go_error = str_join(d->arena, STR("yaml: "), text);
    return error_at_node(d, node, text);
}

#define FAIL(d, node, ...) fail(d, node, str_format((d)->arena, __VA_ARGS__))

/* How much of what was decoded may come from aliases: less in larger documents. */
static double allowed_ratio(size_t decoded)
{
    const double low = 400 * 1000, high = 4000 * 1000;

    if ((double)decoded <= low)
        return 0.99;
    return (double)decoded >= high ? 0.10 : 0.99 - 0.89 * ((double)decoded - low) / (high - low);
}

static Error *count_node(Decoder *d, const YamlNode *node)
{
    d->decoded++;
    d->aliased += d->alias_depth > 0;
    if (d->aliased > 100 && d->decoded > 1000 &&
        (double)d->aliased / (double)d->decoded > allowed_ratio(d->decoded))
        return FAIL(d, node, "document contains excessive aliasing");
    if (stack_low())
        return FAIL(d, node, "the document is nested too deep");
    return NULL;
}

/* Go decodes an alias, and below it the node that it stands for. */
static Error *enter_node(Decoder *d, const YamlNode *node)
{
    TRY(count_node(d, node));
    if (!node->alias.len)
        return NULL;
    if (node->endless)
        return FAIL(d, node, "anchor '%.*s' value contains itself", STR_ARG(node->alias));
    d->alias_depth++;
    return count_node(d, node);
}

static void leave_node(Decoder *d, const YamlNode *node)
{
    d->alias_depth -= node->alias.len > 0;
}

static YamlType tag_type(Str tag)
{
    static const YamlType resolvable[] = {YAML_TYPE_NULL,  YAML_TYPE_BOOL,      YAML_TYPE_INT,
                                          YAML_TYPE_FLOAT, YAML_TYPE_TIMESTAMP, YAML_TYPE_BINARY};

    for (size_t i = 0; i < COUNT(resolvable); i++)
        if (str_is(tag, yaml_type_tag(resolvable[i])))
            return resolvable[i];
    return YAML_TYPE_STRING;
}

static bool is_untagged(const Decoder *d, const YamlNode *node)
{
    return !node->tag.len || (d->rules == YAML_HELMFILE && str_is(node->tag, "!"));
}

static Error *decode_binary(Decoder *d, const YamlNode *node, Value *out)
{
    Str bytes;
    Error *err = base64_decode(d->arena, node->text, &bytes);

    if (err) {
        error_free(err);
        return FAIL(d, node, "!!binary value contains invalid base64 data");
    }
    // on the way through JSON, what is not UTF-8 is lost
    *out = value_string(d->rules == YAML_HELM ? utf8_cleaned(d->arena, bytes) : bytes);
    return NULL;
}

/* NODE, whose tag says that it is of type WANT. */
static Error *decode_tagged(Decoder *d, const YamlNode *node, YamlType want, YamlType *type,
                            Value *out)
{
    *type = yaml_resolve(node->text, d->rules, out);
    if (*type == YAML_TYPE_TIMESTAMP && want != YAML_TYPE_TIMESTAMP)
        *type = YAML_TYPE_STRING;
    if (want == YAML_TYPE_FLOAT && *type == YAML_TYPE_INT && out->kind == VALUE_INT) {
        *type = YAML_TYPE_FLOAT;
        *out = value_float((double)out->integer);
    }
    if (*type != want)
        return FAIL(d, node, "cannot decode %s `%.*s` as a %s", yaml_type_tag(*type),
                    STR_ARG(node->text), yaml_type_tag(want));
    return NULL;
}

/* What NODE, a scalar, is to Go: *OUT is a timestamp's text, and its integers are integers. */
static Error *decode_exact(Decoder *d, const YamlNode *node, YamlType *type, Value *out)
{
    YamlType want = tag_type(node->tag);

    *type = YAML_TYPE_STRING;
    *out = value_string(node->text);
    if (is_untagged(d, node)) {
        if (node->plain)
            *type = yaml_resolve(node->text, d->rules, out);
        return NULL;
    }
    if (want == YAML_TYPE_BINARY)
        return decode_binary(d, node, out);
    return want == YAML_TYPE_STRING ? NULL : decode_tagged(d, node, want, type, out);
}

static Value finished(Decoder *d, const YamlNode *node, YamlType type, Value v)
{
    Time time;

    if (d->rules == YAML_HELMFILE) {
        if (type == YAML_TYPE_TIMESTAMP && yaml_timestamp(d->arena, node->text, &time))
            return value_of_time(d->arena, time);
        return v;
    }
    if (v.kind == VALUE_INT)
        return value_float((double)v.integer);
    if (v.kind == VALUE_UINT)
        return value_float((double)v.natural);
    if (v.kind == VALUE_FLOAT && !isfinite(v.real) && !d->infinite)
        d->infinite = node;
    return v;
}

static Error *decode_scalar(Decoder *d, const YamlNode *node, Value *out)
{
    YamlType type;

    TRY(decode_exact(d, node, &type, out));
    *out = finished(d, node, type, *out);
    return NULL;
}

static Error *decode_sequence(Decoder *d, const YamlNode *node, Value *out)
{
    Value *items = arena_array(d->arena, Value, node->len);

    for (size_t i = 0; i < node->len; i++)
        TRY(decode(d, node->items[i], &items[i]));
    *out = value_list(items, node->len);
    return NULL;
}

static Error *invalid_key(Decoder *d, const YamlNode *node)
{
    Buf b = {.arena = d->arena};

    yaml_go_syntax(&b, node, d->rules);
    return FAIL(d, node, "invalid map key: %.*s", STR_ARG(buf_str(&b)));
}

static void note_bad_key(Decoder *d, const YamlNode *key, Str text)
{
    if (!d->bad_key.node)
        d->bad_key = (Issue){key, text};
}

/* A key which is no string for JSON, either: null, or an integer that is too large. */
static void note_key_for_json(Decoder *d, const YamlNode *key, Value v, const YamlNode *value)
{
    Buf b = {.arena = d->arena};

    if (v.kind == VALUE_NULL)
        buf_add_c(&b, "unsupported map key of type: %!s(<nil>), key: <nil>, value: ");
    else
        buf_format(&b, "unsupported map key of type: uint64, key: 0x%llx, value: ",
                   (unsigned long long)v.natural);

    size_t before = b.len;
    yaml_go_syntax(&b, value, d->rules);
    if (str_is(str_skip(buf_str(&b), before), "interface {}(nil)")) {
        b.len = before;
        buf_add_c(&b, "<nil>");
    }
    note_bad_key(d, key, buf_str(&b));
}

static Error *helm_key(Decoder *d, const YamlNode *key, const YamlNode *value, Str *out)
{
    YamlType type;
    Value v;

    TRY(decode_exact(d, key, &type, &v));
    switch ((ValueKind)v.kind) {
    case VALUE_STRING:
        *out = v.string;
        return NULL;
    case VALUE_BOOL:
        *out = v.boolean ? STR("true") : STR("false");
        return NULL;
    case VALUE_INT:
        *out = str_format(d->arena, "%lld", (long long)v.integer);
        return NULL;
    case VALUE_FLOAT:
        *out = yaml_float_key(d->arena, v.real);
        return NULL;
    default:
        note_key_for_json(d, key, v, value);
        *out = STR("");
        return NULL;
    }
}

/* The text that helmfile's message has for a key that is no string. */
static Str shown_key(Decoder *d, const YamlNode *key, YamlType type, Value v)
{
    Buf b = {.arena = d->arena};
    Time time;

    if (type == YAML_TYPE_TIMESTAMP && yaml_timestamp(d->arena, key->text, &time))
        return time_text(d->arena, time);
    if (v.kind == VALUE_FLOAT)
        number_add_float(&b, v.real, 'g', -1);
    else if (v.kind == VALUE_INT)
        number_add_int(&b, v.integer);
    else if (v.kind == VALUE_UINT)
        buf_format(&b, "%llu", (unsigned long long)v.natural);
    else
        buf_add_c(&b, v.kind == VALUE_BOOL ? v.boolean ? "true" : "false" : "<nil>");
    return buf_str(&b);
}

static Error *helmfile_key(Decoder *d, const YamlNode *key, Str *out)
{
    YamlType type;
    Value v;

    TRY(decode_exact(d, key, &type, &v));
    *out = key->text;
    if (v.kind == VALUE_STRING && type != YAML_TYPE_TIMESTAMP) {
        *out = v.string;
        return NULL;
    }
    note_bad_key(d, key,
                 str_format(d->arena,
                            "unexpected type of key in map: expected string, got %s: value=%.*s",
                            type == YAML_TYPE_TIMESTAMP ? "time.Time" : value_go_type(v),
                            STR_ARG(shown_key(d, key, type, v))));
    return NULL;
}

/* What a map is decoded to. */
typedef struct Target {
    ValueMap *map;
    bool typed;  /* v3 into a map[string]interface{}: any scalar is a key, by its text */
    bool merged; /* v3: what was merged is at the end */
} Target;

static void add_issue(Decoder *d, const YamlNode *node, Str text)
{
    if (d->issues.len < MOST_ISSUES)
        *vec_add(d->arena, &d->issues) = (Issue){node, text};
}

/* "cannot unmarshal !!str `text` into TYPE". */
static void note_wrong_type(Decoder *d, const YamlNode *node, const char *go_type)
{
    Buf b = {.arena = d->arena};
    Value v;
    YamlType type = node->kind == YAML_SEQUENCE  ? YAML_TYPE_SEQUENCE
                    : node->kind == YAML_MAPPING ? YAML_TYPE_MAPPING
                    : node->plain                ? yaml_resolve(node->text, d->rules, &v)
                                                 : YAML_TYPE_STRING;
    Str tag = is_untagged(d, node) ? str_from(yaml_type_tag(type)) : node->tag;

    buf_format(&b, "cannot unmarshal %.*s", STR_ARG(tag));
    if (node->kind == YAML_SCALAR && node->text.len > 10)
        buf_format(&b, " `%.7s...`", node->text.ptr);
    else if (node->kind == YAML_SCALAR)
        buf_format(&b, " `%.*s`", STR_ARG(node->text));
    buf_format(&b, " into %s", go_type);
    add_issue(d, node, buf_str(&b));
}

/* A key of a typed map. *USE is false where it is left out, with its value. */
static Error *typed_key(Decoder *d, const YamlNode *key, Str *out, bool *use)
{
    YamlType type;
    Value v;

    *use = false;
    if (key->kind != YAML_SCALAR) {
        note_wrong_type(d, key, "string");
        return NULL;
    }
    TRY(decode_exact(d, key, &type, &v));
    *use = v.kind != VALUE_NULL;
    *out = tag_type(key->tag) == YAML_TYPE_BINARY ? v.string : key->text;
    return NULL;
}

static Error *decode_key(Decoder *d, Target *target, const YamlNode *key, const YamlNode *value,
                         Str *out, bool *use)
{
    *use = true;
    TRY(enter_node(d, key));
    if (target->typed)
        TRY(typed_key(d, key, out, use));
    else if (key->kind != YAML_SCALAR)
        return invalid_key(d, key);
    else if (d->rules == YAML_HELM)
        TRY(helm_key(d, key, value, out));
    else
        TRY(helmfile_key(d, key, out));
    leave_node(d, key);
    return NULL;
}

static bool is_merge(const Decoder *d, const YamlNode *key)
{
    if (key->kind != YAML_SCALAR || key->alias.len || !str_is(key->text, "<<"))
        return false;
    if (str_is(key->tag, "!!merge"))
        return true;
    return d->rules == YAML_HELM ? str_is(key->tag, "!") || (key->plain && !key->tag.len)
                                 : is_untagged(d, key) && key->plain;
}

static Error *add_pairs(Decoder *d, const YamlNode *node, Target *target);

static Error *merge_map(Decoder *d, const YamlNode *source, Target *target)
{
    if (source->kind != YAML_MAPPING)
        return FAIL(d, source, "map merge requires map or sequence of maps as the value");
    TRY(enter_node(d, source));
    TRY(add_pairs(d, source, target));
    leave_node(d, source);
    return NULL;
}

/* Of several maps the first has precedence: v2 overwrites, v3 (see add_pairs) keeps. */
static Error *merge(Decoder *d, const YamlNode *source, Target *target)
{
    if (source->kind != YAML_SEQUENCE || source->alias.len)
        return merge_map(d, source, target);
    for (size_t i = 0; i < source->len; i++)
        TRY(merge_map(d, source->items[d->rules == YAML_HELM ? source->len - 1 - i : i], target));
    return NULL;
}

/* What v3 compares to find keys that come twice, whatever they mean. */
static Str identity(const YamlNode *key)
{
    return key->alias.len ? key->alias : key->kind == YAML_SCALAR ? key->text : (Str){0};
}

static int kind_of(const YamlNode *key)
{
    return key->alias.len ? YAML_MAPPING + 1 : (int)key->kind;
}

static int compare_items(const void *left, const void *right)
{
    const YamlNode *const *a = *(const YamlNode *const *const *)left;
    const YamlNode *const *b = *(const YamlNode *const *const *)right;
    int order = kind_of(*a) - kind_of(*b);

    order = order ? order : str_compare(identity(*a), identity(*b));
    return order ? order : (a > b) - (a < b);
}

static bool is_same_key(const YamlNode *a, const YamlNode *b)
{
    return kind_of(a) == kind_of(b) && str_equal(identity(a), identity(b));
}

/* For each key of NODE the index of the next that is the same, or 0; NULL: there are none. */
static size_t *find_duplicates(Arena *a, const YamlNode *node)
{
    size_t len = node->len / 2, *next = NULL;
    const YamlNode **items = node->items, ***order = arena_array(a, const YamlNode **, len);

    for (size_t i = 0; i < len; i++)
        order[i] = &items[2 * i];
    qsort(order, len, sizeof(*order), compare_items);
    for (size_t i = 0; i + 1 < len; i++)
        if (is_same_key(*order[i], *order[i + 1])) {
            next = next ? next : arena_array(a, size_t, len);
            next[(order[i] - items) / 2] = (size_t)(order[i + 1] - items) / 2;
        }
    return next;
}

/* Every key with each that follows it and is the same: as Go lists them. */
static bool note_duplicates(Decoder *d, const YamlNode *node)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t *next = node->len > 2 ? find_duplicates(&scratch, node) : NULL;

    for (size_t i = 0; next && i < node->len / 2; i++)
        for (size_t j = next[i]; j && d->issues.len < MOST_ISSUES; j = next[j]) {
            const YamlNode *first = node->items[2 * i], *again = node->items[2 * j];
            Buf b = {.arena = d->arena};

            buf_add_c(&b, "mapping key ");
            quote_add(&b, identity(again), false);
            buf_format(&b, " already defined at line %d", first->line);
            add_issue(d, again, buf_str(&b));
        }
    return next != NULL;
}

/*
 * NODE's keys and values at the end of the map, which is not sorted yet. Under v2 a merged
 * map takes the place where it stands, and later keys win. Under v3 it comes behind NODE's own
 * keys, and the first of a key wins: the map is reversed when all is in it.
 */
static Error *add_pairs(Decoder *d, const YamlNode *node, Target *target)
{
    const YamlNode *merged = NULL;

    if (d->rules == YAML_HELMFILE && note_duplicates(d, node))
        return NULL;
    for (size_t i = 0; i < node->len; i += 2) {
        const YamlNode *key = node->items[i], *value = node->items[i + 1];
        Value v;
        bool use;
        Str name;

        if (is_merge(d, key)) {
            merged = value;
            if (d->rules == YAML_HELM)
                TRY(merge(d, value, target));
            continue;
        }
        TRY(decode_key(d, target, key, value, &name, &use));
        if (!use)
            continue;
        TRY(decode(d, value, &v));
        value_map_append(d->arena, target->map, name, v);
    }
    if (!merged || d->rules == YAML_HELM)
        return NULL;
    target->merged = true;
    return merge(d, merged, target);
}

static void reverse(ValueMap *map)
{
    for (size_t i = 0, j = map->len; i + 1 < j; i++) {
        ValueEntry entry = map->entries[i];

        map->entries[i] = map->entries[--j];
        map->entries[j] = entry;
    }
}

static Error *decode_mapping(Decoder *d, const YamlNode *node, bool typed, Value *out)
{
    Target target = {.map = value_map_new(d->arena), .typed = typed};

    target.map->cap = node->len / 2;
    target.map->entries = arena_array(d->arena, ValueEntry, target.map->cap);
    TRY(add_pairs(d, node, &target));
    if (target.merged)
        reverse(target.map);
    value_map_sort(target.map);
    *out = value_of_map(target.map);
    return NULL;
}

static Error *decode(Decoder *d, const YamlNode *node, Value *out)
{
    TRY(enter_node(d, node));
    switch (node->kind) {
    case YAML_SCALAR:
        TRY(decode_scalar(d, node, out));
        break;
    case YAML_SEQUENCE:
        TRY(decode_sequence(d, node, out));
        break;
    case YAML_MAPPING:
        TRY(decode_mapping(d, node, false, out));
        break;
    }
    leave_node(d, node);
    return NULL;
}

static Error *report_issues(Decoder *d)
{
    Buf b = {.arena = d->arena};

    buf_add_c(&b, "yaml: unmarshal errors:");
    for (size_t i = 0; i < d->issues.len; i++)
        buf_format(&b, "\n  line %d: %.*s", d->issues.items[i].node->line,
                   STR_ARG(d->issues.items[i].text));
    d->go_error = buf_str(&b);
    return error_at_node(d, d->issues.items[0].node, d->issues.items[0].text);
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
static Error *finish(Decoder *d, Value v)
{
    if (d->issues.len)
        return report_issues(d);
    if (d->bad_key.node) {
        d->go_error = d->bad_key.text;
        return error_at_node(d, d->bad_key.node, d->bad_key.text);
    }

    const Value *infinite = d->infinite ? find_infinite(&v) : NULL;
    if (!infinite)
        return NULL;
    d->go_error = str_join(d->arena, STR("json: unsupported value: "),
                           number_float(d->arena, infinite->real, 'g', -1));
    return error_at_node(d, d->infinite, d->go_error);
}

Error *yaml_value(Arena *a, const char *file, const YamlNode *node, YamlRules rules, Value *out)
{
    Decoder d = {.arena = a, .file = file, .rules = rules};
    Value v;

    TRY(decode(&d, node, &v));
    TRY(finish(&d, v));
    *out = v;
    return NULL;
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
static Error *decode_root(Decoder *d, const YamlNode *node, ValueKind kind, Value *out)
{
    YamlType type;

    if (kind == VALUE_NULL || d->rules == YAML_HELM)
        return decode(d, node, out);
    TRY(enter_node(d, node));
    *out = nothing_of(d->arena, kind);
    if (kind == VALUE_MAP && node->kind == YAML_MAPPING)
        return decode_mapping(d, node, true, out);
    if (kind == VALUE_LIST && node->kind == YAML_SEQUENCE)
        return decode_sequence(d, node, out);
    if (node->kind == YAML_SCALAR) {
        Value v;

        TRY(decode_exact(d, node, &type, &v));
        if (v.kind == VALUE_NULL)
            return NULL;
    }
    note_wrong_type(d, node, go_type_of(kind));
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
static Error *parse_node(Decoder *d, const YamlNode *node, ValueKind kind, Value *out, Str *problem)
{
    Error *err = decode_root(d, node, kind, out);

    if (!err)
        err = finish(d, *out);
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
    Decoder d = {.arena = a, .file = file, .rules = rules};
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
