#include "base/yaml_go.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/yaml_decode.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_BYTES = 64 * 1024, MOST_LEVELS = 1000 };

typedef struct GoWriter {
    Buf *buf;
    YamlRules rules;
    size_t limit; /* of buf->len */
} GoWriter;

static void write_node(const GoWriter *w, const YamlNode *node, int depth);

/* The type of NODE, which was decoded before, and in *OUT what it means. */
static YamlType scalar(const GoWriter *w, const YamlNode *node, Value *out)
{
    YamlDecoder decoder = {.arena = w->buf->arena, .rules = w->rules};
    YamlType type;
    Error *err = yaml_decode_exact(&decoder, node, &type, out);

    if (err) {
        error_free(err);
        *out = value_string(node->text);
        return YAML_TYPE_STRING;
    }
    return type;
}

static void write_scalar(const GoWriter *w, const YamlNode *node)
{
    Time time;
    Value v;

    switch (scalar(w, node, &v)) {
    case YAML_TYPE_NULL:
        buf_add_c(w->buf, "interface {}(nil)");
        return;
    case YAML_TYPE_BOOL:
        buf_add_c(w->buf, v.boolean ? "true" : "false");
        return;
    case YAML_TYPE_INT:
        if (v.kind == VALUE_INT)
            number_add_int(w->buf, v.integer);
        else
            buf_format(w->buf, "0x%llx", (unsigned long long)v.natural);
        return;
    case YAML_TYPE_FLOAT:
        number_add_float(w->buf, v.real, 'g', -1);
        return;
    case YAML_TYPE_TIMESTAMP:
        if (w->rules == YAML_HELMFILE && yaml_timestamp(w->buf->arena, node->text, &time)) {
            buf_add(w->buf, time_literal(w->buf->arena, time));
            return;
        }
        break;
    default:
        break;
    }
    quote_add(w->buf, v.string, false);
}

/* A pair of a mapping, and what its key is sorted by. */
typedef struct Pair {
    const YamlNode *key, *value;
    YamlType type;
    Value meaning;
    size_t index;
} Pair;

static double number_of(Value v)
{
    return v.kind == VALUE_INT    ? (double)v.integer
           : v.kind == VALUE_UINT ? (double)v.natural
                                  : v.real;
}

/*
 * Where Go puts keys of a type among those of others. It compares the addresses of the types: these
 * are what helm's binaries have, version after version.
 */
static int rank_of(const Pair *pair)
{
    switch (pair->type) {
    case YAML_TYPE_NULL:
        return 0;
    case YAML_TYPE_INT:
        return pair->meaning.kind == VALUE_UINT ? 2 : 3;
    case YAML_TYPE_FLOAT:
        return 4;
    case YAML_TYPE_BOOL:
        return 5;
    default:
        return 1;
    }
}

/* As Go prints maps: keys of a type together, in order. */
static int compare_keys(const Pair *a, const Pair *b)
{
    int left_rank = rank_of(a), right_rank = rank_of(b);

    if (left_rank != right_rank)
        return left_rank - right_rank;
    if (a->type == YAML_TYPE_BOOL)
        return a->meaning.boolean - b->meaning.boolean;
    if (a->type == YAML_TYPE_INT || a->type == YAML_TYPE_FLOAT) {
        double left = number_of(a->meaning), right = number_of(b->meaning);

        return (left > right) - (left < right);
    }
    return str_compare(a->meaning.string, b->meaning.string);
}

static int compare_pairs(const void *left, const void *right)
{
    const Pair *a = left, *b = right;
    int order = compare_keys(a, b);

    return order ? order : (a->index > b->index) - (a->index < b->index);
}

typedef VEC(Pair) Pairs;

static bool has_string_keys(const Pair *pairs, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (pairs[i].key->kind != YAML_SCALAR || pairs[i].type != YAML_TYPE_STRING)
            return false;
    return true;
}

/*
 * What the mapping NODE has, in the order in which go-yaml v2 sets it: a merge key is what it
 * merges, of several mappings the first last. Source: go-yaml v2, decode.go, merge.
 */
static void collect_pairs(const GoWriter *w, const YamlNode *node, int depth, Pairs *out)
{
    for (size_t i = 0; i + 1 < node->len && depth < MOST_LEVELS && out->len < MOST_BYTES; i += 2) {
        const YamlNode *key = node->items[i], *value = node->items[i + 1];
        bool merges =
            w->rules != YAML_HELMFILE && yaml_is_merge(w->rules, key) && value->kind != YAML_SCALAR;

        if (merges && value->kind == YAML_MAPPING) {
            collect_pairs(w, value, depth + 1, out);
        } else if (merges) {
            for (size_t j = value->len; j-- > 0;)
                if (value->items[j]->kind == YAML_MAPPING)
                    collect_pairs(w, value->items[j], depth + 1, out);
        } else {
            Pair *pair = vec_add(w->buf->arena, out);

            *pair = (Pair){key, value, .index = out->len};
            pair->type = scalar(w, key, &pair->meaning);
        }
    }
}

static void write_mapping(const GoWriter *w, const YamlNode *node, int depth)
{
    Pairs all = {0};
    bool first = true;

    collect_pairs(w, node, depth, &all);
    Pair *pairs = all.items;
    size_t len = all.len;
    buf_add_c(w->buf, w->rules == YAML_HELMFILE && has_string_keys(pairs, len)
                          ? "map[string]interface {}{"
                          : "map[interface {}]interface {}{");
    if (len)
        qsort(pairs, len, sizeof(*pairs), compare_pairs);
    for (size_t i = 0; i < len; i++) {
        if (i + 1 < len && compare_keys(&pairs[i], &pairs[i + 1]) == 0)
            continue; // of a key that comes twice the later value
        buf_add_c(w->buf, first ? "" : ", ");
        first = false;
        write_node(w, pairs[i].key, depth + 1);
        buf_add_char(w->buf, ':');
        write_node(w, pairs[i].value, depth + 1);
    }
    buf_add_char(w->buf, '}');
}

static void write_sequence(const GoWriter *w, const YamlNode *node, int depth)
{
    buf_add_c(w->buf, "[]interface {}{");
    for (size_t i = 0; i < node->len; i++) {
        buf_add_c(w->buf, i ? ", " : "");
        write_node(w, node->items[i], depth + 1);
    }
    buf_add_char(w->buf, '}');
}

static void write_node(const GoWriter *w, const YamlNode *node, int depth)
{
    if (w->buf->len > w->limit || depth > MOST_LEVELS)
        return;
    switch (node->kind) {
    case YAML_SCALAR:
        write_scalar(w, node);
        return;
    case YAML_SEQUENCE:
        write_sequence(w, node, depth);
        return;
    case YAML_MAPPING:
        write_mapping(w, node, depth);
        return;
    }
}

void yaml_go_syntax(Buf *b, const YamlNode *node, YamlRules rules)
{
    write_node(&(GoWriter){b, rules, b->len + MOST_BYTES}, node, 0);
}

Str yaml_float_key(Arena *a, double number)
{
    int digits = 0;
    float narrow = (float)number;
    Str text;

    if (isnan(number) || isinf(narrow))
        return isnan(number) ? STR(".nan") : number > 0 ? STR(".inf") : STR("-.inf");
    do {
        text = number_float(a, (double)narrow, 'e', digits);
    } while (strtof(str_c(a, text), NULL) != narrow && ++digits < 9);

    int exponent = (int)strtol(str_c(a, str_skip(text, str_find_char(text, 'e') + 1)), NULL, 10);
    if (exponent < -4 || exponent >= 6) // as %g, whose precision is 6
        return text;
    return number_float(a, (double)narrow, 'f', digits > exponent ? digits - exponent : 0);
}
