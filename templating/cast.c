/*
 * cast.c - numbers out of numbers, texts, booleans and nothing; texts out of anything.
 */
#include "templating/cast.h"

#include "base/number.h"
#include "templating/print.h"
#include "templating/types.h"

int64_t cast_float_to_int(double n)
{
    return n >= -0x1p63 && n < 0x1p63 ? (int64_t)n : INT64_MIN;
}

/* S up to a point that has nothing but zeros and points behind it, and a zero among them. */
static Str without_zero_decimals(Str s)
{
    bool zero = false;

    for (size_t i = s.len; i > 0 && (s.ptr[i - 1] == '0' || s.ptr[i - 1] == '.'); i--) {
        if (s.ptr[i - 1] == '.' && zero)
            return str_slice(s, 0, i - 1);
        zero |= s.ptr[i - 1] == '0';
    }
    return s;
}

static int64_t int_of_string(Str s)
{
    int64_t n;

    return number_parse_int(without_zero_decimals(s), 0, &n) == NUMBER_OK ? n : 0;
}

static double float_of_string(Str s)
{
    double n;

    return number_parse_float(s, &n) == NUMBER_OK ? n : 0;
}

/* A time.Duration is no number there, while a time.Month is. */
static bool is_number(Value v)
{
    return value_type_of(v) != TYPE_DURATION;
}

int64_t cast_int(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_INT:
        return is_number(v) ? v.integer : 0;
    case VALUE_UINT:
        return (int64_t)v.natural;
    case VALUE_FLOAT:
        return cast_float_to_int(v.real);
    case VALUE_STRING:
        return int_of_string(v.string);
    case VALUE_BOOL:
        return v.boolean;
    default:
        return 0;
    }
}

double cast_float(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_INT:
        return is_number(v) ? (double)v.integer : 0;
    case VALUE_UINT:
        return (double)v.natural;
    case VALUE_FLOAT:
        return v.real;
    case VALUE_STRING:
        return float_of_string(v.string);
    case VALUE_BOOL:
        return v.boolean ? 1 : 0;
    default:
        return 0;
    }
}

Error *cast_string(Arena *a, Value v, Str *out)
{
    Buf b = {.arena = a};

    if (v.kind != VALUE_STRING && v.kind != VALUE_BYTES) {
        TRY(print_all(&b, &v, 1, PRINT_MOST_BYTES));
        v.string = buf_str(&b);
    }
    *out = v.string;
    return NULL;
}

Error *cast_strings(Arena *a, Value v, Value *out)
{
    bool is_list = type_is_list(v);
    size_t most = is_list ? type_list_len(v) : 1, len = 0;

    if (v.kind == VALUE_LIST && value_type_of(v) == TYPE_STRINGS) {
        *out = v;
        return NULL;
    }
    Value *items = arena_array(a, Value, most);
    for (size_t i = 0; i < most; i++) {
        Value item = is_list ? type_list_item(v, i) : v;

        if (item.kind == VALUE_NULL)
            continue;
        items[len] = value_string((Str){0});
        TRY(cast_string(a, item, &items[len++].string));
    }
    *out = value_typed(value_list(items, len), TYPE_STRINGS);
    out->room = is_list ? (uint32_t)(most - len) : 0;
    return NULL;
}
