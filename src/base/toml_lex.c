#include "base/toml_lex.h"

#include "base/quote.h"
#include "base/utf8.h"

#include <string.h>

#define FORMAT(lx, ...) str_format((lx)->arena, __VA_ARGS__)

TomlLexer toml_lexer(Arena *a, Str text)
{
    return (TomlLexer){.arena = a, .text = text, .line = 1};
}

bool toml_is_bare(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
            c != '-')
            return false;
    }
    return s.len > 0;
}

void toml_add_quoted(Buf *b, Str s)
{
    static const char names[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";

    buf_add_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        const char *value = c ? strchr(values, c) : NULL;

        if (value) {
            buf_add_char(b, '\\');
            buf_add_char(b, names[value - values]);
        } else if (c < 0x20 || c == 0x7F) {
            buf_format(b, "\\u%04x", c);
        } else {
            buf_add_char(b, (char)c);
        }
    }
    buf_add_char(b, '"');
}

Str toml_key_text(Arena *a, const Str *key, size_t len)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < len; i++) {
        if (i)
            buf_add_char(&b, '.');
        if (toml_is_bare(key[i]))
            buf_add(&b, key[i]);
        else
            toml_add_quoted(&b, key[i]);
    }
    return buf_str(&b);
}

Error *toml_error(const TomlLexer *lx, int line, Str message)
{
    Str key = toml_key_text(lx->arena, lx->context.items, lx->context.len);
    Buf quoted = {.arena = lx->arena};

    if (lx->current.len && key.len)
        key = str_join(lx->arena, str_join(lx->arena, key, STR(".")), lx->current);
    else if (lx->current.len)
        key = lx->current;
    if (!key.len)
        return error_new(ERROR_INPUT, "toml: line %d: %.*s", line, STR_ARG(message));
    quote_add(&quoted, key, false);
    return error_new(ERROR_INPUT, "toml: line %d (last key %.*s): %.*s", line,
                     STR_ARG(buf_str(&quoted)), STR_ARG(message));
}

/* What ends too early is not on the empty line behind the last line break. */
Error *toml_error_after(const TomlLexer *lx, uint32_t c, Str message)
{
    bool empty = c == 0 && lx->pos && lx->text.ptr[lx->pos - 1] == '\n';

    return toml_error(lx, lx->line - empty, message);
}

Error *toml_unexpected(const TomlLexer *lx, uint32_t c, const char *before, const char *after)
{
    Buf b = {.arena = lx->arena};

    buf_add_c(&b, before);
    quote_add_char(&b, c, false);
    buf_add_c(&b, after);
    return toml_error_after(lx, c, buf_str(&b));
}

Error *toml_error_about(const TomlLexer *lx, const char *before, Str text, const char *after)
{
    Buf b = {.arena = lx->arena};

    buf_add_c(&b, before);
    quote_add(&b, text, false);
    buf_add_c(&b, after);
    return toml_error(lx, lx->line, buf_str(&b));
}

Error *toml_peek(const TomlLexer *lx, uint32_t *out)
{
    Str rest = str_skip(lx->text, lx->pos);
    size_t width;

    *out = 0;
    if (!rest.len)
        return NULL;
    *out = utf8_first(rest, &width);
    if (*out == RUNE_ERROR && width == 1)
        return toml_error(lx, lx->line,
                          FORMAT(lx, "invalid UTF-8 byte: 0x%02x", (unsigned char)rest.ptr[0]));
    if ((*out < 0x20 && *out != '\t' && *out != '\n' && *out != '\r') || *out == 0x7F ||
        (*out == '\r' && !str_starts(rest, STR("\r\n"))))
        return toml_error(
            lx, lx->line,
            FORMAT(lx, "TOML files cannot contain control characters: '0x%02x'", *out));
    return NULL;
}

void toml_step(TomlLexer *lx)
{
    size_t width;

    if (lx->pos == lx->text.len)
        return;
    lx->line += lx->text.ptr[lx->pos] == '\n';
    utf8_first(str_skip(lx->text, lx->pos), &width);
    lx->pos += width;
}

Error *toml_next(TomlLexer *lx, uint32_t *out)
{
    TRY(toml_peek(lx, out));
    toml_step(lx);
    return NULL;
}

Error *toml_accept(TomlLexer *lx, char c, bool *taken)
{
    uint32_t next;

    TRY(toml_peek(lx, &next));
    *taken = next == (uint32_t)c;
    if (*taken)
        toml_step(lx);
    return NULL;
}

Error *toml_skip_blanks(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c != ' ' && c != '\t')
            return NULL;
        toml_step(lx);
    }
}

Error *toml_skip_comment(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c == '\n' || c == '\r' || c == 0)
            return NULL;
        toml_step(lx);
    }
}

Error *toml_skip_space(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '#')
            return NULL;
        toml_step(lx);
        if (c == '#')
            TRY(toml_skip_comment(lx));
    }
}

Str toml_since(const TomlLexer *lx, size_t from)
{
    return str_slice(lx->text, from, lx->pos);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

int toml_hex_value(uint32_t c)
{
    if (is_digit(c))
        return (int)c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

/* Letters from FROM on. */
static Error *lex_word(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (!rune_is_letter(c))
            break;
        toml_step(lx);
    }
    Str word = toml_since(lx, from);
    *out = value_bool(str_is(word, "true"));
    if (!out->boolean && !str_is(word, "false"))
        return toml_error_about(lx, "expected value but found ", word, " instead");
    return NULL;
}

/* What starts with an "i" or "n", which was taken. */
static Error *lex_word_or_float(TomlLexer *lx, size_t from, Value *out)
{
    bool found;

    TRY(toml_lex_float_word(lx, from, &found, out));
    if (found)
        return NULL;
    lx->pos--; // by one character, wherever it now is: what is shown of the word starts there
    return lex_word(lx, lx->pos, out);
}

Error *toml_lex_value(TomlLexer *lx, char *bracket, Value *out)
{
    size_t from;
    uint32_t c;

    *bracket = '\0';
    TRY(toml_skip_blanks(lx));
    from = lx->pos;
    TRY(toml_peek(lx, &c));
    if (is_digit(c))
        return toml_lex_number(lx, out);
    if (rune_is_letter(c) && c != 'i' && c != 'n')
        return lex_word(lx, from, out);
    toml_step(lx);
    switch (c) {
    case '[':
    case '{':
        *bracket = (char)c;
        return NULL;
    case '"':
    case '\'':
        return toml_lex_string(lx, (char)c, out);
    case '.':
        return toml_error(lx, lx->line, STR("floats must start with a digit, not '.'"));
    case 'i':
    case 'n':
        return lex_word_or_float(lx, from, out);
    case '-':
    case '+':
        return toml_lex_signed(lx, from, out);
    case 0:
        return toml_error_after(lx, c, STR("unexpected EOF; expected value"));
    case '\n':
        lx->line--;
        return toml_unexpected(lx, c, "expected value but found ", " instead");
    default:
        return toml_unexpected(lx, c, "expected value but found ", " instead");
    }
}
