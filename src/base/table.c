#include "base/table.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <utf8proc.h>

void table_add(Table *table, const Str *cells)
{
    for (size_t i = 0; i < table->columns; i++)
        *vec_add(table->arena, &table->cells) = text_escaped(table->arena, cells[i]);
}

size_t text_width(Str text)
{
    size_t columns = 0, width;

    for (; text.len; text = str_skip(text, width))
        columns += (size_t)utf8proc_charwidth((utf8proc_int32_t)utf8_first(text, &width));
    return columns;
}

static size_t column_width(const Table *table, size_t column)
{
    size_t widest = 0;

    for (size_t i = column; i < table->cells.len; i += table->columns) {
        size_t width = text_width(table->cells.items[i]);

        widest = width > widest ? width : widest;
    }
    return widest;
}

static void trim_end(Buf *b, size_t start)
{
    while (b->len > start && (b->ptr[b->len - 1] == ' ' || b->ptr[b->len - 1] == '\t'))
        b->len--;
}

void table_write(Buf *b, const Table *table, const char *separator)
{
    size_t *widths = arena_array(table->arena, size_t, table->columns);

    for (size_t i = 0; i < table->columns; i++)
        widths[i] = column_width(table, i);
    for (size_t row = 0; row < table->cells.len; row += table->columns) {
        size_t start = b->len;

        for (size_t i = 0; i < table->columns; i++) {
            Str cell = table->cells.items[row + i];

            if (i)
                buf_add_c(b, separator);
            buf_add(b, cell);
            buf_fill(b, ' ', widths[i] - text_width(cell));
        }
        trim_end(b, start);
        buf_add_char(b, '\n');
    }
}
