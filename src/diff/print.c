/*
 * print.c - differences as text for people.
 */
#include "base/escape.h"
#include "diff/diff.h"

/* NULL: none. */
static const char *colour_of(char sign)
{
    switch (sign) {
    case '-':
        return "\033[31m";
    case '+':
        return "\033[32m";
    case '@':
        return "\033[36m";
    default:
        return NULL;
    }
}

void diff_print(Buf *b, const DiffLineList *lines, int indent, bool colour)
{
    for (size_t i = 0; i < lines->len; i++) {
        const DiffLine *line = &lines->items[i];
        const char *begin = colour ? colour_of(line->sign) : NULL;

        buf_fill(b, ' ', (size_t)indent);
        if (begin)
            buf_add_c(b, begin);
        if (line->sign != '@')
            buf_add_char(b, line->sign);
        buf_add(b, text_escaped(b->arena, line->text));
        if (begin)
            buf_add_c(b, "\033[0m");
        buf_add_char(b, '\n');
    }
}
