/*
 * decimal.c - decimals as integers with an exponent of ten; libcrypto has the integers.
 */
#include "templating/decimal.h"

#include "base/number.h"
#include "base/openssl.h"

#include <math.h>
#include <stdlib.h>

enum { DIVISION_PRECISION = 16 }; /* digits behind the point */

/* DIGITS × 10^EXPONENT. */
typedef struct Decimal {
    BIGNUM *digits;
    int exponent;
} Decimal;

static void decimal_free(Decimal *d)
{
    BN_free(d->digits);
    d->digits = NULL;
}

/* libcrypto's integers fail only where memory does. */
static void check(int success)
{
    if (!success)
        BUG("out of memory");
}

static Decimal decimal_new(void)
{
    Decimal d = {BN_new(), 0};

    check(d.digits != NULL);
    return d;
}

static Error *decimal_read(Arena *a, double n, Decimal *out)
{
    Str text = number_float(a, n, 'e', -1);
    size_t e = str_find_char(text, 'e');
    char digits[32];
    size_t len = 0, places = 0;
    bool behind_point = false;

    if (isnan(n) || isinf(n))
        return error_new(ERROR_INPUT, "cannot create a decimal from %.*s", STR_ARG(text));
    for (size_t i = 0; i < e && len + 1 < sizeof(digits); i++) {
        if (text.ptr[i] == '.') {
            behind_point = true;
            continue;
        }
        places += behind_point;
        digits[len++] = text.ptr[i];
    }
    digits[len] = '\0';
    check(BN_dec2bn(&out->digits, digits) > 0);
    out->exponent = (int)strtol(str_c(a, str_skip(text, e + 1)), NULL, 10) - (int)places;
    return NULL;
}

/* N times 10^POWER. */
static void scale(BIGNUM *n, int power, BN_CTX *context)
{
    DEFER(decimal_free) Decimal ten = decimal_new(), factor = decimal_new();

    check(BN_set_word(ten.digits, 10));
    check(BN_set_word(factor.digits, (BN_ULONG)power));
    check(BN_exp(factor.digits, ten.digits, factor.digits, context));
    check(BN_mul(n, n, factor.digits, context));
}

/* The same numbers, with the smaller one of their exponents. */
static void align(Decimal *a, Decimal *b, BN_CTX *context)
{
    Decimal *coarse = a->exponent > b->exponent ? a : b, *fine = coarse == a ? b : a;

    if (coarse->exponent == fine->exponent)
        return;
    scale(coarse->digits, coarse->exponent - fine->exponent, context);
    coarse->exponent = fine->exponent;
}

/* A / B, rounded half away from zero. */
static Error *divide(Decimal *a, Decimal *b, BN_CTX *context)
{
    DEFER(decimal_free) Decimal rest = decimal_new(), quotient = decimal_new();
    bool negative = BN_is_negative(a->digits) != BN_is_negative(b->digits);
    int power = a->exponent - b->exponent + DIVISION_PRECISION;

    if (BN_is_zero(b->digits))
        return error_new(ERROR_INPUT, "decimal division by 0");
    scale(power < 0 ? b->digits : a->digits, abs(power), context);
    check(BN_div(quotient.digits, rest.digits, a->digits, b->digits, context));
    check(BN_lshift1(rest.digits, rest.digits));
    if (BN_ucmp(rest.digits, b->digits) >= 0)
        check(negative ? BN_sub_word(quotient.digits, 1) : BN_add_word(quotient.digits, 1));
    check(BN_copy(a->digits, quotient.digits) != NULL);
    a->exponent = -DIVISION_PRECISION;
    return NULL;
}

/* *A becomes A OPERATION B; *B may change too. */
static Error *operate(DecimalOperation operation, Decimal *a, Decimal *b, BN_CTX *context)
{
    switch (operation) {
    case DECIMAL_ADD:
        align(a, b, context);
        check(BN_add(a->digits, a->digits, b->digits));
        return NULL;
    case DECIMAL_SUB:
        align(a, b, context);
        check(BN_sub(a->digits, a->digits, b->digits));
        return NULL;
    case DECIMAL_MUL:
        check(BN_mul(a->digits, a->digits, b->digits, context));
        a->exponent += b->exponent;
        return NULL;
    case DECIMAL_DIV:
        return divide(a, b, context);
    }
    BUG("decimal operation %d", (int)operation);
}

/* The nearest double. */
static double decimal_float(Arena *a, const Decimal *d)
{
    char *digits = BN_bn2dec(d->digits);

    check(digits != NULL);
    double n = strtod(str_format(a, "%se%d", digits, d->exponent).ptr, NULL);
    OPENSSL_free(digits);
    return n;
}

Error *decimal_fold(Arena *a, DecimalOperation operation, const double *numbers, size_t len,
                    double *out)
{
    DEFER(openssl_numbers_free) BN_CTX *context = BN_CTX_new();
    DEFER(decimal_free) Decimal total = decimal_new(), next = decimal_new();

    check(context != NULL);
    TRY(decimal_read(a, numbers[0], &total));
    for (size_t i = 1; i < len; i++) {
        TRY(decimal_read(a, numbers[i], &next));
        TRY(operate(operation, &total, &next, context));
    }
    *out = decimal_float(a, &total);
    return NULL;
}
