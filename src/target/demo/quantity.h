/*
 * quantity.h - amounts of resources: "500m", "1.5Gi", "1e3".
 * Source: k8s.io/apimachinery, pkg/api/resource.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>

/* In units of 10^-9, which is as fine as a quantity is. */
typedef __int128 Nanos;

typedef enum QuantityFormat { QUANTITY_DECIMAL, QUANTITY_EXPONENT, QUANTITY_BINARY } QuantityFormat;

typedef struct Quantity {
    Nanos nanos;
    QuantityFormat format; /* as it was written */
} Quantity;

/* Whether TEXT is a quantity; what is finer than 10^-9 is rounded up, what is too large capped. */
bool quantity_parse(Str text, Quantity *out);

/* As Kubernetes writes it: with the largest suffix that loses nothing. */
Str quantity_text(Arena *a, Quantity q);
