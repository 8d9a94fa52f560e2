/*
 * sops_read.c - files of sops to trees. Source: sops, stores.
 */
#include "secrets/sops_tree.h"

#include "base/json.h"
#include "base/number.h"
#include "base/yaml.h"

#include <string.h>

enum { DEEPEST = 1000 };

static const Str metadata_key = STR_INIT("sops");
static const Str metadata_prefix = STR_INIT("sops_");

SopsNode *sops_add(Arena *a, SopsNode *node, SopsNodeKind kind, Str key)
{
    SopsNode *item = vec_add(a, node);

    *item = (SopsNode){.kind = kind, .key = key};
    return item;
}

static Error *not_encrypted(const char *file)
{
    return error_hint(
        error_new(ERROR_INPUT, "%s: is not encrypted: there is nothing of sops in it", file),
        "encrypt it with sops --encrypt --in-place, or list it under `values`");
}

/* ---- YAML, and JSON, which is read as YAML: values keep their order and their kinds */

typedef struct YamlSource {
    Arena *arena;
    const char *file;
    bool json;
} YamlSource;

static Error *read_node(const YamlSource *source, const YamlNode *node, int depth, SopsNode *out);

static Error *read_scalar(const YamlSource *source, const YamlNode *node, SopsNode *out)
{
    Value *v = &out->value;

    TRY(yaml_value(source->arena, source->file, node, YAML_HELMFILE, v));
    if (v->kind == VALUE_UINT && source->json)
        *v = value_float((double)v->natural);
    if (v->kind == VALUE_UINT)
        return error_at((Place){source->file, node->line, node->column},
                        "the number is too large for sops");
    return NULL;
}

static Error *read_pair(const YamlSource *source, const YamlNode *key, const YamlNode *value,
                        int depth, SopsNode *out)
{
    if (key->kind != YAML_SCALAR)
        return error_at((Place){source->file, key->line, key->column}, "a key must be a text");
    return read_node(source, value, depth + 1, sops_add(source->arena, out, SOPS_LEAF, key->text));
}

static Error *read_node(const YamlSource *source, const YamlNode *node, int depth, SopsNode *out)
{
    if (depth > DEEPEST)
        return error_at((Place){source->file, node->line, node->column}, "it is nested too deeply");
    if (node->kind == YAML_SCALAR)
        return read_scalar(source, node, out);
    out->kind = node->kind == YAML_MAPPING ? SOPS_MAP : SOPS_LIST;
    if (node->kind == YAML_SEQUENCE)
        for (size_t i = 0; i < node->len; i++)
            TRY(read_node(source, node->items[i], depth + 1,
                          sops_add(source->arena, out, SOPS_LEAF, (Str){"", 0})));
    else
        for (size_t i = 0; i + 1 < node->len; i += 2)
            TRY(read_pair(source, node->items[i], node->items[i + 1], depth, out));
    return NULL;
}

static Error *read_document(const YamlSource *source, const YamlNode *node, SopsTree *out)
{
    SopsNode *document = vec_add(source->arena, &out->documents);

    *document = (SopsNode){.kind = SOPS_MAP};
    if (node->kind == YAML_SCALAR && !node->text.len)
        return NULL; // an empty document
    if (node->kind != YAML_MAPPING)
        return error_at((Place){source->file, node->line, node->column},
                        "a file of sops must be a map");
    return read_node(source, node, 0, document);
}

static Error *read_yaml(Arena *a, const char *file, Str text, bool json, SopsTree *out)
{
    YamlSource source = {a, file, json};
    YamlDocuments documents = {0};
    Value whole;

    if (json)
        TRY(json_parse(a, file, text, &whole));
    TRY(yaml_read(a, file, text, &documents));
    for (size_t i = 0; i < documents.len; i++) {
        TRY(yaml_check_aliases(a, file, documents.items[i]));
        TRY(read_document(&source, documents.items[i], out));
    }
    return NULL;
}

/* ---- metadata that is spread over names: age__list_0__map_enc */

/* The part of *REST before the next separator, which is told, too. */
static Str next_part(Str *rest, bool *list)
{
    static const Str map_separator = STR_INIT("__map_"), list_separator = STR_INIT("__list_");
    size_t map_at = str_find(*rest, map_separator), list_at = str_find(*rest, list_separator);
    size_t at = map_at < list_at ? map_at : list_at;
    Str part = at == STR_NONE ? *rest : str_slice(*rest, 0, at);

    *list = list_at < map_at;
    *rest = at == STR_NONE ? (Str){"", 0}
                           : str_skip(*rest, at + (*list ? list_separator.len : map_separator.len));
    return part;
}

/* Lists are maps of numbers at first. Where the value for REST of a name belongs below MAP. */
static void place_metadata(Arena *a, ValueMap *map, Str rest, Value v)
{
    bool list;

    for (;;) {
        Str part = next_part(&rest, &list);
        const Value *below = value_map_get(map, part);

        if (!rest.len) {
            value_map_set(a, map, part, v);
            return;
        }
        if (!below || below->kind != VALUE_MAP) {
            value_map_set(a, map, part, value_of_map(value_map_new(a)));
            below = value_map_get(map, part);
        }
        map = below->map;
    }
}

/* Whether MAP's keys are the numbers of a list. */
static bool is_list(Arena *a, const ValueMap *map)
{
    for (size_t i = 0; i < map->len; i++)
        if (!value_map_get(map, str_format(a, "%zu", i)))
            return false;
    return map->len > 0;
}

static Value settle_lists(Arena *a, ValueMap *map)
{
    for (size_t i = 0; i < map->len; i++)
        if (map->entries[i].value.kind == VALUE_MAP)
            map->entries[i].value = settle_lists(a, map->entries[i].value.map);
    if (!is_list(a, map))
        return value_of_map(map);
    Value *items = arena_array(a, Value, map->len);
    for (size_t i = 0; i < map->len; i++)
        items[i] = *value_map_get(map, str_format(a, "%zu", i));
    return value_list(items, map->len);
}

static Str with_newlines(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t at; (at = str_find(text, STR("\\n"))) != STR_NONE; text = str_skip(text, at + 2)) {
        buf_add(&b, str_slice(text, 0, at));
        buf_add_char(&b, '\n');
    }
    buf_add(&b, text);
    return buf_str(&b);
}

static const ValueMap *spread_metadata(Arena *a, const SopsNode *items, size_t len, Str prefix)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < len; i++)
        if (items[i].kind == SOPS_LEAF && str_starts(items[i].key, prefix))
            place_metadata(a, map, str_skip(items[i].key, prefix.len),
                           value_string(with_newlines(a, items[i].value.string)));
    settle_lists(a, map);
    return map;
}

/* ---- */

static Value value_of_node(Arena *a, const SopsNode *node)
{
    ValueMap *map = value_map_new(a);
    Value *items = arena_array(a, Value, node->len);

    if (node->kind == SOPS_LEAF)
        return node->value;
    if (node->kind == SOPS_LIST) {
        for (size_t i = 0; i < node->len; i++)
            items[i] = value_of_node(a, &node->items[i]);
        return value_list(items, node->len);
    }
    for (size_t i = 0; i < node->len; i++)
        value_map_append(a, map, node->items[i].key, value_of_node(a, &node->items[i]));
    value_map_sort(map);
    return value_of_map(map);
}

/* Take what sops says out of DOCUMENT. */
static void take_metadata(Arena *a, SopsNode *document, SopsFormat format, const ValueMap **out)
{
    size_t kept = 0;

    if (format == SOPS_DOTENV)
        *out = spread_metadata(a, document->items, document->len, metadata_prefix);
    for (size_t i = 0; i < document->len; i++) {
        const SopsNode *item = &document->items[i];

        if (format == SOPS_DOTENV && item->kind == SOPS_LEAF &&
            str_starts(item->key, metadata_prefix))
            continue;
        if (format != SOPS_DOTENV && item->kind == SOPS_MAP && str_equal(item->key, metadata_key)) {
            *out = format == SOPS_INI ? spread_metadata(a, item->items, item->len, (Str){"", 0})
                                      : value_of_node(a, item).map;
            continue;
        }
        document->items[kept++] = *item;
    }
    document->len = kept;
}

Error *sops_read(Arena *a, const char *file, Str text, SopsFormat format, SopsTree *out)
{
    SopsTree tree = {0};
    SopsNode *lines;

    if (format == SOPS_DOTENV || format == SOPS_INI) {
        lines = vec_add(a, &tree.documents);
        lines->kind = SOPS_MAP;
        TRY(format == SOPS_INI ? sops_read_ini(a, file, text, lines)
                               : sops_read_dotenv(a, file, text, lines));
    } else {
        TRY(read_yaml(a, file, text, format != SOPS_YAML, &tree));
    }
    for (size_t i = 0; i < tree.documents.len; i++) {
        const ValueMap *metadata = NULL;

        take_metadata(a, &tree.documents.items[i], format, &metadata);
        if (i == 0)
            tree.metadata = metadata;
    }
    if (!tree.metadata || !tree.metadata->len)
        return not_encrypted(file);
    *out = tree;
    return NULL;
}
