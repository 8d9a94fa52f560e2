/*
 * printf.c - formats: flags, width, precision and argument numbers, up to the verb. Source:
 * Go, fmt/print.go, doPrintf; what it takes for a mistake is a mistake here.
 */
#include "base/utf8.h"
#include "templating/print.h"
#include "templating/printer.h"

enum { LARGEST = 1000 * 1000 }; /* width, precision or argument number */

typedef struct Formatter {
    Printer printer;
    Str format;
    size_t at; /* the next byte of it */
    const Value *operands;
    size_t len, next; /* of the operands: the one to print next */
    bool reordered;   /* some verb had an argument number */
    bool good_number; /* those of the verb at hand are fine */
} Formatter;

static void add(Formatter *f, const char *text)
{
    buf_add_c(f->printer.out, text);
}

static char peek(const Formatter *f)
{
    return f->at < f->format.len ? f->format.ptr[f->at] : '\0';
}

static bool is_at(const Formatter *f, char c)
{
    return f->at < f->format.len && f->format.ptr[f->at] == c;
}

/*
 * The digits from *AT up to, not including, END: whether there were any. A number that is
 * too large swallows all up to END.
 */
static bool read_number(Str s, size_t *at, size_t end, int *out)
{
    size_t start = *at;

    *out = 0;
    for (; *at < end && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; ++*at) {
        if (*out > LARGEST) {
            *out = 0;
            *at = end;
            return false;
        }
        *out = *out * 10 + (s.ptr[*at] - '0');
    }
    return *at > start;
}

/* At "[": the operand's number, from 0; *WIDTH is how many bytes it takes. */
static bool read_argument_number(const Formatter *f, int *number, size_t *width)
{
    Str rest = str_skip(f->format, f->at);
    size_t close = str_find_char(rest, ']'), at = 1;

    *number = 0;
    *width = 1;
    if (rest.len < 3 || close == STR_NONE)
        return false;
    *width = close + 1;
    if (!read_number(rest, &at, close, number) || at != close)
        return false;
    --*number;
    return true;
}

/* An argument number, if there is one: whether it is well-formed. */
static bool take_argument_number(Formatter *f)
{
    size_t width;
    int number;

    if (!is_at(f, '['))
        return false;
    f->reordered = true;
    bool ok = read_argument_number(f, &number, &width);
    f->at += width;
    if (ok && number >= 0 && (size_t)number < f->len)
        f->next = (size_t)number;
    else
        f->good_number = false;
    return ok;
}

static bool is_too_large(int64_t n)
{
    return n > LARGEST || n < -LARGEST;
}

/* '*': the next operand as a number; whether it is one. */
static bool take_star(Formatter *f, int *out)
{
    *out = 0;
    if (f->next >= f->len)
        return false;

    Value v = f->operands[f->next++];
    if (v.kind != VALUE_INT && (v.kind != VALUE_UINT || v.integer < 0))
        return false;
    if (is_too_large(v.integer))
        return false;
    *out = (int)v.integer;
    return true;
}

static void take_flags(Formatter *f)
{
    Format *format = &f->printer.format;

    *format = (Format){0};
    for (; f->at < f->format.len; f->at++)
        switch (f->format.ptr[f->at]) {
        case '#':
            format->sharp = true;
            break;
        case '0':
            format->zero = true;
            break;
        case '+':
            format->plus = true;
            break;
        case '-':
            format->minus = true;
            break;
        case ' ':
            format->space = true;
            break;
        default:
            return;
        }
}

static void take_width(Formatter *f, bool *after_number)
{
    Format *format = &f->printer.format;

    if (!is_at(f, '*')) {
        format->has_width = read_number(f->format, &f->at, f->format.len, &format->width);
        if (*after_number && format->has_width) // "%[3]2d"
            f->good_number = false;
        return;
    }
    f->at++;
    format->has_width = take_star(f, &format->width);
    if (!format->has_width)
        add(f, "%!(BADWIDTH)");
    if (format->width < 0) {
        format->width = -format->width;
        format->minus = true;
        format->zero = false; // no zeros on the right
    }
    *after_number = false;
}

static void take_precision(Formatter *f, bool *after_number)
{
    Format *format = &f->printer.format;

    if (!is_at(f, '.') || f->at + 1 >= f->format.len)
        return;
    f->at++;
    if (*after_number) // "%[3].2d"
        f->good_number = false;
    *after_number = take_argument_number(f);
    if (!is_at(f, '*')) {
        read_number(f->format, &f->at, f->format.len, &format->precision);
        format->has_precision = true;
        return;
    }
    f->at++;
    format->has_precision = take_star(f, &format->precision);
    if (format->precision < 0) {
        format->precision = 0;
        format->has_precision = false;
    }
    if (!format->has_precision)
        add(f, "%!(BADPREC)");
    *after_number = false;
}

static void add_mistake(Formatter *f, uint32_t verb, const char *what)
{
    add(f, "%!");
    utf8_add(f->printer.out, verb);
    add(f, what);
}

static Error *print_next(Formatter *f, uint32_t verb)
{
    Format *format = &f->printer.format;

    if (verb == 'v' || verb == 'w') {
        format->sharp_v = format->sharp;
        format->plus_v = format->plus;
        format->sharp = format->plus = false;
    }
    return printer_add(&f->printer, f->operands[f->next++], verb);
}

/* What follows the flags where that is more than a verb, or the text ends. */
static Error *take_rest(Formatter *f)
{
    bool after_number = take_argument_number(f);
    size_t width;

    take_width(f, &after_number);
    take_precision(f, &after_number);
    if (!after_number)
        take_argument_number(f);
    if (f->at >= f->format.len) {
        add(f, "%!(NOVERB)");
        return NULL;
    }

    uint32_t verb = utf8_first(str_skip(f->format, f->at), &width);
    f->at += width;
    if (verb == '%')
        buf_add_char(f->printer.out, '%');
    else if (!f->good_number)
        add_mistake(f, verb, "(BADINDEX)");
    else if (f->next >= f->len)
        add_mistake(f, verb, "(MISSING)");
    else
        return print_next(f, verb);
    return NULL;
}

static Error *take_verb(Formatter *f)
{
    f->good_number = true;
    take_flags(f);
    if (peek(f) >= 'a' && peek(f) <= 'z' && f->next < f->len)
        return print_next(f, (uint32_t)f->format.ptr[f->at++]);
    return take_rest(f);
}

/* Operands that no verb has asked for. */
static Error *add_extra(Formatter *f)
{
    f->printer.format = (Format){0};
    add(f, "%!(EXTRA ");
    for (size_t i = f->next; i < f->len; i++) {
        Value v = f->operands[i];

        if (i > f->next)
            add(f, ", ");
        add(f, value_go_type(v));
        if (v.kind == VALUE_NULL)
            continue;
        buf_add_char(f->printer.out, '=');
        TRY(printer_add(&f->printer, v, 'v'));
    }
    buf_add_char(f->printer.out, ')');
    return NULL;
}

Error *print_format(Buf *b, Str format, const Value *operands, size_t len, size_t most)
{
    Formatter f = {
        .printer = printer_new(b, most), .format = format, .operands = operands, .len = len};

    while (f.at < format.len) {
        Str rest = str_skip(format, f.at);
        size_t percent = str_find_char(rest, '%');
        Str plain = percent == STR_NONE ? rest : str_slice(rest, 0, percent);

        buf_add(b, plain);
        f.at += plain.len;
        if (f.at >= format.len)
            break;
        f.at++;
        TRY(take_verb(&f));
        TRY(printer_check(&f.printer));
    }
    if (!f.reordered && f.next < len)
        return add_extra(&f);
    return NULL;
}
