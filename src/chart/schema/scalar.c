/*
 * scalar.c - keywords about texts and numbers; equality and arithmetic as JSON has them.
 */
#include "base/number.h"
#include "base/utf8.h"
#include "chart/schema/spot.h"

#include <math.h>

bool json_is_number(Value v)
{
    return v.kind == VALUE_INT || v.kind == VALUE_UINT || v.kind == VALUE_FLOAT;
}

double json_number(Value v)
{
    if (v.kind == VALUE_INT)
        return (double)v.integer;
    return v.kind == VALUE_UINT ? (double)v.natural : v.real;
}

Str json_index(Arena *a, size_t i)
{
    return str_format(a, "%zu", i);
}

static bool equal_lists(ValueList a, ValueList b)
{
    for (size_t i = 0; a.len == b.len && i < a.len; i++)
        if (!json_equal(a.items[i], b.items[i]))
            return false;
    return a.len == b.len;
}

static size_t map_len(Value v)
{
    return v.map ? v.map->len : 0;
}

static bool equal_maps(Value a, Value b)
{
    for (size_t i = 0; map_len(a) == map_len(b) && i < map_len(a); i++)
        if (!str_equal(a.map->entries[i].key, b.map->entries[i].key) ||
            !json_equal(a.map->entries[i].value, b.map->entries[i].value))
            return false;
    return map_len(a) == map_len(b);
}

bool json_equal(Value a, Value b)
{
    if (json_is_number(a) && json_is_number(b))
        return a.kind == VALUE_INT && b.kind == VALUE_INT ? a.integer == b.integer
                                                          : json_number(a) == json_number(b);
    if (a.kind != b.kind)
        return false;
    switch ((ValueKind)a.kind) {
    case VALUE_LIST:
        return equal_lists(a.list, b.list);
    case VALUE_MAP:
        return equal_maps(a, b);
    case VALUE_STRING:
        return str_equal(a.string, b.string);
    case VALUE_BOOL:
        return a.boolean == b.boolean;
    default:
        return true;
    }
}

/* ---- texts */

Error *spot_text(Spot *s)
{
    const Value *pattern = spot_keyword(s, "pattern", VALUE_STRING);
    double least, most, len = (double)utf8_count(s->v.string);
    Buf b = {.arena = s->run->arena};
    bool matches = true;

    if (spot_keyword_count(s, "minLength", &least) && len < least)
        spot_add(s, "minLength: got %.0f, want %.0f", len, least);
    if (spot_keyword_count(s, "maxLength", &most) && len > most)
        spot_add(s, "maxLength: got %.0f, want %.0f", len, most);
    if (pattern)
        TRY(spot_matches(s, pattern->string, s->v.string, &matches));
    if (matches)
        return NULL;
    problem_add_quoted(&b, s->v.string);
    buf_add_c(&b, " does not match pattern ");
    problem_add_quoted(&b, pattern->string);
    spot_add_text(s, buf_str(&b), (ProblemList){0});
    return NULL;
}

/* ---- numbers */

static void add_comparison(Spot *s, const char *keyword, double want)
{
    Buf b = {.arena = s->run->arena};

    buf_format(&b, "%s: got ", keyword);
    problem_add_number(&b, json_number(s->v));
    buf_add_c(&b, ", want ");
    problem_add_number(&b, want);
    spot_add_text(s, buf_str(&b), (ProblemList){0});
}

/* A number as it is written: DIGITS times ten to the power of EXPONENT. */
typedef struct Written {
    uint64_t digits;
    int exponent;
} Written;

static Written written(Arena *a, double n)
{
    Str text = number_float(a, fabs(n), 'e', -1);
    size_t e = str_find_char(text, 'e');
    Written w = {0};
    int64_t exponent = 0;

    for (size_t i = 0; i < e; i++)
        if (text.ptr[i] != '.')
            w.digits = w.digits * 10 + (uint64_t)(text.ptr[i] - '0');
    if (number_parse_int(str_skip(text, e + 1), 10, &exponent) != NUMBER_OK)
        BUG("a number without exponent");
    w.exponent = (int)exponent - (e > 2 ? (int)e - 2 : 0);
    return w;
}

/* 0.3 is a multiple of 0.1: what counts is how the numbers are written. */
static bool is_multiple(double n, double of)
{
    DEFER(arena_free) Arena scratch = {0};
    Written value = written(&scratch, n), divisor = written(&scratch, of);
    unsigned __int128 rest = value.digits, by = divisor.digits;

    if (!rest || !by)
        return !rest && by;
    for (; value.exponent > divisor.exponent; value.exponent--)
        rest = rest % by * 10;
    for (; value.exponent < divisor.exponent && by <= rest; value.exponent++)
        by *= 10;
    return value.exponent >= divisor.exponent && rest % by == 0;
}

/* In draft 4 exclusiveMinimum says whether the limit itself is out; later it is a limit. */
static void check_limit(Spot *s, const char *inclusive, const char *exclusive, int sign)
{
    const Value *is_out = spot_keyword(s, exclusive, VALUE_BOOL);
    double n = json_number(s->v), limit;

    if (spot_keyword_number(s, inclusive, &limit)) {
        if (is_out && is_out->boolean && sign * (n - limit) <= 0)
            add_comparison(s, exclusive, limit);
        else if (sign * (n - limit) < 0)
            add_comparison(s, inclusive, limit);
    }
    if (spot_keyword_number(s, exclusive, &limit) && sign * (n - limit) <= 0)
        add_comparison(s, exclusive, limit);
}

void spot_number(Spot *s)
{
    double of;

    check_limit(s, "minimum", "exclusiveMinimum", 1);
    check_limit(s, "maximum", "exclusiveMaximum", -1);
    if (spot_keyword_number(s, "multipleOf", &of) && !is_multiple(json_number(s->v), of))
        add_comparison(s, "multipleOf", of);
}
