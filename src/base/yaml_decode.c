/*
 * yaml_decode.c - nodes to values. Source: go-yaml v2 and v3, decode.go.
 */
#include "base/yaml_decode.h"

#include "base/base64.h"
#include "base/slice.h"
#include "base/stack.h"
#include "base/utf8.h"

#include <math.h>

Error *yaml_decode_error(const YamlDecoder *d, const YamlNode *node, Str text)
{
    if (!d->file)
        return error_new(ERROR_INPUT, "%.*s", STR_ARG(text));
    return error_at((Place){d->file, node->line, node->column}, "%.*s", STR_ARG(text));
}

Error *yaml_decode_fail(YamlDecoder *d, const YamlNode *node, Str text)
{
    d->go_error = str_join(d->arena, STR("yaml: "), text);
    return yaml_decode_error(d, node, text);
}

/* How much of what was decoded may come from aliases: less in larger documents. */
static double allowed_ratio(size_t decoded)
{
    const double low = 400 * 1000, high = 4000 * 1000;

    if ((double)decoded <= low)
        return 0.99;
    return (double)decoded >= high ? 0.10 : 0.99 - 0.89 * ((double)decoded - low) / (high - low);
}

static Error *count_node(YamlDecoder *d, const YamlNode *node)
{
    d->decoded++;
    d->aliased += d->alias_depth > 0;
    if (d->aliased > 100 && d->decoded > 1000 &&
        (double)d->aliased / (double)d->decoded > allowed_ratio(d->decoded))
        return YAML_DECODE_FAIL(d, node, "document contains excessive aliasing");
    if (stack_low())
        return YAML_DECODE_FAIL(d, node, "the document is nested too deep");
    return NULL;
}

/* Go decodes an alias, and below it the node that it stands for. */
Error *yaml_decode_enter(YamlDecoder *d, const YamlNode *node)
{
    TRY(count_node(d, node));
    if (!node->alias.len)
        return NULL;
    if (node->endless)
        return YAML_DECODE_FAIL(d, node, "anchor '%.*s' value contains itself",
                                STR_ARG(node->alias));
    d->alias_depth++;
    return count_node(d, node);
}

void yaml_decode_leave(YamlDecoder *d, const YamlNode *node)
{
    d->alias_depth -= node->alias.len > 0;
}

YamlType yaml_tag_type(Str tag)
{
    static const YamlType resolvable[] = {YAML_TYPE_NULL,  YAML_TYPE_BOOL,      YAML_TYPE_INT,
                                          YAML_TYPE_FLOAT, YAML_TYPE_TIMESTAMP, YAML_TYPE_BINARY};

    for (size_t i = 0; i < COUNT(resolvable); i++)
        if (str_is(tag, yaml_type_tag(resolvable[i])))
            return resolvable[i];
    return YAML_TYPE_STRING;
}

bool yaml_is_untagged(YamlRules rules, const YamlNode *node)
{
    return !node->tag.len || (rules == YAML_HELMFILE && str_is(node->tag, "!"));
}

static Error *decode_binary(YamlDecoder *d, const YamlNode *node, Value *out)
{
    Str bytes;
    Error *err = base64_decode(d->arena, node->text, &bytes);

    if (err) {
        error_free(err);
        return YAML_DECODE_FAIL(d, node, "!!binary value contains invalid base64 data");
    }
    // on the way through JSON, what is not UTF-8 is lost
    *out = value_string(d->rules == YAML_HELM ? utf8_cleaned(d->arena, bytes) : bytes);
    return NULL;
}

static Error *cannot_decode(YamlDecoder *d, const YamlNode *node, YamlType got, YamlType want)
{
    Buf b = {.arena = d->arena};

    buf_format(&b, "cannot decode %s `", yaml_type_tag(got));
    buf_add(&b, node->text);
    buf_format(&b, "` as a %s", yaml_type_tag(want));
    return yaml_decode_fail(d, node, buf_str(&b));
}

/* NODE, whose tag says that it is of type WANT. */
static Error *decode_tagged(YamlDecoder *d, const YamlNode *node, YamlType want, YamlType *type,
                            Value *out)
{
    *type = yaml_resolve(node->text, d->rules, out);
    if (*type == YAML_TYPE_TIMESTAMP && want != YAML_TYPE_TIMESTAMP)
        *type = YAML_TYPE_STRING;
    if (want == YAML_TYPE_FLOAT && *type == YAML_TYPE_INT && out->kind == VALUE_INT) {
        *type = YAML_TYPE_FLOAT;
        *out = value_float((double)out->integer);
    }
    return *type == want ? NULL : cannot_decode(d, node, *type, want);
}

Error *yaml_decode_exact(YamlDecoder *d, const YamlNode *node, YamlType *type, Value *out)
{
    *type = YAML_TYPE_STRING;
    *out = value_string(node->text);
    if (yaml_is_untagged(d->rules, node)) {
        if (node->plain)
            *type = yaml_resolve(node->text, d->rules, out);
        return NULL;
    }

    YamlType want = yaml_tag_type(node->tag);
    if (want == YAML_TYPE_BINARY)
        return decode_binary(d, node, out);
    return want == YAML_TYPE_STRING ? NULL : decode_tagged(d, node, want, type, out);
}

static Value finished(YamlDecoder *d, const YamlNode *node, YamlType type, Value v)
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

static Error *decode_scalar(YamlDecoder *d, const YamlNode *node, Value *out)
{
    YamlType type;

    TRY(yaml_decode_exact(d, node, &type, out));
    *out = finished(d, node, type, *out);
    return NULL;
}

Error *yaml_decode_list(YamlDecoder *d, const YamlNode *node, Value *out)
{
    Value *items = arena_array(d->arena, Value, node->len);

    for (size_t i = 0; i < node->len; i++)
        TRY(yaml_decode(d, node->items[i], &items[i]));
    *out = value_list(items, node->len);
    if (d->rules == YAML_HELM) // by way of JSON, whose reader appends
        *out = slice_appended(*out);
    return NULL;
}

bool yaml_is_merge(YamlRules rules, const YamlNode *key)
{
    if (key->kind != YAML_SCALAR || key->alias.len || !str_is(key->text, "<<"))
        return false;
    if (str_is(key->tag, "!!merge"))
        return true;
    return rules == YAML_HELM ? str_is(key->tag, "!") || (key->plain && !key->tag.len)
                              : yaml_is_untagged(rules, key) && key->plain;
}

static Error *add_pairs(YamlDecoder *d, const YamlNode *node, YamlTarget *target);

static Error *merge_map(YamlDecoder *d, const YamlNode *source, YamlTarget *target)
{
    if (source->kind != YAML_MAPPING)
        return YAML_DECODE_FAIL(d, source,
                                "map merge requires map or sequence of maps as the value");
    TRY(yaml_decode_enter(d, source));
    TRY(add_pairs(d, source, target));
    yaml_decode_leave(d, source);
    return NULL;
}

/* Of several maps the first has precedence: v2 overwrites, v3 (see add_pairs) keeps. */
static Error *merge(YamlDecoder *d, const YamlNode *source, YamlTarget *target)
{
    if (source->kind != YAML_SEQUENCE || source->alias.len)
        return merge_map(d, source, target);
    for (size_t i = 0; i < source->len; i++)
        TRY(merge_map(d, source->items[d->rules == YAML_HELM ? source->len - 1 - i : i], target));
    return NULL;
}

/*
 * NODE's keys and values at the end of the map, which is not sorted yet. Under v2 a merged
 * map takes the place where it stands, and later keys win. Under v3 it comes behind NODE's own
 * keys, and the first of a key wins: the map is reversed when all is in it.
 */
static Error *add_pairs(YamlDecoder *d, const YamlNode *node, YamlTarget *target)
{
    const YamlNode *merged = NULL;

    if (d->rules == YAML_HELMFILE && yaml_note_duplicates(d, node))
        return NULL;
    for (size_t i = 0; i < node->len; i += 2) {
        const YamlNode *key = node->items[i], *value = node->items[i + 1];
        Value v;
        bool use;
        Str name;

        if (yaml_is_merge(d->rules, key)) {
            merged = value;
            if (d->rules == YAML_HELM)
                TRY(merge(d, value, target));
            continue;
        }
        TRY(yaml_decode_key(d, target, key, value, &name, &use));
        if (!use)
            continue;
        TRY(yaml_decode(d, value, &v));
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

Error *yaml_decode_map(YamlDecoder *d, const YamlNode *node, bool typed, Value *out)
{
    YamlTarget target = {.map = value_map_new(d->arena), .typed = typed};

    target.map->cap = node->len / 2;
    target.map->entries = arena_array(d->arena, ValueEntry, target.map->cap);
    TRY(add_pairs(d, node, &target));
    if (target.merged)
        reverse(target.map);
    value_map_sort(target.map);
    *out = value_of_map(target.map);
    return NULL;
}

Error *yaml_decode(YamlDecoder *d, const YamlNode *node, Value *out)
{
    TRY(yaml_decode_enter(d, node));
    switch (node->kind) {
    case YAML_SCALAR:
        TRY(decode_scalar(d, node, out));
        break;
    case YAML_SEQUENCE:
        TRY(yaml_decode_list(d, node, out));
        break;
    case YAML_MAPPING:
        TRY(yaml_decode_map(d, node, false, out));
        break;
    }
    yaml_decode_leave(d, node);
    return NULL;
}
