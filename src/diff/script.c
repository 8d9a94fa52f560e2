/*
 * script.c - the shortest edit script of two texts, in linear space.
 *
 * A path from the top left to the bottom right of a grid, of which one side is the lines of one
 * text and the other those of the other: right is a deletion, down an addition, and diagonal steps
 * (a "snake") are free where lines are equal. Diagonal D has x - y = D. The path is searched from
 * both ends at once; where the searches meet it is cut in two, and each half searched anew.
 * Source: Myers, An O(ND) Difference Algorithm and Its Variations, 1986.
 */
#include "diff/script.h"

#include <limits.h>
#include <stdlib.h>

enum {
    MOST_STEPS = 512,    /* of each search; beyond it, the best cut so far will do */
    MOVES_PER_LINE = 16, /* to align changes; what is not aligned by then stays as it is */
};

/* What is left to compare of a side: the lines that occur in the other as well. */
typedef struct Reduced {
    int *ids;
    int *where; /* in the side's lines */
    int len;
} Reduced;

typedef struct Search {
    Reduced x, y;
    ScriptSide *from, *to;
    int *forward, *backward; /* per diagonal: the x that is reached */
} Search;

/* A part of the grid: x0 <= x < x1, y0 <= y < y1. */
typedef struct Box {
    int x0, x1, y0, y1;
} Box;

typedef struct Point {
    int x, y;
} Point;

/* A range of diagonals. */
typedef struct Diagonals {
    int least, most;
} Diagonals;

ScriptSide script_side(Arena *a, Str text)
{
    ScriptSide side = {0};
    Str rest = text, line;
    int count = 0;

    while (str_cut(&rest, '\n', &line))
        count++;
    side.lines = arena_array(a, ScriptLine, (size_t)count + 1);
    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        if (more)
            line.len++; // the newline
        if (line.len)
            side.lines[side.len++].text = line;
    }
    return side;
}

static int compare_lines(const void *left, const void *right)
{
    const ScriptLine *a = *(ScriptLine *const *)left, *b = *(ScriptLine *const *)right;

    return str_compare(a->text, b->text);
}

static bool is_of(const ScriptSide *side, const ScriptLine *line)
{
    return line >= side->lines && line < side->lines + side->len;
}

/* Equal lines are next to each other: give them an id, or mark those that only one side has. */
static void number_lines(ScriptLine **sorted, int len, const ScriptSide *from)
{
    for (int start = 0, end; start < len; start = end) {
        int of_from = 0;

        for (end = start; end < len && str_equal(sorted[start]->text, sorted[end]->text); end++)
            of_from += is_of(from, sorted[end]);
        for (int i = start; i < end; i++) {
            sorted[i]->id = start;
            sorted[i]->changed = of_from == 0 || of_from == end - start;
        }
    }
}

static Reduced reduce(Arena *a, const ScriptSide *side, int start, int end)
{
    size_t most = end > start ? (size_t)(end - start) : 0;
    Reduced reduced = {arena_array(a, int, most), arena_array(a, int, most), 0};

    for (int i = start; i < end; i++)
        if (!side->lines[i].changed) {
            reduced.ids[reduced.len] = side->lines[i].id;
            reduced.where[reduced.len++] = i;
        }
    return reduced;
}

/* One step more of the search from the top left. True where it meets the other: at *MEET. */
static bool step_forward(const Search *s, const Box *box, Diagonals *f, const Diagonals *b,
                         Point *meet)
{
    int *reach = s->forward, least = box->x0 - box->y1, most = box->x1 - box->y0;
    bool odd = (box->x0 - box->y0 - box->x1 + box->y1) & 1;

    if (f->least > least)
        reach[--f->least - 1] = -1;
    else
        f->least++;
    if (f->most < most)
        reach[++f->most + 1] = -1;
    else
        f->most--;
    for (int d = f->most; d >= f->least; d -= 2) {
        int x = reach[d - 1] < reach[d + 1] ? reach[d + 1] : reach[d - 1] + 1;

        while (x < box->x1 && x - d < box->y1 && s->x.ids[x] == s->y.ids[x - d])
            x++;
        reach[d] = x;
        if (odd && d >= b->least && d <= b->most && s->backward[d] <= x) {
            *meet = (Point){x, x - d};
            return true;
        }
    }
    return false;
}

/* The same from the bottom right. */
static bool step_backward(const Search *s, const Box *box, const Diagonals *f, Diagonals *b,
                          Point *meet)
{
    int *reach = s->backward, least = box->x0 - box->y1, most = box->x1 - box->y0;
    bool odd = (box->x0 - box->y0 - box->x1 + box->y1) & 1;

    if (b->least > least)
        reach[--b->least - 1] = INT_MAX;
    else
        b->least++;
    if (b->most < most)
        reach[++b->most + 1] = INT_MAX;
    else
        b->most--;
    for (int d = b->most; d >= b->least; d -= 2) {
        int x = reach[d - 1] < reach[d + 1] ? reach[d - 1] : reach[d + 1] - 1;

        while (x > box->x0 && x - d > box->y0 && s->x.ids[x - 1] == s->y.ids[x - d - 1])
            x--;
        reach[d] = x;
        if (!odd && d >= f->least && d <= f->most && x <= s->forward[d]) {
            *meet = (Point){x, x - d};
            return true;
        }
    }
    return false;
}

static int clamp(int n, int least, int most)
{
    return n < least ? least : n > most ? most : n;
}

/* The point of BOX on diagonal D that is at X, or the nearest that is within it. */
static Point point_within(const Box *box, int d, int x)
{
    int least = box->x0 > box->y0 + d ? box->x0 : box->y0 + d;
    int most = box->x1 < box->y1 + d ? box->x1 : box->y1 + d;

    x = clamp(x, least, most);
    return (Point){x, x - d};
}

/* Where one of the searches, which have not met, has come furthest. */
static Point furthest(const Search *s, const Box *box, const Diagonals *f, const Diagonals *b)
{
    Point ahead = {box->x0, box->y0}, back = {box->x1, box->y1};

    for (int d = f->most; d >= f->least; d -= 2) {
        Point p = point_within(box, d, s->forward[d]);

        if (p.x + p.y > ahead.x + ahead.y)
            ahead = p;
    }
    for (int d = b->most; d >= b->least; d -= 2) {
        Point p = point_within(box, d, s->backward[d]);

        if (p.x + p.y < back.x + back.y)
            back = p;
    }
    if (ahead.x + ahead.y - box->x0 - box->y0 > box->x1 + box->y1 - back.x - back.y)
        return ahead;
    return back;
}

/* A point on a shortest path through BOX, or on a good one. */
static Point find_cut(const Search *s, const Box *box)
{
    Diagonals f = {box->x0 - box->y0, box->x0 - box->y0};
    Diagonals b = {box->x1 - box->y1, box->x1 - box->y1};
    Point meet;

    s->forward[f.least] = box->x0;
    s->backward[b.least] = box->x1;
    for (int steps = 0; steps < MOST_STEPS; steps++)
        if (step_forward(s, box, &f, &b, &meet) || step_backward(s, box, &f, &b, &meet))
            return meet;
    return furthest(s, box, &f, &b);
}

/* BOX without the equal lines at its start and end. */
static Box trim(const Search *s, Box box)
{
    while (box.x0 < box.x1 && box.y0 < box.y1 && s->x.ids[box.x0] == s->y.ids[box.y0])
        box.x0++, box.y0++;
    while (box.x0 < box.x1 && box.y0 < box.y1 && s->x.ids[box.x1 - 1] == s->y.ids[box.y1 - 1])
        box.x1--, box.y1--;
    return box;
}

static void mark(const Search *s, const Box *box)
{
    for (int x = box->x0; x < box->x1; x++)
        s->from->lines[s->x.where[x]].changed = true;
    for (int y = box->y0; y < box->y1; y++)
        s->to->lines[s->y.where[y]].changed = true;
}

static int size_of(const Box *box)
{
    return box->x1 - box->x0 + box->y1 - box->y0;
}

/* The larger half is done by going on, so that recursion is as deep as halving allows. */
static void search(const Search *s, Box box)
{
    for (;;) {
        box = trim(s, box);
        if (box.x0 == box.x1 || box.y0 == box.y1)
            break;

        Point cut = find_cut(s, &box);
        Box first = {box.x0, cut.x, box.y0, cut.y}, second = {cut.x, box.x1, cut.y, box.y1};
        if (!size_of(&first) || !size_of(&second))
            break;
        bool ahead = size_of(&first) < size_of(&second);
        search(s, ahead ? first : second);
        box = ahead ? second : first;
    }
    mark(s, &box);
}

void script_compare(Arena *a, ScriptSide *from, ScriptSide *to)
{
    int start = 0, end_from = from->len, end_to = to->len, len = 0;

    while (start < end_from && start < end_to &&
           str_equal(from->lines[start].text, to->lines[start].text))
        start++;
    while (start < end_from && start < end_to &&
           str_equal(from->lines[end_from - 1].text, to->lines[end_to - 1].text))
        end_from--, end_to--;

    size_t most = (size_t)(end_from - start) + (size_t)(end_to - start);
    ScriptLine **sorted = arena_array(a, ScriptLine *, most + 1);
    for (int i = start; i < end_from; i++)
        sorted[len++] = &from->lines[i];
    for (int i = start; i < end_to; i++)
        sorted[len++] = &to->lines[i];
    qsort(sorted, most, sizeof(ScriptLine *), compare_lines);
    number_lines(sorted, len, from);

    Search s = {
        reduce(a, from, start, end_from), reduce(a, to, start, end_to), from, to, NULL, NULL};
    size_t diagonals = (size_t)s.x.len + (size_t)s.y.len + 3;
    s.forward = arena_array(a, int, diagonals) + s.y.len + 1;
    s.backward = arena_array(a, int, diagonals) + s.y.len + 1;
    search(&s, (Box){0, s.x.len, 0, s.y.len});
}

/* A run of changed lines, and the place opposite to its end. */
typedef struct Group {
    ScriptSide *side, *other;
    int start, end; /* of the run in side */
    int opposite;   /* in other: as many unchanged lines are before it as before END */
    int *budget;    /* moves that are left, for all groups together */
} Group;

static bool is_changed(const ScriptSide *side, int i)
{
    return i >= 0 && i < side->len && side->lines[i].changed;
}

static bool move(Group *g, int leaves, int joins)
{
    if (*g->budget <= 0 || !str_equal(g->side->lines[leaves].text, g->side->lines[joins].text))
        return false;
    --*g->budget;
    g->side->lines[leaves].changed = false;
    g->side->lines[joins].changed = true;
    return true;
}

/* One line up, taking in a run that is met there. */
static bool move_up(Group *g)
{
    if (g->start == 0 || !move(g, g->end - 1, g->start - 1))
        return false;
    g->start--;
    g->end--;
    while (is_changed(g->side, g->start - 1))
        g->start--;
    do
        g->opposite--;
    while (is_changed(g->other, g->opposite));
    return true;
}

static bool move_down(Group *g)
{
    if (g->end == g->side->len || !move(g, g->start, g->end))
        return false;
    g->start++;
    g->end++;
    while (is_changed(g->side, g->end))
        g->end++;
    do
        g->opposite++;
    while (is_changed(g->other, g->opposite));
    return true;
}

/* Move the run as far down as it goes, or to the last place that is opposite a change. */
static void settle(Group *g)
{
    int length, matched;

    do {
        length = g->end - g->start;
        while (move_up(g))
            continue;
        matched = is_changed(g->other, g->opposite - 1) ? g->end : INT_MAX;
        while (move_down(g))
            if (is_changed(g->other, g->opposite - 1))
                matched = g->end;
    } while (length != g->end - g->start);
    while (matched < g->end && move_up(g))
        continue;
}

static void align_side(ScriptSide *side, ScriptSide *other, int *budget)
{
    for (int i = 0, opposite = 0;;) {
        for (; i < side->len && !side->lines[i].changed; i++) {
            while (is_changed(other, opposite))
                opposite++;
            opposite++;
        }
        if (i == side->len)
            return;

        Group g = {side, other, i, i, opposite, budget};
        while (is_changed(side, g.end))
            g.end++;
        while (is_changed(other, g.opposite))
            g.opposite++;
        settle(&g);
        i = g.end;
        opposite = g.opposite;
    }
}

void script_align(ScriptSide *from, ScriptSide *to)
{
    int budget = MOVES_PER_LINE * (from->len + to->len);

    align_side(from, to, &budget);
    align_side(to, from, &budget);
}
