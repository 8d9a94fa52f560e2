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

const char *diff_cause_name(DiffCause cause)
{
    static const char *const names[] = {
        [CAUSE_SPEC] = "spec", [CAUSE_DRIFT] = "drift", [CAUSE_DEFAULT] = "default"};

    return names[cause];
}

Str diff_cause_text(Arena *a, const FieldChange *change)
{
    Buf b = {.arena = a};

    buf_add_c(&b,
              change->cause == CAUSE_DEFAULT ? "server default" : diff_cause_name(change->cause));
    if (change->manager.len)
        buf_format(&b, ": %.*s", STR_ARG(change->manager));
    if (change->since.len)
        buf_format(&b, ", %.*s", STR_ARG(change->since));
    return buf_str(&b);
}

static void add_line(Buf *b, const DiffLine *line, const DiffPrint *how)
{
    const char *begin = how->colour ? colour_of(line->sign) : NULL;

    buf_fill(b, ' ', (size_t)how->indent);
    if (begin)
        buf_add_c(b, begin);
    if (line->sign != '@')
        buf_add_char(b, line->sign);
    buf_add(b, text_escaped(b->arena, line->text));
    if (begin)
        buf_add_c(b, "\033[0m");
    if (how->causes && line->change)
        buf_format(b, "%s  ← %.*s%s", how->colour ? "\033[2m" : "",
                   STR_ARG(text_escaped(b->arena, diff_cause_text(b->arena, line->change))),
                   how->colour ? "\033[0m" : "");
    buf_add_char(b, '\n');
}

void diff_print(Buf *b, const DiffLineList *lines, const DiffPrint *how)
{
    for (size_t i = 0; i < lines->len; i++)
        add_line(b, &lines->items[i], how);
}
