#include "postrender/rewrite_comments.h"

/* How far go-yaml looks for the next line of a comment. */
enum { FARTHEST = 512 };

typedef struct Search {
    Arena *arena;
    Str text;
    const size_t *bytes; /* of each character, and of the end */
    size_t len;          /* characters */
    const int *lines;    /* of each character */
    CommentList *out;
    VEC(int) indents;
    int indent; /* of the innermost block; -1: none is open */
    int flow;   /* how many flow collections are open */
} Search;

static char char_at(const Search *s, size_t at)
{
    return at < s->len ? s->text.ptr[s->bytes[at]] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int line_at(const Search *s, size_t at)
{
    return s->lines[at < s->len ? at : s->len];
}

static int column_at(const Search *s, size_t at)
{
    size_t first = at;

    while (first > 0 && char_at(s, first - 1) != '\n')
        first--;
    return (int)(at - first);
}

static void number_characters(Search *s)
{
    size_t *bytes = arena_array(s->arena, size_t, s->text.len + 1);
    int *lines = arena_array(s->arena, int, s->text.len + 1), line = 0;

    for (size_t i = 0; i < s->text.len; i++) {
        if (((unsigned char)s->text.ptr[i] & 0xC0) == 0x80)
            continue;
        bytes[s->len] = i;
        lines[s->len++] = line;
        line += s->text.ptr[i] == '\n';
    }
    bytes[s->len] = s->text.len;
    lines[s->len] = line;
    s->bytes = bytes;
    s->lines = lines;
}

static size_t line_end(const Search *s, size_t at)
{
    while (at < s->len && char_at(s, at) != '\n')
        at++;
    return at;
}

static Str slice(const Search *s, size_t from, size_t to)
{
    return str_slice(s->text, s->bytes[from], s->bytes[to]);
}

/* ---- behind a token */

/* The comment behind what ends at AT, which belongs to the token at TOKEN; where it ends. */
static size_t scan_line(Search *s, size_t at, size_t token)
{
    size_t from = at, end;

    while (is_blank(char_at(s, from)))
        from++;
    if (char_at(s, from) != '#')
        return at;
    end = line_end(s, from);
    *vec_add(s->arena, s->out) =
        (Comment){.kind = COMMENT_LINE, .token = token, .text = slice(s, from, end)};
    return end;
}

/* ---- between tokens */

/* The comments between two tokens, one after the other. */
typedef struct Gap {
    Search *search;
    const YamlToken *before;
    Buf text;           /* of the comment that is being read */
    size_t scan, token; /* of that comment */
    size_t start;
    int start_line, start_column; /* of it, once it has a text */
    int foot_line;                /* where it must begin to be about what is before; -1: nowhere */
    bool first_empty, recent_empty;
} Gap;

static void end_comment(Gap *g, CommentKind kind, size_t token, size_t end)
{
    Search *s = g->search;

    *vec_add(s->arena, s->out) =
        (Comment){kind, token, g->scan, g->start, end, g->start_column, buf_str(&g->text)};
    g->scan = g->token = end;
    g->text = (Buf){.arena = s->arena};
}

/* At the end of a line, or of a flow collection: is the comment so far about what is before? */
static void end_line(Gap *g, size_t at, int next_indent, bool closes)
{
    bool dedented = g->start_column - 1 < next_indent;
    bool is_foot = g->start_line == g->foot_line && g->before->type != YAML_VALUE;

    if (!closes && g->recent_empty)
        return;
    if (!closes && !(g->first_empty && (is_foot || dedented))) {
        if (g->text.len && at < g->search->len)
            buf_add_char(&g->text, '\n');
    } else if (g->text.len) {
        end_comment(g, COMMENT_FOOT, dedented ? g->start : g->token, at);
    }
}

/* Take the line of a comment at AT; where it ends. */
static size_t take_line(Gap *g, size_t at, int line, int column)
{
    size_t end = line_end(g->search, at);

    if (!g->text.len) {
        g->start = at;
        g->start_line = line;
        g->start_column = column;
    } else {
        buf_add_char(&g->text, '\n');
    }
    buf_add(&g->text, slice(g->search, at, end));
    g->recent_empty = false;
    return end;
}

static void scan_gap(Gap *g, size_t mark, int column)
{
    Search *s = g->search;
    int line = line_at(s, mark), next_indent = s->indent < 0 ? 0 : s->indent;
    size_t ahead = 0;

    for (; ahead < FARTHEST; ahead++) {
        size_t at = mark + ahead;
        char c = char_at(s, at);
        bool closes = s->flow > 0 && (c == ']' || c == '}');

        column++;
        if (is_blank(c))
            continue;
        if (closes || c == '\n' || at >= s->len) {
            end_line(g, at, next_indent, closes);
            if (c != '\n')
                break;
            g->first_empty = false;
            g->recent_empty = true;
            column = 0;
            line++;
            continue;
        }
        if (g->text.len && column - 1 < next_indent && column != g->start_column)
            end_comment(g, COMMENT_FOOT, g->token, at);
        if (c != '#')
            break;
        mark = take_line(g, at, line, column);
        ahead = 0; // go-yaml goes on behind the line's end, and still counts this line
        column = 0;
        line = line_at(s, mark);
    }
    if (g->text.len)
        end_comment(g, COMMENT_HEAD, g->start, mark + ahead - 1);
}

/* go-yaml reads plain texts up to what follows, unless that is a comment on their line. */
static bool reads_on(const YamlToken *token, size_t at)
{
    return token->plain && token->end.index == at;
}

/* What is between the token BEFORE, the last of what ends at AT, and the next one. */
static void scan_between(Search *s, const YamlToken *before, size_t at)
{
    size_t hash = at, first;
    Gap g = {.search = s, .before = before, .text = {.arena = s->arena}, .foot_line = -1};
    int breaks;

    while (is_blank(char_at(s, hash)) || char_at(s, hash) == '\n')
        hash++;
    if (char_at(s, hash) != '#')
        return;
    g.scan = reads_on(before, at) ? hash : at;
    g.token = before->start.index;
    breaks = line_at(s, hash) - line_at(s, at);
    for (first = at;
         first > 0 && (is_blank(char_at(s, first - 1)) || char_at(s, first - 1) == '\n');)
        breaks += char_at(s, --first) == '\n';
    int column = column_at(s, hash);
    g.first_empty = breaks <= 1;
    if (line_at(s, g.scan) > 0)
        g.foot_line = line_at(s, hash) - breaks + 1 + (breaks == 0 && column > 1);
    scan_gap(&g, hash, column);
}

/* ---- blocks */

/* Give the end of the innermost block its place: before comments that are as deep as it is. */
static void end_block(Search *s, YamlToken *token, size_t *place)
{
    size_t stop = *place;

    for (size_t i = s->out->len; i-- > 0;) {
        const Comment *c = &s->out->items[i];

        if (c->end < stop)
            break;
        if (c->column == s->indent + 1)
            *place = c->start;
        stop = c->scan;
    }
    token->start.index = *place;
    s->indent = s->indents.len ? s->indents.items[--s->indents.len] : -1;
}

/* What stands before the token at I without a place of its own; the first of it is FROM. */
static void take_blocks(Search *s, TokenList *tokens, size_t from, size_t to, size_t scanned)
{
    const YamlToken *next = &tokens->items[to];
    bool is_last = next->type == YAML_STREAM_END; // whose own column is that of a line more
    int column = is_last ? column_at(s, next->start.index) : next->start.column;
    size_t place = scanned - (scanned > 0);
    bool at_end = false;

    for (size_t i = from; i < to; i++) {
        YamlToken *token = &tokens->items[i];

        if (token->type == YAML_BLOCK_END) {
            if (s->indent <= column && !at_end) { // the stream's end closes what is left
                place = s->len - (s->len > 0);
                at_end = true;
            }
            end_block(s, token, &place);
        } else if (token->type != YAML_KEY) {
            *vec_add(s->arena, &s->indents) = s->indent;
            s->indent = token->start.column;
        }
    }
}

static bool has_place(YamlTokenType type)
{
    return type != YAML_BLOCK_END && type != YAML_BLOCK_MAPPING_START &&
           type != YAML_BLOCK_SEQUENCE_START && type != YAML_KEY;
}

static void count_flow(Search *s, YamlTokenType type)
{
    s->flow += type == YAML_FLOW_MAPPING_START || type == YAML_FLOW_SEQUENCE_START;
    s->flow -= type == YAML_FLOW_MAPPING_END || type == YAML_FLOW_SEQUENCE_END;
}

/* Which token the comment behind TOKEN belongs to: that of ":" and "," to what is before them. */
static size_t owner_of(const Search *s, const YamlToken *token, const YamlToken *before)
{
    bool joins = s->flow ? token->type == YAML_FLOW_ENTRY : token->type == YAML_VALUE;

    return (joins ? before : token)->start.index;
}

void rewrite_find_comments(Arena *a, Str text, TokenList *tokens, CommentList *out)
{
    Search s = {.arena = a, .text = text, .out = out, .indent = -1};
    size_t at = 0, from = 1;
    const YamlToken *before = &tokens->items[0], *last = before;

    number_characters(&s);
    for (size_t i = 1; i < tokens->len; i++) {
        const YamlToken *token = &tokens->items[i];
        bool entry = before->type == YAML_FLOW_ENTRY;

        if (!has_place(token->type))
            continue;
        scan_between(&s, entry ? last : before, at);
        size_t scanned = at;
        while (reads_on(before, at) &&
               (is_blank(char_at(&s, scanned)) || char_at(&s, scanned) == '\n'))
            scanned++;
        take_blocks(&s, tokens, from, i, scanned);
        count_flow(&s, token->type);
        at = token->end.index;
        if (token->type != YAML_BLOCK_ENTRY && (at == 0 || char_at(&s, at - 1) != '\n'))
            at = scan_line(&s, at, owner_of(&s, token, before));
        last = before;
        before = token;
        from = i + 1;
    }
}
