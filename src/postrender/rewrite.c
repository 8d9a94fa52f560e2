#include "postrender/rewrite.h"

#include "patch/patch.h"
#include "postrender/rewrite_tree.h"

#include <string.h>

enum { INDENT = 2 };

/* ---- writing */

/* Comments wait here until there is a place for them, as in emitterc.go. */
typedef struct Writer {
    YamlEmitter e;
    Str head, line, foot;
    Str tail;        /* below the pair before */
    int foot_indent; /* of the comment that was written last, if it was below something; or -1 */
} Writer;

static void write_node(Writer *w, const Node *node, bool in_map);

static void end_line(Writer *w)
{
    buf_add_char(w->e.buf, '\n');
    w->e.column = 0;
    w->e.whitespace = w->e.indention = true;
}

static int indent_of(const Writer *w)
{
    return w->e.indent < 0 ? 0 : w->e.indent;
}

/* A new line, after an empty one below a comment that is about what is above. */
static void start_line(Writer *w)
{
    if (w->foot_indent == indent_of(w)) {
        if (w->e.column > 0)
            end_line(w);
        end_line(w);
    }
    w->foot_indent = -1;
    yaml_emit_indent(&w->e);
}

static void write_comment(Writer *w, Str *text)
{
    Str rest = *text, line;
    bool more = true, first = true;

    while (more) {
        more = str_cut(&rest, '\n', &line);
        if (line.len && !first)
            start_line(w);
        if (line.len)
            yaml_emit_indicator(&w->e, str_c(w->e.buf->arena, line), false, false);
        if (line.len || more)
            end_line(w);
        first = false;
    }
    *text = (Str){0};
}

static void write_head(Writer *w)
{
    if (w->tail.len) {
        start_line(w);
        write_comment(w, &w->tail);
        w->foot_indent = indent_of(w);
    }
    if (!w->head.len)
        return;
    start_line(w);
    write_comment(w, &w->head);
}

/* What is behind and below something that has been written. */
static void write_rest(Writer *w)
{
    if (w->line.len) {
        if (!w->e.whitespace)
            yaml_emit_indicator(&w->e, " ", false, false);
        write_comment(w, &w->line);
    }
    if (!w->foot.len)
        return;
    start_line(w);
    write_comment(w, &w->foot);
    w->foot_indent = indent_of(w);
}

static void set_comment(Str *comment, Str text)
{
    if (text.len)
        *comment = text;
}

static bool is_block(const Node *node)
{
    return (node->kind == NODE_MAP || node->kind == NODE_LIST) && !node->flow && node->items.len;
}

/* What is known of NODE where it begins. */
static void note_comments(Writer *w, const Node *node)
{
    set_comment(&w->head, node->head);
    if (is_block(node))
        return;
    set_comment(&w->line, node->line);
    set_comment(&w->foot, node->foot);
}

static void write_scalar(YamlEmitter *e, const Node *node, bool key)
{
    if (key && node->style == YAML_PLAIN && str_is(node->text, "<<"))
        yaml_emit_tag(e, STR("!!merge"));
    if (node->text.len || node->style != YAML_PLAIN)
        yaml_emit_scalar(e, node->text, node->style, key);
}

/* There are no comments in it. */
static void write_flow(Writer *w, const Node *node)
{
    YamlEmitter *e = &w->e;
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
        write_node(w, node->items.items[i + is_map], false);
    }
    if (is_map && node->items.len && node->foot.len) // as go-yaml does it
        yaml_emit_indicator(e, ",", false, false);
    yaml_emit_indicator(e, is_map ? "}" : "]", false, false);
}

static void write_list(Writer *w, const Node *node, bool in_map)
{
    int outer = w->e.indent;

    w->e.indent = outer < 0 ? 0 : outer + (in_map ? 0 : INDENT);
    for (size_t i = 0; i < node->items.len; i++) {
        note_comments(w, node->items.items[i]);
        write_head(w);
        start_line(w);
        yaml_emit_indicator(&w->e, "-", true, true);
        write_node(w, node->items.items[i], false);
        write_rest(w);
    }
    w->e.indent = outer;
}

/* KEY has been written; its comment stands behind ":" where a block follows. */
static void write_value(Writer *w, const Node *key, const Node *value)
{
    yaml_emit_indicator(&w->e, ":", false, false);
    note_comments(w, value);
    if (is_block(value)) {
        Str line = w->line;

        w->line = key->line;
        write_rest(w);
        w->line = line;
    } else if (!w->line.len) {
        w->line = key->line;
    }
    write_node(w, value, true);
    write_rest(w);
}

static void write_map(Writer *w, const Node *node)
{
    int outer = w->e.indent;
    Str below = {0};

    w->e.indent = outer < 0 ? 0 : outer + INDENT;
    for (size_t i = 0; i < node->items.len; i += 2) {
        const Node *key = node->items.items[i];

        set_comment(&w->tail, below);
        set_comment(&w->head, key->head);
        write_head(w);
        start_line(w);
        write_scalar(&w->e, key, true);
        below = key->foot;
        write_value(w, key, node->items.items[i + 1]);
    }
    set_comment(&w->tail, below);
    write_head(w);
    w->e.indent = outer;
}

static void write_node(Writer *w, const Node *node, bool in_map)
{
    Arena *a = w->e.buf->arena;

    if (node->anchor.len)
        yaml_emit_tag(&w->e, str_join(a, STR("&"), node->anchor));
    if (node->kind == NODE_ALIAS)
        yaml_emit_tag(&w->e, str_join(a, STR("*"), node->text));
    else if (node->kind == NODE_SCALAR)
        write_scalar(&w->e, node, false);
    else if (!is_block(node))
        write_flow(w, node);
    else if (node->kind == NODE_LIST)
        write_list(w, node, in_map);
    else
        write_map(w, node);
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

/* OBJECT as the root of a document; D's own comments go with it if it is D's root. */
static Str written(Arena *a, const Document *d, const Node *object)
{
    Buf b = {.arena = a};
    Writer w = {.e = yaml_emitter(&b, true), .foot_indent = -1};
    bool is_root = object == d->root;

    w.head = is_root ? d->head : (Str){0};
    if (w.head.len) {
        write_head(&w);
        end_line(&w);
    }
    note_comments(&w, object);
    write_head(&w);
    write_node(&w, object, false);
    write_rest(&w);
    w.foot_indent = 0;
    w.foot = is_root ? d->foot : (Str){0};
    write_rest(&w);
    if (w.e.column > 0)
        end_line(&w);
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

/* TEXT with "\n" for "\r\n". Source: kyaml, kio/byteio_reader.go. */
static Str with_plain_ends(Arena *a, Str text)
{
    static const Str windows = STR_INIT("\r\n");
    size_t end = str_find(text, windows);
    Buf b = {.arena = a};

    if (end == STR_NONE)
        return text;
    for (; end != STR_NONE; end = str_find(text, windows)) {
        buf_add(&b, str_slice(text, 0, end));
        text = str_skip(text, end + 1);
    }
    buf_add(&b, text);
    return buf_str(&b);
}

Error *rewrite_annotate(Arena *a, const char *source, Str text, const char *key, Str value,
                        StrList *out)
{
    size_t start = out->len;
    text = with_plain_ends(a, text);
    Document d = rewrite_read(a, text);
    NodeList objects = d.root ? objects_of(a, d.root, true) : (NodeList){0};
    bool good = d.root != NULL;

    if (d.blank)
        return NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = annotate(a, objects.items[i], key, value);
        if (good)
            *vec_add(a, out) = written(a, &d, objects.items[i]);
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
    text = with_plain_ends(a, text);
    Document d = rewrite_read(a, text);
    NodeList objects = d.root ? objects_of(a, d.root, lists) : (NodeList){0};
    Rewritten one = {0};
    bool good = d.root != NULL;

    if (d.blank)
        return NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = take_annotation(objects.items[i], key, &one.annotation);
        one.text = good ? written(a, &d, objects.items[i]) : (Str){0};
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
