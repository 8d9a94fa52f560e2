/*
 * script.h - which lines of one text are not in another, and the other way round.
 */
#pragma once

#include "base/str.h"

/* A line with the newline at its end, if it has one. */
typedef struct ScriptLine {
    Str text;
    int id; /* the same for equal lines */
    bool changed;
} ScriptLine;

typedef struct ScriptSide {
    ScriptLine *lines;
    int len;
} ScriptSide;

/* The lines of TEXT. */
ScriptSide script_side(Arena *a, Str text);

/*
 * Mark the lines to delete FROM one side and those to add TO the other, so that the rest are
 * equal, line by line. They are the fewest possible unless the texts differ in more than a
 * thousand lines that occur in both: then the time it takes is bounded instead.
 */
void script_compare(Arena *a, ScriptSide *from, ScriptSide *to);

/*
 * Of several places for a change that come to the same, choose one at which people expect it:
 * opposite a change of the other side, or else as far down as possible.
 */
void script_align(ScriptSide *from, ScriptSide *to);
