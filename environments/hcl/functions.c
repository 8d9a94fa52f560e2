/*
 * functions.c - calling functions, and those of numbers. Source: zclconf/go-cty, function/stdlib.
 */
#include "environments/hcl/functions.h"

#include "base/nearest.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

/* ---- arguments */

static Error *in_argument(Error *err, size_t number)
{
    return error_wrap(err, "argument %zu", number + 1);
}

Error *hcl_argument_text(const HclCall *call, size_t number, Str *out)
{
    return in_argument(hcl_to_text(call->arena, call->arguments[number], out), number);
}

Error *hcl_argument_number(const HclCall *call, size_t number, double *out)
{
    return in_argument(hcl_to_number(call->arguments[number], out), number);
}

Error *hcl_argument_count(const HclCall *call, size_t number, size_t *out)
{
    double n;

    TRY(hcl_argument_number(call, number, &n));
    if (!(n >= 0) || n > 1e9 || floor(n) != n)
        return in_argument(error_new(ERROR_INPUT, "a whole number from 0 is needed"), number);
    *out = (size_t)n;
    return NULL;
}

Error *hcl_argument_list(const HclCall *call, size_t number, Value *out)
{
    *out = call->arguments[number];
    if (out->kind == VALUE_LIST)
        return NULL;
    return in_argument(
        error_new(ERROR_INPUT, "a list is needed, not a %s", value_kind_name(out->kind)), number);
}

Error *hcl_argument_map(const HclCall *call, size_t number, ValueMap **out)
{
    Value v = call->arguments[number];

    if (v.kind != VALUE_MAP)
        return in_argument(
            error_new(ERROR_INPUT, "a map is needed, not a %s", value_kind_name(v.kind)), number);
    *out = v.map;
    return NULL;
}

Error *hcl_give_text(const HclCall *call, Str text)
{
    *call->out = value_string(text.ptr ? text : (Str){"", 0});
    return NULL;
}

Error *hcl_give_number(const HclCall *call, double number)
{
    if (isnan(number) || isinf(number))
        return error_new(ERROR_INPUT, "the result is no number");
    *call->out = value_float(number);
    return NULL;
}

/* ---- numbers */

#define NUMBER_FUNCTION(name, expression)                                                          \
    static Error *name(const HclCall *call)                                                        \
    {                                                                                              \
        double n;                                                                                  \
                                                                                                   \
        TRY(hcl_argument_number(call, 0, &n));                                                     \
        return hcl_give_number(call, expression);                                                  \
    }

NUMBER_FUNCTION(run_abs, fabs(n))
NUMBER_FUNCTION(run_ceil, ceil(n))
NUMBER_FUNCTION(run_floor, floor(n))
NUMBER_FUNCTION(run_int, trunc(n))
NUMBER_FUNCTION(run_signum, (double)((n > 0) - (n < 0)))

static Error *run_log(const HclCall *call)
{
    double number, base;

    TRY(hcl_argument_number(call, 0, &number));
    TRY(hcl_argument_number(call, 1, &base));
    return hcl_give_number(call, log(number) / log(base));
}

static Error *run_pow(const HclCall *call)
{
    double number, power;

    TRY(hcl_argument_number(call, 0, &number));
    TRY(hcl_argument_number(call, 1, &power));
    return hcl_give_number(call, pow(number, power));
}

static Error *extreme(const HclCall *call, bool largest)
{
    double found = 0, n;

    for (size_t i = 0; i < call->len; i++) {
        TRY(hcl_argument_number(call, i, &n));
        if (i == 0 || (largest ? n > found : n < found))
            found = n;
    }
    return hcl_give_number(call, found);
}

static Error *run_max(const HclCall *call)
{
    return extreme(call, true);
}

static Error *run_min(const HclCall *call)
{
    return extreme(call, false);
}

static Error *run_parseint(const HclCall *call)
{
    size_t base;
    int64_t n;
    Str text;

    TRY(hcl_argument_text(call, 0, &text));
    TRY(hcl_argument_count(call, 1, &base));
    if (base < 2 || base > 36 || number_parse_int(text, (int)base, &n) != NUMBER_OK)
        return error_new(ERROR_INPUT, "\"%.*s\" is no whole number of this base", STR_ARG(text));
    return hcl_give_number(call, (double)n);
}

const HclFunction hcl_number_functions[] = {
    {"abs", 1, 1, run_abs},       {"ceil", 1, 1, run_ceil},         {"floor", 1, 1, run_floor},
    {"int", 1, 1, run_int},       {"log", 2, 2, run_log},           {"max", 1, 0, run_max},
    {"min", 1, 0, run_min},       {"parseint", 2, 2, run_parseint}, {"pow", 2, 2, run_pow},
    {"signum", 1, 1, run_signum},
};
const size_t hcl_number_function_count = COUNT(hcl_number_functions);

/* ---- calling */

typedef struct Set {
    const HclFunction *functions;
    const size_t *len;
} Set;

static const Set sets[] = {
    {hcl_number_functions, &hcl_number_function_count},
    {hcl_text_functions, &hcl_text_function_count},
    {hcl_list_functions, &hcl_list_function_count},
    {hcl_other_functions, &hcl_other_function_count},
};

static const HclFunction *find_function(Str name)
{
    for (size_t s = 0; s < COUNT(sets); s++)
        for (size_t i = 0; i < *sets[s].len; i++)
            if (str_is(name, sets[s].functions[i].name))
                return &sets[s].functions[i];
    return NULL;
}

static Error *unknown_function(Arena *a, Str name)
{
    VEC(const char *) names = {0};

    for (size_t s = 0; s < COUNT(sets); s++)
        for (size_t i = 0; i < *sets[s].len; i++)
            *vec_add(a, &names) = sets[s].functions[i].name;
    return nearest_hint(error_new(ERROR_INPUT, "there is no such function"), name, names.items,
                        names.len);
}

Error *hcl_call(Arena *a, Str name, const Value *arguments, size_t len, Value *out)
{
    const HclFunction *function = find_function(name);

    if (!function)
        return unknown_function(a, name);
    if (len < function->least || (function->most && len > function->most))
        return error_new(ERROR_INPUT, "%zu argument%s %s, not %zu", function->least,
                         function->least == 1 ? "" : "s",
                         function->most == function->least ? "are needed" : "or more are needed",
                         len);
    return function->run(&(HclCall){a, arguments, len, out});
}
