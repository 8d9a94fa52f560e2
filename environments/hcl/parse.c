/*
 * parse.c - HCL's text to trees. There are no tokens: expressions and the templates in texts nest
 * in each other. Longer than a file should be, as a grammar is one thing.
 */
#include "environments/hcl/hcl.h"

#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

enum { DEEPEST = 200 };

typedef struct Parser {
    Arena *arena;
    const char *file;
    Str text;
    size_t at;
    int line;
    size_t line_start;
    bool breaks_count; /* a line's end ends an expression */
    int depth;
} Parser;

static Error *parse_expression(Parser *p, HclNode **out) MUST_CHECK;
static Error *parse_parts(Parser *p, bool quoted, Str *stop, HclNode **out) MUST_CHECK;

/* ---- characters */

static Place here(const Parser *p)
{
    return (Place){p->file, p->line, (int)(p->at - p->line_start) + 1};
}

static char peek(const Parser *p)
{
    return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

static bool is_at(const Parser *p, const char *word)
{
    return str_starts(str_skip(p->text, p->at), str_from(word));
}

static void advance(Parser *p, size_t count)
{
    for (; count > 0 && p->at < p->text.len; count--)
        if (p->text.ptr[p->at++] == '\n') {
            p->line++;
            p->line_start = p->at;
        }
}

static bool take(Parser *p, const char *word)
{
    bool found = is_at(p, word);

    if (found)
        advance(p, strlen(word));
    return found;
}

static void skip_line(Parser *p)
{
    while (p->at < p->text.len && peek(p) != '\n')
        p->at++;
}

/* White space and comments; line ends only where they do not count. */
static void skip_space(Parser *p)
{
    for (;;) {
        char c = peek(p);

        if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !p->breaks_count)) {
            advance(p, 1);
        } else if (c == '#' || is_at(p, "//")) {
            skip_line(p);
        } else if (is_at(p, "/*")) {
            size_t end = str_find(str_skip(p->text, p->at), STR("*/"));

            advance(p, end == STR_NONE ? p->text.len - p->at : end + 2);
        } else {
            return;
        }
    }
}

static void skip_lines(Parser *p)
{
    bool count = p->breaks_count;

    p->breaks_count = false;
    skip_space(p);
    p->breaks_count = count;
}

static Error *expected(const Parser *p, const char *what)
{
    if (p->at >= p->text.len)
        return error_at(here(p), "%s is missing at the end", what);
    return error_at(here(p), "%s is missing before \"%.*s\"", what, 1, p->text.ptr + p->at);
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Str take_name(Parser *p)
{
    size_t from = p->at;

    if (begins_name(peek(p)))
        while (begins_name(peek(p)) || is_digit(peek(p)) || peek(p) == '-')
            p->at++;
    return str_slice(p->text, from, p->at);
}

static HclNode *node_new(const Parser *p, HclKind kind)
{
    HclNode *node = arena_new(p->arena, HclNode);

    *node = (HclNode){.kind = kind, .place = here(p), .literal = value_null()};
    return node;
}

static HclNode *literal_new(const Parser *p, Value v)
{
    HclNode *node = node_new(p, HCL_LITERAL);

    node->literal = v;
    return node;
}

/* ---- texts and templates */

static int hex_digits(const Parser *p, size_t from, size_t count, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        char c = from + i < p->text.len ? p->text.ptr[from + i] : '\0';
        int digit = is_digit(c)              ? c - '0'
                    : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                    : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                             : -1;
        if (digit < 0)
            return -1;
        *out = *out * 16 + (uint32_t)digit;
    }
    return 0;
}

static Error *take_escape(Parser *p, Buf *b)
{
    static const char from[] = "nrt\"\\", to[] = "\n\r\t\"\\";
    char c = p->at + 1 < p->text.len ? p->text.ptr[p->at + 1] : '\0';
    const char *found = c ? strchr(from, c) : NULL;
    size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t rune;

    if (found) {
        buf_add_char(b, to[found - from]);
        advance(p, 2);
        return NULL;
    }
    if (!digits || hex_digits(p, p->at + 2, digits, &rune) < 0)
        return error_at(here(p), "this is no escape; it can be \\n, \\r, \\t, \\\", \\\\, \\u0000 "
                                 "or \\U00000000");
    utf8_add(b, rune);
    advance(p, digits + 2);
    return NULL;
}

/* "~" takes white space away as far as its line goes: HCL's texts are cut into lines. */
static void trim_end(Buf *b)
{
    while (b->len && strchr(" \t\r", b->ptr[b->len - 1]))
        b->len--;
}

static void add_text(Parser *p, HclNode *template, Buf *b)
{
    if (b->len)
        *vec_add(p->arena, &template->items) =
            literal_new(p, value_string(str_copy(p->arena, buf_str(b))));
    *b = (Buf){.arena = p->arena};
}

/* The end of "${…}" or "%{…}": with a "~" the white space behind it goes, too. */
static Error *close_sequence(Parser *p)
{
    bool strip;

    skip_lines(p);
    strip = take(p, "~");
    if (!take(p, "}"))
        return expected(p, "\"}\"");
    while (strip && p->at < p->text.len && strchr(" \t\r", peek(p)))
        advance(p, 1);
    if (strip && peek(p) == '\n')
        advance(p, 1);
    return NULL;
}

/* In a sequence line ends do not count. */
static Error *parse_inside(Parser *p, HclNode **out)
{
    bool count = p->breaks_count;

    p->breaks_count = false;
    Error *err = parse_expression(p, out);
    p->breaks_count = count;
    return err;
}

static Error *parse_directive_if(Parser *p, bool quoted, HclNode **out)
{
    HclNode *node = node_new(p, HCL_CHOICE);
    Str stop;

    TRY(parse_inside(p, &node->a));
    TRY(close_sequence(p));
    TRY(parse_parts(p, quoted, &stop, &node->b));
    if (str_is(stop, "else")) {
        TRY(close_sequence(p));
        TRY(parse_parts(p, quoted, &stop, &node->c));
    } else {
        node->c = literal_new(p, value_c(""));
    }
    if (!str_is(stop, "endif"))
        return error_at(node->place, "%%{if} has no %%{endif}");
    *out = node;
    return close_sequence(p);
}

static Error *parse_names(Parser *p, HclFor *loop)
{
    skip_lines(p);
    loop->value = take_name(p);
    skip_lines(p);
    if (take(p, ",")) {
        skip_lines(p);
        loop->key = loop->value;
        loop->value = take_name(p);
        skip_lines(p);
    }
    if (!loop->value.len)
        return expected(p, "a name");
    if (!str_is(take_name(p), "in"))
        return expected(p, "\"in\"");
    return parse_inside(p, &loop->over);
}

static Error *parse_directive_for(Parser *p, bool quoted, HclNode **out)
{
    HclNode *node = node_new(p, HCL_FOR);
    Str stop;

    node->loop = arena_new(p->arena, HclFor);
    *node->loop = (HclFor){.is_text = true};
    TRY(parse_names(p, node->loop));
    TRY(close_sequence(p));
    TRY(parse_parts(p, quoted, &stop, &node->loop->makes));
    if (!str_is(stop, "endfor"))
        return error_at(node->place, "%%{for} has no %%{endfor}");
    *out = node;
    return close_sequence(p);
}

/* Behind "%{": a directive; or one that ends what is being parsed, whose name is *STOP. */
static Error *parse_directive(Parser *p, bool quoted, Str *stop, HclNode **out)
{
    Str name;

    *stop = (Str){0};
    skip_lines(p);
    name = take_name(p);
    if (str_is(name, "if"))
        return parse_directive_if(p, quoted, out);
    if (str_is(name, "for"))
        return parse_directive_for(p, quoted, out);
    if (!str_is(name, "else") && !str_is(name, "endif") && !str_is(name, "endfor"))
        return error_at(here(p), "\"%.*s\" is no directive", STR_ARG(name));
    *stop = name;
    return NULL;
}

/* Parts up to the closing quote, the end of the text, or a directive that ends them: *STOP. */
static Error *parse_parts(Parser *p, bool quoted, Str *stop, HclNode **out)
{
    HclNode *template = node_new(p, HCL_TEMPLATE), *part;
    Buf b = {.arena = p->arena};

    *out = template;
    *stop = (Str){0};
    if (++p->depth > DEEPEST)
        return error_at(here(p), "this nests too deeply");
    while (p->at < p->text.len && !(quoted && peek(p) == '"')) {
        bool directive = is_at(p, "%{");

        if (quoted && peek(p) == '\n')
            return error_at(here(p), "a text must end on its line; use <<EOT for several lines");
        if (is_at(p, "$${") || is_at(p, "%%{")) {
            buf_add(&b, str_slice(p->text, p->at + 1, p->at + 3));
            advance(p, 3);
        } else if (directive || is_at(p, "${")) {
            advance(p, 2);
            if (take(p, "~"))
                trim_end(&b);
            add_text(p, template, &b);
            if (directive) {
                TRY(parse_directive(p, quoted, stop, &part));
            } else {
                TRY(parse_inside(p, &part));
                TRY(close_sequence(p));
            }
            if (stop->len)
                break;
            *vec_add(p->arena, &template->items) = part;
        } else if (quoted && peek(p) == '\\') {
            TRY(take_escape(p, &b));
        } else {
            buf_add_char(&b, peek(p));
            advance(p, 1);
        }
    }
    add_text(p, template, &b);
    p->depth--;
    return NULL;
}

static Error *parse_quoted(Parser *p, HclNode **out)
{
    Str stop;

    advance(p, 1);
    TRY(parse_parts(p, true, &stop, out));
    if (stop.len)
        return error_at(here(p), "%%{%.*s} has no beginning", STR_ARG(stop));
    return take(p, "\"") ? NULL : error_at(here(p), "a text has no end");
}

/* The least white space that lines of TEXT begin with. */
static size_t indentation(Str text)
{
    size_t least = SIZE_MAX;
    Str line;

    while (str_line(&text, &line)) {
        size_t width = 0;

        while (width < line.len && (line.ptr[width] == ' ' || line.ptr[width] == '\t'))
            width++;
        if (width < line.len && width < least)
            least = width;
    }
    return least == SIZE_MAX ? 0 : least;
}

static Str unindented(Arena *a, Str text)
{
    size_t width = indentation(text);
    Buf b = {.arena = a};
    Str line;

    while (str_line(&text, &line)) {
        buf_add(&b, str_skip(line, width < line.len ? width : line.len));
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

/* <<EOT or <<-EOT, and the lines up to EOT. */
static Error *parse_heredoc(Parser *p, HclNode **out)
{
    Place start = here(p);
    bool indented;
    Str end, stop;

    advance(p, 2);
    indented = take(p, "-");
    end = take_name(p);
    skip_line(p);
    advance(p, 1);
    size_t from = p->at;
    int line = p->line;
    for (;;) {
        size_t begin = p->at;

        if (begin >= p->text.len)
            return error_at(start, "the text has no end: a line with %.*s", STR_ARG(end));
        skip_line(p);
        if (str_equal(str_trim(str_slice(p->text, begin, p->at)), end)) {
            Str text = str_slice(p->text, from, begin);
            Parser inner = {.arena = p->arena,
                            .file = p->file,
                            .text = indented ? unindented(p->arena, text) : text,
                            .line = line,
                            .depth = p->depth};

            TRY(parse_parts(&inner, false, &stop, out));
            return stop.len ? error_at(start, "%%{%.*s} has no beginning", STR_ARG(stop)) : NULL;
        }
        advance(p, 1);
    }
}

/* ---- expressions */

static Error *parse_number(Parser *p, HclNode **out)
{
    size_t from = p->at;
    double number;

    while (is_digit(peek(p)))
        p->at++;
    if (peek(p) == '.' && p->at + 1 < p->text.len && is_digit(p->text.ptr[p->at + 1]))
        for (p->at++; is_digit(peek(p));)
            p->at++;
    if (peek(p) == 'e' || peek(p) == 'E') {
        p->at++;
        if (peek(p) == '+' || peek(p) == '-')
            p->at++;
        while (is_digit(peek(p)))
            p->at++;
    }
    if (number_parse_float(str_slice(p->text, from, p->at), &number) != NUMBER_OK)
        return error_at(here(p), "this is no number");
    *out = literal_new(p, value_float(number));
    return NULL;
}

/* What is between brackets: line ends do not count in it. */
static Error *parse_arguments(Parser *p, HclNode *call)
{
    bool count = p->breaks_count;

    p->breaks_count = false;
    skip_space(p);
    while (!take(p, ")")) {
        HclNode *argument;

        TRY(parse_expression(p, &argument));
        *vec_add(p->arena, &call->items) = argument;
        skip_space(p);
        if (take(p, "...")) {
            call->expands = true;
            skip_space(p);
        } else if (take(p, ",")) {
            skip_space(p);
            continue;
        }
        if (peek(p) != ')')
            return expected(p, "\")\"");
    }
    p->breaks_count = count;
    return NULL;
}

static Error *parse_for(Parser *p, bool is_object, HclNode **out)
{
    HclNode *node = node_new(p, HCL_FOR);
    HclFor *loop = node->loop = arena_new(p->arena, HclFor);

    *loop = (HclFor){.is_object = is_object};
    TRY(parse_names(p, loop));
    skip_lines(p);
    if (!take(p, ":"))
        return expected(p, "\":\"");
    TRY(parse_inside(p, &loop->makes));
    skip_lines(p);
    if (is_object) {
        if (!take(p, "=>"))
            return expected(p, "\"=>\"");
        loop->makes_key = loop->makes;
        TRY(parse_inside(p, &loop->makes));
        skip_lines(p);
        loop->groups = take(p, "...");
        skip_lines(p);
    }
    if (is_at(p, "if") && !begins_name(p->at + 2 < p->text.len ? p->text.ptr[p->at + 2] : '\0')) {
        advance(p, 2);
        TRY(parse_inside(p, &loop->only));
        skip_lines(p);
    }
    *out = node;
    return take(p, is_object ? "}" : "]") ? NULL : expected(p, is_object ? "\"}\"" : "\"]\"");
}

static bool take_for(Parser *p)
{
    skip_lines(p);
    if (!is_at(p, "for") || (p->at + 3 < p->text.len && !strchr(" \t\r\n", p->text.ptr[p->at + 3])))
        return false;
    advance(p, 3);
    return true;
}

static Error *parse_list(Parser *p, HclNode **out)
{
    bool count = p->breaks_count;
    HclNode *list = node_new(p, HCL_LIST), *item;

    advance(p, 1);
    if (take_for(p))
        return parse_for(p, false, out);
    p->breaks_count = false;
    skip_space(p);
    while (!take(p, "]")) {
        TRY(parse_expression(p, &item));
        *vec_add(p->arena, &list->items) = item;
        skip_space(p);
        if (!take(p, ",") && peek(p) != ']')
            return expected(p, "\",\"");
        skip_space(p);
    }
    p->breaks_count = count;
    *out = list;
    return NULL;
}

/* A name alone is a key of this name; anything else is an expression. */
static Error *parse_key(Parser *p, HclNode **out)
{
    Parser before = *p;
    Str name = take_name(p);

    skip_space(p);
    if (name.len && (peek(p) == '=' || peek(p) == ':')) {
        *out = literal_new(p, value_string(name));
        return NULL;
    }
    *p = before;
    return parse_expression(p, out);
}

static Error *parse_object(Parser *p, HclNode **out)
{
    bool count = p->breaks_count;
    HclNode *object = node_new(p, HCL_OBJECT), *key, *value;

    advance(p, 1);
    if (take_for(p))
        return parse_for(p, true, out);
    p->breaks_count = true;
    skip_lines(p);
    while (!take(p, "}")) {
        TRY(parse_key(p, &key));
        skip_space(p);
        if (!take(p, "=") && !take(p, ":"))
            return expected(p, "\"=\"");
        skip_space(p);
        TRY(parse_expression(p, &value));
        *vec_add(p->arena, &object->items) = key;
        *vec_add(p->arena, &object->items) = value;
        skip_space(p);
        if (!take(p, ",") && peek(p) != '\n' && peek(p) != '}')
            return expected(p, "\",\", or a new line,");
        skip_lines(p);
    }
    p->breaks_count = count;
    *out = object;
    return NULL;
}

static Error *parse_name(Parser *p, HclNode **out)
{
    HclNode *node = node_new(p, HCL_VARIABLE);
    Str name = take_name(p);

    node->text = name;
    *out = node;
    if (str_is(name, "true") || str_is(name, "false"))
        *out = literal_new(p, value_bool(str_is(name, "true")));
    else if (str_is(name, "null"))
        *out = literal_new(p, value_null());
    else if (take(p, "(")) {
        node->kind = HCL_CALL;
        return parse_arguments(p, node);
    }
    return NULL;
}

static Error *parse_brackets(Parser *p, HclNode **out)
{
    bool count = p->breaks_count;

    advance(p, 1);
    p->breaks_count = false;
    TRY(parse_expression(p, out));
    skip_space(p);
    p->breaks_count = count;
    return take(p, ")") ? NULL : expected(p, "\")\"");
}

static Error *parse_term(Parser *p, HclNode **out)
{
    char c;

    skip_space(p);
    c = peek(p);
    if (c == '"')
        return parse_quoted(p, out);
    if (is_at(p, "<<"))
        return parse_heredoc(p, out);
    if (is_digit(c))
        return parse_number(p, out);
    if (c == '(')
        return parse_brackets(p, out);
    if (c == '[')
        return parse_list(p, out);
    if (c == '{')
        return parse_object(p, out);
    return begins_name(c) ? parse_name(p, out) : expected(p, "an expression");
}

static HclNode *step_new(Parser *p, HclKind kind, HclNode *from)
{
    HclNode *node = node_new(p, kind);

    node->a = from;
    node->place = from->place;
    return node;
}

static Error *parse_steps(Parser *p, HclNode **node, bool only_attributes) MUST_CHECK;

/* What stands behind a [*] or .* is done to each item. */
static Error *parse_splat(Parser *p, HclNode **node, bool only_attributes)
{
    HclNode *splat = step_new(p, HCL_SPLAT, *node);

    splat->b = node_new(p, HCL_EACH);
    *node = splat;
    return parse_steps(p, &splat->b, only_attributes);
}

static Error *parse_dot(Parser *p, HclNode **node)
{
    advance(p, 1);
    if (is_digit(peek(p))) { // .0 is [0]
        HclNode *index = step_new(p, HCL_INDEX, *node);
        size_t from = p->at;
        double number = 0;

        while (is_digit(peek(p)))
            p->at++;
        if (number_parse_float(str_slice(p->text, from, p->at), &number) != NUMBER_OK)
            return expected(p, "an index");
        index->b = literal_new(p, value_float(number));
        *node = index;
        return NULL;
    }
    HclNode *attribute = step_new(p, HCL_ATTRIBUTE, *node);
    attribute->text = take_name(p);
    *node = attribute;
    return attribute->text.len ? NULL : expected(p, "the name of an attribute");
}

static Error *parse_index(Parser *p, HclNode **node)
{
    HclNode *index = step_new(p, HCL_INDEX, *node);
    bool count = p->breaks_count;

    advance(p, 1);
    p->breaks_count = false;
    TRY(parse_expression(p, &index->b));
    skip_space(p);
    p->breaks_count = count;
    *node = index;
    return take(p, "]") ? NULL : expected(p, "\"]\"");
}

/* .name, [index], .*, [*] behind *NODE. */
static Error *parse_steps(Parser *p, HclNode **node, bool only_attributes)
{
    for (;;) {
        if (is_at(p, "[*]") && !only_attributes) {
            advance(p, 3);
            return parse_splat(p, node, false);
        }
        if (is_at(p, ".*")) {
            advance(p, 2);
            return parse_splat(p, node, true);
        }
        if (peek(p) == '.' && !is_at(p, "..."))
            TRY(parse_dot(p, node));
        else if (peek(p) == '[' && !only_attributes)
            TRY(parse_index(p, node));
        else
            return NULL;
    }
}

static Error *parse_unary(Parser *p, HclNode **out)
{
    HclNode *node;
    char c;

    skip_space(p);
    c = peek(p);
    if ((c == '!' && !is_at(p, "!=")) || c == '-') {
        node = node_new(p, HCL_UNARY);
        node->operator= c == '!' ? HCL_NOT : HCL_NEGATIVE;
        advance(p, 1);
        *out = node;
        return parse_unary(p, &node->a);
    }
    TRY(parse_term(p, out));
    return parse_steps(p, out, false);
}

typedef struct Sign {
    const char *text;
    int level; /* the higher the tighter */
    HclOperator operator;
} Sign;

static const Sign signs[] = {
    {"||", 1, HCL_OR},      {"&&", 2, HCL_AND},        {"==", 3, HCL_EQUAL},
    {"!=", 3, HCL_UNEQUAL}, {"<=", 4, HCL_LESS_EQUAL}, {">=", 4, HCL_MORE_EQUAL},
    {"<", 4, HCL_LESS},     {">", 4, HCL_MORE},        {"+", 5, HCL_PLUS},
    {"-", 5, HCL_MINUS},    {"*", 6, HCL_TIMES},       {"/", 6, HCL_DIVIDED},
    {"%", 6, HCL_MODULO},
};

static const Sign *find_sign(const Parser *p)
{
    for (size_t i = 0; i < COUNT(signs); i++)
        if (is_at(p, signs[i].text) && !is_at(p, "//") && !is_at(p, "/*"))
            return &signs[i];
    return NULL;
}

static Error *parse_binary(Parser *p, int level, HclNode **out)
{
    TRY(parse_unary(p, out));
    for (;;) {
        skip_space(p);
        const Sign *sign = find_sign(p);
        if (!sign || sign->level < level)
            return NULL;
        HclNode *node = step_new(p, HCL_BINARY, *out);
        node->operator= sign->operator;
        advance(p, strlen(sign->text));
        TRY(parse_binary(p, sign->level + 1, &node->b));
        *out = node;
    }
}

static Error *parse_expression(Parser *p, HclNode **out)
{
    HclNode *choice;

    if (++p->depth > DEEPEST)
        return error_at(here(p), "this nests too deeply");
    TRY(parse_binary(p, 1, out));
    skip_space(p);
    p->depth--;
    if (!take(p, "?"))
        return NULL;
    choice = step_new(p, HCL_CHOICE, *out);
    TRY(parse_inside(p, &choice->b));
    skip_lines(p);
    if (!take(p, ":"))
        return expected(p, "\":\"");
    *out = choice;
    return parse_expression(p, &choice->c);
}

/* ---- files */

static Error *parse_block(Parser *p, size_t number, HclAttributeList *out)
{
    skip_lines(p);
    while (!take(p, "}")) {
        HclAttribute attribute = {.place = here(p), .name = take_name(p), .file = number};

        if (!attribute.name.len)
            return expected(p, "a name");
        skip_space(p);
        if (!take(p, "="))
            return expected(p, "\"=\"");
        TRY(parse_expression(p, &attribute.expression));
        *vec_add(p->arena, out) = attribute;
        skip_space(p);
        if (peek(p) != '\n' && peek(p) != '}')
            return expected(p, "a new line");
        skip_lines(p);
    }
    return NULL;
}

Error *hcl_parse(Arena *a, const char *file, size_t number, Str text, HclBody *out)
{
    Parser p = {.arena = a, .file = file, .text = text, .line = 1, .breaks_count = true};
    bool has_locals = false;

    *out = (HclBody){0};
    skip_lines(&p);
    while (p.at < text.len) {
        Place place = here(&p);
        Str name = take_name(&p);
        bool locals = str_is(name, "locals");

        if (!locals && !str_is(name, "values"))
            return error_hint(error_at(place, "a block must be called values or locals"),
                              "values {\n  name = \"value\"\n}");
        if (locals && has_locals)
            return error_at(place, "a file can have one block of locals");
        has_locals |= locals;
        skip_space(&p);
        if (!take(&p, "{"))
            return expected(&p, "\"{\"");
        TRY(parse_block(&p, number, locals ? &out->locals : &out->values));
        skip_lines(&p);
    }
    return NULL;
}
