#include "templating/lex.h"

#include "base/utf8.h"

#include <string.h>

#define LEFT STR("{{")
#define RIGHT STR("}}")
enum { END_OF_TEXT = UINT32_MAX };

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_alphanumeric(uint32_t c)
{
    if (c < 0x80)
        return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return c == '_' || (c != END_OF_TEXT && (rune_is_letter(c) || rune_is_digit(c)));
}

static Str rest(const Lexer *l)
{
    return str_skip(l->text, l->at);
}

static uint32_t peek(const Lexer *l, size_t *width)
{
    unsigned char first;

    *width = 0;
    if (l->at >= l->text.len)
        return END_OF_TEXT;
    first = (unsigned char)l->text.ptr[l->at];
    if (first >= 0x80)
        return utf8_first(rest(l), width);
    *width = 1;
    return first;
}

static uint32_t peek_char(const Lexer *l)
{
    size_t width;

    return peek(l, &width);
}

static uint32_t next(Lexer *l)
{
    size_t width;
    uint32_t c = peek(l, &width);

    l->at += width;
    l->line += c == '\n';
    return c;
}

static Token emit(Lexer *l, TokenKind kind)
{
    Token token = {kind, (uint32_t)l->start, l->start_line, str_slice(l->text, l->start, l->at)};

    l->start = l->at;
    l->start_line = l->line;
    return token;
}

/* Everything up to where we are is no part of any token. */
static void ignore(Lexer *l)
{
    l->line += (uint32_t)str_count_char(str_slice(l->text, l->start, l->at), '\n');
    l->start = l->at;
    l->start_line = l->line;
}

static Token fail(Lexer *l, Str message)
{
    Token token = {TOKEN_ERROR, (uint32_t)l->start, l->start_line, message};

    l->failed = true;
    return token;
}

/* C as Go's %#U shows it: U+0040 '@'. */
static Token fail_char(Lexer *l, const char *what, uint32_t c)
{
    Buf b = {.arena = l->arena};

    if (c == END_OF_TEXT)
        return fail(l, str_format(l->arena, "%s: the text ends", what));
    buf_format(&b, "%s: U+%04X", what, c);
    if (rune_is_print(c)) {
        buf_add_c(&b, " '");
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
    }
    return fail(l, buf_str(&b));
}

static bool has_left_trim(Str s)
{
    return s.len >= 2 && s.ptr[0] == '-' && is_space((unsigned char)s.ptr[1]);
}

static bool has_right_trim(Str s)
{
    return s.len >= 2 && is_space((unsigned char)s.ptr[0]) && s.ptr[1] == '-';
}

static size_t spaces_at_end(Str s)
{
    size_t len = s.len;

    while (len && is_space((unsigned char)s.ptr[len - 1]))
        len--;
    return s.len - len;
}

static size_t spaces_at_start(Str s)
{
    size_t count = 0;

    while (count < s.len && is_space((unsigned char)s.ptr[count]))
        count++;
    return count;
}

/* Whether "}}" follows, or " -}}", which trims what is behind it. */
static bool at_right(const Lexer *l, bool *trims)
{
    Str s = rest(l);

    *trims = has_right_trim(s) && str_starts(str_skip(s, 2), RIGHT);
    return *trims || str_starts(s, RIGHT);
}

/* Past a comment, with the delimiters. */
static bool skip_comment(Lexer *l, Token *error)
{
    bool trims;
    size_t end;

    l->at += 2;
    end = str_find(rest(l), STR("*/"));
    if (end == STR_NONE) {
        *error = fail(l, STR("unclosed comment"));
        return false;
    }
    l->at += end + 2;
    if (!at_right(l, &trims)) {
        *error = fail(l, STR("comment ends before closing delimiter"));
        return false;
    }
    l->at += trims ? 4 : 2;
    if (trims)
        l->at += spaces_at_start(rest(l));
    ignore(l);
    return true;
}

/* At "{{": the delimiter, or a comment to skip. Whether there is a token to return. */
static bool left_delimiter(Lexer *l, Token *out)
{
    size_t start = l->at;

    l->at += LEFT.len;
    bool trims = has_left_trim(rest(l));
    Str after = trims ? str_skip(rest(l), 2) : rest(l);
    if (str_starts(after, STR("/*"))) {
        l->start = start;
        l->at += trims ? 2 : 0;
        ignore(l);
        return !skip_comment(l, out);
    }
    *out = emit(l, TOKEN_LEFT);
    l->at += trims ? 2 : 0;
    ignore(l);
    l->inside = true;
    l->parens = 0;
    return true;
}

/* Text up to the next "{{". Whether there is a token to return. */
static bool plain_text(Lexer *l, Token *out)
{
    size_t found = str_find(rest(l), LEFT);
    size_t end = found == STR_NONE ? l->text.len : l->at + found, stop = end;

    if (found != STR_NONE && has_left_trim(str_skip(l->text, end + LEFT.len)))
        stop -= spaces_at_end(str_slice(l->text, l->start, end));
    l->line += (uint32_t)str_count_char(str_slice(l->text, l->start, stop), '\n');
    l->at = stop;
    *out = emit(l, TOKEN_TEXT);
    l->at = end;
    ignore(l);
    return out->text.len > 0;
}

static Token lex_text(Lexer *l)
{
    Token token;

    for (;;) {
        if (l->at >= l->text.len)
            return emit(l, TOKEN_END);
        if (str_starts(rest(l), LEFT)) {
            if (left_delimiter(l, &token))
                return token;
        } else if (plain_text(l, &token)) {
            return token;
        }
    }
}

static Token right_delimiter(Lexer *l, bool trims)
{
    if (trims) {
        l->at += 2;
        ignore(l);
    }
    l->at += RIGHT.len;
    Token token = emit(l, TOKEN_RIGHT);
    if (trims) {
        l->at += spaces_at_start(rest(l));
        ignore(l);
    }
    l->inside = false;
    return token;
}

static Token lex_space(Lexer *l)
{
    bool trims;

    while (is_space(peek_char(l)) && !(at_right(l, &trims) && trims))
        next(l);
    if (l->at == l->start) { // " -}}" at once
        at_right(l, &trims);
        return right_delimiter(l, trims);
    }
    return emit(l, TOKEN_SPACE);
}

/* Whether what follows may come right behind a name. */
static bool at_terminator(const Lexer *l)
{
    uint32_t c = peek_char(l);

    return c == END_OF_TEXT || is_space(c) || (c < 0x80 && strchr(".,|:)(", (int)c)) ||
           str_starts(rest(l), RIGHT);
}

static TokenKind word_kind(Str word)
{
    enum { LONGEST = 8 };
    static const struct {
        const char *word;
        TokenKind kind;
    } words[] = {
        {"block", TOKEN_BLOCK},
        {"break", TOKEN_BREAK},
        {"continue", TOKEN_CONTINUE},
        {"define", TOKEN_DEFINE},
        {"else", TOKEN_ELSE},
        {"end", TOKEN_STOP},
        {"if", TOKEN_IF},
        {"nil", TOKEN_NIL},
        {"range", TOKEN_RANGE},
        {"template", TOKEN_TEMPLATE},
        {"with", TOKEN_WITH},
        {"true", TOKEN_BOOL},
        {"false", TOKEN_BOOL},
    };

    for (size_t i = 0; word.len <= LONGEST && i < COUNT(words); i++)
        if (words[i].word[0] == word.ptr[0] && str_is(word, words[i].word))
            return words[i].kind;
    return TOKEN_IDENTIFIER;
}

static void skip_name(Lexer *l)
{
    while (is_alphanumeric(peek_char(l)))
        next(l);
}

static Token lex_identifier(Lexer *l)
{
    skip_name(l);
    if (!at_terminator(l))
        return fail_char(l, "bad character", peek_char(l));
    return emit(l, word_kind(str_slice(l->text, l->start, l->at)));
}

/* Behind a "." or "$". */
static Token lex_name(Lexer *l, TokenKind kind)
{
    if (at_terminator(l))
        return emit(l, kind == TOKEN_VARIABLE ? TOKEN_VARIABLE : TOKEN_DOT);
    skip_name(l);
    if (!at_terminator(l))
        return fail_char(l, "bad character", peek_char(l));
    return emit(l, kind);
}

/* Up to an unescaped QUOTE on the same line. */
static Token lex_quoted(Lexer *l, uint32_t quote, TokenKind kind, Str unterminated)
{
    for (;;) {
        uint32_t c = next(l);

        if (c == '\\')
            c = next(l) == '\n' ? '\n' : (l->at >= l->text.len ? END_OF_TEXT : 0);
        if (c == END_OF_TEXT || c == '\n')
            return fail(l, unterminated);
        if (c == quote)
            return emit(l, kind);
    }
}

static Token lex_raw(Lexer *l)
{
    size_t len = str_find_char(rest(l), '`');

    if (len == STR_NONE) {
        l->at = l->text.len;
        return fail(l, STR("unterminated raw quoted string"));
    }
    for (size_t end = l->at + len; l->at < end; l->at++)
        l->line += l->text.ptr[l->at] == '\n';
    l->at++;
    return emit(l, TOKEN_RAW_STRING);
}

static bool accept(Lexer *l, const char *chars)
{
    uint32_t c = peek_char(l);

    if (c == 0 || c >= 0x80 || !strchr(chars, (int)c))
        return false;
    l->at++;
    return true;
}

/* Not a perfect scanner: what it lets through by mistake the parser refuses. */
static bool scan_number(Lexer *l)
{
    const char *digits = "0123456789_";
    bool decimal = true, hex = false;

    accept(l, "+-");
    if (accept(l, "0")) {
        hex = accept(l, "xX");
        if (hex)
            digits = "0123456789abcdefABCDEF_";
        else if (accept(l, "oO"))
            digits = "01234567_";
        else if (accept(l, "bB"))
            digits = "01_";
        decimal = strlen(digits) == 11;
    }
    while (accept(l, digits))
        ;
    if (accept(l, "."))
        while (accept(l, digits))
            ;
    if ((decimal && accept(l, "eE")) || (hex && accept(l, "pP"))) {
        accept(l, "+-");
        while (accept(l, "0123456789_"))
            ;
    }
    accept(l, "i");
    if (is_alphanumeric(peek_char(l))) {
        next(l);
        return false;
    }
    return true;
}

static Token bad_number(Lexer *l)
{
    Str text = str_slice(l->text, l->start, l->at);

    return fail(l, str_format(l->arena, "bad number syntax: \"%.*s\"", STR_ARG(text)));
}

static Token lex_number(Lexer *l)
{
    if (!scan_number(l))
        return bad_number(l);
    if (peek_char(l) != '+' && peek_char(l) != '-')
        return emit(l, TOKEN_NUMBER);
    if (!scan_number(l) || l->text.ptr[l->at - 1] != 'i')
        return bad_number(l);
    return emit(l, TOKEN_COMPLEX);
}

static bool is_digit(const Lexer *l)
{
    return l->at < l->text.len && l->text.ptr[l->at] >= '0' && l->text.ptr[l->at] <= '9';
}

static Token lex_paren(Lexer *l, uint32_t c)
{
    l->parens += c == '(' ? 1 : -1;
    if (l->parens < 0)
        return fail(l, STR("unexpected right paren"));
    return emit(l, c == '(' ? TOKEN_OPEN : TOKEN_CLOSE);
}

static Token lex_operator(Lexer *l, uint32_t c)
{
    switch (c) {
    case '=':
        return emit(l, TOKEN_ASSIGN);
    case ':':
        if (next(l) != '=')
            return fail(l, STR("expected :="));
        return emit(l, TOKEN_DECLARE);
    case '|':
        return emit(l, TOKEN_PIPE);
    case '(':
    case ')':
        return lex_paren(l, c);
    default:
        if (c >= 0x20 && c < 0x7F)
            return emit(l, TOKEN_CHAR);
        return fail_char(l, "unrecognized character in action", c);
    }
}

static Token lex_action(Lexer *l)
{
    bool trims;

    if (at_right(l, &trims))
        return l->parens ? fail(l, STR("unclosed left paren")) : right_delimiter(l, trims);
    if (is_space(peek_char(l)))
        return lex_space(l);

    uint32_t c = next(l);
    switch (c) {
    case END_OF_TEXT:
        return fail(l, STR("unclosed action"));
    case '"':
        return lex_quoted(l, '"', TOKEN_STRING, STR("unterminated quoted string"));
    case '\'':
        return lex_quoted(l, '\'', TOKEN_CHAR_CONSTANT, STR("unterminated character constant"));
    case '`':
        return lex_raw(l);
    case '$':
        return lex_name(l, TOKEN_VARIABLE);
    case '.':
        if (l->at >= l->text.len || !is_digit(l)) {
            if (l->at < l->text.len)
                return lex_name(l, TOKEN_FIELD);
        }
        break;
    default:
        break;
    }
    if (c == '.' || c == '+' || c == '-' || (c >= '0' && c <= '9')) {
        l->at--;
        return lex_number(l);
    }
    if (is_alphanumeric(c))
        return lex_identifier(l);
    return lex_operator(l, c);
}

Token lex_next(Lexer *l)
{
    if (!l->line)
        l->line = l->start_line = 1;
    if (l->failed)
        return (Token){TOKEN_END, (uint32_t)l->at, l->line, STR("EOF")};
    return l->inside ? lex_action(l) : lex_text(l);
}
