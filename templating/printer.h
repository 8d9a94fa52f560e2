/*
 * printer.h - what print.c and printf.c share: one value under one verb. Source: Go,
 * fmt/print.go.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "templating/format.h"

typedef struct Printer {
    Buf *out;
    size_t before; /* bytes that were in *OUT */
    size_t most;   /* that may be added */
    Format format;

    /*
     * What a message of a verb that does not fit shows: the operand itself or, inside of
     * one, the item that is being printed.
     */
    Value operand, item;
    bool has_item;
    bool explaining; /* such a message is being written: String() is not asked */
} Printer;

Printer printer_new(Buf *out, size_t most);

/* V, an operand, under VERB. */
Error *printer_add(Printer *p, Value v, uint32_t verb) MUST_CHECK;

/* Fails when there is more text than there may be. */
Error *printer_check(const Printer *p) MUST_CHECK;
