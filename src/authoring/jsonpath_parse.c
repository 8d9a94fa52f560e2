/*
 * jsonpath_parse.c - from the text of a template to its nodes, with Go's errors and Go's ideas of
 * what is one. Source: k8s.io/client-go, util/jsonpath/parser.go.
 */
#include "authoring/jsonpath.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <string.h>

enum { END_OF_TEXT = 0x110000 }; /* no character */

typedef struct Parser {
    Arena *arena;
    Str input;
    size_t pos, start;
    size_t width;              /* of the last character */
    JsonPathNode *root, *list; /* the list: between the braces that are open */
} Parser;

static Error *parse(Arena *a, Str text, JsonPathNode **out);

static JsonPathNode *add_node(Parser *p, JsonPathNode *to, JsonPathKind kind)
{
    JsonPathNode *node = arena_new(p->arena, JsonPathNode);

    node->kind = kind;
    *vec_add(p->arena, &to->nodes) = node;
    return node;
}

static void add_value(Parser *p, JsonPathNode *to, Value v)
{
    add_node(p, to, JSONPATH_VALUE)->value = v;
}

static uint32_t next(Parser *p)
{
    p->width = 0;
    if (p->pos >= p->input.len)
        return END_OF_TEXT;
    uint32_t c = utf8_first(str_skip(p->input, p->pos), &p->width);
    p->pos += p->width;
    return c;
}

static void back(Parser *p)
{
    p->pos -= p->width;
}

/* The text since the last such call. */
static Str consume(Parser *p)
{
    Str text = str_slice(p->input, p->start, p->pos);

    p->start = p->pos;
    return text;
}

static bool ahead(const Parser *p, const char *text)
{
    return str_starts(str_skip(p->input, p->pos), str_from(text));
}

static bool is_line_end(uint32_t c)
{
    return c == '\r' || c == '\n';
}

static bool is_terminator(uint32_t c)
{
    return c == END_OF_TEXT || is_line_end(c) || (c < 0x80 && c && strchr(" \t.,[]$@{}", (int)c));
}

static bool is_word_character(uint32_t c)
{
    return c == '_' || (c != END_OF_TEXT && (rune_is_letter(c) || rune_is_digit(c)));
}

/* The nodes of what stands between braces, as if it were a template of its own. */
static Error *parse_action(Parser *p, Str text, JsonPathNode **out)
{
    JsonPathNode *root;

    TRY(parse(p->arena, str_format(p->arena, "{%.*s}", STR_ARG(text)), &root));
    *out = root->nodes.items[0];
    return NULL;
}

static Error *parse_word(Parser *p)
{
    while (!is_terminator(next(p)))
        ;
    back(p);
    Str word = consume(p);
    if (str_is(word, "true") || str_is(word, "false"))
        add_value(p, p->list, value_bool(str_is(word, "true")));
    else
        add_node(p, p->list, JSONPATH_WORD)->text = word;
    return NULL;
}

static Error *parse_number(Parser *p)
{
    uint32_t c = next(p);
    int64_t whole;
    double real;

    if (c != '+' && c != '-')
        back(p);
    do
        c = next(p);
    while (c == '.' || (c != END_OF_TEXT && rune_is_digit(c)));
    back(p);
    Str text = consume(p);
    if (number_parse_int(text, 10, &whole) == NUMBER_OK)
        add_value(p, p->list, value_int(whole));
    else if (number_parse_float(text, &real) == NUMBER_OK)
        add_value(p, p->list, value_float(real));
    else
        return error_new(ERROR_USAGE, "cannot parse number %.*s", STR_ARG(text));
    return NULL;
}

static Str without_backslashes(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\\')
            buf_add_char(&b, text.ptr[i]);
    return buf_str(&b);
}

static Error *parse_field(Parser *p)
{
    consume(p);
    for (uint32_t c = next(p); !is_terminator(c); c = next(p))
        if (c == '\\')
            next(p);
    back(p);
    Str name = consume(p);
    if (str_is(name, "*"))
        add_node(p, p->list, JSONPATH_ALL);
    else
        add_node(p, p->list, JSONPATH_FIELD)->text = without_backslashes(p->arena, name);
    return NULL;
}

static Error *parse_deep(Parser *p)
{
    const JsonPathNodeList *nodes = &p->list->nodes;

    if (nodes->len && nodes->items[nodes->len - 1]->kind == JSONPATH_DEEP)
        return error_new(ERROR_USAGE, "invalid multiple recursive descent");
    p->pos += 2;
    consume(p);
    add_node(p, p->list, JSONPATH_DEEP);
    uint32_t c = next(p);
    back(p);
    return is_word_character(c) ? parse_field(p) : NULL;
}

/* [1,'a',2:3]: each as if it stood alone. */
static Error *parse_union(Parser *p, Str text)
{
    JsonPathNode *node = add_node(p, p->list, JSONPATH_UNION), *part;
    bool more = true;

    while (more) {
        Str item;

        more = str_cut(&text, ',', &item);
        while (item.len && item.ptr[0] == ' ')
            item = str_skip(item, 1);
        while (item.len && item.ptr[item.len - 1] == ' ')
            item.len--;
        TRY(parse_action(p, str_format(p->arena, "[%.*s]", STR_ARG(item)), &part));
        *vec_add(p->arena, &node->nodes) = part;
    }
    return NULL;
}

/* ['name'] is .name */
static Error *parse_key(Parser *p, Str name)
{
    JsonPathNode *action;

    TRY(parse_action(p, str_format(p->arena, ".%.*s", STR_ARG(name)), &action));
    for (size_t i = 0; i < action->nodes.len; i++)
        *vec_add(p->arena, &p->list->nodes) = action->nodes.items[i];
    return NULL;
}

static bool is_index(Str text)
{
    size_t i = text.len && text.ptr[0] == '-';

    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
        i++;
    return i == text.len;
}

static Error *parse_index(Str text, JsonPathIndex *index)
{
    index->known = true;
    if (number_parse_int(text, 10, &index->value) != NUMBER_OK)
        return error_new(ERROR_USAGE, "array index %.*s is not a number", STR_ARG(text));
    return NULL;
}

/* [from:to:step], of which each may be missing. */
static Error *parse_slice(Parser *p, Str text)
{
    Str parts[3] = {0}, rest = text;
    size_t count = 0;

    for (bool more = true; more; count++) {
        Str part;

        more = str_cut(&rest, ':', &part);
        if (count == COUNT(parts) || !is_index(part))
            return error_new(ERROR_USAGE, "invalid array index %.*s", STR_ARG(text));
        parts[count] = part;
    }
    JsonPathNode *node = add_node(p, p->list, JSONPATH_SLICE);
    JsonPathIndex *to = &node->indexes[1];
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].len)
            TRY(parse_index(parts[i], &node->indexes[i]));
    if (count == 1)
        *to = (JsonPathIndex){true, true, (int64_t)((uint64_t)node->indexes[0].value + 1)};
    return NULL;
}

static Error *parse_array(Parser *p)
{
    uint32_t c;

    while ((c = next(p)) != ']')
        if (c == END_OF_TEXT || c == '\n')
            return error_new(ERROR_USAGE, "unterminated array");
    Str text = consume(p);
    text = str_slice(text, 1, text.len - 1);
    if (str_find_char(text, ',') != STR_NONE)
        return parse_union(p, text);
    if (text.len >= 2 && text.ptr[0] == '\'' && text.ptr[text.len - 1] == '\'' &&
        str_count_char(text, '\'') == 2)
        return parse_key(p, str_slice(text, 1, text.len - 1));
    return parse_slice(p, str_is(text, "*") ? STR(":") : text);
}

static size_t operator_span(Str text, size_t from, bool operators)
{
    size_t i = from;

    while (i < text.len && (strchr("!<>=", text.ptr[i]) && text.ptr[i]) == operators)
        i++;
    return i;
}

/* LEFT OPERATOR RIGHT, or LEFT alone: whether there is such a thing. */
static Error *add_filter(Parser *p, Str text)
{
    size_t left = operator_span(text, 0, false), right = operator_span(text, left, true);
    JsonPathNode *filter = add_node(p, p->list, JSONPATH_FILTER), *side;

    if (right == text.len && right > left)
        right--; // the operator leaves one character to what is behind it
    if (!left || right <= left) {
        TRY(parse_action(p, text, &side));
        *vec_add(p->arena, &filter->nodes) = side;
        return NULL;
    }
    filter->text = str_slice(text, left, right);
    TRY(parse_action(p, str_slice(text, 0, left), &side));
    *vec_add(p->arena, &filter->nodes) = side;
    TRY(parse_action(p, str_skip(text, right), &side));
    *vec_add(p->arena, &filter->nodes) = side;
    return NULL;
}

/* [?(…)]: up to the first parenthesis that is not in quotes. */
static Error *parse_filter(Parser *p)
{
    bool begun = false, ended = false;
    uint32_t quote = 0, c;

    p->pos += strlen("[?(");
    consume(p);
    while ((c = next(p)) != ')' || begun != ended) {
        if (c == END_OF_TEXT || c == '\n')
            return error_new(ERROR_USAGE, "unterminated filter");
        if (c != '"' && c != '\'')
            continue;
        if (begun && c == quote && p->input.ptr[p->pos - 2] != '\\')
            ended = true;
        if (!begun)
            quote = c;
        begun = true;
    }
    if (next(p) != ']')
        return error_new(ERROR_USAGE, "unclosed array expect ]");
    Str text = consume(p);
    return add_filter(p, str_slice(text, 0, text.len - 2));
}

/* A quoted text; in single quotes it is one, too. */
static Error *parse_quote(Parser *p, uint32_t end)
{
    uint32_t c;

    do {
        c = next(p);
        if (c == END_OF_TEXT || c == '\n')
            return error_new(ERROR_USAGE, "unterminated quoted string");
    } while (c != end || p->input.ptr[p->pos - 2] == '\\');
    Str literal = consume(p), text = str_slice(literal, 1, literal.len - 1);
    if (str_find_char(text, '\\') != STR_NONE && !quote_read(p->arena, literal, &text))
        return error_new(ERROR_USAGE, "unquote string %.*s error invalid syntax", STR_ARG(literal));
    add_value(p, p->list, value_string(text));
    return NULL;
}

static Error *unrecognized(uint32_t c)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    if (rune_is_print(c)) {
        buf_add_c(&b, " '");
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
    }
    return error_new(ERROR_USAGE, "unrecognized character in action: U+%04X%.*s", c,
                     STR_ARG(buf_str(&b)));
}

static Error *parse_character(Parser *p)
{
    uint32_t c = next(p);

    if (c == END_OF_TEXT || is_line_end(c))
        return error_new(ERROR_USAGE, "unclosed action");
    if (c == ' ' || c == '@' || c == '$') {
        consume(p);
        return NULL;
    }
    if (c == '[')
        return parse_array(p);
    if (c == '"' || c == '\'')
        return parse_quote(p, c);
    if (c == '.')
        return parse_field(p);
    if (c != '+' && c != '-' && !is_word_character(c))
        return unrecognized(c);
    back(p);
    return c == '+' || c == '-' || rune_is_digit(c) ? parse_number(p) : parse_word(p);
}

/* What is between braces, and the brace that closes it. */
static Error *parse_inside(Parser *p)
{
    p->list = add_node(p, p->root, JSONPATH_LIST);
    while (!ahead(p, "}")) {
        if (ahead(p, "[?("))
            TRY(parse_filter(p));
        else if (ahead(p, ".."))
            TRY(parse_deep(p));
        else
            TRY(parse_character(p));
    }
    p->pos++;
    consume(p);
    return NULL;
}

static Error *parse(Arena *a, Str text, JsonPathNode **out)
{
    Parser p = {.arena = a, .input = text};

    p.root = arena_new(a, JsonPathNode);
    while (p.pos < text.len) {
        size_t brace = str_find_char(str_skip(text, p.pos), '{');

        p.pos = brace == STR_NONE ? text.len : p.pos + brace;
        if (p.pos > p.start)
            add_value(&p, p.root, value_string(consume(&p)));
        if (brace == STR_NONE)
            break;
        p.pos++;
        consume(&p);
        TRY(parse_inside(&p));
    }
    *out = p.root;
    return NULL;
}

Error *jsonpath_parse(Arena *a, Str template, const JsonPathNode **out)
{
    JsonPathNode *root;

    TRY(error_wrap(parse(a, template, &root), "error parsing jsonpath %.*s", STR_ARG(template)));
    *out = root;
    return NULL;
}
