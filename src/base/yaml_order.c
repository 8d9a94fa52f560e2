#include "base/yaml_order.h"

#include "base/utf8.h"

#include <string.h>

/* A key, read character by character. */
typedef struct Cursor {
    Str rest;
    uint32_t rune;
    size_t width;
} Cursor;

static bool has_more(Cursor *c)
{
    if (!c->rest.len)
        return false;
    c->rune = utf8_first(c->rest, &c->width);
    return true;
}

static void advance(Cursor *c)
{
    c->rest = str_skip(c->rest, c->width);
}

/* A number that starts at a cursor, and how many digits it has. */
typedef struct Digits {
    int64_t number;
    size_t len;
} Digits;

static Digits digits_at(Cursor c, bool after_nonzero)
{
    uint64_t number = after_nonzero; // so that the other key's zeros do not make it less
    size_t len = 0;

    for (; has_more(&c) && rune_is_digit(c.rune); advance(&c), len++)
        number = number * 10 + (uint64_t)((int64_t)c.rune - '0');
    return (Digits){(int64_t)number, len};
}

/* Of keys which differ at A and B. */
static bool differing_less(Cursor a, Cursor b, bool after_digit, bool after_nonzero, bool v3)
{
    bool a_letter = rune_is_letter(a.rune), b_letter = rune_is_letter(b.rune);

    if (a_letter && b_letter)
        return a.rune < b.rune;
    if (a_letter || b_letter)
        return v3 && after_digit ? a_letter : b_letter;

    bool carry = after_nonzero && (a.rune == '0' || b.rune == '0');
    Digits left = digits_at(a, carry), right = digits_at(b, carry);
    if (left.number != right.number)
        return left.number < right.number;
    return left.len != right.len ? left.len < right.len : a.rune < b.rune;
}

static bool less(Str left, Str right, bool v3)
{
    Cursor a = {.rest = left}, b = {.rest = right};
    bool after_digit = false, after_nonzero = false;

    while (has_more(&a) && has_more(&b)) {
        if (a.rune != b.rune)
            return differing_less(a, b, after_digit, after_nonzero, v3);
        after_digit = rune_is_digit(a.rune);
        after_nonzero = after_digit && (after_nonzero || a.rune != '0');
        advance(&a);
        advance(&b);
    }
    return b.rest.len > 0 && !a.rest.len;
}

static bool is_ordered(const ValueMap *map, bool v3)
{
    for (size_t i = 1; i < map->len; i++)
        if (less(map->entries[i].key, map->entries[i - 1].key, v3))
            return false;
    return true;
}

/* As Go's sort starts, which decides where the comparison contradicts itself. */
enum { SHORT_RUN = 12 };

static void insertion_sort(ValueEntry *entries, size_t len, bool v3)
{
    for (size_t i = 1; i < len; i++)
        for (size_t j = i; j > 0 && less(entries[j].key, entries[j - 1].key, v3); j--) {
            ValueEntry entry = entries[j];

            entries[j] = entries[j - 1];
            entries[j - 1] = entry;
        }
}

/* FROM's two runs, up to MIDDLE and up to LEN, as one in TO. */
static void merge(const ValueEntry *from, size_t middle, size_t len, ValueEntry *to, bool v3)
{
    size_t left = 0, right = middle;

    for (size_t i = 0; i < len; i++) {
        bool take_right =
            left == middle || (right < len && less(from[right].key, from[left].key, v3));

        to[i] = take_right ? from[right++] : from[left++];
    }
}

const ValueEntry *yaml_order(Arena *a, const ValueMap *map, bool v3)
{
    if (!map || is_ordered(map, v3))
        return map ? map->entries : NULL;

    size_t len = map->len;
    ValueEntry *entries = arena_array(a, ValueEntry, len), *other = NULL;
    memcpy(entries, map->entries, len * sizeof(*entries));
    for (size_t at = 0; at < len; at += SHORT_RUN)
        insertion_sort(entries + at, len - at < SHORT_RUN ? len - at : SHORT_RUN, v3);
    for (size_t run = SHORT_RUN; run < len; run *= 2) {
        other = other ? other : arena_array(a, ValueEntry, len);
        for (size_t at = 0; at < len; at += 2 * run) {
            size_t both = len - at < 2 * run ? len - at : 2 * run;

            merge(entries + at, both < run ? both : run, both, other + at, v3);
        }
        ValueEntry *swapped = entries;
        entries = other;
        other = swapped;
    }
    return entries;
}
