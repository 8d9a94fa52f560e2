/*
 * table.h - columns of text, each as wide as its widest cell.
 *
 *     Table table = {.arena = a, .columns = 2};
 *     table_add(&table, (const Str[]){STR("NAME"), STR("STATUS")});
 *     table_write(&b, &table, "  ");
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

typedef struct Table {
    Arena *arena;
    size_t columns;
    StrList cells; /* row by row */
} Table;

/* A row of as many cells as TABLE has columns, which are not copied. */
void table_add(Table *table, const Str *cells);

/* How many columns of a terminal TEXT takes. */
size_t text_width(Str text);

/*
 * TABLE at the end of B, cells with SEPARATOR between them; no line ends in white space. What
 * could do something to a terminal is made visible.
 */
void table_write(Buf *b, const Table *table, const char *separator);
