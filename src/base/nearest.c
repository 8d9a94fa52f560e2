#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 40 }; /* bytes of words worth comparing */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/*
 * Insertions, deletions, changes and swaps of neighbours it takes to make B from A; a change
 * of case is free. Source: the Damerau-Levenshtein distance with adjacent transpositions.
 */
static int distance(Str a, Str b)
{
    int rows[3][LONGEST + 1];

    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= a.len; i++) {
        int *now = rows[i % 3], *before = rows[(i - 1) % 3], *older = rows[(i + 1) % 3];

        now[0] = (int)i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]);

            now[j] = least(least(before[j], now[j - 1]) + 1, before[j - 1] + !same);
            if (i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
                lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]))
                now[j] = least(now[j], older[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

const char *nearest_word(Str word, const char *const *words, size_t len)
{
    const char *best = NULL;
    int fewest = word.len < 4 ? 2 : word.len < 8 ? 3 : 4;

    for (size_t i = 0; i < len && word.len <= LONGEST; i++) {
        Str candidate = str_from(words[i]);
        int changes = candidate.len <= LONGEST ? distance(word, candidate) : LONGEST;

        if (changes < fewest) {
            fewest = changes;
            best = words[i];
        }
    }
    return best;
}

Error *nearest_hint(Error *cause, Str word, const char *const *words, size_t len)
{
    const char *near = nearest_word(word, words, len);

    return near ? error_hint(cause, "did you mean \"%s\"?", near) : cause;
}
