/*
 * parse.c - recursive descent over the lexer's tokens. Source: Go,
 * text/template/parse/parse.go; the functions have its names and the same order of looking
 * at tokens, so that the same texts are refused, and on the same line.
 */
#include "templating/parse.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/stack.h"
#include "base/utf8.h"
#include "templating/engine.h"
#include "templating/lex.h"

#include <ctype.h>
#include <string.h>

enum { MOST_PARENS = 10000 }; /* Go's maxStackDepth */

typedef VEC(Node *) NodeStack;

/* Parsing of one tree; those of {{ define }} and {{ block }} share the lexer. */
typedef struct Parser {
    Arena *arena;
    const TemplateEngine *engine;
    const Source *source;
    Lexer *lexer;
    TreeList *trees;
    Token token[3]; /* looked ahead */
    int peeked;
    NodeStack *nodes;   /* of the lists that are not complete yet */
    StrList *variables; /* of this tree those from FRAME on */
    size_t frame;
    const char *action; /* the {{ that is open, in the source; NULL: none */
    int range_depth, paren_depth;
} Parser;

static Error *pipeline(Parser *p, const char *context, TokenKind end, Node **out) MUST_CHECK;
static Error *item_list(Parser *p, Node **list, Node **next) MUST_CHECK;

/* What these return is valid until the next token is read. */
static const Token *next(Parser *p)
{
    if (p->peeked > 0)
        p->peeked--;
    else
        lex_next(p->lexer, &p->token[0]);
    return &p->token[p->peeked];
}

static void backup(Parser *p)
{
    p->peeked++;
}

static void backup2(Parser *p, Token t1)
{
    p->token[1] = t1;
    p->peeked = 2;
}

static void backup3(Parser *p, Token t2, Token t1)
{
    p->token[1] = t1;
    p->token[2] = t2;
    p->peeked = 3;
}

static const Token *peek(Parser *p)
{
    if (p->peeked == 0) {
        p->peeked = 1;
        lex_next(p->lexer, &p->token[0]);
    }
    return &p->token[p->peeked - 1];
}

static const Token *next_non_space(Parser *p)
{
    const Token *token = next(p);

    while (token->kind == TOKEN_SPACE)
        token = next(p);
    return token;
}

static const Token *peek_non_space(Parser *p)
{
    const Token *token = next_non_space(p);

    backup(p);
    return token;
}

/* Where the token is that was read last. Go knows its line only; the column is for people. */
static Place here(const Parser *p)
{
    return source_place(p->source, p->token[0].at);
}

static unsigned line_of(const Parser *p, const char *at)
{
    return (unsigned)source_place(p->source, (uint32_t)(at - p->source->text.ptr)).line;
}

static const char unexpected_end[] = "unexpected EOF";

#define FAIL(p, ...) error_source(error_at(here(p), __VA_ARGS__), (p)->source->text)

static const char *token_text(const Parser *p, Token token)
{
    Buf b = {.arena = p->arena};

    if (token.kind == TOKEN_END)
        return "EOF";
    if (token.kind >= TOKEN_BLOCK || token.kind == TOKEN_NIL)
        return str_format(p->arena, "<%.*s>", STR_ARG(token.text)).ptr;
    if (token.text.len > 40)
        token.text.len = 40;
    quote_add(&b, token.text, false);
    return str_c(p->arena, buf_str(&b));
}

static bool is_path_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* ERR is about a field at AT, behind whose name there is a "-": `.Values.my-name`. */
static Error *advise_hyphen(const Parser *p, Error *err, size_t at)
{
    Str text = p->source->text;
    size_t begin = at, end = at + 1;

    while (end < text.len && (isalnum((unsigned char)text.ptr[end]) || text.ptr[end] == '_'))
        end++;
    if (at >= text.len || text.ptr[at] != '.' || end >= text.len || text.ptr[end] != '-')
        return err;
    while (end < text.len && text.ptr[end] != '.' &&
           (is_path_char(text.ptr[end]) || text.ptr[end] == '-'))
        end++;
    while (begin && is_path_char(text.ptr[begin - 1]))
        begin--;
    if (begin && text.ptr[begin - 1] == ')')
        return err;
    Str of = str_slice(text, begin, at), name = str_slice(text, at + 1, end);
    return error_hint(err, "a key with \"-\" in it is written (index %.*s \"%.*s\")",
                      STR_ARG(of.len ? of : STR(".")), STR_ARG(name));
}

static Error *unexpected(Parser *p, Token token, const char *context)
{
    if (token.kind != TOKEN_ERROR)
        return FAIL(p, "unexpected %s in %s", token_text(p, token), context);
    if (p->action && line_of(p, p->action) != line_of(p, p->source->text.ptr + token.at))
        return FAIL(p, "%.*s, which starts in line %u", STR_ARG(token.text), line_of(p, p->action));
    return advise_hyphen(p, FAIL(p, "%.*s", STR_ARG(token.text)), token.at);
}

static Error *expect(Parser *p, TokenKind kind, const char *context, Token *out)
{
    *out = *next_non_space(p);
    return out->kind == kind ? NULL : unexpected(p, *out, context);
}

#define SIZE_TO(member) (offsetof(Node, member) + sizeof(((Node *)NULL)->member))

/* The bytes of a node of KIND: templates of a chart have very many. */
static size_t node_size(NodeKind kind)
{
    switch (kind) {
    case NODE_TEXT:
    case NODE_STRING:
        return SIZE_TO(text);
    case NODE_ACTION:
        return SIZE_TO(pipe);
    case NODE_IF:
    case NODE_WITH:
    case NODE_RANGE:
        return SIZE_TO(otherwise);
    case NODE_TEMPLATE:
        return SIZE_TO(template);
    case NODE_LIST:
        return SIZE_TO(list);
    case NODE_PIPE:
        return SIZE_TO(pipeline);
    case NODE_COMMAND:
        return SIZE_TO(command);
    case NODE_FIELD:
    case NODE_VARIABLE:
    case NODE_CHAIN:
        return SIZE_TO(field);
    case NODE_FUNCTION:
        return SIZE_TO(callee);
    case NODE_BOOL:
        return SIZE_TO(boolean);
    case NODE_NUMBER:
        return SIZE_TO(number);
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_DOT:
    case NODE_NIL:
    case NODE_ELSE:
    case NODE_END:
        break;
    }
    return offsetof(Node, text);
}

static Node *new_node(Parser *p, NodeKind kind, uint32_t at)
{
    Node *node = arena_alloc(p->arena, 1, node_size(kind), alignof(Node));

    node->kind = kind;
    node->at = at;
    return node;
}

/* The nodes that were put on the stack since it had MARK of them. */
static NodeList take_nodes(Parser *p, size_t mark)
{
    NodeList list = {NULL, p->nodes->len - mark};

    if (!list.len)
        return list;
    list.items = arena_array(p->arena, Node *, list.len);
    memcpy(list.items, p->nodes->items + mark, list.len * sizeof(Node *));
    p->nodes->len = mark;
    return list;
}

static void put_node(Parser *p, Node *node)
{
    *vec_add(p->arena, p->nodes) = node;
}

static bool is_blank(Str text)
{
    size_t width;

    for (; text.len; text = str_skip(text, width))
        if (!rune_is_space(utf8_first(text, &width)))
            return false;
    return true;
}

static bool is_empty(const Node *list)
{
    for (size_t i = 0; i < list->list.len; i++)
        if (list->list.items[i]->kind != NODE_TEXT || !is_blank(list->list.items[i]->text))
            return false;
    return true;
}

/* A tree of the same name in the same text may only be an empty one. */
static Error *add_tree(Parser *p, Tree *tree)
{
    tree->empty = is_empty(tree->root);
    for (size_t i = 0; i < p->trees->len; i++) {
        Tree *old = p->trees->items[i];

        if (!str_equal(old->name, tree->name) || !old->root)
            continue;
        if (old->empty)
            *old = *tree;
        else if (!tree->empty)
            return FAIL(p, "multiple definition of template \"%.*s\"", STR_ARG(tree->name));
        return NULL;
    }
    *vec_add(p->arena, p->trees) = tree;
    return NULL;
}

/* A parser for a template inside the text of P. */
static Parser inner(const Parser *p)
{
    Parser q = *p;

    q.peeked = 0;
    q.frame = q.variables->len;
    *vec_add(q.arena, q.variables) = STR("$");
    q.action = NULL;
    q.range_depth = q.paren_depth = 0;
    return q;
}

static bool is_unexpected_end(const Error *err)
{
    return err && strcmp(error_message(err), unexpected_end) == 0;
}

/* The body of a {{ define }} or {{ block }}; what is wrong with its end, OUTER reports. */
static Error *definition_body(Parser *p, const Parser *outer, Str name, const char *context)
{
    Tree *tree = arena_new(p->arena, Tree);
    Node *end;

    *tree = (Tree){.name = name, .source = p->source};
    Error *err = item_list(p, &tree->root, &end);
    if (err && is_unexpected_end(err))
        return error_hint(err, "%s \"%.*s\" has no {{ end }}", context, STR_ARG(name));
    TRY(err);
    if (end->kind != NODE_END)
        return FAIL(outer, "unexpected {{else}} in %s", context);
    p->variables->len = p->frame;
    return add_tree(p, tree);
}

static Error *template_name(Parser *p, const char *context, Str *out)
{
    Token token = *next_non_space(p);

    if (token.kind != TOKEN_STRING && token.kind != TOKEN_RAW_STRING)
        return unexpected(p, token, context);
    if (!quote_read(p->arena, token.text, out))
        return FAIL(p, "invalid syntax in the string %.*s", STR_ARG(token.text));
    return NULL;
}

/* {{ define "name" }} list {{ end }}; the keyword is past. */
static Error *parse_definition(Parser *outer)
{
    static const char context[] = "define clause";
    Parser p = inner(outer);
    Token token;
    Str name;

    TRY(template_name(&p, context, &name));
    TRY(expect(&p, TOKEN_RIGHT, context, &token));
    return definition_body(&p, &p, name, context);
}

static bool declared(const Parser *p, Str name)
{
    for (size_t i = p->frame; i < p->variables->len; i++)
        if (str_equal(p->variables->items[i], name))
            return true;
    return false;
}

/* NODE's only name. */
static void set_name(Parser *p, Node *node, Str name)
{
    Str *names = arena_new(p->arena, Str);

    *names = name;
    node->field.names = names;
    node->field.len = 1;
}

static Node *new_variable(Parser *p, Token token)
{
    Node *node = new_node(p, NODE_VARIABLE, token.at);

    set_name(p, node, token.text);
    return node;
}

static Error *use_variable(Parser *p, Token token, Node **out)
{
    *out = new_variable(p, token);
    if (declared(p, (*out)->field.names[0]))
        return NULL;
    Str name = (*out)->field.names[0];
    return FAIL(p, "undefined variable \"%.*s\"", STR_ARG(name));
}

static void set_float(NumberNode *n, double real)
{
    n->is_float = true;
    n->real = real;
    if (!n->is_int && real >= -0x1p63 && real < 0x1p63 && (double)(int64_t)real == real) {
        n->is_int = true;
        n->integer = (int64_t)real;
    }
    if (!n->is_uint && real >= 0 && real < 0x1p64 && (double)(uint64_t)real == real) {
        n->is_uint = true;
        n->natural = (uint64_t)real;
    }
}

static bool has_any(Str text, const char *chars)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(chars, text.ptr[i]))
            return true;
    return false;
}

static bool read_complex(Str text, NumberNode *n)
{
    size_t split = text.len - 1;
    double imaginary = 0, real = 0;

    while (split > 0 && !((text.ptr[split] == '+' || text.ptr[split] == '-') &&
                          !strchr("eEpP", text.ptr[split - 1])))
        split--;
    if (number_parse_float(str_slice(text, split, text.len - 1), &imaginary) != NUMBER_OK)
        return false;
    if (split && number_parse_float(str_slice(text, 0, split), &real) != NUMBER_OK)
        return false;
    n->is_complex = true;
    n->imaginary = imaginary;
    n->real = real;
    if (imaginary == 0)
        set_float(n, real);
    return true;
}

/* TEXT as a number of all types it can have; none where it is malformed, or too large. */
static void read_number(Str text, NumberNode *n)
{
    double real;

    if (text.ptr[text.len - 1] == 'i' && read_complex(text, n))
        return;
    n->is_uint = number_parse_uint(text, 0, &n->natural) == NUMBER_OK;
    n->is_int = number_parse_int(text, 0, &n->integer) == NUMBER_OK;
    if (n->is_int && n->integer == 0)
        n->is_uint = true; // -0
    if (n->is_int || n->is_uint) {
        n->is_float = true;
        n->real = n->is_int ? (double)n->integer : (double)n->natural;
    } else if (has_any(text, ".eEpP") && number_parse_float(text, &real) == NUMBER_OK) {
        set_float(n, real);
    }
}

/* Source: Go, text/template/exec.go, idealConstant. */
static Value constant_of(const NumberNode *n)
{
    Str text = n->text;
    bool hex =
        text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x' && !has_any(text, "pP");

    if (n->is_complex)
        return (Value){.kind = VALUE_COMPLEX, .complex = {n->real, n->imaginary}};
    if (n->is_float && !hex && text.ptr[0] != '\'' && has_any(text, ".eEpP"))
        return value_float(n->real);
    return n->is_int ? value_int(n->integer) : value_missing();
}

static Error *new_number(Parser *p, Token token, Node **out)
{
    Node *node = *out = new_node(p, NODE_NUMBER, token.at);
    NumberNode *n = node->number = arena_new(p->arena, NumberNode);
    uint32_t rune;

    n->text = token.text;
    if (token.kind == TOKEN_CHAR_CONSTANT) {
        if (!quote_read_char(token.text, &rune))
            return FAIL(p, "malformed character constant: %.*s", STR_ARG(token.text));
        *n =
            (NumberNode){true, true, true, false, rune, rune, rune, 0, value_int(rune), token.text};
        return NULL;
    }
    read_number(token.text, n);
    n->constant = constant_of(n);
    if (!n->is_int && !n->is_uint && !n->is_float && !n->is_complex)
        return FAIL(p, "no number, or too large a one: \"%.*s\"", STR_ARG(token.text));
    return NULL;
}

/* What is no function may be YAML, behind an action that was not closed: then it is a key. */
static Error *no_function(Parser *p, Token token)
{
    Error *err = FAIL(p, "function \"%.*s\" not defined", STR_ARG(token.text));
    const char *near = engine_nearest_function(p->engine, token.text);
    Str rest = str_skip(p->source->text, token.at + token.text.len);
    bool goes_on = p->action && line_of(p, p->action) < line_of(p, p->source->text.ptr + token.at);

    if (goes_on && (!near || str_starts(rest, STR(":"))))
        return error_hint(err, "the {{ in line %u has no }}", line_of(p, p->action));
    return near ? error_hint(err, "did you mean \"%s\"?", near) : err;
}

static Error *use_function(Parser *p, Token token, Node **out)
{
    const Callee *callee = engine_callee(p->engine, token.text);

    if (!callee)
        return no_function(p, token);
    *out = new_node(p, NODE_FUNCTION, token.at);
    (*out)->callee = callee;
    return NULL;
}

static Error *parenthesized(Parser *p, Node **out)
{
    if (p->paren_depth >= MOST_PARENS || stack_low())
        return FAIL(p, "max expression depth exceeded");
    p->paren_depth++;
    TRY(pipeline(p, "parenthesized pipeline", TOKEN_CLOSE, out));
    p->paren_depth--;
    return NULL;
}

/* literal | function | . | .Field | $ | '(' pipeline ')'; *OUT is NULL where none is. */
static Error *term(Parser *p, Node **out)
{
    Token token = *next_non_space(p);
    Str text;

    switch (token.kind) {
    case TOKEN_IDENTIFIER:
        return use_function(p, token, out);
    case TOKEN_DOT:
        *out = new_node(p, NODE_DOT, token.at);
        return NULL;
    case TOKEN_NIL:
        *out = new_node(p, NODE_NIL, token.at);
        return NULL;
    case TOKEN_VARIABLE:
        return use_variable(p, token, out);
    case TOKEN_FIELD:
        *out = new_node(p, NODE_FIELD, token.at);
        set_name(p, *out, str_skip(token.text, 1));
        return NULL;
    case TOKEN_BOOL:
        *out = new_node(p, NODE_BOOL, token.at);
        (*out)->boolean = str_is(token.text, "true");
        return NULL;
    case TOKEN_CHAR_CONSTANT:
    case TOKEN_COMPLEX:
    case TOKEN_NUMBER:
        return new_number(p, token, out);
    case TOKEN_OPEN:
        return parenthesized(p, out);
    case TOKEN_STRING:
    case TOKEN_RAW_STRING:
        if (!quote_read(p->arena, token.text, &text))
            return FAIL(p, "invalid syntax in the string %.*s", STR_ARG(token.text));
        *out = new_node(p, NODE_STRING, token.at);
        (*out)->text = text;
        return NULL;
    default:
        backup(p);
        *out = NULL;
        return NULL;
    }
}

/* The names of the .Field tokens that follow, behind those that NODE has already. */
static void take_names(Parser *p, Node *node)
{
    enum { USUAL = 16 };
    Str usual[USUAL], *names = usual;
    size_t len = node->field.len, room = USUAL;

    for (size_t i = 0; i < len; i++) // one at most: the field or the variable itself
        names[i] = node->field.names[i];
    while (peek(p)->kind == TOKEN_FIELD) {
        if (len == room) {
            room *= 2;
            Str *more = arena_array(p->arena, Str, room);
            memcpy(more, names, len * sizeof(*names));
            names = more;
        }
        names[len++] = str_skip(next(p)->text, 1);
    }
    node->field.names = names == usual
                            ? memcpy(arena_array(p->arena, Str, len), usual, len * sizeof(*names))
                            : names;
    node->field.len = len;
}

/* term .Field*; *OUT is NULL where none is. */
static Error *operand(Parser *p, Node **out)
{
    TRY(term(p, out));

    Node *node = *out;
    if (!node || peek(p)->kind != TOKEN_FIELD)
        return NULL;
    uint32_t chain_at = peek(p)->at;
    switch (node->kind) {
    case NODE_BOOL:
    case NODE_STRING:
    case NODE_NUMBER:
    case NODE_NIL:
    case NODE_DOT:
        take_names(p, new_node(p, NODE_CHAIN, chain_at));
        return FAIL(p, "unexpected . after a literal or the dot");
    case NODE_FIELD:
    case NODE_VARIABLE:
        node->at = chain_at; // as Go's, whose new node is where the chain is
        break;
    default:
        *out = new_node(p, NODE_CHAIN, chain_at);
        (*out)->field.of = node;
        break;
    }
    take_names(p, *out);
    return NULL;
}

/* operand (space operand)*, up to a pipe, which is consumed, or a right delimiter, which is not. */
static Error *command(Parser *p, Node **out)
{
    Node *node = *out = new_node(p, NODE_COMMAND, peek_non_space(p)->at);
    size_t mark = p->nodes->len;
    Node *argument;
    const Token *token;

    do {
        peek_non_space(p);
        TRY(operand(p, &argument));
        if (argument)
            put_node(p, argument);
        token = next(p);
    } while (token->kind == TOKEN_SPACE);
    if (token->kind == TOKEN_RIGHT || token->kind == TOKEN_CLOSE)
        backup(p);
    else if (token->kind != TOKEN_PIPE)
        return unexpected(p, *token, "operand");
    node->command = take_nodes(p, mark);
    if (node->command.len == 0)
        return FAIL(p, "empty command");
    return NULL;
}

static void declare(Parser *p, Token variable)
{
    put_node(p, new_variable(p, variable));
    *vec_add(p->arena, p->variables) = variable.text;
}

/* `$x :=`, `$x =`, or in a range `$i, $x :=`, in front of a pipeline. */
static Error *declarations(Parser *p, const char *context, Node *pipe)
{
    size_t mark = p->nodes->len;

    while (peek_non_space(p)->kind == TOKEN_VARIABLE) {
        Token variable = *next_non_space(p), behind = *peek(p), token = *peek_non_space(p);

        if (token.kind == TOKEN_ASSIGN || token.kind == TOKEN_DECLARE) {
            pipe->pipeline.assigns = token.kind == TOKEN_ASSIGN;
            next_non_space(p);
            declare(p, variable);
            break;
        }
        if (token.kind != TOKEN_CHAR || !str_is(token.text, ",")) {
            if (behind.kind == TOKEN_SPACE)
                backup3(p, variable, behind);
            else
                backup2(p, variable);
            break;
        }
        next_non_space(p);
        declare(p, variable);
        if (strcmp(context, "range") != 0 || p->nodes->len - mark >= 2)
            return FAIL(p, "too many declarations in %s", context);
        TokenKind kind = peek_non_space(p)->kind;
        if (kind != TOKEN_VARIABLE && kind != TOKEN_RIGHT && kind != TOKEN_CLOSE)
            return FAIL(p, "range can only initialize variables");
    }
    pipe->pipeline.variables = take_nodes(p, mark);
    return NULL;
}

static Error *check_pipeline(Parser *p, const Node *pipe, const char *context)
{
    if (pipe->pipeline.commands.len == 0)
        return FAIL(p, "missing value for %s", context);
    for (size_t i = 1; i < pipe->pipeline.commands.len; i++) {
        NodeKind kind = pipe->pipeline.commands.items[i]->command.items[0]->kind;

        if (kind == NODE_BOOL || kind == NODE_DOT || kind == NODE_NIL || kind == NODE_NUMBER ||
            kind == NODE_STRING)
            return FAIL(p, "non executable command in pipeline stage %zu", i + 1);
    }
    return NULL;
}

static bool starts_command(TokenKind kind)
{
    return kind == TOKEN_OPEN || (kind >= TOKEN_BOOL && kind <= TOKEN_NIL);
}

/* declarations? command ('|' command)*, up to END. */
static Error *pipeline(Parser *p, const char *context, TokenKind end, Node **out)
{
    Node *pipe = *out = new_node(p, NODE_PIPE, peek_non_space(p)->at), *node;
    size_t mark = p->nodes->len;
    const Token *token;

    TRY(declarations(p, context, pipe));
    while (token = next_non_space(p), token->kind != end) {
        if (!starts_command(token->kind))
            return unexpected(p, *token, context);
        backup(p);
        TRY(command(p, &node));
        put_node(p, node);
    }
    pipe->pipeline.commands = take_nodes(p, mark);
    return check_pipeline(p, pipe, context);
}

static Error *control(Parser *p, NodeKind kind, uint32_t at, Node **out) MUST_CHECK;

/* The same for what {{ WORD }} at AT begins: where that has no end, it is told which has none. */
static Error *body(Parser *p, const char *word, uint32_t at, Node **list, Node **after)
{
    Error *err = item_list(p, list, after);

    if (!is_unexpected_end(err))
        return err;
    return error_hint(err, "{{ %s }} of line %d has no {{ end }}", word,
                      source_place(p->source, at).line);
}

/* What follows {{ else }}: of an {{ else if }} the `if` is still to be read. */
static Error *else_list(Parser *p, NodeKind kind, uint32_t at, Node **out)
{
    TokenKind chained = kind == NODE_IF ? TOKEN_IF : TOKEN_WITH;
    Node *end;

    if (kind != NODE_RANGE && peek(p)->kind == chained) {
        Node *list = *out = new_node(p, NODE_LIST, at), *node;

        next(p);
        TRY(control(p, kind, at, &node));
        put_node(p, node);
        list->list = take_nodes(p, p->nodes->len - 1);
        return NULL;
    }
    TRY(body(p, "else", at, out, &end));
    if (end->kind != NODE_END)
        return FAIL(p, "expected end; found {{else}}");
    return NULL;
}

/* {{ if|with|range pipeline }} list [{{ else }} list] {{ end }}; the keyword is past. */
static Error *control(Parser *p, NodeKind kind, uint32_t at, Node **out)
{
    static const char *const contexts[] = {
        [NODE_IF] = "if", [NODE_WITH] = "with", [NODE_RANGE] = "range"};
    Node *node = *out = new_node(p, kind, at), *after;
    size_t variables = p->variables->len;

    TRY(pipeline(p, contexts[kind], TOKEN_RIGHT, &node->pipe));
    node->at = node->pipe->at;
    p->range_depth += kind == NODE_RANGE;
    TRY(body(p, contexts[kind], at, &node->then, &after));
    p->range_depth -= kind == NODE_RANGE;
    if (after->kind == NODE_ELSE)
        TRY(else_list(p, kind, after->at, &node->otherwise));
    p->variables->len = variables;
    return NULL;
}

static Error *loop_exit(Parser *p, NodeKind kind, uint32_t at, Node **out)
{
    const char *word = kind == NODE_BREAK ? "{{break}}" : "{{continue}}";
    Token token = *next_non_space(p);

    if (token.kind != TOKEN_RIGHT)
        return unexpected(p, token, word);
    if (p->range_depth == 0)
        return FAIL(p, "%s outside {{range}}", word);
    *out = new_node(p, kind, at);
    return NULL;
}

static Error *end_control(Parser *p, Node **out)
{
    Token token;

    TRY(expect(p, TOKEN_RIGHT, "end", &token));
    *out = new_node(p, NODE_END, token.at);
    return NULL;
}

static Error *else_control(Parser *p, Node **out)
{
    Token token = *peek_non_space(p);

    if (token.kind != TOKEN_IF && token.kind != TOKEN_WITH)
        TRY(expect(p, TOKEN_RIGHT, "else", &token));
    *out = new_node(p, NODE_ELSE, token.at);
    return NULL;
}

/* {{ block "name" pipeline }} list {{ end }}: a definition, and its use. */
static Error *block_control(Parser *p, Node **out)
{
    static const char context[] = "block clause";
    Node *node = *out = new_node(p, NODE_TEMPLATE, peek_non_space(p)->at);

    TRY(template_name(p, context, &node->template.name));
    TRY(pipeline(p, context, TOKEN_RIGHT, &node->template.argument));
    Parser block = inner(p);
    return definition_body(&block, p, node->template.name, context);
}

/* {{ template "name" [pipeline] }} */
static Error *template_control(Parser *p, Node **out)
{
    static const char context[] = "template clause";
    Node *node = *out = new_node(p, NODE_TEMPLATE, peek_non_space(p)->at);

    TRY(template_name(p, context, &node->template.name));
    if (next_non_space(p)->kind == TOKEN_RIGHT)
        return NULL;
    backup(p);
    return pipeline(p, context, TOKEN_RIGHT, &node->template.argument);
}

/* What stands in {{ }}; the left delimiter is past. */
static Error *action(Parser *p, Node **out)
{
    Token token = *next_non_space(p);

    switch (token.kind) {
    case TOKEN_BLOCK:
        return block_control(p, out);
    case TOKEN_BREAK:
    case TOKEN_CONTINUE:
        return loop_exit(p, token.kind == TOKEN_BREAK ? NODE_BREAK : NODE_CONTINUE, token.at, out);
    case TOKEN_ELSE:
        return else_control(p, out);
    case TOKEN_STOP:
        return end_control(p, out);
    case TOKEN_IF:
        return control(p, NODE_IF, token.at, out);
    case TOKEN_RANGE:
        return control(p, NODE_RANGE, token.at, out);
    case TOKEN_WITH:
        return control(p, NODE_WITH, token.at, out);
    case TOKEN_TEMPLATE:
        return template_control(p, out);
    default:
        backup(p);
        *out = new_node(p, NODE_ACTION, peek(p)->at);
        return pipeline(p, "command", TOKEN_RIGHT, &(*out)->pipe);
    }
}

static Error *text_or_action(Parser *p, Node **out)
{
    Token token = *next_non_space(p);

    if (token.kind == TOKEN_TEXT) {
        *out = new_node(p, NODE_TEXT, token.at);
        (*out)->text = token.text;
        return NULL;
    }
    if (token.kind != TOKEN_LEFT)
        return unexpected(p, token, "input");
    p->action = token.text.ptr;
    TRY(action(p, out));
    p->action = NULL;
    return NULL;
}

/* Items up to {{ end }} or {{ else }}, which *NEXT then is. */
static Error *item_list(Parser *p, Node **list, Node **after)
{
    size_t mark = p->nodes->len;

    *list = new_node(p, NODE_LIST, peek_non_space(p)->at);
    if (stack_low())
        return FAIL(p, "control structures nest too deep");
    while (peek_non_space(p)->kind != TOKEN_END) {
        Node *node;

        TRY(text_or_action(p, &node));
        if (node->kind == NODE_END || node->kind == NODE_ELSE) {
            *after = node;
            (*list)->list = take_nodes(p, mark);
            return NULL;
        }
        put_node(p, node);
    }
    return FAIL(p, "%s", unexpected_end);
}

/* A whole text: as a list, but for {{ define }}, and with no end. */
static Error *parse_text(Parser *p, Tree *tree)
{
    Node *root = new_node(p, NODE_LIST, peek(p)->at), *node;
    size_t mark = p->nodes->len;

    while (peek(p)->kind != TOKEN_END) {
        if (peek(p)->kind == TOKEN_LEFT) {
            Token left = *next(p);

            if (next_non_space(p)->kind == TOKEN_DEFINE) {
                TRY(parse_definition(p));
                continue;
            }
            backup2(p, left);
        }
        TRY(text_or_action(p, &node));
        if (node->kind == NODE_END || node->kind == NODE_ELSE)
            return FAIL(p, "unexpected {{%s}}", node->kind == NODE_END ? "end" : "else");
        put_node(p, node);
    }
    root->list = take_nodes(p, mark);
    tree->root = root;
    return NULL;
}

Error *parse_template(Arena *a, const TemplateEngine *engine, const char *name, Str text,
                      TreeList *out)
{
    Source *source = arena_new(a, Source);
    Tree *tree = arena_new(a, Tree);
    Lexer lexer = {.arena = a, .text = text};
    Node *node_room[128]; // more than most texts need
    Str variable_room[16];
    NodeStack nodes = {node_room, 0, COUNT(node_room)};
    StrList variables = {variable_room, 0, COUNT(variable_room)};
    TreeList others = {0};

    *source = (Source){name, text};
    *tree = (Tree){.name = str_from(name), .source = source};
    if (text.len > UINT32_MAX / 2)
        return error_at((Place){name, 1, 1}, "a template of %zu bytes is too large", text.len);

    Parser p = inner(&(Parser){.arena = a,
                               .engine = engine,
                               .source = source,
                               .lexer = &lexer,
                               .nodes = &nodes,
                               .variables = &variables,
                               .trees = &others});
    TRY(parse_text(&p, tree));
    TRY(add_tree(&p, tree));
    *out = others;
    return NULL;
}
