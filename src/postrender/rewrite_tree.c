/*
 * rewrite_tree.c - tokens to nodes, with the comments that go-yaml gives them. Source:
 * go.yaml.in/yaml/v3, parserc.go and decode.go.
 */
#include "postrender/rewrite_tree.h"

#include "postrender/rewrite_comments.h"

enum { LONGEST_KEY = 128, DEEPEST = 200 };

typedef struct Reader {
    Arena *arena;
    StrList lines;
    TokenList tokens;
    CommentList comments;
    size_t at, known;     /* tokens that are taken; comments that are known */
    Str head, line, foot; /* comments that are known, and no node's yet */
    Str stem;             /* what is above "-", where a block follows on its line: the block's */
    int last_line, last_column; /* see rest_of */
    size_t last_at;
    int depth, flow;
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

/*
 * The rest of a line from a column, which counts characters: from the last one that was asked for,
 * as a line may be all of a large document.
 */
static Str rest_of(Reader *r, int line, int column)
{
    Str text = (size_t)line < r->lines.len ? r->lines.items[line] : (Str){0};
    bool onward = line == r->last_line && column >= r->last_column;
    size_t at = onward ? r->last_at : 0;
    int here = onward ? r->last_column : 0;

    for (; at < text.len && here < column; here++)
        do
            at++;
        while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80);
    r->last_line = line;
    r->last_column = here;
    r->last_at = at;
    return str_skip(text, at);
}

/* ---- nodes */

static void join(Arena *a, Str *text, Str more)
{
    *text = text->len ? str_format(a, "%.*s\n%.*s", STR_ARG(*text), STR_ARG(more)) : more;
}

/* The next token; with it come comments. Source: go-yaml v3, parserc.go,
 * yaml_parser_unfold_comments. */
static const YamlToken *peek(Reader *r)
{
    const YamlToken *token = &r->tokens.items[r->at];

    for (; r->known < r->comments.len; r->known++) {
        const Comment *c = &r->comments.items[r->known];

        if (token->start.index < c->token ||
            (c->kind == COMMENT_HEAD && token->type == YAML_BLOCK_END))
            break;
        join(r->arena,
             c->kind == COMMENT_HEAD   ? &r->head
             : c->kind == COMMENT_LINE ? &r->line
                                       : &r->foot,
             c->text);
    }
    return token;
}

/* The stream's end stays the next token. */
static const YamlToken *take(Reader *r)
{
    const YamlToken *token = peek(r);

    r->at += token->type != YAML_STREAM_END;
    return token;
}

/* What is known by now is about NODE. */
static void take_comments(Reader *r, Node *node)
{
    node->head = r->head;
    node->line = r->line;
    node->foot = r->foot;
    r->head = r->line = r->foot = r->stem = (Str){0};
    r->odd |= r->flow > 0 && (node->head.len || node->line.len || node->foot.len);
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
    take_comments(r, node);
    return node;
}

static Node *empty_node(Reader *r)
{
    return new_node(r, NODE_SCALAR);
}

/* Source: go-yaml v3, parserc.go, yaml_parser_split_stem_comment. */
static void split_stem(Reader *r, size_t len)
{
    YamlTokenType next = peek(r)->type;

    if (!len || (next != YAML_BLOCK_SEQUENCE_START && next != YAML_BLOCK_MAPPING_START))
        return;
    r->stem = str_slice(r->head, 0, len);
    r->head = r->head.len == len ? (Str){0} : str_skip(r->head, len + 1);
}

static bool ends_entry(YamlTokenType next, bool indentless)
{
    return next == YAML_BLOCK_ENTRY || next == YAML_BLOCK_END ||
           (indentless && (next == YAML_KEY || next == YAML_VALUE));
}

static void read_entries(Reader *r, Node *list, bool indentless)
{
    while (!r->odd && peek(r)->type == YAML_BLOCK_ENTRY) {
        size_t above = r->head.len;

        take(r);
        split_stem(r, above);
        bool is_empty = ends_entry(peek(r)->type, indentless);
        Node *item = is_empty ? empty_node(r) : read_node(r);
        *vec_add(r->arena, &list->items) = item;
    }
}

static Node *read_value(Reader *r)
{
    take(r);
    YamlTokenType next = peek(r)->type;

    if (next == YAML_KEY || next == YAML_BLOCK_END || next == YAML_FLOW_ENTRY ||
        next == YAML_FLOW_MAPPING_END)
        return empty_node(r);
    if (next == YAML_BLOCK_ENTRY) {
        Node *list = new_node(r, NODE_LIST);

        list->head = r->stem;
        r->stem = (Str){0};
        read_entries(r, list, true);
        return list;
    }
    return read_node(r);
}

static void move_foot(Node *from, Node *to)
{
    if (!from->foot.len)
        return;
    to->foot = from->foot;
    from->foot = (Str){0};
}

/* A comment behind a key is that of the value, if it is a scalar, or stands before a block. */
static bool is_odd_line(const Node *key, const Node *value)
{
    if (!key->line.len)
        return false;
    return value->kind == NODE_SCALAR ? value->line.len > 0
                                      : value->flow || value->kind == NODE_ALIAS;
}

static void read_pair(Reader *r, Node *map)
{
    take(r);
    bool good = peek(r)->type == YAML_SCALAR_TOKEN;
    Node *key = good ? read_scalar(r) : empty_node(r);

    if (!good || peek(r)->type != YAML_VALUE || key->text.len > LONGEST_KEY ||
        key->style == YAML_LITERAL || key->style == YAML_FOLDED ||
        yaml_analyze(key->text, true).multiline) {
        r->odd = true;
        return;
    }
    if (!map->flow && map->items.len) // below the pair before, and less deep
        move_foot(key, map->items.items[map->items.len - 2]);
    *vec_add(r->arena, &map->items) = key;
    Node *value = read_value(r);
    *vec_add(r->arena, &map->items) = value;
    if (!key->foot.len)
        move_foot(value, key);
    r->odd |= is_odd_line(key, value);
}

static Node *read_block(Reader *r, bool is_map)
{
    Node *node = new_node(r, is_map ? NODE_MAP : NODE_LIST);

    node->head = r->stem;
    r->stem = (Str){0};
    take(r);
    if (!is_map)
        read_entries(r, node, false);
    while (is_map && !r->odd && peek(r)->type == YAML_KEY)
        read_pair(r, node);
    r->odd |= peek(r)->type != YAML_BLOCK_END;
    if (is_map) {
        Node end = {0};

        take_comments(r, &end);
        r->odd |= end.line.len > 0;
        if (node->items.len)
            move_foot(&end, node->items.items[node->items.len - 2]);
    }
    took(r, YAML_BLOCK_END);
    return node;
}

static void read_items(Reader *r, Node *node, YamlTokenType end)
{
    bool is_map = node->kind == NODE_MAP;

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
}

static Node *read_flow(Reader *r, bool is_map)
{
    Node *node = new_node(r, is_map ? NODE_MAP : NODE_LIST), last = {0};

    node->flow = true;
    take(r);
    take_comments(r, node);
    r->flow++;
    read_items(r, node, is_map ? YAML_FLOW_MAPPING_END : YAML_FLOW_SEQUENCE_END);
    r->flow--;
    peek(r);
    take_comments(r, &last);
    r->odd |= last.head.len > 0;
    node->line = last.line;
    node->foot = last.foot;
    take(r);
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
        alias->text = take(r)->text;
        take_comments(r, alias);
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

/* What is above the last empty line of the comments that come first is about the document.
 * Source: go-yaml v3, parserc.go, yaml_parser_parse_document_start. */
static Str take_document_head(Reader *r)
{
    Str head = r->head;

    for (size_t i = head.len; i-- > 1;) {
        bool at_end = i == head.len - 1;

        if (head.ptr[i] != '\n' || (!at_end && head.ptr[i - 1] != '\n'))
            continue;
        r->head = str_skip(head, i + 1);
        return str_slice(head, 0, at_end ? i : i - 1);
    }
    return (Str){0};
}

Document rewrite_read(Arena *a, Str text)
{
    Reader r = {.arena = a};
    Document d = {0};
    Node end = {0};

    split_lines(&r, text);
    read_tokens(&r, text);
    if (r.odd)
        return d;
    rewrite_find_comments(a, text, &r.tokens, &r.comments);
    took(&r, YAML_STREAM_START);
    d.blank = peek(&r)->type == YAML_STREAM_END;
    d.head = take_document_head(&r);
    d.root = read_node(&r);
    if (r.odd || peek(&r)->type != YAML_STREAM_END)
        d.root = NULL;
    take_comments(&r, &end);
    d.foot = end.foot.len ? end.foot : end.head;
    return d;
}
