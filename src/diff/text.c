/*
 * text.c - two texts as a unified diff: the lines that change, and some around them.
 */
#include "diff/diff.h"
#include "diff/script.h"

typedef struct Output {
    Arena *arena;
    const ScriptSide *from, *to;
    DiffLineList *lines;
} Output;

/* Lines of both sides: x0 <= x < x1 of one, y0 <= y < y1 of the other. */
typedef struct Span {
    int x0, x1, y0, y1;
} Span;

/* The next run of changes from X and Y on, which are opposite; none where it is empty. */
static Span next_change(const Output *o, int x, int y)
{
    Span change;

    while (x < o->from->len && y < o->to->len && !o->from->lines[x].changed &&
           !o->to->lines[y].changed)
        x++, y++;
    change = (Span){x, x, y, y};
    while (change.x1 < o->from->len && o->from->lines[change.x1].changed)
        change.x1++;
    while (change.y1 < o->to->len && o->to->lines[change.y1].changed)
        change.y1++;
    return change;
}

static bool is_empty(const Span *span)
{
    return span->x0 == span->x1 && span->y0 == span->y1;
}

static void add(Output *o, char sign, const ScriptSide *side, int start, int end)
{
    for (int i = start; i < end; i++) {
        Str text = side->lines[i].text;
        bool ends = text.ptr[text.len - 1] == '\n';

        *vec_add(o->arena, o->lines) =
            (DiffLine){.sign = sign, .text = {text.ptr, text.len - ends}};
        if (!ends)
            *vec_add(o->arena, o->lines) =
                (DiffLine){.sign = '\\', .text = STR(" No newline at end of file")};
    }
}

/* "3,7"; "3" for one line; what is empty is behind the line that is named. */
static void add_range(Buf *b, int start, int end)
{
    buf_format(b, "%d", end == start ? start : start + 1);
    if (end - start != 1)
        buf_format(b, ",%d", end - start);
}

static void add_head(Output *o, const Span *hunk)
{
    Buf head = {.arena = o->arena};

    buf_add_c(&head, "@@ -");
    add_range(&head, hunk->x0, hunk->x1);
    buf_add_c(&head, " +");
    add_range(&head, hunk->y0, hunk->y1);
    buf_add_c(&head, " @@");
    *vec_add(o->arena, o->lines) = (DiffLine){.sign = '@', .text = buf_str(&head)};
}

/* What is within HUNK: its changes, and the lines between them. */
static void add_lines(Output *o, const Span *hunk)
{
    int x = hunk->x0, y = hunk->y0;

    while (x < hunk->x1 || y < hunk->y1) {
        Span change = next_change(o, x, y);

        if (change.x0 > hunk->x1)
            change = (Span){hunk->x1, hunk->x1, hunk->y1, hunk->y1};
        add(o, ' ', o->from, x, change.x0);
        add(o, '-', o->from, change.x0, change.x1);
        add(o, '+', o->to, change.y0, change.y1);
        x = change.x1;
        y = change.y1;
    }
}

/* CHANGE, and what follows so closely that the lines around them would touch. */
static Span hunk_of(const Output *o, Span change, int context)
{
    Span hunk = change;
    int before = change.x0 < context ? change.x0 : context;

    for (;;) {
        Span next = next_change(o, hunk.x1, hunk.y1);

        if (is_empty(&next) || next.x0 - hunk.x1 > 2LL * context)
            break;
        hunk.x1 = next.x1;
        hunk.y1 = next.y1;
    }
    int left = o->from->len - hunk.x1, after = left < context ? left : context;
    return (Span){hunk.x0 - before, hunk.x1 + after, hunk.y0 - before, hunk.y1 + after};
}

void diff_texts(Arena *a, Str from, Str to, int context, DiffLineList *out)
{
    ScriptSide x = script_side(a, from), y = script_side(a, to);
    Output o = {a, &x, &y, out};

    script_compare(a, &x, &y);
    script_align(&x, &y);

    Span change = next_change(&o, 0, 0);
    if (context < 0 && !is_empty(&change)) {
        add_lines(&o, &(Span){0, x.len, 0, y.len});
        return;
    }
    while (!is_empty(&change)) {
        Span hunk = hunk_of(&o, change, context);

        add_head(&o, &hunk);
        add_lines(&o, &hunk);
        change = next_change(&o, hunk.x1, hunk.y1);
    }
}
