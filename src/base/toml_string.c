/*
 * toml_string.c - strings, and the names that keys are made of.
 */
#include "base/quote.h"
#include "base/toml_lex.h"
#include "base/utf8.h"

#include <string.h>

#define FORMAT(lx, ...) str_format((lx)->arena, __VA_ARGS__)

/* The DIGITS of a character's number, behind "\u"; FROM is where the string starts. */
static Error *lex_hex_escape(TomlLexer *lx, size_t from, uint32_t letter)
{
    int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    uint32_t c;

    for (int i = 0; i < digits; i++) {
        TRY(toml_next(lx, &c));
        if (toml_hex_value(c) < 0) {
            Buf b = {.arena = lx->arena};

            buf_format(&b, "expected %s hexadecimal digits after '\\%c', but got ",
                       digits == 2   ? "two"
                       : digits == 4 ? "four"
                                     : "eight",
                       (int)letter);
            quote_add(&b, toml_since(lx, from), false);
            buf_add_c(&b, " instead");
            return toml_error_after(lx, c, buf_str(&b));
        }
    }
    return NULL;
}

/* Behind a backslash: whether it is right is all that is looked at here. */
static Error *lex_escape(TomlLexer *lx, size_t from)
{
    uint32_t c;

    TRY(toml_next(lx, &c));
    if (c == 'x' || c == 'u' || c == 'U')
        return lex_hex_escape(lx, from, c);
    if (c && c < 0x80 && strchr("ebtnfr\" \t\\", (int)c))
        return NULL;

    Buf b = {.arena = lx->arena};
    buf_add_c(&b, "invalid escape in string '\\");
    utf8_add(&b, c);
    buf_add_c(&b, "'");
    return toml_error(lx, lx->line - (c == 0), buf_str(&b));
}

static Error *replace_hex(const TomlLexer *lx, int line, Str digits, Buf *b)
{
    uint32_t rune = 0;

    for (size_t i = 0; i < digits.len; i++)
        rune = rune << 4 | (uint32_t)toml_hex_value((unsigned char)digits.ptr[i]);
    if ((rune >= 0xD800 && rune <= 0xDFFF) || rune > RUNE_MAX)
        return toml_error(
            lx, line,
            FORMAT(lx, "Escaped character '\\u%.*s' is not valid UTF-8.", STR_ARG(digits)));
    utf8_add(b, rune);
    return NULL;
}

/* The string that S, between its quotes, stands for; it ended on LINE. */
static Error *replace_escapes(const TomlLexer *lx, int line, Str s, Str *out)
{
    static const char names[] = "btnfre\"\\", values[] = "\b\t\n\f\r\x1B\"\\";
    Buf b = {.arena = lx->arena};

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] == '\\' ? s.ptr[++i] : '\0';

        if (!c) {
            buf_add_char(&b, s.ptr[i]);
        } else if (strchr(names, c)) {
            buf_add_char(&b, values[strchr(names, c) - names]);
        } else if (c == ' ' || c == '\t') {
            return toml_error(lx, line, FORMAT(lx, "invalid escape: '\\%c'", c));
        } else {
            size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;

            TRY(replace_hex(lx, line, str_slice(s, i + 1, i + 1 + digits), &b));
            i += digits;
        }
    }
    *out = buf_str(&b);
    return NULL;
}

/* Without each backslash at the end of a line, and the white space behind it. */
static Str without_escaped_newlines(Arena *a, Str s)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < s.len;) {
        size_t to = i + 1;

        if (s.ptr[i] == '\\' && to < s.len && s.ptr[to] == '\\') {
            buf_add(&b, str_slice(s, i, i + 2));
            i += 2;
            continue;
        }
        while (s.ptr[i] == '\\' && to < s.len && strchr(" \t\r\n", s.ptr[to]))
            to++;
        if (to == i + 1 || str_find_char(str_slice(s, i, to), '\n') == STR_NONE) {
            buf_add_char(&b, s.ptr[i]);
            to = i + 1;
        }
        i = to;
    }
    return buf_str(&b);
}

static Str without_first_newline(Str s)
{
    if (str_starts(s, STR("\r\n")))
        return str_skip(s, 2);
    return str_starts(s, STR("\n")) ? str_skip(s, 1) : s;
}

static Error *ends_too_early(const TomlLexer *lx, const char *quotes)
{
    return toml_error_after(lx, 0,
                            FORMAT(lx,
                                   quotes[0] == '"' ? "unexpected EOF; expected '%s'"
                                                    : "unexpected EOF; expected \"%s\"",
                                   quotes));
}

/* A string on one line; its first QUOTE was taken. */
static Error *lex_string(TomlLexer *lx, char quote, Str *out)
{
    size_t from = lx->pos;
    bool escaped = false;
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c == (uint32_t)quote)
            break;
        toml_step(lx);
        if (c == 0)
            return ends_too_early(lx, quote == '"' ? "\"" : "'");
        if (c == '\n' || c == '\r')
            return toml_error(lx, lx->line - 1, STR("strings cannot contain newlines"));
        if (c == '\\' && quote == '"') {
            TRY(lex_escape(lx, from));
            escaped = true;
        }
    }
    *out = toml_since(lx, from);
    toml_step(lx);
    return escaped ? replace_escapes(lx, lx->line, *out, out) : NULL;
}

/* How many QUOTEs stand here. */
static size_t count_quotes(const TomlLexer *lx, char quote)
{
    size_t count = 0;

    while (lx->pos + count < lx->text.len && lx->text.ptr[lx->pos + count] == quote)
        count++;
    return count;
}

/* Behind a backslash in a string of several lines, whose line break counts for nothing. */
static Error *lex_long_escape(TomlLexer *lx, size_t from)
{
    uint32_t c;

    TRY(toml_peek(lx, &c));
    if (c != '\n' && c != '\r')
        return lex_escape(lx, from);
    toml_step(lx);
    return NULL;
}

/* A string between three QUOTEs, of which those at its start were taken. */
static Error *lex_long_string(TomlLexer *lx, char quote, Str *out)
{
    const char *quotes = quote == '"' ? "\"\"\"" : "'''";
    size_t from = lx->pos, count;
    uint32_t c;

    for (;;) {
        count = count_quotes(lx, quote);
        if (count >= 3)
            break;
        TRY(toml_next(lx, &c));
        if (c == 0)
            return ends_too_early(lx, quotes);
        if (c == '\\' && quote == '"')
            TRY(lex_long_escape(lx, from));
    }
    if (count > 5) // two may stand before those that end it
        return toml_error(
            lx, lx->line,
            FORMAT(lx, quote == '"' ? "unexpected '%s%s'" : "unexpected \"%s%s\"", quotes, quotes));
    lx->pos += count;
    TRY(toml_peek(lx, &c));
    *out = without_first_newline(str_slice(lx->text, from, lx->pos - 3));
    if (quote == '\'')
        return NULL;
    return replace_escapes(lx, lx->line, without_escaped_newlines(lx->arena, *out), out);
}

Error *toml_lex_string(TomlLexer *lx, char quote, Value *out)
{
    size_t quotes = count_quotes(lx, quote);
    TomlLexer ahead = *lx;
    uint32_t c;
    Str text;

    if (quotes >= 2) {
        lx->pos += 2;
        TRY(lex_long_string(lx, quote, &text));
    } else {
        ahead.pos += quotes; // a third quote is looked for before the first two are a string
        TRY(toml_peek(&ahead, &c));
        TRY(lex_string(lx, quote, &text));
    }
    *out = value_string(text);
    return NULL;
}

Error *toml_lex_name(TomlLexer *lx, Str *out)
{
    size_t from = lx->pos;
    uint32_t c;

    TRY(toml_peek(lx, &c));
    if (c == '"' || c == '\'') {
        toml_step(lx);
        return lex_string(lx, (char)c, out);
    }
    while (c && c < 0x80 && toml_is_bare(str_slice(lx->text, lx->pos, lx->pos + 1))) {
        toml_step(lx);
        TRY(toml_peek(lx, &c));
    }
    *out = toml_since(lx, from);
    return NULL;
}
