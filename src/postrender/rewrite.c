#include "postrender/rewrite.h"

#include "base/yaml_emit.h"
#include "base/yaml_scan.h"
#include "patch/patch.h"

#include <string.h>

enum { LONGEST_KEY = 128, DEEPEST = 200, INDENT = 2 };

typedef enum NodeKind { NODE_SCALAR, NODE_MAP, NODE_LIST, NODE_ALIAS } NodeKind;

typedef struct Node Node;
typedef VEC(Node *) NodeList;

/* What is in a document, with all that is written again. A map's items are key, value, key … */
struct Node {
    NodeKind kind;
    bool flow;
    YamlScalarStyle style;
    Str text, anchor;
    StrList head; /* comments above it */
    Str line;     /* the comment behind it */
    NodeList items;
};

/* A comment: alone on its line, or behind tokens. */
typedef struct Comment {
    int line, column;
    bool alone, used;
    Str text;
} Comment;

typedef struct Reader {
    Arena *arena;
    StrList lines;
    VEC(YamlToken) tokens;
    VEC(Comment) comments;
    size_t at;
    int depth;
    bool odd; /* there is something that is not understood */
} Reader;

/* ---- tokens and comments */

static void split_lines(Reader *r, Str text)
{
    Str line;

    while (str_line(&text, &line))
        *vec_add(r->arena, &r->lines) = line;
}

static void read_tokens(Reader *r, Str text)
{
    YamlScanner s;
    const YamlToken *token;
    Error *err = NULL;

    yaml_scan_start(&s, r->arena, NULL, text, YAML_HELMFILE);
    do {
        err = yaml_scan_peek(&s, &token);
        if (err)
            break;
        *vec_add(r->arena, &r->tokens) = *token;
        yaml_scan_take(&s);
    } while (r->tokens.items[r->tokens.len - 1].type != YAML_STREAM_END);
    r->odd = err != NULL;
    error_free(err);
}

/* The rest of a line from a column, which counts characters. */
static Str rest_of(const Reader *r, int line, int column)
{
    Str text = (size_t)line < r->lines.len ? r->lines.items[line] : (Str){0};
    size_t at = 0;

    for (; at < text.len && column > 0; column--)
        do
            at++;
        while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80);
    return str_skip(text, at);
}

/* What is behind the last token of LINE, which ends at COLUMN. */
static void find_comment(Reader *r, int line, int column, bool alone)
{
    Str rest = rest_of(r, line, column), text = str_trim(rest);

    if (!text.len || text.ptr[0] != '#')
        return;
    *vec_add(r->arena, &r->comments) = (Comment){
        .line = line, .column = column + (int)(text.ptr - rest.ptr), .alone = alone, .text = text};
}

/* Lines between tokens, and what is behind the last token of a line. */
static void find_comments(Reader *r)
{
    int line = 0, column = 0; // where the last token ended
    bool tokens_here = false;

    for (size_t i = 0; i < r->tokens.len; i++) {
        const YamlToken *token = &r->tokens.items[i];

        if (token->type == YAML_BLOCK_END || token->type == YAML_STREAM_START)
            continue; // has no place of its own
        for (; line < token->start.line && line < (int)r->lines.len; line++) {
            find_comment(r, line, column, !tokens_here);
            column = 0;
            tokens_here = false;
        }
        if (token->end.line > line || token->end.column > column) {
            line = token->end.line;
            column = token->end.column;
            tokens_here = column > 0;
        }
    }
    for (; line < (int)r->lines.len; line++, column = 0, tokens_here = false)
        find_comment(r, line, column, !tokens_here);
}

static bool is_blank(const Reader *r, int line)
{
    return line >= 0 && !str_trim(r->lines.items[line]).len;
}

/* The first of the lines of comments that end above LINE, and begin at COLUMN. */
static int head_above(const Reader *r, int line, int column)
{
    for (size_t i = r->comments.len; i-- > 0;) {
        const Comment *c = &r->comments.items[i];

        if (c->line == line - 1 && c->alone && c->column == column && !c->used)
            line = c->line;
    }
    return line;
}

/* The comments right above what is AT, or with empty lines above and below them. */
static void take_head(Reader *r, const YamlMark *at, Node *node)
{
    int end = at->line, first = head_above(r, end, at->column);

    if (first == end) {
        while (is_blank(r, end - 1))
            end--;
        first = end < at->line ? head_above(r, end, at->column) : end;
        if (first > 0 && !is_blank(r, first - 1))
            return;
    }
    for (size_t i = 0; i < r->comments.len; i++) {
        Comment *c = &r->comments.items[i];

        if (c->line < first || c->line >= end)
            continue;
        c->used = true;
        *vec_add(r->arena, &node->head) = c->text;
    }
}

static void take_line(Reader *r, int line, Node *node)
{
    for (size_t i = 0; i < r->comments.len; i++) {
        Comment *c = &r->comments.items[i];

        if (c->line != line || c->alone || c->used)
            continue;
        c->used = true;
        node->line = c->text;
    }
}

/* ---- nodes */

static const YamlToken *peek(const Reader *r)
{
    return &r->tokens.items[r->at];
}

/* The stream's end stays the next token. */
static const YamlToken *take(Reader *r)
{
    const YamlToken *token = peek(r);

    r->at += token->type != YAML_STREAM_END;
    return token;
}

static bool took(Reader *r, YamlTokenType type)
{
    bool is = peek(r)->type == type;

    if (is)
        take(r);
    return is;
}

static Node *new_node(Reader *r, NodeKind kind)
{
    Node *node = arena_new(r->arena, Node);

    node->kind = kind;
    return node;
}

static Node *read_node(Reader *r);

/* Is there a comment behind what ended on LINE, and nothing else? */
static void take_line_at_end(Reader *r, int line, Node *node)
{
    const YamlToken *next = peek(r);

    if (next->type == YAML_FLOW_ENTRY || next->start.line == line) {
        if (next->type != YAML_BLOCK_END && next->type != YAML_STREAM_END)
            return;
    }
    take_line(r, line, node);
}

static Node *read_scalar(Reader *r)
{
    const YamlToken *token = take(r);
    Node *node = new_node(r, NODE_SCALAR);
    Str source = rest_of(r, token->start.line, token->start.column);
    char c = source.len && !token->plain ? source.ptr[0] : '\0';

    node->text = token->text;
    node->style = c == '"'    ? YAML_DOUBLE_QUOTED
                  : c == '\'' ? YAML_SINGLE_QUOTED
                  : c == '|'  ? YAML_LITERAL
                  : c == '>'  ? YAML_FOLDED
                              : YAML_PLAIN;
    bool block = c == '|' || c == '>';
    YamlAnalysis can = yaml_analyze(node->text, true);
    if (node->style == YAML_PLAIN && can.multiline)
        node->style = YAML_SINGLE_QUOTED;
    if ((block && !can.block) || (node->style == YAML_SINGLE_QUOTED && !can.single_quoted))
        node->style = YAML_DOUBLE_QUOTED;
    r->odd |=
        block && str_find_char(source, '#') != STR_NONE; // a comment, behind what says how it is
    if (!block)
        take_line_at_end(r, token->end.line, node);
    return node;
}

static Node *empty_node(Reader *r)
{
    return new_node(r, NODE_SCALAR);
}

static void read_entries(Reader *r, Node *list)
{
    while (peek(r)->type == YAML_BLOCK_ENTRY) {
        YamlMark mark = take(r)->start;
        Node *item = peek(r)->type == YAML_BLOCK_ENTRY || peek(r)->type == YAML_BLOCK_END
                         ? empty_node(r)
                         : read_node(r);

        take_head(r, &mark, item);
        *vec_add(r->arena, &list->items) = item;
    }
}

static Node *read_value(Reader *r, Node *key)
{
    YamlMark mark = take(r)->start;
    const YamlToken *next = peek(r);

    if (next->type == YAML_KEY || next->type == YAML_BLOCK_END || next->type == YAML_FLOW_ENTRY ||
        next->type == YAML_FLOW_MAPPING_END) {
        take_line_at_end(r, mark.line, key);
        return empty_node(r);
    }
    if (next->start.line > mark.line)
        take_line(r, mark.line, key);
    if (next->type == YAML_BLOCK_ENTRY) {
        Node *list = new_node(r, NODE_LIST);

        read_entries(r, list);
        return list;
    }
    return read_node(r);
}

static void read_pair(Reader *r, Node *map)
{
    YamlMark mark = take(r)->start;
    bool good = peek(r)->type == YAML_SCALAR_TOKEN;
    Node *key = good ? read_scalar(r) : empty_node(r);

    if (!good || peek(r)->type != YAML_VALUE || key->text.len > LONGEST_KEY ||
        key->style == YAML_LITERAL || key->style == YAML_FOLDED ||
        yaml_analyze(key->text, true).multiline) {
        r->odd = true;
        return;
    }
    if (!map->flow)
        take_head(r, &mark, key);
    *vec_add(r->arena, &map->items) = key;
    Node *value = read_value(r, key);
    *vec_add(r->arena, &map->items) = value;
}

static Node *read_block(Reader *r, bool is_map)
{
    Node *node = new_node(r, is_map ? NODE_MAP : NODE_LIST);

    take(r);
    if (!is_map)
        read_entries(r, node);
    while (is_map && !r->odd && peek(r)->type == YAML_KEY)
        read_pair(r, node);
    r->odd |= !took(r, YAML_BLOCK_END);
    return node;
}

static Node *read_flow(Reader *r, bool is_map)
{
    Node *node = new_node(r, is_map ? NODE_MAP : NODE_LIST);
    YamlTokenType end = is_map ? YAML_FLOW_MAPPING_END : YAML_FLOW_SEQUENCE_END;

    node->flow = true;
    take(r);
    while (!r->odd && peek(r)->type != end) {
        if (is_map && peek(r)->type == YAML_KEY)
            read_pair(r, node);
        else if (!is_map && peek(r)->type != YAML_KEY)
            *vec_add(r->arena, &node->items) = read_node(r);
        else
            r->odd = true;
        if (!took(r, YAML_FLOW_ENTRY) && peek(r)->type != end)
            r->odd = true;
    }
    int line = take(r)->end.line;
    take_line_at_end(r, line, node);
    return node;
}

static Node *read_plainly(Reader *r)
{
    Node *alias;

    switch (peek(r)->type) {
    case YAML_SCALAR_TOKEN:
        return read_scalar(r);
    case YAML_ALIAS:
        alias = new_node(r, NODE_ALIAS);
        alias->text = peek(r)->text;
        take_line_at_end(r, take(r)->end.line, alias);
        return alias;
    case YAML_BLOCK_MAPPING_START:
    case YAML_BLOCK_SEQUENCE_START:
        return read_block(r, peek(r)->type == YAML_BLOCK_MAPPING_START);
    case YAML_FLOW_MAPPING_START:
    case YAML_FLOW_SEQUENCE_START:
        return read_flow(r, peek(r)->type == YAML_FLOW_MAPPING_START);
    default:
        r->odd = true; // tags and the like
        return empty_node(r);
    }
}

static Node *read_node(Reader *r)
{
    Str anchor = {0};

    if (peek(r)->type == YAML_ANCHOR)
        anchor = take(r)->text;
    if (++r->depth > DEEPEST)
        r->odd = true;
    Node *node = r->odd ? empty_node(r) : read_plainly(r);
    r->depth--;
    node->anchor = anchor;
    return node;
}

/* What TEXT is: nothing but comments, or one node; NULL where it is not understood. */
static Node *read_document(Arena *a, Str text, bool *blank)
{
    Reader r = {.arena = a};

    *blank = false;
    split_lines(&r, text);
    read_tokens(&r, text);
    if (r.odd)
        return NULL;
    find_comments(&r);
    took(&r, YAML_STREAM_START);
    *blank = peek(&r)->type == YAML_STREAM_END;
    Node *node = read_node(&r);
    for (size_t i = 0; i < r.comments.len; i++)
        r.odd |= !r.comments.items[i].used;
    return r.odd || peek(&r)->type != YAML_STREAM_END ? NULL : node;
}

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
    StrList all = {0};
    bool blank, good;
    Node *object = read_document(a, text, &blank);
    NodeList objects = object ? objects_of(a, object, true) : (NodeList){0};

    if (blank)
        return NULL;
    good = object != NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = annotate(a, objects.items[i], key, value);
        *vec_add(a, &all) = good ? written(a, objects.items[i]) : (Str){0};
    }
    if (!good) {
        TRY(patch_annotate(a, source, text, key, value, &text));
        *vec_add(a, out) = text;
        return NULL;
    }
    for (size_t i = 0; i < all.len; i++)
        *vec_add(a, out) = all.items[i];
    return NULL;
}

Error *rewrite_take(Arena *a, const char *source, Str text, const char *key, bool lists,
                    RewrittenList *out)
{
    RewrittenList all = {0};
    bool blank, good;
    Node *object = read_document(a, text, &blank);
    NodeList objects = object ? objects_of(a, object, lists) : (NodeList){0};
    Rewritten one = {0};

    if (blank)
        return NULL;
    good = object != NULL;
    for (size_t i = 0; i < objects.len && good; i++) {
        good = take_annotation(objects.items[i], key, &one.annotation);
        one.text = good ? written(a, objects.items[i]) : (Str){0};
        *vec_add(a, &all) = one;
    }
    if (!good) {
        TRY(patch_take_annotation(a, source, text, key, &one.annotation, &one.text));
        *vec_add(a, out) = one;
        return NULL;
    }
    for (size_t i = 0; i < all.len; i++)
        *vec_add(a, out) = all.items[i];
    return NULL;
}
