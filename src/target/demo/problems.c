#include "target/demo/problems.h"

#include <stdarg.h>

enum { MOST_TOLD = 10 }; /* problems of one object: more help nobody */

static void add_where(Buf *b, const Where *where)
{
    if (where->above)
        add_where(b, where->above);
    if (where->name.len)
        buf_format(b, "%s%.*s", b->len ? "." : "", STR_ARG(where->name));
    else if (where->key.ptr)
        buf_format(b, "[%.*s]", STR_ARG(where->key));
    else
        buf_format(b, "[%zu]", where->index);
}

Str where_text(Arena *a, const Where *where)
{
    Buf b = {.arena = a};

    if (where)
        add_where(&b, where);
    return buf_str(&b);
}

static void add(Problems *problems, Str where, Str what)
{
    *vec_add(problems->arena, &problems->list) =
        where.len ? str_format(problems->arena, "%.*s: %.*s", STR_ARG(where), STR_ARG(what)) : what;
}

void problem_at(Problems *problems, const Where *where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(problems, where_text(problems->arena, where),
        str_format_v(problems->arena, format, arguments));
    va_end(arguments);
}

void problem(Problems *problems, const char *path, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(problems, str_from(path), str_format_v(problems->arena, format, arguments));
    va_end(arguments);
}

Error *problems_error(const Problems *problems, const char *intro, ...)
{
    Buf b = {.arena = problems->arena};
    size_t len = problems->list.len;
    va_list arguments;
    Str head;

    if (!len)
        return NULL;
    va_start(arguments, intro);
    head = str_format_v(problems->arena, intro, arguments);
    va_end(arguments);
    for (size_t i = 0; i < len && i < MOST_TOLD; i++)
        buf_format(&b, "%s%.*s", i ? ", " : "", STR_ARG(problems->list.items[i]));
    if (len > MOST_TOLD)
        buf_format(&b, ", and %zu more", len - MOST_TOLD);
    return error_new(ERROR_INPUT, len > 1 ? "%.*s: [%.*s]" : "%.*s: %.*s", STR_ARG(head),
                     STR_ARG(buf_str(&b)));
}
