#include "chart/schema/problem.h"

#include "base/number.h"
#include "base/quote.h"

#include <string.h>

enum { MOST_MISFITS = 5 }; /* more places than these nobody reads */

ProblemList problem_parts(Arena *a, const Problem *problem)
{
    ProblemList one = {0};

    if (problem->kind == PROBLEM_GROUP)
        return problem->causes;
    *vec_add(a, &one) = problem;
    return one;
}

void problem_add_quoted(Buf *b, Str s)
{
    Buf quoted = {.arena = b->arena};

    quote_add(&quoted, s, false);
    buf_add_char(b, '\'');
    for (size_t i = 1; i + 1 < quoted.len; i++) {
        if (quoted.ptr[i] == '\\' && quoted.ptr[i + 1] == '"')
            continue;
        if (quoted.ptr[i] == '\'')
            buf_add_char(b, '\\');
        buf_add_char(b, quoted.ptr[i]);
    }
    buf_add_char(b, '\'');
}

void problem_add_all_quoted(Buf *b, const Str *items, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buf_add_c(b, i ? ", " : "");
        problem_add_quoted(b, items[i]);
    }
}

void problem_add_value(Buf *b, Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        buf_add_c(b, "<nil>");
        break;
    case VALUE_BOOL:
        buf_add_c(b, v.boolean ? "true" : "false");
        break;
    case VALUE_INT:
        number_add_int(b, v.integer);
        break;
    case VALUE_FLOAT:
        number_add_float(b, v.real, 'g', -1);
        break;
    case VALUE_STRING:
        problem_add_quoted(b, v.string);
        break;
    default:
        buf_add_c(b, "value");
    }
}

/* The digits of an exponent, raised. */
static void add_exponent(Buf *b, Str digits)
{
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

    buf_add_c(b, "×10");
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] == '-')
            buf_add_c(b, "⁻");
        else if (digits.ptr[i] != '+')
            buf_add_c(b, raised[digits.ptr[i] - '0']);
    }
}

void problem_add_number(Buf *b, double n)
{
    Str rest = number_float(b->arena, n, 'g', -1), mantissa, whole;
    bool has_exponent = str_find_char(rest, 'e') != STR_NONE, has_fraction;

    str_cut(&rest, 'e', &mantissa);
    has_fraction = str_find_char(mantissa, '.') != STR_NONE;
    str_cut(&mantissa, '.', &whole);
    for (size_t i = 0; i < whole.len; i++) {
        if (i && (whole.len - i) % 3 == 0 && whole.ptr[i - 1] != '-')
            buf_add_char(b, ',');
        buf_add_char(b, whole.ptr[i]);
    }
    if (has_fraction)
        buf_format(b, ".%.*s", STR_ARG(mantissa));
    if (has_exponent)
        add_exponent(b, rest);
}

static void add_pointer(Buf *b, const SchemaPlace *place)
{
    if (!place)
        return;
    add_pointer(b, place->parent);
    buf_add_char(b, '/');
    for (size_t i = 0; i < place->token.len; i++) {
        if (place->token.ptr[i] == '~')
            buf_add_c(b, "~0");
        else if (place->token.ptr[i] == '/')
            buf_add_c(b, "~1");
        else
            buf_add_char(b, place->token.ptr[i]);
    }
}

void problem_print(Buf *b, const Problem *problem, int indent)
{
    Buf pointer = {.arena = b->arena};

    if (problem->kind != PROBLEM_REFERENCE || problem->causes.len != 1) {
        add_pointer(&pointer, problem->place);
        buf_fill(b, ' ', (size_t)indent * 2);
        buf_add_c(b, "- at ");
        problem_add_quoted(b, buf_str(&pointer));
        buf_format(b, ": %.*s\n", STR_ARG(problem->text));
        indent++;
    }
    for (size_t i = 0; i < problem->causes.len; i++)
        problem_print(b, problem->causes.items[i], indent);
}

static void add_path(Arena *a, const SchemaPlace *place, StrList *out)
{
    if (!place)
        return;
    add_path(a, place->parent, out);
    *vec_add(a, out) = place->token;
}

static void add_misfit(Arena *a, const ChartMisfit *misfit, ChartMisfitList *out)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_list_equal(&out->items[i].path, &misfit->path))
            return;
    if (out->len < MOST_MISFITS)
        *vec_add(a, out) = *misfit;
}

void problem_add_misfits(Arena *a, const Problem *problem, ChartMisfitList *out)
{
    for (size_t i = 0; i < problem->causes.len; i++)
        problem_add_misfits(a, problem->causes.items[i], out);
    for (size_t i = 0; i < problem->key_count; i++) {
        ChartMisfit misfit = {.nearest = i ? NULL : problem->nearest};

        add_path(a, problem->place, &misfit.path);
        *vec_add(a, &misfit.path) = problem->keys[i];
        add_misfit(a, &misfit, out);
    }
    if (!problem->causes.len && !problem->key_count) {
        ChartMisfit misfit = {0};

        add_path(a, problem->place, &misfit.path);
        add_misfit(a, &misfit, out);
    }
}
