#include "postrender/rewrite.h"

#include "patch/patch.h"
#include "postrender/rewrite_tree.h"

#include <string.h>

enum { INDENT = 2 };

/* ---- writing */

static void write_node(YamlEmitter *e, const Node *node, bool in_map);

static void write_head(YamlEmitter *e, const Node *node)
{
    for (size_t i = 0; i < node->head.len; i++) {
        yaml_emit_indent(e);
        yaml_emit_indicator(e, str_c(e->buf->arena, node->head.items[i]), false, false);
    }
}

static void write_line(YamlEmitter *e, const Node *node)
{
    if (node->line.len)
        yaml_emit_indicator(e, str_c(e->buf->arena, node->line), true, false);
}

static void write_scalar(YamlEmitter *e, const Node *node, bool key)
{
    if (key && node->style == YAML_PLAIN && str_is(node->text, "<<"))
        yaml_emit_tag(e, STR("!!merge"));
    if (node->text.len || node->style != YAML_PLAIN)
        yaml_emit_scalar(e, node->text, node->style, key);
}

static void write_flow(YamlEmitter *e, const Node *node)
{
    bool is_map = node->kind == NODE_MAP;

    yaml_emit_indicator(e, is_map ? "{" : "[", true, false);
    e->whitespace = true;
    for (size_t i = 0; i < node->items.len; i += 1 + is_map) {
        if (i)
            yaml_emit_indicator(e, ",", false, false);
        if (is_map) {
            write_scalar(e, node->items.items[i], true);
            yaml_emit_indicator(e, ":", false, false);
        }
        write_node(e, node->items.items[i + is_map], false);
    }
    yaml_emit_indicator(e, is_map ? "}" : "]", false, false);
}

static void write_list(YamlEmitter *e, const Node *node, bool in_map)
{
    int outer = e->indent;

    e->indent = outer < 0 ? 0 : outer + (in_map ? 0 : INDENT);
    for (size_t i = 0; i < node->items.len; i++) {
        write_head(e, node->items.items[i]);
        yaml_emit_indent(e);
        yaml_emit_indicator(e, "-", true, true);
        write_node(e, node->items.items[i], false);
    }
    e->indent = outer;
}

static void write_map(YamlEmitter *e, const Node *node)
{
    int outer = e->indent;

    e->indent = outer < 0 ? 0 : outer + INDENT;
    for (size_t i = 0; i < node->items.len; i += 2) {
        const Node *key = node->items.items[i];

        write_head(e, key);
        yaml_emit_indent(e);
        write_scalar(e, key, true);
        yaml_emit_indicator(e, ":", false, false);
        write_line(e, key);
        write_node(e, node->items.items[i + 1], true);
    }
    e->indent = outer;
}

static void write_node(YamlEmitter *e, const Node *node, bool in_map)
{
    Arena *a = e->buf->arena;

    if (node->anchor.len)
        yaml_emit_tag(e, str_join(a, STR("&"), node->anchor));
    if (node->kind == NODE_ALIAS)
        yaml_emit_tag(e, str_join(a, STR("*"), node->text));
    else if (node->kind == NODE_SCALAR)
        write_scalar(e, node, false);
    else if (node->flow || !node->items.len)
        write_flow(e, node);
    else if (node->kind == NODE_LIST)
        write_list(e, node, in_map);
    else
        write_map(e, node);
    write_line(e, node);
}

/* ---- documents */

static Node **value_of(const Node *map, const char *key)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->items.len; i += 2)
        if (str_is(map->items.items[i]->text, key))
            return &map->items.items[i + 1];
    return NULL;
}

static bool is_empty(const Node *node)
{
    return node->kind != NODE_ALIAS && !node->items.len &&
           (node->kind != NODE_SCALAR || !node->text.len || str_is(node->text, "null"));
}

/* Take what is at KEY, and the key, out of MAP; NULL where there is none. */
static Node *remove_pair(Node *map, const char *key)
{
    Node **value = value_of(map, key), *found = value ? *value : NULL;

    if (!value)
        return NULL;
    NodeList *items = &map->items;
    size_t at = (size_t)(value - items->items) - 1;
    memmove(&items->items[at], &items->items[at + 2],
            (items->len - at - 2) * sizeof(items->items[0]));
    items->len -= 2;
    return found;
}

static Node *make_scalar(Arena *a, Str text, YamlScalarStyle style)
{
    Node *node = arena_new(a, Node);

    node->text = text;
    node->style = style;
    return node;
}

static void add_pair(Arena *a, Node *map, const char *key, Node *value)
{
    *vec_add(a, &map->items) = make_scalar(a, str_from(key), YAML_PLAIN);
    *vec_add(a, &map->items) = value;
}

static Node *metadata_of(const Node *object)
{
    Node **metadata = value_of(object, "metadata");

    return metadata && (*metadata)->kind == NODE_MAP ? *metadata : NULL;
}

/* Annotations of which nothing is left are none. */
static void drop_empty_annotations(Node *metadata)
{
    Node **annotations = value_of(metadata, "annotations");

    if (annotations && is_empty(*annotations) && !(*annotations)->anchor.len)
        remove_pair(metadata, "annotations");
}

static Node *new_map(Arena *a, bool flow)
{
    Node *map = arena_new(a, Node);

    map->kind = NODE_MAP;
    map->flow = flow;
    return map;
}

static bool annotate(Arena *a, Node *object, const char *key, Str value)
{
    if (object->kind == NODE_MAP && !value_of(object, "metadata"))
        add_pair(a, object, "metadata", new_map(a, object->flow));
    Node *metadata = metadata_of(object);
    if (!metadata)
        return false;
    drop_empty_annotations(metadata);
    Node **annotations = value_of(metadata, "annotations");
    Node *map = annotations ? *annotations : new_map(a, metadata->flow);
    if (map->kind != NODE_MAP)
        return false;
    if (!annotations)
        add_pair(a, metadata, "annotations", map);
    add_pair(a, map, key, make_scalar(a, value, YAML_SINGLE_QUOTED));
    return true;
}

static bool take_annotation(Node *object, const char *key, Str *value)
{
    Node *metadata = metadata_of(object);
    Node **annotations = metadata ? value_of(metadata, "annotations") : NULL;

    *value = (Str){0};
    if (!metadata)
        return true;
    Node *found = annotations ? remove_pair(*annotations, key) : NULL;
    if (found)
        *value = found->text;
    drop_empty_annotations(metadata);
    if (!metadata->items.len)
        remove_pair(object, "metadata");
    return true;
}

static Str written(Arena *a, const Node *object)
{
    Buf b = {.arena = a};
    YamlEmitter e = yaml_emitter(&b, true);

    write_node(&e, object, false);
    buf_add_char(&b, '\n');
    return buf_str(&b);
}

/* The objects that OBJECT stands for: itself, or the items of a List. */
static NodeList objects_of(Arena *a, Node *object, bool lists)
{
    Node **kind = value_of(object, "kind"), **items = value_of(object, "items");
    NodeList one = {0};

    if (lists && kind && items && str_is((*kind)->text, "List") && (*items)->kind == NODE_LIST)
        return (*items)->items;
    *vec_add(a, &one) = object;
    return one;
}

Error *rewrite_annotate(Arena *a, const char *source, Str text, const char *key, Str value,
                        StrList *out)
{
    size_t start = out->len;
    bool blank, good;
    Node *object = rewrite_read(a, text, &blank);
    NodeList objects = object ? objects_of(a, object, true) : (NodeList){0};

    if (blank)
        return NULL;
    good = object != NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = annotate(a, objects.items[i], key, value);
        if (good)
            *vec_add(a, out) = written(a, objects.items[i]);
    }
    if (good)
        return NULL;
    out->len = start;
    TRY(patch_annotate(a, source, text, key, value, &text));
    *vec_add(a, out) = text;
    return NULL;
}

Error *rewrite_take(Arena *a, const char *source, Str text, const char *key, bool lists,
                    RewrittenList *out)
{
    size_t start = out->len;
    bool blank, good;
    Node *object = rewrite_read(a, text, &blank);
    NodeList objects = object ? objects_of(a, object, lists) : (NodeList){0};
    Rewritten one = {0};

    if (blank)
        return NULL;
    good = object != NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = take_annotation(objects.items[i], key, &one.annotation);
        one.text = good ? written(a, objects.items[i]) : (Str){0};
        if (good)
            *vec_add(a, out) = one;
    }
    if (good)
        return NULL;
    out->len = start;
    TRY(patch_take_annotation(a, source, text, key, &one.annotation, &one.text));
    *vec_add(a, out) = one;
    return NULL;
}
