/*
 * yaml_key.c - keys of mappings: they become strings, and some may not. Source: go-yaml v2 and
 * v3, decode.go; sigs.k8s.io/yaml, convertToJSONableObject; helmfile, pkg/maputil.
 */
#include "base/number.h"
#include "base/quote.h"
#include "base/yaml_decode.h"
#include "base/yaml_go.h"

#include <stdlib.h>

enum { MOST_ISSUES = 100 };

static Error *invalid_key(YamlDecoder *d, const YamlNode *node)
{
    Buf b = {.arena = d->arena};

    yaml_go_syntax(&b, node, d->rules);
    return YAML_DECODE_FAIL(d, node, "invalid map key: %.*s", STR_ARG(buf_str(&b)));
}

static void note_bad_key(YamlDecoder *d, const YamlNode *key, Str text)
{
    if (d->bad_keys.len < MOST_ISSUES)
        *vec_add(d->arena, &d->bad_keys) = (YamlIssue){key, text};
}

/* A key which is no string for JSON, either: null, or an integer that is too large. */
static void note_key_for_json(YamlDecoder *d, const YamlNode *key, Value v, const YamlNode *value)
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

static Error *helm_key(YamlDecoder *d, const YamlNode *key, const YamlNode *value, Str *out)
{
    YamlType type;
    Value v;

    TRY(yaml_decode_exact(d, key, &type, &v));
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
static Str shown_key(YamlDecoder *d, const YamlNode *key, YamlType type, Value v)
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

static Error *helmfile_key(YamlDecoder *d, const YamlNode *key, Str *out)
{
    YamlType type;
    Value v;

    TRY(yaml_decode_exact(d, key, &type, &v));
    *out = key->text;
    if (v.kind == VALUE_STRING && type != YAML_TYPE_TIMESTAMP) {
        *out = v.string;
        return NULL;
    }
    if (d->any_keys) {
        *out = v.kind == VALUE_NULL ? STR("null") : shown_key(d, key, type, v);
        return NULL;
    }
    note_bad_key(d, key,
                 str_format(d->arena,
                            "unexpected type of key in map: expected string, got %s: value=%.*s",
                            type == YAML_TYPE_TIMESTAMP ? "time.Time" : value_go_type(v),
                            STR_ARG(shown_key(d, key, type, v))));
    return NULL;
}

static void add_issue(YamlDecoder *d, const YamlNode *node, Str text)
{
    if (d->issues.len < MOST_ISSUES)
        *vec_add(d->arena, &d->issues) = (YamlIssue){node, text};
}

void yaml_note_wrong_type(YamlDecoder *d, const YamlNode *node, const char *go_type)
{
    Buf b = {.arena = d->arena};
    Value v;
    YamlType type = node->kind == YAML_SEQUENCE  ? YAML_TYPE_SEQUENCE
                    : node->kind == YAML_MAPPING ? YAML_TYPE_MAPPING
                    : node->plain                ? yaml_resolve(node->text, d->rules, &v)
                                                 : YAML_TYPE_STRING;
    Str tag = yaml_is_untagged(d->rules, node) ? str_from(yaml_type_tag(type)) : node->tag;

    buf_format(&b, "cannot unmarshal %.*s", STR_ARG(tag));
    if (!str_is(tag, "!!seq") && !str_is(tag, "!!map")) {
        bool whole = node->text.len <= 10;

        buf_add_c(&b, " `");
        buf_add(&b, whole ? node->text : str_slice(node->text, 0, 7));
        buf_add_c(&b, whole ? "`" : "...`");
    }
    buf_format(&b, " into %s", go_type);
    add_issue(d, node, buf_str(&b));
}

/* A key of a typed map. *USE is false where it is left out, with its value. */
static Error *typed_key(YamlDecoder *d, const YamlNode *key, Str *out, bool *use)
{
    YamlType type;
    Value v;

    *use = false;
    if (key->kind != YAML_SCALAR) {
        yaml_note_wrong_type(d, key, "string");
        return NULL;
    }
    TRY(yaml_decode_exact(d, key, &type, &v));
    *use = v.kind != VALUE_NULL;
    *out = yaml_tag_type(key->tag) == YAML_TYPE_BINARY ? v.string : key->text;
    return NULL;
}

Error *yaml_decode_key(YamlDecoder *d, const YamlTarget *target, const YamlNode *key,
                       const YamlNode *value, Str *out, bool *use)
{
    Value v;

    *use = true;
    if (key->kind != YAML_SCALAR && !target->typed) {
        TRY(yaml_decode(d, key, &v));
        return invalid_key(d, key);
    }
    TRY(yaml_decode_enter(d, key));
    if (target->typed)
        TRY(typed_key(d, key, out, use));
    else if (d->rules == YAML_HELM)
        TRY(helm_key(d, key, value, out));
    else
        TRY(helmfile_key(d, key, out));
    yaml_decode_leave(d, key);
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
bool yaml_note_duplicates(YamlDecoder *d, const YamlNode *node)
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

static const YamlIssue *issue_of(const YamlDecoder *d, const YamlNode *key)
{
    for (size_t i = 0; i < d->bad_keys.len; i++)
        if (d->bad_keys.items[i].node == key)
            return &d->bad_keys.items[i];
    return NULL;
}

/* Whether Go takes LEFT and RIGHT, which were decoded before, for the same key. */
static bool is_equal_key(YamlDecoder *d, const YamlNode *left, const YamlNode *right)
{
    YamlType type;
    Value a, b;

    if (left->kind != YAML_SCALAR || right->kind != YAML_SCALAR)
        return false;
    Error *err = yaml_decode_exact(d, left, &type, &a);
    if (!err)
        err = yaml_decode_exact(d, right, &type, &b);
    bool equal = !err && value_equal(a, b);
    error_free(err);
    return equal;
}

static bool is_replaced(YamlDecoder *d, const YamlNode *mapping, size_t key)
{
    for (size_t i = key + 2; i < mapping->len; i += 2)
        if (is_equal_key(d, mapping->items[key], mapping->items[i]))
            return true;
    return false;
}

const YamlIssue *yaml_bad_key(YamlDecoder *d, const YamlNode *node)
{
    const YamlIssue *issue = NULL;

    for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->len && !issue; i++)
        issue = yaml_bad_key(d, node->items[i]);
    for (size_t i = 0; node->kind == YAML_MAPPING && i < node->len && !issue; i += 2) {
        issue = issue_of(d, node->items[i]);
        if (!issue)
            issue = yaml_bad_key(d, node->items[i + 1]);
        if (issue && d->rules == YAML_HELM && is_replaced(d, node, i))
            issue = NULL;
    }
    return issue;
}
