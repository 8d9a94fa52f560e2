#include "templating/lex.h"

#include "base/utf8.h"

#include <string.h>

#define LEFT STR("{{")
#define RIGHT STR("}}")
enum { END_OF_TEXT = UINT32_MAX };

/* What bytes are, but for those above 0x7F. */
enum { SPACE = 1, WORD = 2, BEHIND_NAME = 4 };

static const unsigned char classes[256] = {
    [' '] = SPACE | BEHIND_NAME,
    ['\t'] = SPACE | BEHIND_NAME,
    ['\r'] = SPACE | BEHIND_NAME,
    ['\n'] = SPACE | BEHIND_NAME,
    [0] = BEHIND_NAME,
    ['.'] = BEHIND_NAME,
    [','] = BEHIND_NAME,
    ['|'] = BEHIND_NAME,
    [':'] = BEHIND_NAME,
    [')'] = BEHIND_NAME,
    ['('] = BEHIND_NAME,
    ['_'] = WORD,
    ['0' ... '9'] = WORD,
    ['A' ... 'Z'] = WORD,
    ['a' ... 'z'] = WORD,
};

static bool is_of(uint32_t c, unsigned class)
{
    return c < 0x80 && (classes[c] & class);
}

static bool is_space(uint32_t c)
{
    return is_of(c, SPACE);
}

static bool is_alphanumeric(uint32_t c)
{
    return is_of(c, WORD) ||
           (c >= 0x80 && c != END_OF_TEXT && (rune_is_letter(c) || rune_is_digit(c)));
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
    return c;
}

static void emit(Lexer *l, TokenKind kind, Token *out)
{
    *out = (Token){kind, (uint32_t)l->start, str_slice(l->text, l->start, l->at)};
    l->start = l->at;
}

/* Everything up to where we are is no part of any token. */
static void ignore(Lexer *l)
{
    l->start = l->at;
}

static void fail(Lexer *l, Str message, Token *out)
{
    *out = (Token){TOKEN_ERROR, (uint32_t)l->start, message};
    l->failed = true;
}

/* C as Go's %#U shows it: U+0040 '@'. */
static void fail_char(Lexer *l, const char *what, uint32_t c, Token *out)
{
    Buf b = {.arena = l->arena};

    if (c == END_OF_TEXT) {
        fail(l, str_format(l->arena, "%s: the text ends", what), out);
        return;
    }
    buf_format(&b, "%s: U+%04X", what, c);
    if (rune_is_print(c)) {
        buf_add_c(&b, " '");
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
    }
    fail(l, buf_str(&b), out);
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

static void skip_class(Lexer *l, unsigned class)
{
    while (l->at < l->text.len && (classes[(unsigned char)l->text.ptr[l->at]] & class))
        l->at++;
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
        fail(l, STR("unclosed comment"), error);
        return false;
    }
    l->at += end + 2;
    if (!at_right(l, &trims)) {
        fail(l, STR("comment ends before closing delimiter"), error);
        return false;
    }
    l->at += trims ? 4 : 2;
    if (trims)
        skip_class(l, SPACE);
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
    emit(l, TOKEN_LEFT, out);
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
    l->at = stop;
    emit(l, TOKEN_TEXT, out);
    l->at = end;
    ignore(l);
    return out->text.len > 0;
}

static void lex_text(Lexer *l, Token *out)
{
    for (;;) {
        if (l->at >= l->text.len) {
            emit(l, TOKEN_END, out);
            return;
        }
        if (str_starts(rest(l), LEFT) ? left_delimiter(l, out) : plain_text(l, out))
            return;
    }
}

static void right_delimiter(Lexer *l, bool trims, Token *out)
{
    if (trims) {
        l->at += 2;
        ignore(l);
    }
    l->at += RIGHT.len;
    emit(l, TOKEN_RIGHT, out);
    if (trims) {
        skip_class(l, SPACE);
        ignore(l);
    }
    l->inside = false;
}

/* Not at " -}}"; but the last of the white space may be the one that belongs to that. */
static void lex_space(Lexer *l, Token *out)
{
    bool trims;

    skip_class(l, SPACE);
    l->at--;
    if (!at_right(l, &trims) || !trims)
        l->at++;
    emit(l, TOKEN_SPACE, out);
}

/* Whether what follows may come right behind a name. */
static bool at_terminator(const Lexer *l)
{
    uint32_t c = peek_char(l);

    return c == END_OF_TEXT || is_of(c, BEHIND_NAME) || str_starts(rest(l), RIGHT);
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
    do
        skip_class(l, WORD);
    while (is_alphanumeric(peek_char(l)) && next(l)); // a letter of another alphabet
}

static void lex_identifier(Lexer *l, Token *out)
{
    skip_name(l);
    if (!at_terminator(l))
        fail_char(l, "bad character", peek_char(l), out);
    else
        emit(l, word_kind(str_slice(l->text, l->start, l->at)), out);
}

/* Behind a "." or "$". */
static void lex_name(Lexer *l, TokenKind kind, Token *out)
{
    if (at_terminator(l)) {
        emit(l, kind == TOKEN_VARIABLE ? TOKEN_VARIABLE : TOKEN_DOT, out);
        return;
    }
    skip_name(l);
    if (!at_terminator(l))
        fail_char(l, "bad character", peek_char(l), out);
    else
        emit(l, kind, out);
}

/* Up to an unescaped QUOTE on the same line. */
static void lex_quoted(Lexer *l, char quote, TokenKind kind, Str unterminated, Token *out)
{
    const char *text = l->text.ptr;
    size_t len = l->text.len;

    while (l->at < len && text[l->at] != quote && text[l->at] != '\n') {
        if (text[l->at] == '\\' && ++l->at < len && text[l->at] == '\n')
            break;
        l->at += l->at < len;
    }
    if (l->at >= len || text[l->at] != quote) {
        fail(l, unterminated, out);
        return;
    }
    l->at++;
    emit(l, kind, out);
}

static void lex_raw(Lexer *l, Token *out)
{
    size_t len = str_find_char(rest(l), '`');

    if (len == STR_NONE) {
        l->at = l->text.len;
        fail(l, STR("unterminated raw quoted string"), out);
        return;
    }
    l->at += len + 1;
    emit(l, TOKEN_RAW_STRING, out);
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

static void bad_number(Lexer *l, Token *out)
{
    Str text = str_slice(l->text, l->start, l->at);

    fail(l, str_format(l->arena, "bad number syntax: \"%.*s\"", STR_ARG(text)), out);
}

static void lex_number(Lexer *l, Token *out)
{
    if (!scan_number(l))
        bad_number(l, out);
    else if (peek_char(l) != '+' && peek_char(l) != '-')
        emit(l, TOKEN_NUMBER, out);
    else if (!scan_number(l) || l->text.ptr[l->at - 1] != 'i')
        bad_number(l, out);
    else
        emit(l, TOKEN_COMPLEX, out);
}

static bool is_digit(const Lexer *l)
{
    return l->at < l->text.len && l->text.ptr[l->at] >= '0' && l->text.ptr[l->at] <= '9';
}

static void lex_paren(Lexer *l, uint32_t c, Token *out)
{
    l->parens += c == '(' ? 1 : -1;
    if (l->parens < 0)
        fail(l, STR("unexpected right paren"), out);
    else
        emit(l, c == '(' ? TOKEN_OPEN : TOKEN_CLOSE, out);
}

static void lex_operator(Lexer *l, uint32_t c, Token *out)
{
    switch (c) {
    case '=':
        emit(l, TOKEN_ASSIGN, out);
        return;
    case ':':
        if (next(l) != '=')
            fail(l, STR("expected :="), out);
        else
            emit(l, TOKEN_DECLARE, out);
        return;
    case '|':
        emit(l, TOKEN_PIPE, out);
        return;
    case '(':
    case ')':
        lex_paren(l, c, out);
        return;
    default:
        if (c >= 0x20 && c < 0x7F)
            emit(l, TOKEN_CHAR, out);
        else
            fail_char(l, "unrecognized character in action", c, out);
    }
}

/* What does not start with a letter; C is past. */
static void lex_sign(Lexer *l, uint32_t c, Token *out)
{
    switch (c) {
    case END_OF_TEXT:
        fail(l, STR("unclosed action"), out);
        return;
    case '"':
        lex_quoted(l, '"', TOKEN_STRING, STR("unterminated quoted string"), out);
        return;
    case '\'':
        lex_quoted(l, '\'', TOKEN_CHAR_CONSTANT, STR("unterminated character constant"), out);
        return;
    case '`':
        lex_raw(l, out);
        return;
    case '$':
        lex_name(l, TOKEN_VARIABLE, out);
        return;
    default:
        break;
    }
    if (c == '.' && l->at < l->text.len && !is_digit(l)) {
        lex_name(l, TOKEN_FIELD, out);
    } else if (c == '.' || c == '+' || c == '-' || (c >= '0' && c <= '9')) {
        l->at--;
        lex_number(l, out);
    } else {
        lex_operator(l, c, out);
    }
}

static void lex_action(Lexer *l, Token *out)
{
    uint32_t c = peek_char(l);
    bool trims;

    if ((c == '}' || is_space(c)) && at_right(l, &trims)) {
        if (l->parens)
            fail(l, STR("unclosed left paren"), out);
        else
            right_delimiter(l, trims, out);
    } else if (is_space(c)) {
        lex_space(l, out);
    } else {
        next(l);
        if (is_alphanumeric(c) && !(c >= '0' && c <= '9'))
            lex_identifier(l, out);
        else
            lex_sign(l, c, out);
    }
}

void lex_next(Lexer *lexer, Token *out)
{
    if (lexer->failed)
        *out = (Token){TOKEN_END, (uint32_t)lexer->at, STR("EOF")};
    else if (lexer->inside)
        lex_action(lexer, out);
    else
        lex_text(lexer, out);
}
