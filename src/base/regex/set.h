/*
 * set.h - sets of characters: what a class in a regular expression stands for.
 */
#pragma once

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct RuneRange {
    uint32_t first, last;
} RuneRange;

/* In any order and overlapping, until rune_set_clean. */
typedef VEC(RuneRange) RuneSet;

void rune_set_add(Arena *a, RuneSet *set, uint32_t first, uint32_t last);
void rune_set_add_all(Arena *a, RuneSet *set, const RuneRange *ranges, size_t len);

/* The same with all characters that differ from those only in case. */
void rune_set_add_folded(Arena *a, RuneSet *set, uint32_t first, uint32_t last);

/* Sort SET and join what touches. */
void rune_set_clean(RuneSet *set);

/* All characters that SET, which is clean, does not have. */
RuneSet rune_set_negated(Arena *a, const RuneSet *set);
