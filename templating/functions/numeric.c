/*
 * numeric.c - arithmetic, rounding, and sequences of numbers. Source: sprig, numeric.go and
 * functions.go.
 */
#include "base/number.h"
#include "base/slice.h"
#include "templating/cast.h"
#include "templating/decimal.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/print.h"
#include "templating/world.h"

#include <math.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* Go's integers wrap around, which C leaves undefined for signed ones. */
static Value int64_of(uint64_t n)
{
    return value_int64((int64_t)n);
}

static uint64_t argument(const TemplateCall *call, size_t i)
{
    return (uint64_t)cast_int(call->args[i]);
}

static Error *run_add(const TemplateCall *call, Value *out)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < call->len; i++)
        sum += argument(call, i);
    *out = int64_of(sum);
    return NULL;
}

static Error *run_add1(const TemplateCall *call, Value *out)
{
    *out = int64_of(argument(call, 0) + 1);
    return NULL;
}

static Error *run_sub(const TemplateCall *call, Value *out)
{
    *out = int64_of(argument(call, 0) - argument(call, 1));
    return NULL;
}

static Error *run_mul(const TemplateCall *call, Value *out)
{
    uint64_t product = argument(call, 0);

    for (size_t i = 1; i < call->len; i++)
        product *= argument(call, i);
    *out = int64_of(product);
    return NULL;
}

static Error *run_div(const TemplateCall *call, Value *out)
{
    int64_t a = cast_int(call->args[0]), b = cast_int(call->args[1]);

    if (b == 0)
        return FAIL("integer divide by zero");
    *out = b == -1 ? int64_of(0 - (uint64_t)a) : value_int64(a / b);
    return NULL;
}

static Error *run_mod(const TemplateCall *call, Value *out)
{
    int64_t a = cast_int(call->args[0]), b = cast_int(call->args[1]);

    if (b == 0)
        return FAIL("integer divide by zero");
    *out = value_int64(b == -1 ? 0 : a % b);
    return NULL;
}

static Error *run_max(const TemplateCall *call, Value *out)
{
    int64_t most = cast_int(call->args[0]);

    for (size_t i = 1; i < call->len; i++)
        if (cast_int(call->args[i]) > most)
            most = cast_int(call->args[i]);
    *out = value_int64(most);
    return NULL;
}

static Error *run_min(const TemplateCall *call, Value *out)
{
    int64_t least = cast_int(call->args[0]);

    for (size_t i = 1; i < call->len; i++)
        if (cast_int(call->args[i]) < least)
            least = cast_int(call->args[i]);
    *out = value_int64(least);
    return NULL;
}

/* Infinity beats NaN, NaN all else, and 0 is more than -0. Source: Go, math/dim.go. */
static double larger(double a, double b)
{
    if ((isinf(a) && a > 0) || isnan(a))
        return isinf(b) && b > 0 ? b : a;
    if ((isinf(b) && b > 0) || isnan(b))
        return b;
    if (a == 0 && b == 0)
        return signbit(a) ? b : a;
    return a > b ? a : b;
}

static Error *run_maxf(const TemplateCall *call, Value *out)
{
    double most = cast_float(call->args[0]);

    for (size_t i = 1; i < call->len; i++)
        most = larger(most, cast_float(call->args[i]));
    *out = value_float(most);
    return NULL;
}

static Error *run_minf(const TemplateCall *call, Value *out)
{
    double least = cast_float(call->args[0]);

    for (size_t i = 1; i < call->len; i++)
        least = -larger(-least, -cast_float(call->args[i]));
    *out = value_float(least);
    return NULL;
}

/* NUMBERS[0], and OPERATION with each argument from number FIRST on. */
static Error *fold(const TemplateCall *call, DecimalOperation operation, double start, size_t first,
                   Value *out)
{
    double *numbers = arena_array(call->arena, double, call->len - first + 1), result;

    numbers[0] = start;
    for (size_t i = first; i < call->len; i++)
        numbers[i - first + 1] = cast_float(call->args[i]);
    TRY(decimal_fold(call->arena, operation, numbers, call->len - first + 1, &result));
    *out = value_float(result);
    return NULL;
}

static Error *run_addf(const TemplateCall *call, Value *out)
{
    return fold(call, DECIMAL_ADD, 0, 0, out);
}

static Error *run_add1f(const TemplateCall *call, Value *out)
{
    return fold(call, DECIMAL_ADD, 1, 0, out);
}

static Error *run_subf(const TemplateCall *call, Value *out)
{
    return fold(call, DECIMAL_SUB, cast_float(call->args[0]), 1, out);
}

static Error *run_mulf(const TemplateCall *call, Value *out)
{
    return fold(call, DECIMAL_MUL, cast_float(call->args[0]), 1, out);
}

static Error *run_divf(const TemplateCall *call, Value *out)
{
    return fold(call, DECIMAL_DIV, cast_float(call->args[0]), 1, out);
}

static Error *run_floor(const TemplateCall *call, Value *out)
{
    *out = value_float(floor(cast_float(call->args[0])));
    return NULL;
}

static Error *run_ceil(const TemplateCall *call, Value *out)
{
    *out = value_float(ceil(cast_float(call->args[0])));
    return NULL;
}

/*
 * 10 to the power of N, with the rounding errors that Go's algorithm makes: the C library is
 * more exact. Source: Go, math/pow.go.
 */
static double power_of_ten(int64_t n)
{
    int square_exponent, exponent = 0;
    double result = 1, square = frexp(10, &square_exponent);

    if (n == 1)
        return 10;
    for (uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; left; left >>= 1) {
        if (square_exponent > 1 << 12) {
            exponent += square_exponent;
            break;
        }
        if (left & 1) {
            result *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if (square < 0.5) {
            square += square;
            square_exponent--;
        }
    }
    return n < 0 ? ldexp(1 / result, -exponent) : ldexp(result, exponent);
}

static Error *run_round(const TemplateCall *call, Value *out)
{
    double up_from = call->len > 2 ? call->args[2].real : 0.5, whole;
    double power = power_of_ten(call->args[1].integer);
    double scaled = power * cast_float(call->args[0]);
    double fraction = modf(scaled, &whole);
    bool up = fraction >= up_from; // of an infinity it does not matter

    *out = value_float((up ? ceil(scaled) : floor(scaled)) / power);
    return NULL;
}

static Error *run_int(const TemplateCall *call, Value *out)
{
    *out = value_int(cast_int(call->args[0]));
    return NULL;
}

static Error *run_int64(const TemplateCall *call, Value *out)
{
    *out = value_int64(cast_int(call->args[0]));
    return NULL;
}

static Error *run_float64(const TemplateCall *call, Value *out)
{
    *out = value_float(cast_float(call->args[0]));
    return NULL;
}

static Error *run_atoi(const TemplateCall *call, Value *out)
{
    int64_t n;

    number_parse_int(call->args[0].string, 10, &n); // too large: the largest; no number: 0
    *out = value_int(n);
    return NULL;
}

static Error *run_to_decimal(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};
    int64_t n;

    TRY(print_all(&b, call->args, 1, text_most(call)));
    *out = value_int64(number_parse_int(buf_str(&b), 8, &n) == NUMBER_OK ? n : 0);
    return NULL;
}

typedef struct Sequence {
    int64_t start, step;
    size_t len;
} Sequence;

/* From START up or down to, not including, STOP. */
static Error *sequence(const TemplateCall *call, int64_t start, int64_t stop, int64_t step,
                       Sequence *out)
{
    bool down = stop < start;
    __int128 span = down ? (__int128)start - stop : (__int128)stop - start;
    __int128 stride = down ? -(__int128)step : step;

    *out = (Sequence){start, step, 0};
    if (stride <= 0 || span == 0)
        return NULL;
    __int128 len = (span + stride - 1) / stride;
    TRY(items_check(call, len > SIZE_MAX ? SIZE_MAX : (size_t)len));
    __int128 beyond = start + len * step;
    if (beyond < INT64_MIN || beyond > INT64_MAX) // Go's wraps around and goes on without end
        TRY(items_check(call, SIZE_MAX));
    out->len = (size_t)len;
    return NULL;
}

static int64_t number_at(const Sequence *s, size_t i)
{
    return (int64_t)((uint64_t)s->start + i * (uint64_t)s->step);
}

static Error *list_of(const TemplateCall *call, int64_t start, int64_t stop, int64_t step,
                      Value *out)
{
    Sequence s;

    TRY(sequence(call, start, stop, step, &s));
    Value *items = arena_array(call->arena, Value, s.len);
    for (size_t i = 0; i < s.len; i++)
        items[i] = value_int(number_at(&s, i));
    *out = slice_appended(value_typed(value_list(items, s.len), TYPE_INTS));
    return NULL;
}

static Error *run_until(const TemplateCall *call, Value *out)
{
    int64_t count = call->args[0].integer;

    return list_of(call, 0, count, count < 0 ? -1 : 1, out);
}

static Error *run_until_step(const TemplateCall *call, Value *out)
{
    return list_of(call, call->args[0].integer, call->args[1].integer, call->args[2].integer, out);
}

static Error *text_of(const TemplateCall *call, int64_t start, int64_t end, int64_t step,
                      Value *out)
{
    Buf b = {.arena = call->arena};
    Sequence s;

    TRY(sequence(call, start, end, step, &s));
    for (size_t i = 0; i < s.len; i++) {
        if (i)
            buf_add_char(&b, ' ');
        number_add_int(&b, number_at(&s, i));
    }
    *out = value_string(buf_str(&b));
    return NULL;
}

static int64_t next_to(int64_t end, bool down)
{
    return (int64_t)((uint64_t)end + (down ? UINT64_MAX : 1));
}

/* seq END, seq START END, seq START STEP END: the end is part of it. */
static Error *run_seq(const TemplateCall *call, Value *out)
{
    int64_t start = call->len > 1 ? call->args[0].integer : 1;
    int64_t end = call->len ? call->args[call->len - 1].integer : 0;
    bool down = end < start;

    *out = value_c("");
    if (call->len == 0 || call->len > 3)
        return NULL;
    if (call->len < 3)
        return text_of(call, start, next_to(end, down), down ? -1 : 1, out);
    if (down && call->args[1].integer > 0)
        return NULL;
    return text_of(call, start, next_to(end, down), call->args[1].integer, out);
}

/* A random number below LIMIT, each as likely as any other. */
static Error *random_below(const TemplateCall *call, uint64_t limit, uint64_t *out)
{
    uint64_t most = UINT64_MAX - UINT64_MAX % limit;

    do
        TRY(call_random(call, out, sizeof(*out)));
    while (*out >= most);
    *out %= limit;
    return NULL;
}

static Error *run_rand_int(const TemplateCall *call, Value *out)
{
    uint64_t from = (uint64_t)call->args[0].integer;
    int64_t span = (int64_t)((uint64_t)call->args[1].integer - from);
    uint64_t offset;

    if (span <= 0)
        return FAIL("no number from %lld up to, not including, %lld",
                    (long long)call->args[0].integer, (long long)call->args[1].integer);
    TRY(random_below(call, (uint64_t)span, &offset));
    *out = value_int((int64_t)(from + offset));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"add", "a*", "add NUMBER...", "The sum, of integers.", run_add},
    {"add1", "a", "add1 NUMBER", "NUMBER + 1.", run_add1},
    {"add1f", "a", "add1f NUMBER", "NUMBER + 1, with fractions.", run_add1f},
    {"addf", "a*", "addf NUMBER...", "The sum, with fractions.", run_addf},
    {"atoi", "s", "atoi TEXT", "A decimal text as an integer; 0 where it is none.", run_atoi},
    {"biggest", "aa*", "biggest NUMBER...", "The largest, of integers.", run_max},
    {"ceil", "a", "ceil NUMBER", "The next whole number that is not smaller.", run_ceil},
    {"div", "aa", "div A B", "A / B, of integers, without the rest.", run_div},
    {"divf", "aa*", "divf A B...", "A / B, with fractions.", run_divf},
    {"float64", "a", "float64 VALUE", "VALUE as a number with a fraction.", run_float64},
    {"floor", "a", "floor NUMBER", "The next whole number that is not larger.", run_floor},
    {"int", "a", "int VALUE", "VALUE as an integer.", run_int},
    {"int64", "a", "int64 VALUE", "VALUE as an integer of 64 bits.", run_int64},
    {"max", "aa*", "max NUMBER...", "The largest, of integers.", run_max},
    {"maxf", "aa*", "maxf NUMBER...", "The largest, with fractions.", run_maxf},
    {"min", "aa*", "min NUMBER...", "The smallest, of integers.", run_min},
    {"minf", "aa*", "minf NUMBER...", "The smallest, with fractions.", run_minf},
    {"mod", "aa", "mod A B", "What A / B leaves, of integers.", run_mod},
    {"mul", "aa*", "mul NUMBER...", "The product, of integers.", run_mul},
    {"mulf", "aa*", "mulf NUMBER...", "The product, with fractions.", run_mulf},
    {"randInt", "ii", "randInt FROM TO", "A random integer, FROM or larger, below TO.",
     run_rand_int},
    {"round", "aif*", "round NUMBER PLACES [LIMIT]",
     "NUMBER with so many PLACES, rounded up from LIMIT (0.5) on.", run_round},
    {"seq", "i*", "seq [START [STEP]] END", "The numbers up to END, as a text.", run_seq},
    {"sub", "aa", "sub A B", "A - B, of integers.", run_sub},
    {"subf", "aa*", "subf A B...", "A - B, with fractions.", run_subf},
    {"toDecimal", "a", "toDecimal VALUE", "An octal number as an integer.", run_to_decimal},
    {"until", "i", "until COUNT", "The list 0, 1, 2 up to, not including, COUNT.", run_until},
    {"untilStep", "iii", "untilStep START STOP STEP",
     "The list START, START + STEP up to, not including, STOP.", run_until_step},
};

const TemplateFunctionSet template_functions_numeric = {
    .name = "numbers",
    .source = "sprig, numeric.go and functions.go",
    .functions = functions,
    .len = COUNT(functions),
};
