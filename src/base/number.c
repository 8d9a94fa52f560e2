/*
 * number.c - text to numbers.
 */
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)lower(c);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* Underscores only between digits, or between a base prefix and a digit. */
static bool underscores_ok(Str s)
{
    char before = '^'; // '^' start, '0' digit, '_' underscore, '!' anything else
    size_t i = 0;
    bool hex = false;

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    if (s.len >= 2 && s.ptr[0] == '0' && strchr("box", lower(s.ptr[1]))) {
        i = 2;
        before = '0';
        hex = lower(s.ptr[1]) == 'x';
    }
    for (; i < s.len; i++) {
        if ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (hex && digit_value(s.ptr[i]) < 16)) {
            before = '0';
        } else if (s.ptr[i] == '_') {
            if (before != '0')
                return false;
            before = '_';
        } else {
            if (before == '_')
                return false;
            before = '!';
        }
    }
    return before != '_';
}

/* Take the prefix off *S that tells the base; 10 without one. */
static int take_base(Str *s)
{
    if (s->len < 2 || s->ptr[0] != '0')
        return 10;
    if (s->len >= 3) {
        int base = 0;

        switch (lower(s->ptr[1])) {
        case 'b':
            base = 2;
            break;
        case 'o':
            base = 8;
            break;
        case 'x':
            base = 16;
            break;
        default:
            break;
        }
        if (base) {
            *s = str_skip(*s, 2);
            return base;
        }
    }
    *s = str_skip(*s, 1);
    return 8;
}

NumberResult number_parse_uint(Str text, int base, uint64_t *out)
{
    Str s = text;
    bool any = base == 0, underscores = false;
    uint64_t n = 0;

    *out = 0;
    if (!s.len)
        return NUMBER_SYNTAX;
    if (any)
        base = take_base(&s);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '_' && any) {
            underscores = true;
            continue;
        }
        int digit = digit_value(s.ptr[i]);
        if (digit >= base)
            return NUMBER_SYNTAX;
        if (__builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit, &n)) {
            *out = UINT64_MAX; // whatever comes behind
            return NUMBER_RANGE;
        }
    }
    if (underscores && !underscores_ok(text))
        return NUMBER_SYNTAX;
    *out = n;
    return NUMBER_OK;
}

NumberResult number_parse_int(Str text, int base, int64_t *out)
{
    bool negative = text.len && text.ptr[0] == '-';
    uint64_t n, limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;

    *out = 0;
    if (text.len && (negative || text.ptr[0] == '+'))
        text = str_skip(text, 1);
    NumberResult result = number_parse_uint(text, base, &n);
    if (result == NUMBER_SYNTAX)
        return result;
    if (n > limit || result == NUMBER_RANGE) {
        *out = negative ? INT64_MIN : INT64_MAX;
        return NUMBER_RANGE;
    }
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return NUMBER_OK;
}

static bool is_word(Str s, const char *word)
{
    size_t len = strlen(word);

    if (s.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (lower(s.ptr[i]) != word[i])
            return false;
    return true;
}

static bool parse_special(Str s, double *out)
{
    bool negative = s.len && s.ptr[0] == '-';
    bool sign = negative || (s.len && s.ptr[0] == '+');
    Str word = sign ? str_skip(s, 1) : s;

    if (is_word(word, "inf") || is_word(word, "infinity"))
        *out = negative ? -(double)INFINITY : (double)INFINITY;
    else if (!sign && is_word(word, "nan"))
        *out = (double)NAN;
    else
        return false;
    return true;
}

/* A run of digits (and underscores) of S from *AT on; whether there was a digit. */
static bool skip_digits(Str s, size_t *at, int base, bool *underscores)
{
    bool any = false;

    for (; *at < s.len; ++*at) {
        if (s.ptr[*at] == '_')
            *underscores = true;
        else if (digit_value(s.ptr[*at]) < base)
            any = true;
        else
            break;
    }
    return any;
}

/* Whether S is a number as Go writes them, so that strtod's extras are out. */
static bool is_float(Str s, bool *underscores)
{
    size_t at = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    bool hex = at + 2 < s.len && s.ptr[at] == '0' && lower(s.ptr[at + 1]) == 'x';
    int base = hex ? 16 : 10;

    at += hex ? 2 : 0;
    bool digits = skip_digits(s, &at, base, underscores);
    if (at < s.len && s.ptr[at] == '.') {
        at++;
        digits |= skip_digits(s, &at, base, underscores);
    }
    if (!digits)
        return false;
    if (at < s.len && lower(s.ptr[at]) == (hex ? 'p' : 'e')) {
        at++;
        if (at < s.len && (s.ptr[at] == '-' || s.ptr[at] == '+'))
            at++;
        if (at >= s.len || s.ptr[at] == '_' || !skip_digits(s, &at, 10, underscores))
            return false;
    } else if (hex) {
        return false; // Go's hexadecimal floats must have an exponent
    }
    return at == s.len;
}

NumberResult number_parse_float(Str text, double *out)
{
    bool underscores = false;
    char small[64];

    *out = 0;
    if (parse_special(text, out))
        return NUMBER_OK;
    if (!is_float(text, &underscores) || (underscores && !underscores_ok(text)))
        return NUMBER_SYNTAX;

    DEFER(arena_free) Arena scratch = {0};
    char *plain = text.len < sizeof(small) ? small : arena_text(&scratch, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_')
            plain[len++] = text.ptr[i];
    plain[len] = '\0';
    *out = strtod(plain, NULL);
    return isinf(*out) ? NUMBER_RANGE : NUMBER_OK;
}
