/*
 * decimal.h - exact arithmetic with decimal numbers, for sprig's addf and its relatives.
 * Source: shopspring/decimal, decimal.go.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

typedef enum DecimalOperation {
    DECIMAL_ADD,
    DECIMAL_SUB,
    DECIMAL_MUL,
    DECIMAL_DIV
} DecimalOperation;

/*
 * NUMBERS[0] with each of the others in turn, as the decimals that they print as, and back to
 * a double. Quotients have 16 digits behind the point. ERROR_INPUT for NaN, infinities and
 * division by 0.
 */
Error *decimal_fold(Arena *a, DecimalOperation operation, const double *numbers, size_t len,
                    double *out) MUST_CHECK;
