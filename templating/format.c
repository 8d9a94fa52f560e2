/*
 * format.c - numbers and texts under a format's flags: written at the end of the buffer,
 * then padded in place.
 */
#include "templating/format.h"

#include "base/number.h"
#include "base/utf8.h"
#include "base/quote.h"

#include <math.h>
#include <string.h>

static void add_padding(Buf *b, const Format *f, size_t count)
{
    buf_fill(b, f->zero && !f->minus ? '0' : ' ', count);
}

/* COUNT bytes of room at AT, in front of what is there. */
static char *make_room(Buf *b, size_t at, size_t count)
{
    size_t len = b->len - at;

    buf_room(b, count);
    memmove(b->ptr + at + count, b->ptr + at, len);
    return b->ptr + at;
}

/* Bring what is in B from START on to the width, by putting padding around it. */
static void pad(Buf *b, const Format *f, size_t start)
{
    if (!f->has_width || f->width == 0)
        return;

    size_t have = utf8_count((Str){b->ptr + start, b->len - start}), want = (size_t)f->width;
    if (have >= want)
        return;
    if (f->minus)
        add_padding(b, f, want - have);
    else
        memset(make_room(b, start, want - have), f->zero ? '0' : ' ', want - have);
}

static void pad_with_spaces(Buf *b, const Format *f, size_t start)
{
    Format spaces = *f;

    spaces.zero = false;
    pad(b, &spaces, start);
}

void format_padded(Buf *b, const Format *f, Str text)
{
    size_t start = b->len;

    buf_add(b, text);
    pad(b, f, start);
}

/* As many characters of TEXT as the precision says. */
static Str truncated(const Format *f, Str text)
{
    size_t at = 0, width;

    if (!f->has_precision)
        return text;
    for (int left = f->precision; at < text.len && left > 0; left--, at += width)
        utf8_first(str_skip(text, at), &width);
    return str_slice(text, 0, at);
}

void format_text(Buf *b, const Format *f, Str text)
{
    format_padded(b, f, truncated(f, text));
}

void format_hex(Buf *b, const Format *f, Str text, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEFX" : "0123456789abcdefx";
    size_t start = b->len;

    if (f->has_precision && (size_t)f->precision < text.len)
        text.len = (size_t)f->precision;
    for (size_t i = 0; i < text.len; i++) {
        if (f->space && i > 0)
            buf_add_char(b, ' ');
        if (f->sharp && (f->space || i == 0)) {
            buf_add_char(b, '0');
            buf_add_char(b, digits[16]);
        }
        buf_add_char(b, digits[(unsigned char)text.ptr[i] >> 4]);
        buf_add_char(b, digits[text.ptr[i] & 15]);
    }
    pad(b, f, start);
}

void format_quoted(Buf *b, const Format *f, Str text)
{
    size_t start = b->len;

    text = truncated(f, text);
    if (f->sharp && quote_fits_raw(text)) {
        buf_add_char(b, '`');
        buf_add(b, text);
        buf_add_char(b, '`');
    } else {
        quote_add(b, text, f->plus);
    }
    pad(b, f, start);
}

/* The digits of N at the end of the 64 bytes at TEXT: how many there are. */
static int write_digits(char *text, uint64_t n, unsigned base, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    int at = 64;

    do {
        text[--at] = digits[n % base];
        n /= base;
    } while (n);
    return 64 - at;
}

static void add_prefix(Buf *b, const Format *f, int base, uint32_t verb, bool starts_with_zero)
{
    if (verb == 'O')
        buf_add_c(b, "0o");
    if (!f->sharp)
        return;
    if (base == 2)
        buf_add_c(b, "0b");
    else if (base == 16)
        buf_add_c(b, verb == 'X' ? "0X" : "0x");
    else if (base == 8 && !starts_with_zero)
        buf_add_char(b, '0');
}

void format_integer(Buf *b, const Format *f, uint64_t n, int base, bool is_signed, uint32_t verb)
{
    bool negative = is_signed && (int64_t)n < 0;
    char text[64];
    int least = 0;
    size_t start = b->len;

    if (f->has_precision) {
        least = f->precision;
        if (least == 0 && n == 0) {
            buf_fill(b, ' ', (size_t)f->width);
            return;
        }
    } else if (f->zero && !f->minus && f->has_width) {
        least = f->width - (negative || f->plus || f->space);
    }
    int len = write_digits(text, negative ? 0 - n : n, (unsigned)base, verb == 'X');
    if (negative || f->plus || f->space)
        buf_add_char(b, negative ? '-' : f->plus ? '+' : ' ');
    add_prefix(b, f, base, verb, least > len || text[64 - len] == '0');
    if (least > len)
        buf_fill(b, '0', (size_t)(least - len));
    buf_add(b, (Str){text + 64 - len, (size_t)len});
    pad_with_spaces(b, f, start);
}

static uint32_t rune_of(uint64_t n)
{
    return n > RUNE_MAX ? RUNE_ERROR : (uint32_t)n;
}

void format_char(Buf *b, const Format *f, uint64_t n)
{
    size_t start = b->len;

    utf8_add(b, rune_of(n));
    pad(b, f, start);
}

void format_quoted_char(Buf *b, const Format *f, uint64_t n)
{
    size_t start = b->len;

    quote_add_char(b, rune_of(n), f->plus);
    pad(b, f, start);
}

void format_unicode(Buf *b, const Format *f, uint64_t n)
{
    char text[64];
    int len = write_digits(text, n, 16, true);
    int least = f->has_precision && f->precision > 4 ? f->precision : 4;
    size_t start = b->len;

    buf_add_c(b, "U+");
    if (least > len)
        buf_fill(b, '0', (size_t)(least - len));
    buf_add(b, (Str){text + 64 - len, (size_t)len});
    if (f->sharp && n <= RUNE_MAX && rune_is_print((uint32_t)n)) {
        buf_add_c(b, " '");
        utf8_add(b, (uint32_t)n);
        buf_add_char(b, '\'');
    }
    pad_with_spaces(b, f, start);
}

/* Cut the exponent off the number in B from START on, into *TAIL; count what is left. */
static int cut_exponent(Buf *b, size_t start, char form, int digits, Str *tail)
{
    bool hex = form == 'x' || form == 'X', nonzero = false;

    for (size_t i = start; i < b->len; i++) {
        char c = b->ptr[i];

        if (c == '.')
            continue;
        if (c == 'p' || c == 'P' || (!hex && (c == 'e' || c == 'E'))) {
            *tail = (Str){b->ptr + i, b->len - i};
            b->len = i;
            return digits;
        }
        nonzero |= c != '0';
        digits -= nonzero;
    }
    return digits;
}

/* %#g and the like: the number in B from START on gets a point, and its zeros back. */
static void restore_point(Buf *b, size_t start, char form, int precision)
{
    bool counts = form == 'g' || form == 'G' || form == 'x';
    int digits = !counts ? 0 : precision < 0 ? 6 : precision;
    char exponent[8];
    Str tail = {0};

    digits = cut_exponent(b, start, form, digits, &tail);
    memcpy(exponent, tail.ptr ? tail.ptr : "", tail.len);
    if (!memchr(b->ptr + start, '.', b->len - start)) {
        digits -= b->len - start == 1 && b->ptr[start] == '0';
        buf_add_char(b, '.');
    }
    if (digits > 0)
        buf_fill(b, '0', (size_t)digits);
    buf_add(b, (Str){exponent, tail.len});
}

static void add_special(Buf *b, const Format *f, double n, char sign)
{
    size_t start = b->len;

    if (!isnan(n) || f->space || f->plus)
        buf_add_char(b, sign);
    buf_add_c(b, isnan(n) ? "NaN" : "Inf");
    pad_with_spaces(b, f, start);
}

void format_float(Buf *b, const Format *f, double n, char form, int precision)
{
    char sign = signbit(n) && !isnan(n) ? '-' : f->space && !f->plus ? ' ' : '+';
    bool shows_sign = f->plus || sign != '+';
    size_t start = b->len;

    if (f->has_precision)
        precision = f->precision;
    if (isnan(n) || isinf(n)) {
        add_special(b, f, n, sign);
        return;
    }
    if (shows_sign)
        buf_add_char(b, sign);
    number_add_float(b, fabs(n), form, precision);
    if (f->sharp && form != 'b')
        restore_point(b, start + shows_sign, form, precision);
    if (shows_sign && f->zero && !f->minus && f->has_width && (size_t)f->width > b->len - start) {
        size_t zeros = (size_t)f->width - (b->len - start);

        memset(make_room(b, start + 1, zeros), '0', zeros);
        return;
    }
    pad(b, f, start);
}
