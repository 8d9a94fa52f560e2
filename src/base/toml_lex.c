#include "base/toml_lex.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/time_layout.h"
#include "base/utf8.h"
#include "base/zone.h"

#include <math.h>
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
    return b.len ? buf_str(&b) : (Str){"", 0};
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

static void step(TomlLexer *lx)
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
    step(lx);
    return NULL;
}

/* Take C if it is next. */
static Error *accept(TomlLexer *lx, char c, bool *taken)
{
    uint32_t next;

    TRY(toml_peek(lx, &next));
    *taken = next == (uint32_t)c;
    if (*taken)
        step(lx);
    return NULL;
}

Error *toml_skip_blanks(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c != ' ' && c != '\t')
            return NULL;
        step(lx);
    }
}

Error *toml_skip_comment(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c == '\n' || c == '\r' || c == 0)
            return NULL;
        step(lx);
    }
}

Error *toml_skip_space(TomlLexer *lx)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '#')
            return NULL;
        step(lx);
        if (c == '#')
            TRY(toml_skip_comment(lx));
    }
}

static Str since(const TomlLexer *lx, size_t from)
{
    return str_slice(lx->text, from, lx->pos);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static int hex_value(uint32_t c)
{
    if (is_digit(c))
        return (int)c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

/* The DIGITS of a character's number, behind "\u"; FROM is where the string starts. */
static Error *lex_hex_escape(TomlLexer *lx, size_t from, uint32_t letter)
{
    int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    uint32_t c;

    for (int i = 0; i < digits; i++) {
        TRY(toml_next(lx, &c));
        if (hex_value(c) < 0) {
            Buf b = {.arena = lx->arena};

            buf_format(&b, "expected %s hexadecimal digits after '\\%c', but got ",
                       digits == 2   ? "two"
                       : digits == 4 ? "four"
                                     : "eight",
                       (int)letter);
            quote_add(&b, since(lx, from), false);
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
        rune = rune << 4 | (uint32_t)hex_value((unsigned char)digits.ptr[i]);
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
    *out = b.len ? buf_str(&b) : (Str){"", 0};
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
        step(lx);
        if (c == 0)
            return ends_too_early(lx, quote == '"' ? "\"" : "'");
        if (c == '\n' || c == '\r')
            return toml_error(lx, lx->line - 1, STR("strings cannot contain newlines"));
        if (c == '\\' && quote == '"') {
            TRY(lex_escape(lx, from));
            escaped = true;
        }
    }
    *out = since(lx, from);
    step(lx);
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
    step(lx);
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
    lx->pos += count - 3;
    *out = without_first_newline(since(lx, from));
    lx->pos += 3;
    if (quote == '\'')
        return NULL;
    return replace_escapes(lx, lx->line, without_escaped_newlines(lx->arena, *out), out);
}

static Error *lex_any_string(TomlLexer *lx, char quote, Value *out)
{
    Str text;

    if (count_quotes(lx, quote) >= 2) {
        lx->pos += 2;
        TRY(lex_long_string(lx, quote, &text));
    } else {
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
        step(lx);
        return lex_string(lx, (char)c, out);
    }
    while (c && c < 0x80 && toml_is_bare(str_slice(lx->text, lx->pos, lx->pos + 1))) {
        step(lx);
        TRY(toml_peek(lx, &c));
    }
    *out = since(lx, from);
    return NULL;
}

static Error *number_error(const TomlLexer *lx, const char *what, Str text, const char *why)
{
    Buf b = {.arena = lx->arena};

    buf_add_c(&b, what);
    quote_add(&b, text, false);
    buf_add_c(&b, why);
    return toml_error(lx, lx->line, buf_str(&b));
}

static bool underscores_ok(Str s)
{
    bool accept = false;
    Str word = s.len && (s.ptr[0] == '+' || s.ptr[0] == '-') ? str_skip(s, 1) : s;

    if (str_is(word, "nan") || str_is(word, "inf"))
        return true;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '_' && !accept)
            return false;
        accept = hex_value((unsigned char)s.ptr[i]) >= 0;
    }
    return accept;
}

static bool has_leading_zero(Str s)
{
    if (s.len > 1 && s.ptr[0] == '0')
        return s.ptr[1] != 'b' && s.ptr[1] != 'o' && s.ptr[1] != 'x';
    return s.len > 2 && (s.ptr[0] == '-' || s.ptr[0] == '+') && s.ptr[1] == '0';
}

static Error *integer(const TomlLexer *lx, Str text, Value *out)
{
    int64_t n;

    if (!underscores_ok(text))
        return number_error(lx, "Invalid integer ", text,
                            ": underscores must be surrounded by digits");
    if (has_leading_zero(text))
        return number_error(lx, "Invalid integer ", text, ": cannot have leading zeroes");
    if (number_parse_int(text, 0, &n) != NUMBER_OK)
        return toml_error(lx, lx->line,
                          FORMAT(lx, "%.*s is out of range for int64", STR_ARG(text)));
    *out = value_int64(n);
    return NULL;
}

static bool periods_ok(Str s)
{
    bool period = false;

    for (size_t i = 0; i < s.len; i++) {
        if (period && !is_digit((unsigned char)s.ptr[i]))
            return false;
        period = s.ptr[i] == '.';
    }
    return !period;
}

/* The parts of TEXT between periods and exponents: each has to be a number of its own. */
static Error *check_float(const TomlLexer *lx, Str text)
{
    bool first = true;

    for (size_t from = 0, at = 0; at <= text.len; at++) {
        if (at < text.len && text.ptr[at] != '.' && (text.ptr[at] | 0x20) != 'e')
            continue;
        Str part = str_slice(text, from, at);
        from = at + 1;
        if (!part.len)
            continue;
        if (!underscores_ok(part))
            return number_error(lx, "Invalid float ", text,
                                ": underscores must be surrounded by digits");
        if (first && has_leading_zero(part))
            return number_error(lx, "Invalid float ", text, ": cannot have leading zeroes");
        first = false;
    }
    if (!periods_ok(text))
        return number_error(lx, "Invalid float ", text,
                            ": '.' must be followed by one or more digits");
    return NULL;
}

static Error *floating(const TomlLexer *lx, Str text, Value *out)
{
    Buf b = {.arena = lx->arena};
    double n;

    TRY(check_float(lx, text));
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_')
            buf_add_char(&b, text.ptr[i]);
    if (str_ends(text, STR("nan")) && text.len <= 4) {
        *out = value_float(text.ptr[0] == '-' ? -NAN : NAN);
        return NULL;
    }
    switch (number_parse_float(buf_str(&b), &n)) {
    case NUMBER_OK:
        *out = value_float(n);
        return NULL;
    case NUMBER_RANGE:
        return toml_error(lx, lx->line,
                          FORMAT(lx, "%.*s is out of range for float64", STR_ARG(text)));
    default:
        return number_error(lx, "Invalid float value: ", text, "");
    }
}

/* Go's parser takes 7:32 for 07:32: the separators show that it is not. */
static bool has_all_zeros(Str text, const char *layout)
{
    for (size_t i = 0; layout[i] && layout[i] != '.' && layout[i] != 'Z'; i++)
        if (!is_digit((unsigned char)layout[i]) && (i >= text.len || text.ptr[i] != layout[i]))
            return false;
    return true;
}

static Error *datetime(const TomlLexer *lx, Str text, Value *out)
{
    static const struct {
        const char *layout, *zone;
    } forms[] = {
        {"2006-01-02T15:04:05.999999999Z07:00", NULL},
        {"2006-01-02T15:04:05.999999999", TOML_LOCAL_DATETIME},
        {"2006-01-02", TOML_LOCAL_DATE},
        {"15:04:05.999999999", TOML_LOCAL_TIME},
        {"2006-01-02T15:04Z07:00", NULL},
        {"2006-01-02T15:04", TOML_LOCAL_DATETIME},
        {"15:04", TOML_LOCAL_TIME},
    };
    Buf b = {.arena = lx->arena};

    for (size_t i = 0; i < text.len; i++)
        buf_add_char(&b, text.ptr[i] == ' ' || text.ptr[i] == 't' ? 'T'
                         : text.ptr[i] == 'z'                     ? 'Z'
                                                                  : text.ptr[i]);
    text = buf_str(&b);
    for (size_t i = 0; i < COUNT(forms); i++) {
        const Zone *zone = forms[i].zone ? zone_fixed(lx->arena, str_from(forms[i].zone), 0) : NULL;
        Time time;
        Error *err = time_parse(lx->arena, str_from(forms[i].layout), text, zone, zone, &time);

        error_free(err);
        if (err)
            continue;
        if (!has_all_zeros(text, forms[i].layout))
            break;
        *out = value_of_time(lx->arena, time);
        return NULL;
    }
    return number_error(lx, "invalid datetime: ", text, "");
}

/* Past all characters that are digits or in OTHERS. */
static Error *skip_set(TomlLexer *lx, const char *others)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (!is_digit(c) && !(c && c < 0x80 && strchr(others, (int)c)))
            return NULL;
        step(lx);
    }
}

static Error *lex_float(TomlLexer *lx, size_t from, Value *out)
{
    TRY(skip_set(lx, "_.-+eE"));
    return floating(lx, since(lx, from), out);
}

static Error *lex_datetime(TomlLexer *lx, size_t from, Value *out)
{
    TRY(skip_set(lx, "-:Tt .Zz+"));
    return datetime(lx, str_trim(since(lx, from)), out);
}

/* A number that is no date, behind its sign or first digits. */
static Error *lex_decimal(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c;

    TRY(skip_set(lx, "_"));
    TRY(toml_peek(lx, &c));
    if (c == '.' || c == 'e' || c == 'E')
        return lex_float(lx, from, out);
    return integer(lx, since(lx, from), out);
}

/* 0b, 0o and 0x; the letter is next. */
static Error *lex_with_base(TomlLexer *lx, size_t from, uint32_t letter, Value *out)
{
    const char *digits = letter == 'b'   ? "01"
                         : letter == 'o' ? "01234567"
                                         : "0123456789abcdefABCDEF";
    const char *name = letter == 'b' ? "a binary" : letter == 'o' ? "an octal" : "a hexadecimal";
    uint32_t c;

    step(lx);
    TRY(toml_peek(lx, &c));
    if (!c || c >= 0x80 || !strchr(digits, (int)c)) {
        Buf b = {.arena = lx->arena};

        buf_format(&b, "not %s number: '%.*s", name, STR_ARG(since(lx, from)));
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
        return toml_error(lx, lx->line, buf_str(&b));
    }
    while (c && c < 0x80 && (c == '_' || strchr(digits, (int)c))) {
        step(lx);
        TRY(toml_peek(lx, &c));
    }
    return integer(lx, since(lx, from), out);
}

/* What starts with a digit. */
static Error *lex_number_or_date(TomlLexer *lx, Value *out)
{
    size_t from = lx->pos;
    uint32_t c;
    bool zero;

    TRY(accept(lx, '0', &zero));
    TRY(toml_peek(lx, &c));
    if (zero && (c == 'b' || c == 'o' || c == 'x'))
        return lex_with_base(lx, from, c, out);
    if (zero && (c == '-' || c == ':')) // dates start with two digits at least
        return integer(lx, since(lx, from), out);
    TRY(skip_set(lx, ""));
    TRY(toml_peek(lx, &c));
    if (c == '-' || c == ':')
        return lex_datetime(lx, from, out);
    return lex_decimal(lx, from, out);
}

/* WORD, of which the first character was taken, behind a sign. */
static Error *lex_signed_word(TomlLexer *lx, size_t from, const char *word, Value *out)
{
    bool taken = true;

    for (size_t i = 1; i < 3 && taken; i++)
        TRY(accept(lx, word[i], &taken));
    if (!taken)
        return toml_error(lx, lx->line,
                          FORMAT(lx, "invalid float: '%.*s'", STR_ARG(since(lx, from))));
    return floating(lx, since(lx, from), out);
}

static Error *unexpected(const TomlLexer *lx, const char *before, uint32_t c, const char *after)
{
    Buf b = {.arena = lx->arena};

    buf_add_c(&b, before);
    quote_add_char(&b, c, false);
    buf_add_c(&b, after);
    return toml_error_after(lx, c, buf_str(&b));
}

/* Behind a sign, which started at FROM. */
static Error *lex_signed(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c, next;

    TRY(toml_next(lx, &c));
    if (c == 'i' || c == 'n')
        return lex_signed_word(lx, from, c == 'i' ? "inf" : "nan", out);
    if (c == '.')
        return toml_error(lx, lx->line, STR("floats must start with a digit, not '.'"));
    if (!is_digit(c))
        return unexpected(lx, "expected a digit but got ", c, "");
    TRY(toml_peek(lx, &next));
    if (c == '0' && (next == 'b' || next == 'o' || next == 'x'))
        return toml_error(lx, lx->line,
                          FORMAT(lx, "cannot use sign with non-decimal numbers: '%.*s%c'",
                                 STR_ARG(since(lx, from)), (int)next));
    return lex_decimal(lx, from, out);
}

/* Letters from FROM on. */
static Error *lex_word(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (!rune_is_letter(c))
            break;
        step(lx);
    }
    Str word = since(lx, from);
    *out = value_bool(str_is(word, "true"));
    if (!out->boolean && !str_is(word, "false"))
        return number_error(lx, "expected value but found ", word, " instead");
    return NULL;
}

/* "inf" or "nan", of which the first character was taken; or else another word. */
static Error *lex_float_word(TomlLexer *lx, size_t from, Value *out)
{
    bool n, f, a;

    TRY(accept(lx, 'n', &n));
    f = false;
    if (n)
        TRY(accept(lx, 'f', &f));
    if (f)
        return floating(lx, since(lx, from), out);
    TRY(accept(lx, 'a', &a));
    n = a ? n : false;
    if (a)
        TRY(accept(lx, 'n', &n));
    if (a && n)
        return floating(lx, since(lx, from), out);
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
        return lex_number_or_date(lx, out);
    if (rune_is_letter(c) && c != 'i' && c != 'n')
        return lex_word(lx, from, out);
    step(lx);
    switch (c) {
    case '[':
    case '{':
        *bracket = (char)c;
        return NULL;
    case '"':
    case '\'':
        return lex_any_string(lx, (char)c, out);
    case '.':
        return toml_error(lx, lx->line, STR("floats must start with a digit, not '.'"));
    case 'i':
    case 'n':
        return lex_float_word(lx, from, out);
    case '-':
    case '+':
        return lex_signed(lx, from, out);
    case 0:
        return toml_error_after(lx, c, STR("unexpected EOF; expected value"));
    case '\n':
        lx->line--;
        return unexpected(lx, "expected value but found ", c, " instead");
    default:
        return unexpected(lx, "expected value but found ", c, " instead");
    }
}
