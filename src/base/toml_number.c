/*
 * toml_number.c - numbers, and times.
 */
#include "base/number.h"
#include "base/time_layout.h"
#include "base/toml_lex.h"
#include "base/utf8.h"
#include "base/zone.h"

#include <math.h>
#include <string.h>

#define FORMAT(lx, ...) str_format((lx)->arena, __VA_ARGS__)

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
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
        accept = toml_hex_value((unsigned char)s.ptr[i]) >= 0;
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
        return toml_error_about(lx, "Invalid integer ", text,
                                ": underscores must be surrounded by digits");
    if (has_leading_zero(text))
        return toml_error_about(lx, "Invalid integer ", text, ": cannot have leading zeroes");
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
            return toml_error_about(lx, "Invalid float ", text,
                                    ": underscores must be surrounded by digits");
        if (first && has_leading_zero(part))
            return toml_error_about(lx, "Invalid float ", text, ": cannot have leading zeroes");
        first = false;
    }
    if (!periods_ok(text))
        return toml_error_about(lx, "Invalid float ", text,
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
        *out = value_float(text.ptr[0] == '-' ? -(double)NAN : (double)NAN);
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
        return toml_error_about(lx, "Invalid float value: ", text, "");
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
    return toml_error_about(lx, "invalid datetime: ", text, "");
}

/* Past all characters that are digits or in OTHERS. */
static Error *skip_set(TomlLexer *lx, const char *others)
{
    uint32_t c;

    for (;;) {
        TRY(toml_peek(lx, &c));
        if (!is_digit(c) && !(c && c < 0x80 && strchr(others, (int)c)))
            return NULL;
        toml_step(lx);
    }
}

static Error *lex_float(TomlLexer *lx, size_t from, Value *out)
{
    TRY(skip_set(lx, "_.-+eE"));
    return floating(lx, toml_since(lx, from), out);
}

static Error *lex_datetime(TomlLexer *lx, size_t from, Value *out)
{
    TRY(skip_set(lx, "-:Tt .Zz+"));
    return datetime(lx, str_trim(toml_since(lx, from)), out);
}

/* A number that is no date, behind its sign or first digits. */
static Error *lex_decimal(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c;

    TRY(skip_set(lx, "_"));
    TRY(toml_peek(lx, &c));
    if (c == '.' || c == 'e' || c == 'E')
        return lex_float(lx, from, out);
    return integer(lx, toml_since(lx, from), out);
}

/* 0b, 0o and 0x; the letter is next. */
static Error *lex_with_base(TomlLexer *lx, size_t from, uint32_t letter, Value *out)
{
    const char *digits = letter == 'b'   ? "01"
                         : letter == 'o' ? "01234567"
                                         : "0123456789abcdefABCDEF";
    const char *name = letter == 'b' ? "a binary" : letter == 'o' ? "an octal" : "a hexadecimal";
    uint32_t c;

    toml_step(lx);
    TRY(toml_peek(lx, &c));
    if (!c || c >= 0x80 || !strchr(digits, (int)c)) {
        Buf b = {.arena = lx->arena};

        buf_format(&b, "not %s number: '%.*s", name, STR_ARG(toml_since(lx, from)));
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
        return toml_error(lx, lx->line, buf_str(&b));
    }
    while (c && c < 0x80 && (c == '_' || strchr(digits, (int)c))) {
        toml_step(lx);
        TRY(toml_peek(lx, &c));
    }
    return integer(lx, toml_since(lx, from), out);
}

Error *toml_lex_number(TomlLexer *lx, Value *out)
{
    size_t from = lx->pos;
    uint32_t c;
    bool zero;

    TRY(toml_accept(lx, '0', &zero));
    TRY(toml_peek(lx, &c));
    if (zero && (c == 'b' || c == 'o' || c == 'x'))
        return lex_with_base(lx, from, c, out);
    if (zero && (c == '-' || c == ':')) // dates start with two digits at least
        return integer(lx, toml_since(lx, from), out);
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
        TRY(toml_accept(lx, word[i], &taken));
    if (!taken)
        return toml_error(lx, lx->line,
                          FORMAT(lx, "invalid float: '%.*s'", STR_ARG(toml_since(lx, from))));
    return floating(lx, toml_since(lx, from), out);
}

Error *toml_lex_signed(TomlLexer *lx, size_t from, Value *out)
{
    uint32_t c, next;

    TRY(toml_next(lx, &c));
    if (c == 'i' || c == 'n')
        return lex_signed_word(lx, from, c == 'i' ? "inf" : "nan", out);
    if (c == '.')
        return toml_error(lx, lx->line, STR("floats must start with a digit, not '.'"));
    if (!is_digit(c))
        return toml_unexpected(lx, c, "expected a digit but got ", "");
    TRY(toml_peek(lx, &next));
    if (c == '0' && (next == 'b' || next == 'o' || next == 'x'))
        return toml_error(lx, lx->line,
                          FORMAT(lx, "cannot use sign with non-decimal numbers: '%.*s%c'",
                                 STR_ARG(toml_since(lx, from)), (int)next));
    return lex_decimal(lx, from, out);
}

Error *toml_lex_float_word(TomlLexer *lx, size_t from, bool *found, Value *out)
{
    bool first, second = false;

    TRY(toml_accept(lx, 'n', &first));
    if (first)
        TRY(toml_accept(lx, 'f', &second));
    if (!second) {
        TRY(toml_accept(lx, 'a', &first));
        if (first)
            TRY(toml_accept(lx, 'n', &second));
    }
    *found = second;
    return second ? floating(lx, toml_since(lx, from), out) : NULL;
}
