#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 1100 }; /* of any double, written out in full */

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
    NumberResult result = NUMBER_OK;

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
            __builtin_add_overflow(n, (uint64_t)digit, &n))
            result = NUMBER_RANGE;
    }
    if (underscores && !underscores_ok(text))
        return NUMBER_SYNTAX;
    *out = result == NUMBER_RANGE ? UINT64_MAX : n;
    return result;
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
        *out = negative ? -INFINITY : INFINITY;
    else if (!sign && is_word(word, "nan"))
        *out = NAN;
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

/* A number's significant digits, and where its decimal point is: 0.D1D2D3… × 10^POINT. */
typedef struct Digits {
    char digits[MOST_DIGITS];
    int len;
    int point;
    bool negative;
} Digits;

/* From what printf's %.*e makes: "-d.ddde+xx". */
static void read_digits(const char *text, Digits *out)
{
    out->len = 0;
    out->negative = *text == '-';
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9')
            out->digits[out->len++] = *text;
    out->point = (int)strtol(text + 1, NULL, 10) + 1;
}

static void drop_zeros(Digits *d)
{
    while (d->len > 0 && d->digits[d->len - 1] == '0')
        d->len--;
    if (d->len == 0)
        d->point = 0;
}

/* COUNT significant digits of N, correctly rounded. */
static void round_digits(double n, int count, Digits *out)
{
    char text[MOST_DIGITS + 16];

    if (count > MOST_DIGITS - 1)
        count = MOST_DIGITS - 1;
    snprintf(text, sizeof(text), "%.*e", count - 1, n);
    read_digits(text, out);
}

/* Whether N is an integer that has few digits. */
static bool is_small_whole(double n)
{
    return fabs(n) < 1e15 && n == (double)(int64_t)n;
}

/* The fewest digits that read back as N. */
static void shortest_digits(double n, Digits *out)
{
    char text[40];

    for (int count = is_small_whole(n) ? 1 : 15; count <= 17; count++) {
        snprintf(text, sizeof(text), "%.*e", count - 1, n);
        if (strtod(text, NULL) == n)
            break;
    }
    read_digits(text, out);
    drop_zeros(out);
}

/* N rounded to PLACES behind the decimal point. */
static void fixed_digits(double n, int places, Digits *out)
{
    char text[MOST_DIGITS + 400];
    const char *at = text;

    if (places > MOST_DIGITS - 350)
        places = MOST_DIGITS - 350;
    snprintf(text, sizeof(text), "%.*f", places, n);
    out->len = 0;
    out->negative = *at == '-';
    out->point = 0;
    bool seen_point = false;
    for (; *at; at++) {
        if (*at == '.')
            seen_point = true;
        if (*at < '0' || *at > '9')
            continue;
        if (*at == '0' && out->len == 0) {
            out->point -= seen_point;
            continue;
        }
        out->digits[out->len++] = *at;
        out->point += !seen_point;
    }
    drop_zeros(out);
}

static void add_exponent_form(Buf *b, const Digits *d, int precision, char e)
{
    buf_add_char(b, d->len ? d->digits[0] : '0');
    if (precision > 0) {
        int have = d->len > precision + 1 ? precision + 1 : d->len;

        buf_add_char(b, '.');
        if (have > 1)
            buf_add(b, (Str){d->digits + 1, (size_t)have - 1});
        buf_fill(b, '0', (size_t)(precision + 1 - (have > 1 ? have : 1)));
    }
    int exponent = d->len ? d->point - 1 : 0;
    buf_format(b, "%c%c%02d", e, exponent < 0 ? '-' : '+', abs(exponent));
}

static void add_decimal_form(Buf *b, const Digits *d, int precision)
{
    if (d->point > 0) {
        int have = d->len < d->point ? d->len : d->point;

        buf_add(b, (Str){d->digits, (size_t)have});
        buf_fill(b, '0', (size_t)(d->point - have));
    } else {
        buf_add_char(b, '0');
    }
    if (precision > 0)
        buf_add_char(b, '.');
    for (int i = 0; i < precision; i++) {
        int at = d->point + i;

        buf_add_char(b, at >= 0 && at < d->len ? d->digits[at] : '0');
    }
}

static void add_general_form(Buf *b, const Digits *d, int precision, bool shortest, char e)
{
    int limit = precision;

    if (limit > d->len && d->len >= d->point)
        limit = d->len;
    if (shortest)
        limit = 6;
    int exponent = d->point - 1;
    if (exponent < -4 || exponent >= limit) {
        int digits = precision > d->len ? d->len : precision;

        add_exponent_form(b, d, digits - 1, e);
        return;
    }
    if (precision > d->point)
        precision = d->len;
    add_decimal_form(b, d, precision > d->point ? precision - d->point : 0);
}

/* %b: the mantissa in decimal, the exponent of two. */
static void add_binary_form(Buf *b, double n)
{
    int exponent;
    double fraction = frexp(fabs(n), &exponent);
    uint64_t mantissa = (uint64_t)ldexp(fraction, 53);

    exponent -= 53;
    if (exponent < -1074) { // denormal
        mantissa >>= -1074 - exponent;
        exponent = -1074;
    }
    if (n == 0)
        exponent = -1074;
    buf_format(b, "%s%llup%+d", signbit(n) ? "-" : "", (unsigned long long)mantissa, exponent);
}

/* %x: 0x1.8p+01, with at least two digits in the exponent. */
static void add_hex_form(Buf *b, double n, char format, int precision)
{
    char text[MOST_DIGITS];
    int exponent = 0;
    double fraction = n == 0 ? 0 : frexp(fabs(n), &exponent) * 2;

    if (precision > 900)
        precision = 900;
    if (precision < 0)
        snprintf(text, sizeof(text), "%a", fraction);
    else
        snprintf(text, sizeof(text), "%.*a", precision, fraction);
    char *p = strchr(text, 'p');
    int rounded = (int)strtol(p + 1, NULL, 10); // 1 where rounding carried into 2.0
    *p = '\0';
    exponent = n == 0 ? 0 : exponent - 1 + rounded;
    size_t start = b->len;
    buf_format(b, "%s%sp%c%02d", signbit(n) ? "-" : "", text, exponent < 0 ? '-' : '+',
               abs(exponent));
    for (size_t i = start; format == 'X' && i < b->len; i++)
        if (b->ptr[i] >= 'a' && b->ptr[i] <= 'z')
            b->ptr[i] = (char)(b->ptr[i] - 'a' + 'A');
}

static bool add_simple(Buf *b, double n, char format, int precision)
{
    if (isnan(n))
        buf_add_c(b, "NaN");
    else if (isinf(n))
        buf_add_c(b, n < 0 ? "-Inf" : "+Inf");
    else if (format == 'b')
        add_binary_form(b, n);
    else if (format == 'x' || format == 'X')
        add_hex_form(b, n, format, precision);
    else if (precision < 0 && fabs(n) < 1e6 && is_small_whole(n) && !(n == 0 && signbit(n)) &&
             (format == 'g' || format == 'f'))
        number_add_int(b, (int64_t)n); // by far the most common number in a values file
    else
        return false;
    return true;
}

void number_add_float(Buf *b, double n, char format, int precision)
{
    Digits d;
    bool shortest = precision < 0;
    char e = format == 'E' || format == 'G' ? 'E' : 'e';
    char form = (char)lower(format);

    if (add_simple(b, n, format, precision))
        return;
    if (shortest)
        shortest_digits(n, &d);
    else if (form == 'e')
        round_digits(n, precision + 1, &d);
    else if (form == 'f')
        fixed_digits(n, precision, &d);
    else
        round_digits(n, precision ? precision : 1, &d);

    if (form == 'g' && !shortest)
        drop_zeros(&d);
    if (d.negative)
        buf_add_char(b, '-');
    if (form == 'e')
        add_exponent_form(b, &d, shortest ? d.len - 1 : precision, e);
    else if (form == 'f')
        add_decimal_form(b, &d, shortest ? (d.len > d.point ? d.len - d.point : 0) : precision);
    else
        add_general_form(b, &d, shortest ? (d.len > 6 ? d.len : 6) : (precision ? precision : 1),
                         shortest, e);
}

void number_add_int(Buf *b, int64_t n)
{
    char text[24];
    size_t at = sizeof(text);
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (n < 0)
        text[--at] = '-';
    buf_add(b, (Str){text + at, sizeof(text) - at});
}

Str number_float(Arena *a, double n, char format, int precision)
{
    Buf b = {.arena = a};

    number_add_float(&b, n, format, precision);
    return buf_str(&b);
}
