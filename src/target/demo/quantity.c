#include "target/demo/quantity.h"

#include "base/number.h"

#include <string.h>

static const Nanos nano = 1000000000;

/* 2^63 - 1, which nothing is beyond. */
static Nanos largest(void)
{
    return (Nanos)INT64_MAX * nano;
}

static const char *const decimal_suffixes[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
static const char *const binary_suffixes[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

typedef struct Digits {
    Str whole, fraction;
    bool negative;
} Digits;

static size_t digit_count(Str text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] >= '0' && text.ptr[len] <= '9')
        len++;
    return len;
}

static bool read_digits(Str *text, Digits *out)
{
    out->negative = text->len && text->ptr[0] == '-';
    if (text->len && (text->ptr[0] == '-' || text->ptr[0] == '+'))
        *text = str_skip(*text, 1);
    out->whole = str_slice(*text, 0, digit_count(*text));
    *text = str_skip(*text, out->whole.len);
    out->fraction = STR("");
    if (text->len && text->ptr[0] == '.') {
        *text = str_skip(*text, 1);
        out->fraction = str_slice(*text, 0, digit_count(*text));
        *text = str_skip(*text, out->fraction.len);
    }
    return out->whole.len || out->fraction.len;
}

/* SUFFIX as what the number is to be multiplied by: 10^*EXPONENT or 1024^*EXPONENT. */
static bool read_suffix(Str suffix, QuantityFormat *format, int *exponent)
{
    int64_t n;

    for (size_t i = 0; i < COUNT(decimal_suffixes); i++)
        if (str_is(suffix, decimal_suffixes[i])) {
            *format = QUANTITY_DECIMAL;
            *exponent = 3 * (int)i - 9;
            return true;
        }
    for (size_t i = 1; i < COUNT(binary_suffixes); i++)
        if (str_is(suffix, binary_suffixes[i])) {
            *format = QUANTITY_BINARY;
            *exponent = (int)i;
            return true;
        }
    if (suffix.len < 2 || (suffix.ptr[0] != 'e' && suffix.ptr[0] != 'E'))
        return false;
    suffix = str_skip(suffix, suffix.ptr[1] == '+' ? 2 : 1);
    if (number_parse_int(suffix, 10, &n) != NUMBER_OK || n < -40 || n > 40)
        return false;
    *format = QUANTITY_EXPONENT;
    *exponent = (int)n;
    return true;
}

/* *N times FACTOR, or the largest there is. */
static void multiply(Nanos *n, Nanos factor)
{
    *n = *n > largest() / factor ? largest() : *n * factor;
}

static void add_digits(Nanos *n, Str digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        multiply(n, 10);
        *n += digits.ptr[i] - '0';
    }
}

/* Digits with the point POINT places from the end, times 10^-9: rounded away from zero. */
static Nanos scaled(Nanos mantissa, int point)
{
    bool rest = false;

    for (; point > 9; point--) {
        rest |= mantissa % 10 != 0;
        mantissa /= 10;
    }
    for (; point < 9; point++)
        multiply(&mantissa, 10);
    return mantissa + rest;
}

bool quantity_parse(Str text, Quantity *out)
{
    Digits digits;
    int exponent;
    Nanos n = 0;

    if (!read_digits(&text, &digits) || !read_suffix(text, &out->format, &exponent))
        return false;
    // beyond 30 digits nothing changes but the rounding
    if (digits.fraction.len > 20)
        digits.fraction.len = 20;
    add_digits(&n, digits.whole);
    if (n < (Nanos)1 << 60)
        add_digits(&n, digits.fraction);
    else
        digits.fraction.len = 0;
    if (out->format == QUANTITY_BINARY) {
        for (int i = 0; i < exponent; i++)
            multiply(&n, 1024);
        exponent = 0;
    }
    n = scaled(n, (int)digits.fraction.len - exponent);
    out->nanos = digits.negative ? -n : n;
    return true;
}

static Str with_suffix(Arena *a, Nanos n, const char *suffix)
{
    bool negative = n < 0;
    uint64_t rest = (uint64_t)(negative ? -n : n);

    return str_format(a, "%s%llu%s", negative ? "-" : "", (unsigned long long)rest, suffix);
}

static Str decimal_text(Arena *a, Quantity q)
{
    int power = 0; /* thousands above 10^-9 */

    while (q.nanos % 1000 == 0 && power < (int)COUNT(decimal_suffixes) - 1) {
        q.nanos /= 1000;
        power++;
    }
    if (q.format != QUANTITY_EXPONENT || power == 3)
        return with_suffix(a, q.nanos, decimal_suffixes[power]);
    return with_suffix(a, q.nanos, str_c(a, str_format(a, "e%d", 3 * power - 9)));
}

Str quantity_text(Arena *a, Quantity q)
{
    Nanos whole = q.nanos / nano;
    size_t power = 0;

    if (q.nanos == 0)
        return STR("0");
    // what is small or has a fraction is written in decimals, to lose nothing
    if (q.format == QUANTITY_BINARY && (q.nanos % nano || (whole > -1024 && whole < 1024)))
        q.format = QUANTITY_DECIMAL;
    if (q.format != QUANTITY_BINARY)
        return decimal_text(a, q);
    while (whole % 1024 == 0 && power < COUNT(binary_suffixes) - 1) {
        whole /= 1024;
        power++;
    }
    return with_suffix(a, whole, binary_suffixes[power]);
}
