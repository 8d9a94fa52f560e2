#include "base/regex/set.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Where folding can change anything. Source: Go, regexp/syntax/parse.go. */
enum { FOLD_FIRST = 'A', FOLD_LAST = 0x1E943 };

/*
 * The last two ranges grow where they touch the new one: that keeps ranges that are added a
 * character at a time, in both cases, from piling up.
 */
void rune_set_add(Arena *a, RuneSet *set, uint32_t first, uint32_t last)
{
    for (size_t back = 1; back <= 2 && back <= set->len; back++) {
        RuneRange *range = &set->items[set->len - back];

        if (first <= range->last + 1 && range->first <= last + 1) {
            range->first = first < range->first ? first : range->first;
            range->last = last > range->last ? last : range->last;
            return;
        }
    }
    *vec_add(a, set) = (RuneRange){first, last};
}

void rune_set_add_all(Arena *a, RuneSet *set, const RuneRange *ranges, size_t len)
{
    for (size_t i = 0; i < len; i++)
        rune_set_add(a, set, ranges[i].first, ranges[i].last);
}

void rune_set_add_folded(Arena *a, RuneSet *set, uint32_t first, uint32_t last)
{
    rune_set_add(a, set, first, last);
    if (first <= FOLD_FIRST && last >= FOLD_LAST)
        return; // it has all that folding could add
    for (uint32_t rune = first < FOLD_FIRST ? FOLD_FIRST : first; rune <= last && rune <= FOLD_LAST;
         rune++)
        for (uint32_t other = rune_fold(rune); other != rune; other = rune_fold(other))
            if (other < first || other > last)
                rune_set_add(a, set, other, other);
}

static int compare_ranges(const void *left, const void *right)
{
    const RuneRange *a = left, *b = right;

    return (a->first > b->first) - (a->first < b->first);
}

void rune_set_clean(RuneSet *set)
{
    size_t len = 0;

    if (set->len)
        qsort(set->items, set->len, sizeof(*set->items), compare_ranges);
    for (size_t i = 0; i < set->len; i++) {
        RuneRange range = set->items[i], *before = len ? &set->items[len - 1] : NULL;

        if (!before || range.first > before->last + 1)
            set->items[len++] = range;
        else if (range.last > before->last)
            before->last = range.last;
    }
    set->len = len;
}

RuneSet rune_set_negated(Arena *a, const RuneSet *set)
{
    RuneSet negated = {0};
    uint32_t next = 0;

    for (size_t i = 0; i < set->len; i++) {
        if (set->items[i].first > next)
            *vec_add(a, &negated) = (RuneRange){next, set->items[i].first - 1};
        next = set->items[i].last + 1;
    }
    if (next <= RUNE_MAX)
        *vec_add(a, &negated) = (RuneRange){next, RUNE_MAX};
    return negated;
}
