/*
 * number_format.c - numbers to text.
 *
 * Source: Go, strconv/ftoa.go; the digits themselves come from the C library, which rounds
 * as exactly.
 */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_DIGITS = 1100, /* behind the point, or significant: beyond them any double has zeros */
    MOST_TEXT = 1500,   /* bytes of a double with as many */
};

/* A number's significant digits, and where its decimal point is: 0.D1D2D3… × 10^POINT. */
typedef struct Digits {
    char digits[MOST_TEXT];
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
    char text[MOST_TEXT];

    if (count > MOST_DIGITS)
        count = MOST_DIGITS;
    snprintf(text, sizeof(text), "%.*e", count - 1, n);
    read_digits(text, out);
}

/*
 * The digits of N where a fraction of few digits, as people write them, reads back as N:
 * without the C library, which is much slower. Two numbers of 15 digits at most are never
 * the same double, so there is no shorter one.
 */
static bool short_digits(double n, Digits *out)
{
    double left = fabs(n), power = 1, scaled = left;
    int places = 0;

    if (left != 0 && left < 1e-10)
        return false;
    for (; places < 22 && scaled < 1e15; places++, power *= 10, scaled = left * power)
        if (scaled == floor(scaled) && scaled / power == left)
            break;
    if (places == 22 || scaled >= 1e15)
        return false;

    char text[24];
    size_t at = sizeof(text);
    for (uint64_t digits = (uint64_t)scaled; digits; digits /= 10)
        text[--at] = (char)('0' + digits % 10);
    out->len = (int)(sizeof(text) - at);
    out->point = out->len - places;
    out->negative = signbit(n);
    memcpy(out->digits, text + at, sizeof(text) - at);
    drop_zeros(out);
    return true;
}

/* The next number that TEXT, from printf's %.*e, can be, away from zero. */
static void next_digits(char *text)
{
    char *digit = strchr(text, 'e') - 1;

    while (digit > text && (*digit == '9' || *digit == '.')) {
        if (*digit == '9')
            *digit = '0';
        digit--;
    }
    ++*digit;
}

/* The doubles below a power of two are half as far apart as those above it. */
static bool is_power_of_two(double n)
{
    int exponent;

    return frexp(fabs(n), &exponent) == 0.5;
}

/* The fewest digits that read back as N. */
static void shortest_digits(double n, Digits *out)
{
    bool lopsided = is_power_of_two(n);
    char text[40];

    if (short_digits(n, out))
        return;
    for (int count = fabs(n) < 0x1p-1022 ? 1 : 15; count <= 17; count++) {
        snprintf(text, sizeof(text), "%.*e", count - 1, n);
        if (strtod(text, NULL) == n)
            break;
        // The nearest may be below N and too far off, while the next above is not.
        if (lopsided && fabs(strtod(text, NULL)) < fabs(n)) {
            next_digits(text);
            if (strtod(text, NULL) == n)
                break;
        }
    }
    read_digits(text, out);
    drop_zeros(out);
}

/* N rounded to PLACES behind the decimal point. */
static void fixed_digits(double n, int places, Digits *out)
{
    char text[MOST_TEXT];
    bool seen_point = false;

    snprintf(text, sizeof(text), "%.*f", places > MOST_DIGITS ? MOST_DIGITS : places, n);
    *out = (Digits){.negative = text[0] == '-'};
    for (const char *at = text; *at; at++) {
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

static void add_sign(Buf *b, bool negative)
{
    if (negative)
        buf_add_char(b, '-');
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
    int limit = precision, exponent = d->point - 1;

    if (limit > d->len && d->len >= d->point)
        limit = d->len;
    if (shortest)
        limit = 6;
    if (exponent < -4 || exponent >= limit) {
        add_exponent_form(b, d, (precision > d->len ? d->len : precision) - 1, e);
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
    add_sign(b, signbit(n));
    buf_format(b, "%llup%+d", (unsigned long long)mantissa, exponent);
}

/* MANTISSA, whose leading 1 is bit 60, to PRECISION hexadecimal digits. */
static uint64_t round_hex(uint64_t mantissa, int precision, int *exponent)
{
    const uint64_t one = (uint64_t)1 << 60, half = one >> 1;
    int shift = precision * 4;
    uint64_t rest = (mantissa << shift) & (one - 1);

    mantissa >>= 60 - shift;
    mantissa += (rest | (mantissa & 1)) > half;
    mantissa <<= 60 - shift;
    if (mantissa & (one << 1)) {
        mantissa >>= 1;
        ++*exponent;
    }
    return mantissa;
}

/* %x: 0x1.8p+01, with at least two digits in the exponent. */
static void add_hex_form(Buf *b, double n, char x, int precision)
{
    const char *digits = x == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int exponent = 1;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(n), &exponent), 61);

    exponent -= 1;
    if (n == 0)
        exponent = 0;
    if (precision >= 0 && precision < 15)
        mantissa = round_hex(mantissa, precision, &exponent);
    add_sign(b, signbit(n));
    buf_add_char(b, '0');
    buf_add_char(b, x);
    buf_add_char(b, mantissa >> 60 ? '1' : '0');
    mantissa <<= 4;
    if (precision > 0 || (precision < 0 && mantissa))
        buf_add_char(b, '.');
    for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; i++, mantissa <<= 4)
        buf_add_char(b, digits[mantissa >> 60]);
    buf_format(b, "%c%c%02d", x == 'X' ? 'P' : 'p', exponent < 0 ? '-' : '+', abs(exponent));
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
    else if (precision < 0 && fabs(n) < 1e6 && n == (double)(int64_t)n && !(n == 0 && signbit(n)) &&
             (format == 'g' || format == 'f'))
        number_add_int(b, (int64_t)n); // by far the most common number in a values file
    else
        return false;
    return true;
}

void number_add_float(Buf *b, double n, char format, int precision)
{
    bool shortest = precision < 0;
    bool capital = format == 'E' || format == 'G';
    char e = capital ? 'E' : 'e', form = capital ? (char)(format | 0x20) : format;
    Digits d;

    if (add_simple(b, n, format, precision))
        return;
    if (form == 'g' && precision == 0)
        precision = 1;
    if (shortest)
        shortest_digits(n, &d);
    else if (form == 'f')
        fixed_digits(n, precision, &d);
    else
        round_digits(n, form == 'e' ? precision + 1 : precision, &d);
    if (form == 'g' && !shortest)
        drop_zeros(&d);

    add_sign(b, d.negative);
    if (form == 'e')
        add_exponent_form(b, &d, shortest ? d.len - 1 : precision, e);
    else if (form == 'f')
        add_decimal_form(b, &d, shortest ? d.len - d.point : precision);
    else
        add_general_form(b, &d, shortest ? d.len : precision, shortest, e);
}

void number_add_padded(Buf *b, int64_t n, size_t width, char pad)
{
    char text[24];
    size_t at = sizeof(text);
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    while (sizeof(text) - at < width)
        text[--at] = pad;
    if (n < 0)
        buf_add_char(b, '-');
    buf_add(b, (Str){text + at, sizeof(text) - at});
}

void number_add_int(Buf *b, int64_t n)
{
    number_add_padded(b, n, 0, ' ');
}

Str number_float(Arena *a, double n, char format, int precision)
{
    Buf b = {.arena = a};

    number_add_float(&b, n, format, precision);
    return buf_str(&b);
}
