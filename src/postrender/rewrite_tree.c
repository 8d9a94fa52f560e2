/*
 * rewrite_tree.c - tokens to nodes. A comment belongs to what is right below it, or before it on
 * its line; where else comments may stand go-yaml has rules of its own. Source: go.yaml.in/yaml/v3,
 * scannerc.go and decode.go.
 */
#include "postrender/rewrite_tree.h"

#include "base/yaml_scan.h"

enum { LONGEST_KEY = 128, DEEPEST = 200 };

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

Node *rewrite_read(Arena *a, Str text, bool *blank)
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
